"""torchmetrics.segmentation of integer labels (input_format="index"): what is checked and averaged (1.9.0)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import nan
from typing import Any, Literal

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.frameworks.torchmetrics.errors import AXIS as REFUSAL
from conformance.frameworks.torchmetrics.errors import R
from conformance.oracle.model import Incomposable, parametric
from conformance.oracle.numbers import Array, is_text, name_of
from conformance.oracle.reasons import raise_if
from conformance.oracle.rules import average, shape, undefined_value
from conformance.oracle.rules.average import kind_of_average
from conformance.oracle.rules.wording import Worded, shared
from conformance.oracle.stages import Aligned, Decision, Number, Parameters, Shaping, Units
from conformance.oracle.sums import Average, Formula, Sums, Tally, at_most

#: The group that says how often a sample occurs.
_TIMES = "times"


@dataclass(frozen=True)
class Images(Worded, Average):
    """Each class of a sample is a group, and what the samples give is averaged; NaN is left out.

    Attributes:
        of: what is averaged: the classes that occur, over all samples; or samples, each the mean of all classes, or
            what the parameter `average` says.
        one: whether an update with fewer than three axes is a single sample.
    """

    of: Literal["classes", "samples", "average"]
    one: bool = False

    def tally(self, units: Units, parameters: Parameters, call: Call) -> Tally:
        """Return the counts of each class that occurs in a sample.

        Raises:
            Incomposable: samples of several labels have no class.
        """
        if units.truth is None or units.decided is None:
            raise Incomposable("samples of several labels have no class")
        together = self.one and len(units.shape) < 3
        sample = np.zeros_like(units.sample) if together else units.sample - units.first
        number = min(1, len(sample)) if together else (units.shape or (1,))[0]
        labels, places = np.unique(np.concatenate([units.truth, units.decided]), return_inverse=True)
        true, decided = np.split(places, 2)
        often = np.ones(number, "int64")
        if units.times is not None and not together:
            often[sample] = units.times

        def counted(labelled: Array, here: Array) -> Array:
            weights = None if units.times is None else units.times[here]
            found = np.bincount((sample * len(labels) + labelled)[here], weights, number * len(labels))
            return found.reshape(number, len(labels)).astype("int64") // often[:, None]

        every = np.ones(len(sample), dtype=bool)
        sums = (counted(true, true == decided), counted(true, every), counted(decided, every))
        tally: Tally = {
            (units.first + one, _TIMES): Sums(weight=Fraction(int(often[one]))) for one in range(number)
        }
        for one, place in np.argwhere(sums[1] + sums[2]).tolist():
            correct, of_class, of_decided = (Fraction(int(each[one, place])) for each in sums)
            tally[units.first + one, int(labels[place])] = Sums(correct, Fraction(0), of_class, of_decided)
        return tally

    def finish(self, tally: Tally, parameters: Parameters, formula: Formula) -> Any:
        """Return the mean over the samples."""
        samples: dict[int | None, dict[Any, Sums]] = {}
        for (sample, label), sums in tally.items():
            samples.setdefault(sample, {})[label] = sums
        often = [groups.pop(_TIMES).weight for groups in samples.values()]
        if self.of == "classes":
            return _mean(
                (formula(sums), times)
                for groups, times in zip(samples.values(), often, strict=True)
                for sums in groups.values()
            )
        classes = range(at_most(parameters["num_classes"]))
        each = [[groups.get(label, Sums()) for label in classes] for groups in samples.values()]
        kind = kind_of_average(parameters) if self.of == "average" else "macro"
        if kind == "none":
            values = [[formula(sums) for sums in groups] for groups in each]
            return [_mean(zip((row[label] for row in values), often, strict=True)) for label in classes]
        return _mean(
            (self._of_sample(groups, kind, formula), times) for groups, times in zip(each, often, strict=True)
        )

    def rounded(self, tally: Tally, parameters: Parameters) -> int:
        """Return how many quotients are rounded before they are added."""
        return len(tally)

    def _of_sample(self, groups: Sequence[Sums], kind: str, formula: Formula) -> Number:
        if kind == "micro":
            return formula(sum(groups, Sums()))
        weights = [sums.true if kind == "weighted" else Fraction(1) for sums in groups]
        return _mean((formula(sums), weight) for sums, weight in zip(groups, weights, strict=True) if weight)


def _mean(weighted: Iterable[tuple[Number, Number]]) -> Number:
    """Return the mean of values by their weights, NaN left out."""
    kept = [(value, weight) for value, weight in weighted if value == value]
    if not kept:
        return nan
    return sum((value * weight for value, weight in kept), Fraction(0)) / sum(weight for _, weight in kept)


@dataclass(frozen=True)
class Checked(Worded):
    """What is checked of integer labels.

    Attributes:
        of: which metric.
        only: whether nothing else is predicted.
    """

    of: Literal["iou", "iou-of-grids", "dice"]
    only: bool = False

    def before(self, parameters: Parameters, call: Call) -> None:
        """Check the arguments."""
        classes = parameters["num_classes"]
        raise_if(classes is None, R["missing-argument"])
        raise_if(classes <= 0, R["invalid-num-classes"].of(f"num_classes is {classes!r}"), "ValueError")
        if self.of == "dice":
            average_ = parameters["average"]
            known = average_ in ("micro", "macro", "weighted", "none", None)
            raise_if(not known, R["invalid-average"].of(f"average is {average_!r}"), "ValueError")

    def each(self, update: Update, parameters: Parameters, call: Call) -> None:
        """Check an update."""
        true, pred = update.y_true, update.y_pred
        raise_if(is_text(true) or is_text(pred), R["strings"])
        raise_if(not true.ndim or not pred.ndim, R["scalar"])
        shapes = [_image(array.shape) if self.of == "iou" else array.shape for array in (true, pred)]
        raise_if(shapes[0] != shapes[1], R["shapes-differ"], "RuntimeError")
        raise_if({name_of(true.dtype), name_of(pred.dtype)} != {"int64"}, R["not-int64"])
        outside = any(((array < 0) | (array >= parameters["num_classes"])).any() for array in (true, pred))
        raise_if(outside, R["label-outside-classes"])
        if self.of != "iou":
            raise_if(true.ndim < 2, R["no-positions"], "ValueError" if self.of == "dice" else None)


def _image(shape_: tuple[int, ...]) -> tuple[int, ...]:
    """Return a shape with a sample, as torchmetrics adds it to fewer than three axes."""
    return (1,) * max(0, 3 - len(shape_)) + shape_


def _as_they_are(truth: Array, decision: Decision, y_pred: Array) -> Aligned:
    return shape.broadcast(truth, decision)


def _one(above: Number, parameters: Parameters) -> Number:
    return Fraction(1)


IOU = parametric(REFUSAL, Checked("iou"))
IOU_OF_GRIDS = parametric(REFUSAL, Checked("iou-of-grids"))
DICE = parametric(REFUSAL, Checked("dice"))
SAME = shared(shape.AXIS, "same-shape", Shaping(_as_they_are), __package__)
CLASSES = parametric(average.AXIS, Images("classes", one=True))
SAMPLES = parametric(average.AXIS, Images("samples"))
AS_AVERAGE_SAYS = parametric(average.AXIS, Images("average"))
ONE = shared(undefined_value.AXIS, "one", _one, __package__)
