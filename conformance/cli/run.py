"""`conformance run`: evaluate cases and show the matrix."""

from __future__ import annotations

import contextlib
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from conformance.cli.errors import shown_without_traceback
from conformance.corpus import open_session
from conformance.judging import has_failures, judged
from conformance.report import listing, terminal
from conformance.results import document, dumps
from conformance.session import Answer, Planned, Session
from conformance.workers.limits import seconds


def _seconds(context: click.Context, parameter: click.Parameter, text: str) -> float:
    try:
        return seconds(text)
    except ValueError as error:
        raise click.BadParameter(str(error), context, parameter) from error


@click.command(short_help="Evaluate cases and show who agrees with whom.")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@click.option("--implementation", "implementations", metavar="GLOB", multiple=True, help="Run only these.")
@click.option("--case", "cases", metavar="GLOB", multiple=True, help="Run only these.")
@click.option("--json", "as_json", is_flag=True, help="Print the results document and nothing else.")
@click.option(
    "--timeout",
    metavar="SECONDS",
    callback=_seconds,
    default="60",
    show_default=True,
    help="How long one call may take.",
)
def run(
    paths: tuple[Path, ...],
    implementations: tuple[str, ...],
    cases: tuple[str, ...],
    as_json: bool,
    timeout: float,
) -> None:
    """Evaluate cases and show who agrees with whom, and why the others part.

    PATHs are files or folders of cases; none: the cases that are shipped. GLOBs know * and ?; the options may
    be repeated.
    """
    with (
        shown_without_traceback(),
        open_session(paths, cases=cases, implementations=implementations, timeout=timeout) as session,
    ):
        answers = _answers(session)
        environments = session.environments()
    results = judged(session, answers)
    shown = document(results, session, environments, complete=session.whole)
    if as_json:
        sys.stdout.write(dumps(shown))
    else:
        width = max(40, shutil.get_terminal_size().columns)
        for line in (*listing(shown, width=width), *terminal(shown, width=width)):
            click.echo(line)
    if has_failures(results):
        sys.exit(1)


def _answers(session: Session) -> dict[tuple[str, str], Answer]:
    planned = [cell for cell in session.plan() if cell.reason is None]
    for cell in planned:
        session.submit(cell.case, cell.implementation)
    answers = {}
    with _progress(planned) as cells:
        for cell in cells:
            # Work for the time in which frameworks are imported and called.
            session.forecast(cell.case, cell.implementation)
            answers[cell.case.id, cell.implementation.id] = session.answer(cell.case, cell.implementation)
    return answers


@contextlib.contextmanager
def _progress(planned: list[Planned]) -> Iterator[Iterable[Planned]]:
    if not sys.stderr.isatty():
        yield planned
        return
    with click.progressbar(planned, file=sys.stderr, label="cells") as bar:
        yield bar
