"""average: how units become one value, or several."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

import numpy as np

from conformance.adapters.base import Call
from conformance.oracle.model import Behaviour, Incomposable
from conformance.oracle.numbers import Array, add, cast, divide, exact, summed
from conformance.oracle.reasons import LABEL_OUTSIDE_CLASSES, NO_SAMPLES, Raises
from conformance.oracle.stages import Average, Number, Parameters, Tally, Units

AXIS = "average"

Undefined = Callable[[], Number]


def ratio(above: Number, below: Number, undefined: Undefined) -> Number:
    """Divide, or say what nothing over nothing is."""
    return undefined() if below == 0 else divide(above, below)


def _below(units: Units) -> Array:
    # A view of a single 1: there may be millions of units.
    return np.broadcast_to(1, len(units.numerator)) if units.denominator is None else units.denominator


def _none_rounded(tally: Tally, parameters: Parameters) -> int:
    return 0


# Every unit alike.


def tally_all(units: Units, parameters: Parameters, call: Call) -> Tally:
    """Count all units in one group."""
    return {(None, None): [summed(units.numerator), summed(_below(units)), Fraction(0)]}


def finish_all(tally: Tally, parameters: Parameters, undefined: Undefined) -> Any:
    """Return the share, or the number of hits where normalize is False."""
    above, below, _ = tally.get((None, None), [Fraction(0), Fraction(0), Fraction(0)])
    return above if parameters.get("normalize") is False else ratio(above, below, undefined)


# No average: the matches as they are.


def _tally_each(units: Units, parameters: Parameters, call: Call) -> Tally:
    return {(None, units.shape): [exact(value) for value in units.numerator.tolist()]}


def _finish_each(tally: Tally, parameters: Parameters, undefined: Undefined) -> Any:
    if len(tally) != 1:
        raise Incomposable("matches of several updates are not one vector")
    ((_, shape), values), *_ = tally.items()
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array.reshape(shape).tolist()


# The recall of each class that occurs.


def _tally_recall(units: Units, parameters: Parameters, call: Call) -> Tally:
    if units.truth is None:
        raise Incomposable("rows of several labels have no class")
    below = _below(units)
    tally: Tally = {}
    for label in np.unique(units.truth).tolist():
        of_class = units.truth == label
        tally[None, label] = [summed(units.numerator[of_class]), summed(below[of_class]), Fraction(0)]
    return tally


def _finish_recall_perfect_stays(tally: Tally, parameters: Parameters, undefined: Undefined) -> Any:
    score = _finish_recall(tally, {**parameters, "adjusted": False}, undefined)
    return score if score == 1 else _finish_recall(tally, parameters, undefined)


def _finish_recall(tally: Tally, parameters: Parameters, undefined: Undefined) -> Any:
    recalls: list[Number] = []
    for above, below, _ in tally.values():
        if below != 0:
            recalls.append(divide(above, below))
        elif above != 0:
            recalls.append(float("inf") if above > 0 else float("-inf"))
    if not recalls:
        return float("nan")
    score = _mean(recalls)
    if not parameters.get("adjusted"):
        return score
    chance = Fraction(1, len(recalls))
    if chance == 1:
        excess = add(score, -chance)
        return (
            float("nan") if excess == 0 or excess != excess else float("inf") if excess > 0 else float("-inf")
        )
    return divide(add(score, -chance), 1 - chance)


def _recalls_rounded(tally: Tally, parameters: Parameters) -> int:
    return len(tally) + (2 if parameters.get("adjusted") else 0)


def _mean(values: Iterable[Number]) -> Number:
    listed = list(values)
    total: Number = Fraction(0)
    for value in listed:
        total = add(total, value)
    return divide(total, Fraction(len(listed)))


# As the parameter `average` says, class by class or label by label.


def _rows_of(units: Units, parameters: Parameters) -> list[tuple[int | None, Array | slice]]:
    """Return one group of units, or one a row where multidim_average is samplewise."""
    if parameters.get("multidim_average", "global") == "global":
        return [(None, slice(None))]
    first = int(units.row.min()) if len(units.row) else 0
    return [(row, units.row == row) for row in range(first, first + (units.shape[0] if units.shape else 1))]


def _tally_units(units: Units, parameters: Parameters, call: Call) -> Tally:
    below = _below(units)
    return {
        (row, "all"): [summed(units.numerator[here]), summed(below[here]), Fraction(0)]
        for row, here in _rows_of(units, parameters)
    }


def _finish_units(tally: Tally, parameters: Parameters, undefined: Undefined) -> Any:
    if parameters.get("multidim_average", "global") == "global":
        above, below, _ = tally.get((None, "all"), [Fraction(0)] * 3)
        return ratio(above, below, undefined)
    return [ratio(above, below, undefined) for above, below, _ in _of_rows(tally, "all")]


def _finish_units_squeezed(tally: Tally, parameters: Parameters, undefined: Undefined) -> Any:
    value = _finish_units(tally, parameters, undefined)
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _finish_units_of_last(tally: Tally, parameters: Parameters, undefined: Undefined) -> Any:
    """All rows are divided by the size of the last one."""
    *_, (_, last, _) = tally.values()
    return _finish_units(
        {key: [above, last, n] for key, (above, _, n) in tally.items()}, parameters, undefined
    )


def _of_rows(tally: Tally, group: Any) -> list[list[Number]]:
    if not tally:
        raise Raises(NO_SAMPLES, "ValueError")
    return [parts for (_, key), parts in tally.items() if key == group]


def _is_micro(parameters: Parameters) -> bool:
    return bool(parameters.get("average", "macro") == "micro")


def _counted_in_pairs(parameters: Parameters) -> bool:
    return bool(parameters.get("top_k", 1) == 1 and parameters.get("multidim_average", "global") == "global")


def _tally_classes(units: Units, parameters: Parameters, call: Call) -> Tally:
    if units.truth is None or units.decided is None:
        raise Incomposable("rows of several labels have no class")
    if _is_micro(parameters) and _counted_in_pairs(parameters):
        return _tally_units(units, parameters, call)
    classes = parameters.get("num_classes") or 1
    truth, decided = cast(units.truth, "int64"), cast(units.decided, "int64")
    truth, decided = (
        _pairs(truth, decided, classes)
        if _counted_in_pairs(parameters)
        else _one_hot(truth, decided, classes)
    )
    tally: Tally = {}
    for row, here in _rows_of(units, parameters):
        true, guessed = truth[here], decided[here]
        for label in range(classes):
            right = int(((true == label) & (guessed == label)).sum())
            tally[row, label] = [
                Fraction(right),
                Fraction(int((true == label).sum())),
                Fraction(int((guessed == label).sum())),
            ]
    return tally


def _pairs(truth: Array, decided: Array, classes: int) -> tuple[Array, Array]:
    """A pair is counted at target * num_classes + prediction, even where that is another pair's place."""
    place = truth * classes + decided
    if (place < 0).any() or (place >= classes**2).any():
        raise Raises(LABEL_OUTSIDE_CLASSES)
    return place // classes, place % classes


def _one_hot(truth: Array, decided: Array, classes: int) -> tuple[Array, Array]:
    for labels in (truth, decided):
        if (labels < 0).any() or (labels >= classes).any():
            raise Raises(LABEL_OUTSIDE_CLASSES)
    return truth, decided


def _finish_classes(tally: Tally, parameters: Parameters, undefined: Undefined) -> Any:
    return _of_classes(tally, parameters, undefined, absent_too=True, ignored_too=False)


def _finish_classes_ignored_too(tally: Tally, parameters: Parameters, undefined: Undefined) -> Any:
    return _of_classes(tally, parameters, undefined, absent_too=True, ignored_too=True)


def _finish_present_classes(tally: Tally, parameters: Parameters, undefined: Undefined) -> Any:
    return _of_classes(tally, parameters, undefined, absent_too=False, ignored_too=False)


def _finish_present_classes_ignored_too(tally: Tally, parameters: Parameters, undefined: Undefined) -> Any:
    return _of_classes(tally, parameters, undefined, absent_too=False, ignored_too=True)


def _of_classes(
    tally: Tally, parameters: Parameters, undefined: Undefined, *, absent_too: bool, ignored_too: bool
) -> Any:
    """Average classes; macro has room for absent ones, or for the one that is ignored, where it is said so."""
    if _is_micro(parameters) and _counted_in_pairs(parameters):
        return _finish_units(tally, parameters, undefined)
    guesses_count = parameters.get("top_k", 1) == 1

    def counts(label: int, below: Number, guessed: Number) -> bool:
        present = below != 0 or (guesses_count and guessed != 0)
        return (present or absent_too) and (ignored_too or label != parameters.get("ignore_index"))

    def weights(parts: list[list[Number]]) -> list[Number]:
        if parameters.get("average", "macro") == "weighted":
            return [below for _, below, _ in parts]
        return [Fraction(counts(label, below, n)) for label, (_, below, n) in enumerate(parts)]

    return _of_groups(tally, parameters, undefined, parameters.get("num_classes") or 1, weights)


def _of_groups(
    tally: Tally,
    parameters: Parameters,
    undefined: Undefined,
    groups: int,
    weights: Callable[[list[list[Number]]], list[Number]],
) -> Any:
    def value(row: int | None) -> Any:
        parts = [tally.get((row, group), [Fraction(0)] * 3) for group in range(groups)]
        if _is_micro(parameters):
            return ratio(_total(parts, 0), _total(parts, 1), undefined)
        scores = [ratio(above, below, undefined) for above, below, _ in parts]
        if parameters.get("average", "macro") in (None, "none"):
            return scores
        return _weighted(scores, weights(parts), undefined)

    return _by_row(tally, parameters, value)


def _tally_labels(units: Units, parameters: Parameters, call: Call) -> Tally:
    if units.column is None or units.truth is None:
        raise Incomposable("these units have no labels")
    tally: Tally = {}
    for row, _ in _rows_of(units, parameters):
        for label in range(units.shape[1]):
            of_label = units.column == label
            if row is not None:
                of_label &= units.row == row
            positive = int((units.truth[of_label] == 1).sum())
            tally[row, label] = [
                summed(units.numerator[of_label]),
                summed(_below(units)[of_label]),
                Fraction(positive),
            ]
    return tally


def _finish_labels(tally: Tally, parameters: Parameters, undefined: Undefined) -> Any:
    return _of_labels(tally, parameters, undefined, ignored_too=parameters.get("ignore_index") is None)


def _finish_labels_ignored_too(tally: Tally, parameters: Parameters, undefined: Undefined) -> Any:
    return _of_labels(tally, parameters, undefined, ignored_too=True)


def _of_labels(tally: Tally, parameters: Parameters, undefined: Undefined, *, ignored_too: bool) -> Any:
    """Average labels; macro has room for one of which nothing is left where it is said so."""

    def weights(parts: list[list[Number]]) -> list[Number]:
        return _label_weights(parts, parameters, ignored_too=ignored_too)

    return _of_groups(tally, parameters, undefined, parameters.get("num_labels") or 1, weights)


def _label_weights(parts: list[list[Number]], parameters: Parameters, *, ignored_too: bool) -> list[Number]:
    if parameters.get("average", "macro") == "weighted":
        return [positive for _, _, positive in parts]
    return [Fraction(ignored_too or below != 0) for _, below, _ in parts]


def _groups_rounded(tally: Tally, parameters: Parameters) -> int:
    return len({group for _, group in tally}) if _is_averaged(parameters) else 0


def _is_averaged(parameters: Parameters) -> bool:
    return parameters.get("average", "macro") not in ("micro", "none", None)


def _by_row(tally: Tally, parameters: Parameters, value: Callable[[int | None], Any]) -> Any:
    if parameters.get("multidim_average", "global") == "global":
        return value(None)
    if not tally:
        raise Raises(NO_SAMPLES, "ValueError")
    return [value(row) for row in dict.fromkeys(row for row, _ in tally)]


def _total(parts: list[list[Number]], index: int) -> Number:
    total: Number = Fraction(0)
    for entry in parts:
        total = add(total, entry[index])
    return total


def _weighted(scores: list[Number], weights: list[Number], undefined: Undefined) -> Number:
    whole: Number = Fraction(0)
    above: Number = Fraction(0)
    for score, weight in zip(scores, weights, strict=True):
        whole = add(whole, weight)
        above = add(above, score * weight)
    return ratio(above, whole, undefined)


ALL_ALIKE = Behaviour[Average](
    AXIS, "all-alike", "All units count alike (micro).", Average(tally_all, finish_all, _none_rounded)
)
NOT_AVERAGED = Behaviour[Average](
    AXIS,
    "not-averaged",
    "Nothing is averaged: one value for each unit.",
    Average(_tally_each, _finish_each, _none_rounded),
)
RECALL = Behaviour[Average](
    AXIS,
    "recall-of-classes",
    "The accuracy of each class that occurs among the targets is averaged (macro recall).",
    Average(_tally_recall, _finish_recall, _recalls_rounded),
)
RECALL_PERFECT_STAYS = Behaviour[Average](
    AXIS,
    "recall-of-classes-perfect-stays",
    "The accuracy of each class that occurs among the targets is averaged (macro recall); adjusted for chance, a "
    "perfect one stays 1.",
    Average(_tally_recall, _finish_recall_perfect_stays, _recalls_rounded),
)
ONE_RATIO = Behaviour[Average](
    AXIS,
    "one-ratio",
    "All units count alike, or by row where multidim_average is samplewise.",
    Average(_tally_units, _finish_units, _none_rounded),
)
CLASSES = Behaviour[Average](
    AXIS,
    "classes-as-parameter-says",
    "micro counts all units alike; macro averages the accuracy of all classes but the ignored one, those without "
    "a target having 0; weighted weighs classes by their targets; none gives each class.",
    Average(_tally_classes, _finish_classes, _groups_rounded),
)
CLASSES_IGNORED_TOO = Behaviour[Average](
    AXIS,
    "classes-and-the-ignored-one",
    "micro counts all units alike; macro averages the accuracy of all classes, those without a target having 0 "
    "and the ignored one too; weighted weighs classes by their targets; none gives each class.",
    Average(_tally_classes, _finish_classes_ignored_too, _groups_rounded),
)
PRESENT_CLASSES_IGNORED_TOO = Behaviour[Average](
    AXIS,
    "present-classes-and-the-ignored-one",
    "micro counts all units alike; macro averages the accuracy of the classes that occur among targets or "
    "predictions, the ignored one having 0; weighted weighs classes by their targets; none gives each class.",
    Average(_tally_classes, _finish_present_classes_ignored_too, _groups_rounded),
)
PRESENT_CLASSES = Behaviour[Average](
    AXIS,
    "present-classes-as-parameter-says",
    "micro counts all units alike; macro averages the accuracy of the classes that occur among targets or "
    "predictions and are not ignored; weighted weighs classes by their targets; none gives each class.",
    Average(_tally_classes, _finish_present_classes, _groups_rounded),
)
LABELS = Behaviour[Average](
    AXIS,
    "labels-as-parameter-says",
    "micro counts all elements alike; macro averages the accuracy of all labels of which anything is not ignored; "
    "weighted weighs labels by their positive targets; none gives each label.",
    Average(_tally_labels, _finish_labels, _groups_rounded),
)
LABELS_IGNORED_TOO = Behaviour[Average](
    AXIS,
    "labels-and-ignored-ones",
    "micro counts all elements alike; macro averages the accuracy of all labels, those of which everything is "
    "ignored having 0; weighted weighs labels by their positive targets; none gives each label.",
    Average(_tally_labels, _finish_labels_ignored_too, _groups_rounded),
)
ONE_RATIO_SQUEEZED = Behaviour[Average](
    AXIS,
    "one-ratio-squeezed",
    "All units count alike, or by row where multidim_average is samplewise; a single row gives a scalar.",
    Average(_tally_units, _finish_units_squeezed, _none_rounded),
)
ONE_RATIO_OF_LAST = Behaviour[Average](
    AXIS,
    "one-ratio-of-last",
    "By row, what was right is divided by the number of positions of the last update.",
    Average(_tally_units, _finish_units_of_last, _none_rounded),
)
