"""Call the frameworks on a user's arrays, and say why their numbers differ from the user's."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from conformance.adapters.registry import NO_NUMBER, QUANTITIES, adapters
from conformance.ask.arrays import AskError
from conformance.ask.columns import as_a_column
from conformance.ask.comparison import Comparison, Result
from conformance.ask.compressed import compressed
from conformance.ask.differences import Differences
from conformance.ask.question import Number, Question, check_taken, question
from conformance.ask.variants import explanations
from conformance.calls.outcome import Outcome
from conformance.calls.text import did_you_mean, last_line, one_line
from conformance.environments.install import prepared
from conformance.environments.model import with_environments
from conformance.report import values
from conformance.session.corpus import check_patterns
from conformance.session.session import Session
from conformance.verdicts.groups import Grouping, grouped
from conformance.verdicts.verdicts import Cell
from conformance.workers.pool import MEMORY
from conformance.workers.worker import NotStarted


def compare(
    y_true: Any,
    y_pred: Any,
    *,
    task: str | None = None,
    metric: str = "accuracy",
    sample_weight: Any = None,
    mine: Any = None,
    batches: int | Sequence[int] | None = None,
    implementations: str | Sequence[str] = (),
    environments: str | Sequence[str] = (),
    loss: str | None = None,
    timeout: float = 60.0,
    memory: int = MEMORY,
    **parameters: Any,
) -> Comparison:
    """Call all implementations on your arrays; say which agree, and why the others differ from your number.

    Args:
        y_true: targets of shape `(N,)` or `(N, C)`: NumPy arrays, tensors, lists or Series of integers, floats,
            truth values or text.
        y_pred: predictions of shape `(N,)` or `(N, C)`: scores or labels.
        task: `binary`, `multiclass` or `multilabel`; None for the one that the arrays look like.
        metric: `accuracy`, `precision`, `recall` or another metric that cases may ask for.
        sample_weight: weights of shape `(N,)`, or None.
        mine: your number, of which `0.7342` stands for all that round to it, as `"73.4%"` does and `"1/3"`, or the id
            of an implementation. The others are compared with it; None compares with the largest group.
        batches: size of a batch, or the sizes of all, for metrics that keep state; None for one update.
        implementations: globs of ids; none: all.
        environments: other releases that are called as well, such as `PACKAGE==1.6.1`, or names of the configuration;
            what is not in the cache is installed.
        loss: the loss given to `compile()`.
        timeout: seconds that one call may take.
        memory: bytes of data that a process of a framework may allocate.
        parameters: `threshold`, `top_k`, `average`, `ignore_index`, `num_classes` and other parameters of a case.

    Raises:
        AskError: a ValueError that says what is wrong with the input, where, and what to do.
        PlaceError: an environment cannot be used.
    """
    asked = question(
        y_true,
        y_pred,
        task=task,
        sample_weight=sample_weight,
        batches=batches,
        loss=loss,
        parameters=parameters,
        metric=metric,
    )
    patterns, others = (
        (given,) if isinstance(given, str) else tuple(given) for given in (implementations, environments)
    )
    number = None if mine is None else Number.of(mine)
    found = with_environments(adapters(), prepared(others, Path.cwd(), _said) if others else ())
    entries = [entry for adapter in found for entry in adapter.implementations]
    known = [entry.id for entry in entries]
    check_taken(metric, parameters, entries)
    check_patterns(patterns, known, "implementation")
    if mine is not None and number is None and mine not in known:
        raise AskError(
            f"mine: {mine!r} is neither a number nor an implementation{did_you_mean(mine, known)}."
        )
    chosen = (*patterns, mine) if patterns and number is None and mine is not None else patterns
    with Session([asked], found, implementations=chosen, timeout=timeout, memory=memory) as session:
        return answer(session, asked, mine)


def _said(line: str) -> None:
    print(line, file=sys.stderr)


def answer(session: Session, asked: Question, mine: Any = None) -> Comparison:
    """Answer one of the questions of a session; see `compare`.

    Raises:
        AskError: none of the implementations, or not `mine`, can be called on the arrays.
    """
    number = None if mine is None else Number.of(mine)
    cells = _cells(session, asked, mine if number is None else None)
    return _comparison(session, asked, cells, mine, number)


def _cells(session: Session, asked: Question, mine: str | None) -> list[Cell]:
    """Return the cells of all implementations that take the arrays and return one number."""
    call = asked.call()
    planned = [cell for cell in session.plan_of(asked) if cell.implementation.quantity not in NO_NUMBER]
    run = [cell.implementation for cell in planned if cell.reason is None]
    if mine is not None and mine not in [entry.id for entry in run]:
        why = next((cell.reason for cell in planned if cell.implementation.id == mine), None)
        raise AskError(
            f"mine: {mine} cannot be called on this: it {why or 'is not installed, or gives no number'}."
        )
    if not run:
        why = next((f"{cell.implementation.id} {cell.reason}" for cell in planned if cell.reason), None)
        raise AskError(f"No implementation can be called on this: {why or 'no framework is installed'}.")
    for entry in run:
        session.ask(call, entry)
    # Of many samples, the kinds say in a fraction of the time what is predicted; of weights only nearly.
    weighted = any(update.sample_weight is not None for update in call.updates)
    kinds = asked if weighted else replace(asked, asked=compressed(call))
    for entry in run:  # work for the time in which frameworks are imported and called
        session.predictions_of(kinds.call(), entry)
    answers = []
    for entry in run:
        with contextlib.suppress(NotStarted):
            answers.append((entry, session.answer_to(call, entry)))
    if not answers or mine not in (None, *(entry.id for entry, _ in answers)):
        raise AskError(f"{'; '.join(_not_started(session))}. Repair its installation, or name another.")
    cells = [session.judge(kinds, *each) for each in answers]
    return [
        session.judge(asked, cell.implementation, given) if cell.departs else cell
        for cell, (_, given) in zip(cells, answers, strict=True)
    ]


def _not_started(session: Session) -> Iterator[str]:
    """Yield the frameworks that cannot be started, each with the last line of its traceback."""
    for origin, why in session.failures().items():
        yield f"{origin} cannot be started: {last_line(why)}"


def _comparison(
    session: Session, asked: Question, cells: Sequence[Cell], mine: Any, number: Number | None
) -> Comparison:
    groupings = grouped(cells)
    groupings = {name: groupings[name] for name in sorted(groupings, key=_order)}
    near: list[Cell] = []
    for wanted in (number.exactly, number) if number else ():
        near = [cell for cell in cells if wanted.is_near(cell.outcome.value)]
        if near:
            number = wanted
            break
    near.sort(key=lambda cell: (_order(cell.implementation.quantity), cell.departs))
    own = near[0] if near else next((cell for cell in cells if cell.implementation.id == mine), None)
    by_group = (cell for one in groupings.values() for group in one.groups.values() for cell in group)
    called = [cell.implementation for cell in sorted(by_group, key=lambda cell: cell.outcome.kind != "value")]
    others = (entry for entry in session.implementations if entry not in called)
    entries = [
        (entry, session.release_of(entry))
        for entry in (*called, *others)
        if entry.definition is not None and entry.quantity not in NO_NUMBER
    ]
    # Groups of other quantities are not compared.
    digits = max(
        values.distinguishing_digits([group[0].outcome.to_json() for group in one.groups.values()])
        for one in groupings.values()
    )

    def shown(cell: Cell) -> str:
        return _shown(cell, digits)

    differences = Differences(session, asked.call(), shown)
    told = explanations(number, asked.call(), entries, rules=not near) if number else ()
    given_by = tuple(cell.implementation.id for cell in near) or ((own.implementation.id,) if own else ())
    return Comparison(
        asked.task,
        (*asked.looks, *((f"No task is named. {asked.why}.",) if asked.why else ())),
        tuple(_results(groupings, digits)),
        () if number and not near else tuple(differences.between(groupings, own)),
        "" if mine is None else str(mine).strip(),
        given_by,
        told,
        notes=(
            *as_a_column(session, asked.call(), cells, shown),
            *_notes(session, asked, cells, number if number and not near and not told else None),
        ),
        metric=asked.metric,
    )


def _order(quantity: str) -> int:
    return QUANTITIES.index(quantity) if quantity in QUANTITIES else len(QUANTITIES)


def _results(groupings: Mapping[str, Grouping], digits: int) -> Iterator[Result]:
    for quantity, grouping in groupings.items():
        for letter, cells in grouping.groups.items():
            for cell in cells:
                # The last place of a rounded number makes no other group, and is not shown.
                as_group = cell if cell.outcome.kind == "raises" else cells[0]
                yield Result(
                    cell.implementation.id,
                    quantity,
                    letter,
                    cell.outcome.value,
                    _shown(as_group, digits),
                    cell.explanation or "" if cell.fails else "",
                )


def _shown(cell: Cell, digits: int) -> str:
    outcome: Outcome = cell.outcome
    text = values.brief(outcome.to_json(), digits)
    if outcome.kind == "raises":
        predicted = cell.predictions.predicted if cell.predictions is not None and not cell.departs else None
        why = predicted.why if predicted is not None and predicted.kind == "raises" else None
        return f"{text} ({why or one_line(outcome.message or 'no message', 80)})"
    return text


def _notes(
    session: Session, asked: Question, cells: Sequence[Cell], unexplained: Number | None
) -> Iterator[str]:
    numbers = [cell for cell in cells if isinstance(cell.outcome.value, float)]
    if unexplained and numbers:
        nearest = min(numbers, key=lambda cell: abs(cell.outcome.value - unexplained.value))
        also = sum(cell.outcome.value == nearest.outcome.value for cell in numbers) - 1
        more = f" and {also} more" if also else ""
        yield f"The nearest is {nearest.outcome.value:.9g}, of {nearest.implementation.id}{more}."
    for cell in cells:
        if cell.fails:
            yield f"{cell.implementation.id}: {cell.explanation}"
    # Of all implementations most do not apply; who names one wants to know.
    for planned in session.plan_of(asked):
        if planned.reason is not None and planned.implementation.id in session.named:
            yield f"Not called: {planned.implementation.id} {planned.reason}"
    for failure in _not_started(session):
        yield f"Not called: {failure}"
    for missing in session.missing:
        yield f"Not called: {missing.origin}. To install it: pip install {' '.join(missing.distributions)}"
