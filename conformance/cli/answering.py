"""Have the cells of a session computed, with a progress bar on a terminal."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from typing import Any

import click

from conformance.session.session import Answer, Session
from conformance.workers.limits import gigabytes, seconds


def _reading(number: Callable[[str], Any]) -> Callable[[click.Context, click.Parameter, str], Any]:
    def read(context: click.Context, parameter: click.Parameter, text: str) -> Any:
        try:
            return number(text)
        except ValueError as error:
            raise click.BadParameter(str(error), context, parameter) from error

    return read


def limits(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options `timeout` and `memory` to a command that calls frameworks."""
    for name, unit, number, default, text in (
        ("--memory", "GIGABYTES", gigabytes, "4", "How much data a worker process may allocate."),
        ("--timeout", "SECONDS", seconds, "60", "How long one call may take."),
    ):
        command = click.option(
            name, metavar=unit, callback=_reading(number), default=default, show_default=True, help=text
        )(command)
    return command


def selection(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options `cases` and `implementations` to a command that runs cases."""
    for name, option in (("cases", "--case"), ("implementations", "--implementation")):
        command = click.option(option, name, metavar="GLOB", multiple=True, help="Run only these.")(command)
    return command


def answers_of(
    session: Session, answers: dict[tuple[str, str], Answer] | None = None
) -> dict[tuple[str, str], Answer]:
    """Return (case id, implementation id) -> outcome, for every cell that can run.

    Args:
        session: the run.
        answers: where to put them; has those that arrived where this is interrupted.
    """
    answers = {} if answers is None else answers
    planned = [cell for cell in session.plan() if cell.reason is None]
    for cell in planned:
        session.ask(cell.case.call(), cell.implementation)
    bar: Any = contextlib.nullcontext(planned)
    if sys.stderr.isatty():
        bar = click.progressbar(
            planned, file=sys.stderr, label="cells", show_eta=False, show_percent=True, show_pos=True
        )
    with bar as cells:
        for cell in cells:
            # Work for the time in which frameworks are imported and called.
            session.predictions_of(cell.case.call(), cell.implementation)
            answers[cell.case.id, cell.implementation.id] = session.answer_to(
                cell.case.call(), cell.implementation
            )
    return answers
