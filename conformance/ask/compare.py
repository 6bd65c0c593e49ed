"""Call the frameworks on a user's arrays, and say why their numbers differ from the user's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from conformance.adapters.base import Call, Implementation
from conformance.adapters.registry import QUANTITIES, adapters
from conformance.ask.arrays import AskError
from conformance.ask.comparison import Cause, Comparison, Difference, Result
from conformance.ask.question import Number, Question, question
from conformance.ask.samples import AT_THE_THRESHOLD, Deciding, deciding
from conformance.ask.variants import MOST_SAMPLES, explanations
from conformance.calls.outcome import Outcome
from conformance.calls.text import did_you_mean, one_line
from conformance.oracle import find, predict
from conformance.oracle.axes import AXES
from conformance.oracle.exchange import REFUSAL, Exchange, Side
from conformance.report import values, words
from conformance.session.corpus import check_patterns
from conformance.session.session import Session
from conformance.verdicts.causes import Divergence, divergences
from conformance.verdicts.groups import Grouping, grouped
from conformance.verdicts.verdicts import Cell
from conformance.workers.pool import MEMORY

#: Quantities of which nobody has one number.
_NO_NUMBER = ("per-row", "string-resolution")

#: Causes are looked for on so many samples of longer arrays, and verified on all.
_ENOUGH = 2000


def compare(
    y_true: Any,
    y_pred: Any,
    *,
    task: str | None = None,
    sample_weight: Any = None,
    mine: Any = None,
    batches: int | Sequence[int] | None = None,
    implementations: str | Sequence[str] = (),
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
        sample_weight: weights of shape `(N,)`, or None.
        mine: your number, of which `0.7342` stands for all that round to it, or the id of an implementation. The
            others are compared with it; None compares with the largest group.
        batches: size of a batch, or the sizes of all, for metrics that keep state; None for one update.
        implementations: globs of ids; none: all.
        loss: the loss given to `compile()`.
        timeout: seconds that one call may take.
        memory: bytes of data that a process of a framework may allocate.
        parameters: `threshold`, `top_k`, `average`, `ignore_index`, `num_classes` and other parameters of a case.

    Raises:
        AskError: a ValueError that says what is wrong with the input, where, and what to do.
    """
    asked = question(
        y_true,
        y_pred,
        task=task,
        sample_weight=sample_weight,
        batches=batches,
        loss=loss,
        parameters=parameters,
    )
    patterns = (implementations,) if isinstance(implementations, str) else tuple(implementations)
    number = None if mine is None else Number.of(mine)
    found = adapters()
    known = [entry.id for adapter in found for entry in adapter.implementations]
    check_patterns(patterns, known, "implementation")
    if mine is not None and number is None and mine not in known:
        raise AskError(
            f"mine: {mine!r} is neither a number nor an implementation{did_you_mean(mine, known)}."
        )
    chosen = (*patterns, mine) if patterns and number is None and mine is not None else patterns
    with Session([asked], found, implementations=chosen, timeout=timeout, memory=memory) as session:
        return answer(session, asked, mine)


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
    planned = [cell for cell in session.plan_of(asked) if cell.implementation.quantity not in _NO_NUMBER]
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
    for entry in run:  # work for the time in which frameworks are imported and called
        session.predictions_of(call, entry)
    return [session.judge(asked, entry, session.answer_to(call, entry)) for entry in run]


def _comparison(
    session: Session, asked: Question, cells: Sequence[Cell], mine: Any, number: Number | None
) -> Comparison:
    groupings = grouped(cells)
    groupings = {name: groupings[name] for name in sorted(groupings, key=_order)}
    near = [cell for cell in cells if number is not None and number.is_near(cell.outcome.value)]
    near = [cell for cell in near if number is not None and number.is_exactly(cell.outcome.value)] or near
    near.sort(key=lambda cell: (_order(cell.implementation.quantity), cell.departs))
    own = near[0] if near else next((cell for cell in cells if cell.implementation.id == mine), None)
    by_group = (cell for one in groupings.values() for group in one.groups.values() for cell in group)
    called = [cell.implementation for cell in sorted(by_group, key=lambda cell: cell.outcome.kind != "value")]
    others = (entry for entry in session.implementations if entry not in called)
    entries = [
        (entry, session.release_of(entry))
        for entry in (*called, *others)
        if entry.definition is not None and entry.quantity not in _NO_NUMBER
    ]
    firsts = [group[0].outcome.to_json() for one in groupings.values() for group in one.groups.values()]
    digits = values.distinguishing_digits(firsts)
    samples = sum(len(update.y_pred) for update in asked.call().updates)
    told = explanations(number, asked.call(), entries) if number and not near else ()
    given_by = tuple(cell.implementation.id for cell in near) or ((own.implementation.id,) if own else ())
    return Comparison(
        asked.task,
        (*asked.looks, *((f"No task is named. {asked.why}.",) if asked.why else ())),
        tuple(_results(groupings, digits)),
        () if number and not near else tuple(_differences(session, asked.call(), groupings, own, digits)),
        "" if mine is None else (number.text if number else str(mine)),
        given_by,
        told,
        notes=tuple(_notes(session, cells, samples, number if number and not near and not told else None)),
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


def _differences(
    session: Session, call: Call, groupings: Mapping[str, Grouping], own: Cell | None, digits: int
) -> Iterator[Difference]:
    """Yield why each group differs from that of `own`, or from the largest one with values."""
    quantities = (
        [*groupings] if own is None else [*dict.fromkeys((own.implementation.quantity, *[*groupings][:1]))]
    )
    for quantity in quantities:
        groups = groupings[quantity].groups
        home = next((letter for letter, cells in groups.items() if own in cells), None)
        if home is None and own is None:
            home = next((x for x, cells in groups.items() if cells[0].outcome.kind == "value"), None)
            if home is None:
                continue
        mine = (own,) if own is not None else groups[home or ""]
        # Numbers come before exceptions.
        for letter, others in sorted(groups.items(), key=lambda group: group[1][0].outcome.kind != "value"):
            if letter == home:
                continue
            pair = (mine, _comparable(others))
            if all(pair):
                yield _difference(session, call, quantity, (home or "your number", letter), pair, digits)


def _comparable(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """Return the cells of a group whose outcome has a reason, of exceptions the most frequent one; all, if none has."""
    known = [
        (cell, cell.predictions.predicted.why) for cell in cells if cell.predictions and not cell.departs
    ]
    usual = Counter(why for _, why in known).most_common(1)
    return tuple(cell for cell, why in known if why == usual[0][0]) or tuple(cells)


def _difference(
    session: Session,
    call: Call,
    quantity: str,
    letters: tuple[str, str],
    pair: tuple[Sequence[Cell], Sequence[Cell]],
    digits: int,
) -> Difference:
    found = _divergence(session, call, pair)
    by_id = {cell.implementation.id: cell for cells in pair for cell in cells}
    names = found.implementations if found else (pair[0][0].implementation.id, pair[1][0].implementation.id)
    one, other = (by_id[name] for name in names)
    causes: tuple[Cause, ...] = ()
    samples = None
    if found is not None and one.predictions is not None and other.predictions is not None:
        sides = one.predictions.side, other.predictions.side
        samples = (
            deciding((sides[0], call), (sides[1], call))
            if {one.outcome.kind, other.outcome.kind} == {"value"}
            else None
        )
        causes = tuple(_cause(axes, found, sides, call, samples) for axes in found.causes)
    shown = _shown(one, digits), _shown(other, digits)
    return Difference(quantity, letters, names, shown, causes, samples)


def _cause(
    axes: tuple[str, ...], found: Divergence, sides: tuple[Side, Side], call: Call, samples: Deciding | None
) -> Cause:
    instead = {axis: AXES[axis].agree for axis in axes}
    ours, theirs = (side.really.rules.parameters(call) for side in sides)
    differing = [name for name in theirs if name in ours and ours[name] != theirs[name]]
    if "default-parameter" in axes and differing:
        one, other = (words.listed([f"{name}={own[name]!r}" for name in differing]) for own in (theirs, ours))
        instead["default-parameter"] = f"Pass {one} to both, or {other} to both."
    if samples is not None and samples.share == AT_THE_THRESHOLD and len(samples.first[0].mine) == 1:
        (sample, *_), sign = samples.first, (">", ">=")
        positive = (sample.other == (1,)) == bool(np.all(sample.y_true))
        for axis in {"decision-rule"} & {*axes}:
            instead[axis] = (
                f"Write y_pred {sign[positive]} threshold where you have y_pred {sign[not positive]} threshold, or"
                " choose a threshold that is no score."
            )
    return Cause(axes, {axis: found.says[axis] for axis in axes}, tuple(instead.values()))


def _divergence(
    session: Session, call: Call, pair: tuple[Sequence[Cell], Sequence[Cell]]
) -> Divergence | None:
    """Return why two groups diverge; of long arrays on a part of them, if what is found there holds for all."""
    grouping = Grouping("diverge", {"A": tuple(pair[0]), "B": tuple(pair[1])})
    part = _part(call)
    if part is not None:
        smaller = Grouping(
            "diverge", {letter: _on(session, part, cells) for letter, cells in grouping.groups.items()}
        )
        for found in divergences({"": smaller}, Exchange(part)):
            one, other = (
                cell.predictions.side
                for name in found.implementations
                for cell in (*pair[0], *pair[1])
                if cell.implementation.id == name and cell.predictions is not None
            )
            exchange = Exchange(call)
            if found.causes and all(
                axes == (REFUSAL,) or exchange.removes(axes, one, other) for axes in found.causes
            ):
                return found
    return next(iter(divergences({"": grouping}, Exchange(call))), None)


def _part(call: Call) -> Call | None:
    """Return the call with samples taken evenly from all; None where it is short, or made of several updates."""
    if len(call.updates) != 1 or len(call.updates[0].y_true) <= 10 * _ENOUGH:
        return None
    (update,) = call.updates
    kept = np.linspace(0, len(update.y_true) - 1, _ENOUGH).astype(int)
    weight = None if update.sample_weight is None else update.sample_weight[kept]
    part = replace(update, y_true=update.y_true[kept], y_pred=update.y_pred[kept], sample_weight=weight)
    return replace(call, updates=(part,))


def _on(session: Session, call: Call, cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """Return cells as they are predicted for another call."""
    return tuple(
        replace(cell, predictions=_predictions(session, call, cell.implementation))
        for cell in cells
        if cell.predictions is not None and not cell.departs
    )


def _predictions(session: Session, call: Call, entry: Implementation) -> Any:
    return predict(find(entry.definition or ""), call, trace=False, release=session.release_of(entry))


def _notes(
    session: Session, cells: Sequence[Cell], samples: int, unexplained: Number | None
) -> Iterator[str]:
    numbers = [cell for cell in cells if isinstance(cell.outcome.value, float)]
    if unexplained and numbers:
        nearest = min(numbers, key=lambda cell: abs(cell.outcome.value - unexplained.value))
        yield f"The nearest is {nearest.outcome.value}, of {nearest.implementation.id}."
        if samples > MOST_SAMPLES:
            yield f"Rules are varied on at most {MOST_SAMPLES:,} samples: ask with fewer, and with their number."
    for cell in cells:
        if cell.fails:
            yield f"{cell.implementation.id}: {cell.explanation}"
    for missing in session.missing:
        yield f"Not called: {missing.origin}. To install it: pip install {' '.join(missing.distributions)}"
