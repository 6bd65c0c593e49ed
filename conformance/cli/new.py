"""`conformance new`: scaffold a case."""

from __future__ import annotations

from pathlib import Path

import click

from conformance.adapters.base import TASKS
from conformance.adapters.registry import adapters
from conformance.cases.edit import EditError
from conformance.cli.answering import answers_of, limits
from conformance.cli.errors import BadInput, say
from conformance.cli.scaffold import Draft, draft
from conformance.report import listing
from conformance.results.build import document
from conformance.results.store import write
from conformance.session.corpus import check_new_id
from conformance.session.judging import has_failures, judged
from conformance.session.session import Session

_WIDTH = 105


@click.command()
@click.argument("case_id", metavar="ID")
@click.option(
    "--task", type=click.Choice(TASKS), default="binary", show_default=True, help="What labels mean."
)
@click.option(
    "--file",
    "path",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    default="cases/new.yaml",
    show_default=True,
    help="Where to write it: behind the cases of that file, or into a new one.",
)
@click.option("--y-true", metavar="YAML", help="Targets, such as '[[1], [0]]'; an example if not given.")
@click.option("--y-pred", metavar="YAML", help="Predictions, likewise.")
@click.option(
    "--set", "further", metavar="KEY=YAML", multiple=True, help="A further key: threshold=0.7, title=..., ..."
)
@click.option("--no-run", is_flag=True, help="Call no framework, write no outcomes.")
@limits
def new(
    case_id: str,
    task: str,
    path: Path,
    y_true: str | None,
    y_pred: str | None,
    further: tuple[str, ...],
    no_run: bool,
    timeout: float,
    memory: int,
) -> None:
    """Write a case with the id ID into FILE, with today's outcomes of every installed framework as a comment.

    Title, reason and whatever else is not given are left as TODO. `conformance run FILE --case ID` shows the
    outcomes again.
    """
    data = {"y_true": y_true, "y_pred": y_pred}
    keys = {name: value for name, value in data.items() if value is not None} | dict(map(_pair, further))
    found = adapters()
    check_new_id(case_id, path, found)
    known = [entry.id for adapter in found for entry in adapter.implementations]
    try:
        drafted = draft(path, known, case_id, task, keys)
    except EditError as error:
        raise BadInput(f"{path}: {error}.") from error
    session = Session([drafted.case], found, timeout=timeout, memory=memory)
    lines = [] if no_run else _outcomes(drafted, session)
    write(path, drafted.text(lines))
    say(f"{path}: {case_id}")
    for line in lines:
        say(f"  {line}")


def _pair(text: str) -> tuple[str, str]:
    key, separator, value = text.partition("=")
    if not separator or not key:
        raise BadInput(f"--set {text!r}: expected KEY=VALUE, such as threshold=0.7.")
    return key.replace("-", "_"), value


def _outcomes(drafted: Draft, session: Session) -> list[str]:
    """Return the outcomes, as `conformance run` shows them, and the versions."""
    with session:
        answers = answers_of(session)
        environments = session.environments()
    results = judged(session, answers)
    _, _, *lines = listing(document(results, session, environments, complete=False), width=_WIDTH)
    versions = ", ".join(f"{name} {version}" for name, version in sorted(session.versions.items()))
    if has_failures(results):
        lines.append("Not every outcome is as defined: find out why before you keep the case.")
    return [f"Outcomes with {versions}:", *(line for line in lines if line.strip())]
