"""`conformance run`: evaluate cases and show the matrix."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from conformance.cache.store import opened
from conformance.cases import matches
from conformance.cli.answering import answers_of
from conformance.cli.errors import BadInput, say, while_read
from conformance.cli.options import limits, reading, selection
from conformance.report import alike, listing, terminal
from conformance.results.build import document
from conformance.results.logs import described
from conformance.results.store import pieces
from conformance.session import logs
from conformance.session.corpus import check_patterns, open_session
from conformance.session.judging import has_failures, judged
from conformance.session.remembered import from_cache
from conformance.session.session import Answer, Session
from conformance.session.shard import Shard

#: Verdict of a case -> how its first line is shown on a terminal.
_STYLES: dict[str, dict[str, Any]] = {"diverge": {"fg": "yellow"}, "agree": {"fg": "green"}}

#: Exit code of what Ctrl-C ended, as shells have it.
_INTERRUPTED = 130


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@selection
@click.option("--json", "as_json", is_flag=True, help="Print the results document and nothing else.")
@click.option("-q", "--quiet", is_flag=True, help="Print the summary only.")
@click.option("--only-failing", is_flag=True, help="Print only cases with an outcome that fails the run.")
@click.option("--mine", metavar="ID", help="Say why the others differ from this implementation.")
@click.option("--pairs", is_flag=True, help="Say of each two groups why they differ.")
@click.option(
    "--shard",
    metavar="I/N",
    callback=reading(Shard.parse),
    help="Run one of N parts; `conformance merge` puts their results together.",
)
@click.option("--dask", metavar="ADDRESS", help="Send the calls to the Dask cluster with this scheduler.")
@click.option(
    "--cache",
    metavar="FOLDER",
    help="Keep outcomes there  (default: the user's cache; none in CI), or 'off'.",
)
@click.option("--fresh", is_flag=True, help="Ask for everything, whatever earlier runs have computed.")
@limits
def run(
    paths: tuple[Path, ...],
    as_json: bool,
    quiet: bool,
    only_failing: bool,
    mine: str | None,
    pairs: bool,
    cache: str | None,
    **options: Any,
) -> None:
    """Evaluate cases; show which implementations agree, and why the others diverge.

    PATHs are files or folders of cases; none: the cases that are shipped. In a GLOB only * and ? are special; the
    options may be repeated; `conformance implementations` lists what they choose from. Ctrl-C shows what was done.

    Groups are compared with the largest that gives a value, or with that of --mine.
    """
    answers: dict[tuple[str, str], Answer] = {}
    interrupted = False
    with open_session(paths, cache=opened(cache), **options) as session:
        mine = mine and _one_of(session, mine)
        try:
            answers_of(session, answers)
            logs.answers_of(session, answers)
        except KeyboardInterrupt:
            interrupted = True
        failures = session.failures()
        results = list(judged(session, answers, mine))
        complete = session.whole and not interrupted and not failures
        trained = list(logs.logs(session, answers))
        shown = document(
            results,
            session,
            session.environments(),
            complete=complete,
            failures=failures,
            runs=described(trained, logs.absent(session)),
        )
    with while_read():
        if as_json:
            sys.stdout.writelines(pieces(shown))
        else:
            _print(shown, quiet=quiet, only_failing=only_failing, mine=mine, all_pairs=pairs)
            for line in from_cache(answers.values()):
                say(line)
    if interrupted:
        sys.exit(_INTERRUPTED)
    if has_failures(results) or failures or any(log.fails for log in trained):
        sys.exit(1)


def _one_of(session: Session, pattern: str) -> str:
    """Return the id of the implementation of a run that a glob means."""
    known = [entry.id for entry in session.implementations]
    check_patterns([pattern], known, "implementation of this run")
    found = [name for name in known if matches(pattern, name)]
    if len(found) > 1:
        raise BadInput(f"--mine {pattern}: {len(found)} implementations match, such as {found[0]}: name one.")
    return found[0]


def _print(shown: Mapping[str, Any], *, quiet: bool, only_failing: bool, **pairs: Any) -> None:
    width = max(40, shutil.get_terminal_size().columns)
    if not quiet:
        verdicts = {case["id"]: str(case["verdict"]) for case in shown["cases"]}
        for line in listing(shown, width=width, only_failing=only_failing, **pairs):
            if line.startswith("  ! "):
                say(line, fg="red")
            else:
                verdict = verdicts.get(line.partition(" ")[0])
                say(line, **({"bold": True} | _STYLES.get(verdict, {}) if verdict else {}))
        if not only_failing:
            for line in alike(shown, width=width):
                say(line)
    for line in terminal(shown, width=width):
        say(line)
