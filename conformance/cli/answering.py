"""Have the cells of a session computed, with a progress bar on a terminal."""

from __future__ import annotations

import contextlib
import functools
import sys
from typing import Any

import click

from conformance.cli.errors import say
from conformance.cli.remaining import Remaining
from conformance.session.session import Answer, Session
from conformance.workers.worker import NotStarted


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
    remaining = Remaining()
    for cell in planned:
        entry = cell.implementation
        # What takes how long: a model is built, a metric is not, and shards need processes of their own.
        kind = session.adapter_of(entry).origin, f"{entry.updates} {entry.sharded}"
        remaining.asked(*kind)
        session.ask(cell.case.call(), entry, functools.partial(remaining.answered, *kind))
    bar: Any = contextlib.nullcontext(planned)
    if sys.stderr.isatty():
        bar = click.progressbar(
            planned,
            file=sys.stderr,
            label="cells",
            show_eta=False,
            show_percent=True,
            show_pos=True,
            item_show_func=lambda _: str(remaining),
        )
    with bar as cells:
        for cell in cells:
            # Work for the time in which frameworks are imported and called.
            session.predictions_of(cell.case.call(), cell.implementation)
            # Where a framework cannot be started, the others go on.
            with contextlib.suppress(NotStarted):
                answers[cell.case.id, cell.implementation.id] = session.answer_to(
                    cell.case.call(), cell.implementation
                )
    for origin, why in session.failures().items():
        say(f"{origin} cannot be started:\n{why}", error=True)
    return answers
