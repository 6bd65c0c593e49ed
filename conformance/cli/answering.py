"""Have the cells of a session computed, with a progress bar on a terminal."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterable, Iterator

import click

from conformance.session.session import Answer, Planned, Session
from conformance.workers.limits import seconds


def _seconds(context: click.Context, parameter: click.Parameter, text: str) -> float:
    try:
        return seconds(text)
    except ValueError as error:
        raise click.BadParameter(str(error), context, parameter) from error


#: The option of every command that calls frameworks.
TIMEOUT = click.option(
    "--timeout",
    metavar="SECONDS",
    callback=_seconds,
    default="60",
    show_default=True,
    help="How long one call may take.",
)


def answers_of(session: Session) -> dict[tuple[str, str], Answer]:
    """Return (case id, implementation id) -> what came back, of every cell that can be asked."""
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
