"""IoU of any Keras: how a confusion matrix is counted and averaged, what is checked, and when documentation is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.frameworks import keras_family
from conformance.frameworks.keras_family.conditions import any_update
from conformance.frameworks.keras_family.errors import NO_STRINGS, R, checks
from conformance.oracle.model import Incomposable, parametric
from conformance.oracle.numbers import Array, cast, is_text
from conformance.oracle.reasons import Raises, raise_if
from conformance.oracle.rules import accumulation, average, decision_rule, label_domain, shape
from conformance.oracle.rules.pairs import weights_of_pairs
from conformance.oracle.rules.statistic import increased
from conformance.oracle.rules.wording import Worded, shared
from conformance.oracle.stages import (
    Aligned,
    Comparison,
    Decision,
    Labels,
    Number,
    Parameters,
    Scores,
    Shaping,
    Units,
)
from conformance.oracle.sums import Average, Formula, Sums, Tally, at_most, ratio

AXIS_RAISES = R["axis-of-a-vector"]

#: A union of less is no class that occurs.
_NOTHING = Fraction(1, 10**9)


def _argmax(array: Array, parameters: Parameters, comparison: Comparison) -> Array:
    axis = parameters.get("axis", -1)
    inside = array.ndim and -array.ndim <= axis < array.ndim
    raise_if(not inside or not array.shape[axis], R["no-classes"])
    return comparison.argmax(array, axis)


def _targets(y_true: Array, y_pred: Array, parameters: Parameters, comparison: Comparison) -> Labels:
    sparse = parameters.get("sparse_y_true", True)
    return Labels(y_true if sparse else _argmax(y_true, parameters, comparison))


def _predictions(scores: Scores, y_true: Array, parameters: Parameters, comparison: Comparison) -> Decision:
    sparse = parameters.get("sparse_y_pred", True)
    return Decision(scores.values if sparse else _argmax(scores.values, parameters, comparison))


def _flat(truth: Array, decision: Decision, y_pred: Array) -> Aligned:
    raise_if(not truth.ndim or not decision.labels.ndim, R["scalar"])
    raise_if(truth.size != decision.labels.size, R["shapes-differ"])
    return Aligned(truth.reshape(-1), decision.reshape((-1,)), decision.labels.shape)


@dataclass(frozen=True)
class FlatWeights(Worded):
    """Weights are made flat, and broadcast to the flat targets.

    Attributes:
        integers: whether they are cut to integers where the metric has no dtype.
        one_each: whether each target needs a weight.
        in_float32: whether they are cast to float32 whatever the metric's dtype is.
    """

    integers: bool = False
    one_each: bool = False
    in_float32: bool = False

    def __call__(self, shape: tuple[int, ...], update: Update, call: Call) -> Array | None:
        """Return weights of the shape of the elements."""
        weight, count = update.sample_weight, int(np.prod(shape))
        if weight is None:
            return None
        cut = self.integers and call.metric_dtype is None
        weight = np.trunc(cast(weight, "float64")) if cut else cast(weight, call.metric_dtype or "float32")
        weight = cast(weight, "float32") if self.in_float32 else weight
        flat = weight.reshape(-1) if weight.ndim > 1 else weight
        raise_if(self.one_each and flat.shape != (count,), R["weights-not-broadcast"])
        try:
            return np.broadcast_to(flat, (count,)).reshape(shape)
        except ValueError:
            raise Raises(R["weights-not-broadcast"]) from None


@dataclass(frozen=True)
class OfClasses(Worded, Average):
    """The mean over the classes of target_class_ids that occur, of pairs of a target and a prediction.

    Attributes:
        outside: whether pairs with a label outside the classes are left out; if not, they raise.
        integers: whether labels are cast to integers first, not to float32, where the metric has no dtype.
        epsilon: dtype in which 1e-7 is added to the number of classes, as in `Jaccard`; None for not at all. A union
            has to exceed 1e-9 then.
        in_float32: whether labels are cast to float32 at last, whatever the metric's dtype is.
    """

    outside: bool = False
    integers: bool = False
    epsilon: Literal["float32", "metric"] | None = None
    in_float32: bool = False

    def tally(self, units: Units, parameters: Parameters, call: Call) -> Tally:
        """Return the weight of each pair that occurs."""
        if units.truth is None or units.decided is None or is_text(units.truth) or is_text(units.decided):
            raise Incomposable("these units have no numbers for classes")
        classes, ignored = parameters["num_classes"], parameters.get("ignore_class")
        name = call.metric_dtype or ("int64" if self.integers else "float32")
        truth, decided = (cast(array, name) for array in (units.truth, units.decided))
        if self.in_float32:
            truth, decided = cast(truth, "float32"), cast(decided, "float32")
        truth, decided = cast(truth, "float64"), cast(decided, "float64")
        kept = np.ones(truth.shape, dtype=bool) if ignored is None else truth != ignored
        labels = (truth, decided) if self.outside else (np.trunc(truth), np.trunc(decided))
        inside = np.all([(label >= 0) & (label < classes) for label in labels], axis=0)
        raise_if(not self.outside and not inside[kept].all(), R["label-outside-classes"])
        kept &= inside
        weight = average.weights_of(units)[kept]
        true, predicted = (cast(np.trunc(label[kept]), "int64") for label in (truth, decided))
        return {(None, pair): sums for pair, sums in weights_of_pairs(true, predicted, weight).items()}

    def finish(self, tally: Tally, parameters: Parameters, formula: Formula) -> Any:
        """Return the mean."""
        groups: dict[int, Sums] = {}
        for (_, (label, other)), sums in tally.items():
            correct = sums.weight if label == other else Fraction(0)
            for where, of_class in (
                (label, Sums(correct=correct, true=sums.weight)),
                (other, Sums(predicted=sums.weight)),
            ):
                groups[where] = groups.get(where, Sums()) + of_class
        values = []
        for label in _class_ids(parameters):
            sums = groups.get(label, Sums())
            union = sums.true + sums.predicted - sums.correct
            if union > _NOTHING if self.epsilon else union != 0:
                values.append(formula(sums))
        number: Number = Fraction(len(values))
        if self.epsilon:
            number = increased(number, self.epsilon, formula.call)
        return ratio(sum(values, Fraction(0)), number, formula.undefined, parameters)

    def rounded(self, tally: Tally, parameters: Parameters) -> int:
        """Return how many quotients are rounded before they are added."""
        return len(list(_class_ids(parameters))) + 2


def _class_ids(parameters: Parameters) -> list[int]:
    ids = parameters.get("target_class_ids")
    return [*range(at_most(parameters["num_classes"]))] if ids is None else list(ids)


def _parameters(parameters: Parameters, call: Call) -> None:
    classes = parameters["num_classes"]
    raise_if(classes is None, R["no-number-of-classes"], "TypeError")
    ids = _class_ids(parameters)
    outside = not ids or max(ids) >= classes
    raise_if(
        outside,
        R["target-class-outside"].of(f"of {classes} classes, target_class_ids is {ids}"),
        "ValueError",
    )


def _samples(array: Array, parameters: Parameters, sparse: str) -> tuple[int, ...]:
    """Return the shape of labels, or of scores without the axis of classes, if they have it."""
    axis, shape = parameters.get("axis", -1), array.shape
    if parameters.get(sparse, True) or not -array.ndim <= axis < array.ndim:
        return shape
    return tuple(np.delete(shape, axis).tolist())


def _single_target(update: Update, parameters: Parameters, call: Call) -> None:
    """Raise for a single value alone, and for weights of several samples that share one target."""
    true = _samples(update.y_true, parameters, "sparse_y_true")
    pred = _samples(update.y_pred, parameters, "sparse_y_pred")
    raise_if(not true and not pred, R["scalar"])
    weight = update.sample_weight
    if weight is not None and int(np.prod(true)) == 1:
        raise_if(weight.size != 1 or (not true and weight.ndim > 0), R["weights-not-broadcast"])


TARGETS = shared(label_domain.AXIS, "iou-targets", _targets, keras_family.__name__)
PREDICTIONS = shared(decision_rule.AXIS, "iou-predictions", _predictions, keras_family.__name__)
FLAT_OR_SINGLE = shared(shape.AXIS, "flat-or-single", Shaping(shape.raveled), keras_family.__name__)
FLAT = shared(shape.AXIS, "flat-and-equally-many", Shaping(_flat), keras_family.__name__)
WEIGHTS = parametric("weights", FlatWeights())
WEIGHTS_IN_FLOAT32 = parametric("weights", FlatWeights(in_float32=True))
WEIGHT_EACH = parametric("weights", FlatWeights(one_each=True))
CLASSES = parametric(average.AXIS, OfClasses(outside=True, integers=True))
CLASSES_INSIDE = parametric(average.AXIS, OfClasses(integers=True))
METRIC_CLASSES_INSIDE = parametric(average.AXIS, OfClasses())
FLOAT32_CLASSES_INSIDE = parametric(average.AXIS, OfClasses(in_float32=True))
IN_METRIC_DTYPE_OR_FLOAT32 = parametric(
    accumulation.AXIS,
    accumulation.Summed(kept="metric", result="metric-at-least-float32", divided="metric"),
)
IN_FLOAT32 = parametric(
    accumulation.AXIS,
    accumulation.Summed(kept="metric", result="float32", divided="metric-at-most-float32"),
)
CHECKS = checks("keras-iou", NO_STRINGS, _single_target, before=_parameters)
CHECKS_OF_EACH = checks("tf-keras-iou", NO_STRINGS, before=_parameters)


def axis_of_result(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether the axis of the classes is none of a vector, and the classes are valid."""
    return parameters["axis"] not in (0, -1)


def negative_class_ids(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether a class is counted from the end."""
    return any(label < 0 for label in parameters.get("target_class_ids") or ())


def _fractions(update: Update) -> bool:
    weight = update.sample_weight
    return weight is not None and bool((cast(weight, "float64") != np.trunc(cast(weight, "float64"))).any())


_fractional = any_update(_fractions)
negative_weights = any_update(
    lambda update: update.sample_weight is not None and bool((update.sample_weight < 0).any())
)
_weights_not_finite = any_update(
    lambda update: (
        update.sample_weight is not None and not np.isfinite(cast(update.sample_weight, "float64")).all()
    )
)


def fractional_weights(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether a weight is no integer, and the metric has no dtype."""
    return call.metric_dtype is None and _fractional(call, parameters)


def weights_not_finite(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether a weight is infinite or NaN, which no integer is, and the metric has no dtype."""
    return call.metric_dtype is None and _weights_not_finite(call, parameters)


def negative_labels(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether a label is a negative integer."""
    labels = [update.y_true for update in call.updates if parameters.get("sparse_y_true", True)]
    # A metric without the parameter takes scores.
    labels += [update.y_pred for update in call.updates if parameters.get("sparse_y_pred", False)]
    return any(bool((cast(array, "float64") <= -1).any()) for array in labels if not is_text(array))
