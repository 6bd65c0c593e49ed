"""Which definitions give a number on a user's arrays. Imports no framework."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from conformance.adapters.base import Call, Implementation
from conformance.adapters.registry import NO_NUMBER, QUANTITIES, adapters
from conformance.ask.apart import told_apart
from conformance.ask.arrays import AskError
from conformance.ask.columns import as_a_column
from conformance.ask.comparison import Difference
from conformance.ask.differences import Differences
from conformance.ask.explained import Explained, Match
from conformance.ask.explanation import Explanation
from conformance.ask.question import Number, check_taken, question
from conformance.ask.variants import Search, exact_first
from conformance.oracle import Predictions, find, predict
from conformance.oracle.numbers import is_text
from conformance.verdicts.groups import grouped
from conformance.verdicts.verdicts import Cell, predicted_cell

#: So many ways to get a number are returned, of those that give it and of those that round to it.
_MOST = 12
#: With so few samples many definitions give the same number.
_FEW = 50


def explain(
    value: Any,
    y_true: Any,
    y_pred: Any,
    *,
    task: str | None = None,
    metric: str = "accuracy",
    sample_weight: Any = None,
    batches: int | Sequence[int] | None = None,
    loss: str | None = None,
    **parameters: Any,
) -> Explained:
    """Return what gives a number on your arrays: implementations first, then those with one thing changed.

    Everything is computed from definitions; no framework is imported.

    Args:
        value: your number, of which `0.73` stands for all that round to it; `"73.4%"` and `"1/3"` are numbers, too.
        y_true: targets of shape `(N,)` or `(N, C)`: NumPy arrays, tensors, lists or Series of integers, floats,
            truth values or text.
        y_pred: predictions of shape `(N,)` or `(N, C)`: scores or labels.
        task: `binary`, `multiclass` or `multilabel`; None for the one that the arrays look like.
        metric: `accuracy`, `precision`, `recall` or another metric that cases may ask for.
        sample_weight: weights of shape `(N,)`, or None.
        batches: size of a batch, or the sizes of all, for metrics that keep state; None for one update.
        loss: the loss given to `compile()`.
        parameters: `threshold`, `top_k`, `average`, `ignore_index`, `num_classes` and other parameters of a case.

    Raises:
        AskError: a ValueError that says what is wrong with the input, where, and what to do.
    """
    number = number_of(value)
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
    entries = [*_entries()]
    check_taken(metric, parameters, entries)
    search = Search(asked.call(), [(entry, None) for entry in entries])
    search.usual()
    matches = _matches(search, number)
    found = _explanations(search, number)
    if not matches and not found:
        found = tuple(search.of_thresholds(number))
    differences = tuple(_differences(search, number, matches))
    return Explained(
        asked.task,
        (*asked.looks, *((f"No task is named. {asked.why}.",) if asked.why else ())),
        number.text,
        matches,
        found,
        differences,
        told_apart(search, matches, found),
        () if matches or found else tuple(search.nearest(number)),
        tuple(_notes(search, number, matches, len(found))),
        metric,
    )


def _notes(search: Search, number: Number, matches: Sequence[Match], changes: int) -> Iterator[str]:
    ways = len({one.quantity for one in matches}) + changes
    for metric, entry, value in () if ways else search.other_metrics(number):
        yield f"{float(value):.6g} is the {metric} of {entry.id}: ask for it with metric={metric!r}."
    giving = {one.implementation for one in matches}
    cells = [
        predicted_cell(entry, own)
        for entry, release in search.asked
        if entry.id in giving and (own := search.own(entry, release)) is not None
    ]
    yield from as_a_column(_Predicting(), search.call, cells, _shown)
    texts = [name for name in ("y_true", "y_pred") if is_text(getattr(search.call.updates[0], name))]
    if len(texts) == 1:
        other = "y_pred" if texts == ["y_true"] else "y_true"
        yield f"{texts[0]} is text and {other} is not: text never equals a number. Give both one type."
    samples = sum(len(update.y_true) for update in search.call.updates)
    if (ways > 1 or changes) and samples <= _FEW:
        give = "some of these give" if ways > 1 else "this may give"
        yield (
            f"Few samples fit many definitions: of only {samples}, {give} the number by coincidence. More samples tell"
            " them apart."
        )
    if not search.varied:
        yield "Other rules of implementations were not tried: that takes too long on samples as different as these."


def number_of(value: Any) -> Number:
    """Return a number that somebody has; a share in percent and a fraction are numbers, too.

    Raises:
        AskError: it is none.
    """
    number = Number.of(value)
    if number is None:
        raise AskError(f"value: {str(value)[:60]!r} is not a number: give one such as 0.7342, 73.4% or 1/3.")
    return number


def _entries() -> Iterator[Implementation]:
    """Yield the implementations that give a number, of one environment each."""
    for adapter in adapters():
        for entry in adapter.implementations if not adapter.environment else ():
            if entry.definition is not None and entry.quantity not in NO_NUMBER:
                yield entry


def _matches(search: Search, number: Number) -> tuple[Match, ...]:
    """Return the implementations that give a number, those that give it exactly first, then ordinary calls."""
    found = [
        Match(entry.id, entry.quantity, float(value), number.exactly.is_near(value))
        for entry, release in search.asked
        if number.is_near(value := search.value(entry, release))
    ]
    return tuple(
        sorted(found, key=lambda one: (not one.exactly, _order(one.quantity), one.implementation.count("[")))
    )


def _order(quantity: str) -> int:
    return QUANTITIES.index(quantity) if quantity in QUANTITIES else len(QUANTITIES)


def _explanations(search: Search, number: Number) -> tuple[Explanation, ...]:
    """Return what gives a number, those that give it exactly first.

    A change of the call goes before another rule, and likely mistakes go first: the order in which they are tried.
    A rule is not named where a change on its axis is.
    """
    found: dict[str, Explanation] = {}
    for way in search.ways:
        for one in way(number):
            found.setdefault(f"{one.axis}: {one.says}", one)
    axes = {(one.axis, number.exactly.is_near(one.gives)) for one in found.values()}
    for one in search.of_rules(number):
        if (one.axis, number.exactly.is_near(one.gives)) not in axes:
            found.setdefault(f"{one.axis}: {one.says}", one)
    exact, rounded = exact_first(number, found.values())
    return (*exact[:_MOST], *rounded[:_MOST])


class _Predicting:
    """Predicts calls for the newest releases that are known."""

    def predictions_of(self, call: Call, implementation: Implementation, /) -> Predictions | None:
        """Return what the definition of an implementation says about a call."""
        return predict(find(implementation.definition or ""), call, trace=False)


def _differences(search: Search, number: Number, matches: Sequence[Match]) -> Iterator[Difference]:
    """Yield why the largest group with another number does not have the number, which some implementation gives."""
    if not matches:
        return
    quantity = matches[0].quantity
    cells = [
        predicted_cell(entry, own)
        for entry, release in search.asked
        if entry.quantity == quantity
        and (own := search.own(entry, release)) is not None
        and own.predicted.kind == "value"
    ]
    mine = next(cell for cell in cells if cell.implementation.id == matches[0].implementation)
    grouping = grouped(cells)[quantity]
    groups = {letter: members for letter, members in grouping.groups.items() if mine in members}
    value = mine.outcome.value
    other = next(
        (x for x, (one, *_) in grouping.groups.items() if not number.has_both(value, one.outcome.value)), None
    )
    if other is not None:
        groups[other] = grouping.groups[other]
        differences = Differences(_Predicting(), search.given, _shown)
        yield from differences.between({quantity: replace(grouping, groups=groups)}, mine)


def _shown(cell: Cell) -> str:
    value = cell.outcome.value
    return f"{value:.6g}" if isinstance(value, float) else str(value)
