"""`conformance accept`: pin observed departures in the case files."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

import conformance
from conformance.adapters.registry import adapters
from conformance.cases.edit import EditError
from conformance.cli.acceptance import Acceptance, acceptance
from conformance.cli.answering import answers_of, limits
from conformance.cli.errors import BadInput, say
from conformance.report.words import count
from conformance.results.store import write
from conformance.session.corpus import open_session
from conformance.session.judging import judged
from conformance.verdicts.verdicts import TODO


@click.command()
@click.argument("paths", nargs=-1, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("--implementation", "implementations", metavar="GLOB", multiple=True, help="Run only these.")
@click.option("--case", "cases", metavar="GLOB", multiple=True, help="Run only these.")
@click.option("--dry-run", is_flag=True, help="Only show the changes; exit code 1 if there are any.")
@limits
def accept(
    paths: tuple[Path, ...],
    implementations: tuple[str, ...],
    cases: tuple[str, ...],
    dry_run: bool,
    timeout: float,
    memory: int,
) -> None:
    """Run the cases of PATHs and write what no definition explains into their files, as `expect`.

    PATHs are files or folders of your own: the cases of the installed package are not for editing.
    Each outcome gets `because: TODO`, which stays red until the reason is written. What cannot be excused by an
    `expect` - a crash, a changed input, a recorded departure that is gone - is listed and left. Files keep their
    comments and layout; the changes are shown as a diff.
    """
    if os.environ.get("CI"):
        raise BadInput(
            "accept writes into case files: run it where you can look at the changes, not where CI is set."
        )
    _check_paths(paths)
    known = [entry.id for adapter in adapters() for entry in adapter.implementations]
    with open_session(
        paths, cases=cases, implementations=implementations, timeout=timeout, memory=memory
    ) as session:
        answers = answers_of(session)
    try:
        found = acceptance(judged(session, answers), answers, session.versions, known)
    except EditError as error:
        raise BadInput(str(error)) from error
    if not dry_run:
        for change in found.changes:
            write(change.path, change.new)
    _show(found, dry_run)
    if found.left or (dry_run and found.changes):
        sys.exit(1)


def _check_paths(paths: tuple[Path, ...]) -> None:
    if not paths:
        raise BadInput("accept writes into case files: name the files or folders of your own as PATH.")
    package = Path(conformance.__file__).parent.resolve()
    for path in paths:
        if path.resolve().is_relative_to(package):
            raise BadInput(
                f"{path} belongs to the installed package, and the next installation would undo the changes."
                " Copy the cases to a folder of your own."
            )


def _show(found: Acceptance, dry_run: bool) -> None:
    for change in found.changes:
        for line in change.diff():
            say(line)
    for sentence in found.left:
        say(sentence, error=True)
    if found.changes:
        files = count(len(found.changes), "file")
        done = "would be pinned" if dry_run else f"pinned; write the reason where it says {TODO}"
        say(f"{count(found.pinned, 'outcome')} in {files} {done}.")
    if found.left:
        say(f"{count(len(found.left), 'failure')} cannot be accepted.")
    elif not found.changes:
        say("Every checked outcome is as defined or a known deviation: nothing to accept.")
