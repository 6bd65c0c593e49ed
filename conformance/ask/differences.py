"""Why the groups of a comparison differ, also where there are many samples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from conformance.adapters.base import Call, Implementation
from conformance.ask.comparison import Cause, Difference
from conformance.ask.compressed import compressed
from conformance.ask.naming import in_own_names
from conformance.ask.samples import AT_THE_THRESHOLD, Deciding, deciding
from conformance.oracle import Predictions
from conformance.oracle.axes import AXES
from conformance.oracle.exchange import Exchange
from conformance.oracle.prediction import Prediction
from conformance.oracle.side import Side
from conformance.report import words
from conformance.verdicts.causes import Divergence, divergences
from conformance.verdicts.groups import Grouping
from conformance.verdicts.verdicts import Cell, predicted_cell


class Predicting(Protocol):
    """Predicts calls; a session does."""

    def predictions_of(self, call: Call, implementation: Implementation, /) -> Predictions | None:
        """Return what the definition of an implementation says about a call; None if nothing."""


#: Values that differ by less, relatively, differ by the last places of the weights of samples.
_ROUNDED = 1e-6


class Differences:
    """The differences between the groups of one call.

    Args:
        session: predicts what the implementations give.
        call: what they were called on.
        shown: the outcome of a cell in a few words.
    """

    def __init__(self, session: Predicting, call: Call, shown: Callable[[Cell], str]) -> None:
        self._session, self._call, self._shown = session, call, shown
        # What is true of the kinds of samples is true of all, and takes a fraction of the time.
        self._exchanges = {one: Exchange(one) for one in (compressed(call), call)}

    def between(self, groupings: Mapping[str, Grouping], own: Cell | None) -> Iterator[Difference]:
        """Yield why each group differs from that of `own`, or from the largest one with values."""
        quantities = (
            [*groupings]
            if own is None
            else [*dict.fromkeys((own.implementation.quantity, *[*groupings][:1]))]
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
            for letter, others in sorted(
                groups.items(), key=lambda group: group[1][0].outcome.kind != "value"
            ):
                if letter != home:
                    letters = (home or "your number", letter)
                    yield from self._reasons(quantity, letters, mine, _comparable(others))

    def _reasons(
        self, quantity: str, letters: tuple[str, str], mine: Sequence[Cell], others: Sequence[Cell]
    ) -> Iterator[Difference]:
        """Yield why a group differs: once, and once more for those of it that have another reason for their value."""
        found = self._divergence(mine, others)
        by_id = {cell.implementation.id: cell for cell in (*mine, *others)}
        one, other = (by_id[name] for name in found.implementations) if found else (mine[0], others[0])
        reasons = [(found, [other])]
        if found is not None and one.outcome.kind == other.outcome.kind == "value":
            for cell in others:
                own = self._divergence((one,), (cell,)) if cell is not other else None
                if own is not None and own.causes:
                    same = next((cells for known, cells in reasons if known and _shared(known, own)), None)
                    if same is None:
                        reasons.append((own, [cell]))
                    else:
                        same.append(cell)
        for why, cells in reasons:
            also = tuple(cell.implementation.id for cell in cells[1:]) if len(reasons) > 1 else ()
            yield self._difference(quantity, letters, why, (one, cells[0]), also, brief=why is not found)

    def _difference(
        self,
        quantity: str,
        letters: tuple[str, str],
        found: Divergence | None,
        both: tuple[Cell, Cell],
        also: tuple[str, ...],
        brief: bool,
    ) -> Difference:
        one, other = both
        causes: tuple[Cause, ...] = ()
        samples = None
        if found is not None and one.predictions is not None and other.predictions is not None:
            sides = one.predictions.side, other.predictions.side
            if one.outcome.kind == other.outcome.kind == "value" and not brief:
                samples = deciding((sides[0], self._call), (sides[1], self._call))
            entries = one.implementation, other.implementation
            causes = tuple(_cause(axes, found, sides, entries, self._call, samples) for axes in found.causes)
        names = one.implementation.id, other.implementation.id
        shown = self._shown(one), self._shown(other)
        return Difference(quantity, letters, names, shown, causes, samples, also)

    def _divergence(self, mine: Sequence[Cell], others: Sequence[Cell]) -> Divergence | None:
        found = None
        for call, exchange in self._exchanges.items():
            groups = {"A": tuple(self._on(call, mine)), "B": tuple(self._on(call, others))}
            found = next(iter(divergences({"": Grouping("diverge", groups)}, exchange)), None)
            if found is not None and found.causes:
                break
        return found

    def _on(self, call: Call, cells: Sequence[Cell]) -> Iterator[Cell]:
        """Yield those cells whose prediction for another call is the one for this, as they are predicted there."""
        for cell in cells:
            known = cell.predictions
            if call is self._call:
                yield cell
            elif known is not None and not cell.departs:
                predictions = self._session.predictions_of(call, cell.implementation)
                if predictions is not None and _alike(known.predicted, predictions.predicted):
                    yield predicted_cell(cell.implementation, predictions)


def _shared(one: Divergence, other: Divergence) -> bool:
    """Whether a cause of one is a cause of the other, with the same said of the second of both."""
    causes = [
        {(axes, *(found.said(axis)[1] for axis in axes)) for axes in found.causes} for found in (one, other)
    ]
    return bool(causes[0] & causes[1])


def _alike(one: Prediction, other: Prediction) -> bool:
    """Whether two calls have the same prediction, but for weights that were averaged."""
    if one.kind == other.kind == "value":
        mine, theirs = (np.asarray(each.value, dtype="float64") for each in (one, other))
        same_shape = mine.shape == theirs.shape
        return same_shape and np.allclose(mine, theirs, rtol=_ROUNDED, atol=0, equal_nan=True)
    return one.kind != "not-evaluated" and one.same_as(other)


def _comparable(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """Return the cells of a group whose outcome has a reason, of exceptions the most frequent one; all, if none has."""
    known = [
        (cell, cell.predictions.predicted.why) for cell in cells if cell.predictions and not cell.departs
    ]
    usual = Counter(why for _, why in known).most_common(1)
    return tuple(cell for cell, why in known if why == usual[0][0]) or tuple(cells)


def _cause(
    axes: tuple[str, ...],
    found: Divergence,
    sides: tuple[Side, Side],
    entries: tuple[Implementation, Implementation],
    call: Call,
    samples: Deciding | None,
) -> Cause:
    instead = {axis: AXES[axis].agree for axis in axes}
    ours, theirs = (side.really.rules.parameters(call) for side in sides)
    differing = [name for name in theirs if name in ours and ours[name] != theirs[name]]
    if "default-parameter" in axes and differing:
        one, other = (_passed({name: own[name] for name in differing}, entries) for own in (theirs, ours))
        instead["default-parameter"] = f"Pass {one}, or {other}."
    if samples is not None and samples.share == AT_THE_THRESHOLD and len(samples.first[0].mine) == 1:
        (sample, *_), sign = samples.first, (">", ">=")
        positive = (sample.other == (1,)) == bool(np.all(sample.y_true))
        for axis in {"decision-rule"} & {*axes}:
            instead[axis] = (
                f"Write y_pred {sign[positive]} threshold where you have y_pred {sign[not positive]} threshold, or"
                " choose a threshold that no score equals."
            )
    if "label-domain" in axes and call.task == "multilabel":
        instead["label-domain"] = (
            "Use a metric for several labels: in these targets no sample has a single class."
        )
    says = {axis: _said(found.said(axis), entries) for axis in axes}
    return Cause(axes, says, tuple(instead.values()))


def _said(both: tuple[str, str], entries: tuple[Implementation, Implementation]) -> tuple[str, str]:
    one, other = (in_own_names(text, entry) for text, entry in zip(both, entries, strict=True))
    return one, other


def _passed(values: Mapping[str, Any], entries: tuple[Implementation, Implementation]) -> str:
    """Return how values are passed to two implementations, each under its own name."""
    one, other = (
        words.listed([f"{entry.parameters.get(name, name)}={value!r}" for name, value in values.items()])
        for entry in entries
    )
    return f"{one} to both" if one == other else f"{one} to {entries[0].id} and {other} to {entries[1].id}"
