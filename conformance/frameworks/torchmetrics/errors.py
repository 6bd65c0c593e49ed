"""refusal: what torchmetrics checks, in its order (functional/classification/stat_scores.py)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.oracle.model import parametric
from conformance.oracle.numbers import Array, is_float, is_text, name_of
from conformance.oracle.reasons import Raises, Reason, raise_if, reasons_in
from conformance.oracle.rules.wording import Worded
from conformance.oracle.stages import Parameters

AXIS = "refusal"
R = reasons_in(__package__)

INVALID_ZERO_DIVISION = R["invalid-zero-division"]
ONE_SAMPLE_STACKED = R["one-sample-stacked"]

_WIDE_UNSIGNED = ("uint16", "uint32", "uint64")


def _no_size(size: Any) -> bool:
    return not isinstance(size, int) or size < 2


def _no_classes(parameters: Parameters) -> bool:
    classes = parameters.get("num_classes")
    return parameters.get("average") != "micro" if classes is None else _no_size(classes)


def _no_beta(parameters: Parameters) -> bool:
    beta = parameters.get("beta", 1.0)
    return not (isinstance(beta, float) and beta > 0)


def without_classes(parameters: Mapping[str, Any]) -> bool:
    """Whether samples are counted without telling classes apart, so that num_classes plays no part."""
    return bool(
        parameters["average"] == "micro"
        and parameters["top_k"] == 1
        and parameters["multidim_average"] == "global"
    )


def _negative_size(parameters: Parameters) -> bool:
    """Whether counts, or the confusion matrix, would have a negative number of classes."""
    return (parameters.get("num_classes") or 0) < 0 and not without_classes(parameters)


def _no_threshold(parameters: Parameters) -> bool:
    threshold = parameters["threshold"]
    return not isinstance(threshold, float) or not 0 <= threshold <= 1


#: Argument, when it raises ValueError, why; in the order in which they are checked.
_ARGUMENTS: tuple[tuple[str, Callable[[Parameters], bool], Reason], ...] = (
    ("beta", _no_beta, R["invalid-beta"]),
    ("num_classes", _no_classes, R["invalid-num-classes"]),
    ("num_labels", lambda p: _no_size(p["num_labels"]), R["invalid-num-labels"]),
    ("threshold", _no_threshold, R["invalid-threshold"]),
    ("top_k", lambda p: p["top_k"] < 1, R["top-k-below-1"]),
    ("top_k", lambda p: p["top_k"] > (p.get("num_classes") or 1), R["top-k-above-classes"]),
    (
        "average",
        lambda p: _no_average(p),
        R["invalid-average"],
    ),
    (
        "multidim_average",
        lambda p: p["multidim_average"] not in ("global", "samplewise"),
        R["invalid-multidim-average"],
    ),
    (
        "weights",
        lambda p: p.get("weights") not in ("linear", "quadratic", "none", None),
        R["invalid-weights"],
    ),
    (
        "normalize",
        lambda p: p.get("normalize") not in ("true", "pred", "all", "none", None),
        R["invalid-normalize"],
    ),
    ("zero_division", lambda p: p.get("zero_division", 0) not in (0, 1), INVALID_ZERO_DIVISION),
)


def _zeros_and_ones(update: Update, parameters: Parameters) -> None:
    index, reason = parameters["ignore_index"], R["targets-other-than-0-and-1"]
    if index is not None:
        reason = reason.of(f"ignore_index is {index}")
    allowed = [0, 1] if index is None else [0, 1, index]
    raise_if(not _only(update.y_true, allowed), reason, "RuntimeError")
    if not is_float(update.y_pred):
        raise_if(not _only(update.y_pred, [0, 1]), R["labels-other-than-0-and-1"], "RuntimeError")


def _only(array: Array, values: list[int]) -> bool:
    wide = array.astype("float64") if is_float(array) else array
    return bool(np.isin(wide, values).all())


def _wide_unsigned(update: Update, parameters: Parameters) -> None:
    """Raise where torch does not write ignore_index into the targets, or does not compare them with bool."""
    true, pred = (name_of(array.dtype) for array in (update.y_true, update.y_pred))
    wide = true in _WIDE_UNSIGNED
    raise_if(parameters["ignore_index"] is not None and wide, R["unsigned"])
    raise_if((wide or pred in _WIDE_UNSIGNED) and true != pred, R["unsigned"])


def _binary(update: Update, parameters: Parameters) -> None:
    y_true, y_pred = update.y_true, update.y_pred
    if parameters["validate_args"]:
        raise_if(y_true.shape != y_pred.shape, R["shapes-differ"], "RuntimeError")
        _zeros_and_ones(update, parameters)
        _samplewise(y_pred, 2, parameters)
    raise_if(not y_pred.ndim or not y_true.ndim, R["scalar"])
    _wide_unsigned(update, parameters)


def _multilabel(update: Update, parameters: Parameters) -> None:
    y_true, y_pred = update.y_true, update.y_pred
    if parameters["validate_args"]:
        raise_if(y_true.shape != y_pred.shape, R["shapes-differ"], "RuntimeError")
        raise_if(y_pred.ndim < 2, R["missing-axis"])
        raise_if(y_pred.shape[1] != parameters["num_labels"], R["second-axis-length"], "ValueError")
        _zeros_and_ones(update, parameters)
        _samplewise(y_pred, 3, parameters)
    raise_if(y_true.ndim < 2 or y_pred.ndim < 2, R["missing-axis"])
    _wide_unsigned(update, parameters)


def _multilabel_then_average(update: Update, parameters: Parameters) -> None:
    """Raise for an average that is not known only after everything else (jaccard.py:307 and :67)."""
    _multilabel(update, parameters)
    raise_if(_no_average(parameters), R["invalid-average"], "ValueError")


def _no_average(parameters: Parameters) -> bool:
    return parameters["average"] not in ("micro", "macro", "weighted", "none", None)


def _samplewise(y_pred: Array, rank: int, parameters: Parameters) -> None:
    too_few = parameters.get("multidim_average", "global") != "global" and y_pred.ndim < rank
    raise_if(too_few, R["too-few-dimensions"], "ValueError")


def _multiclass(update: Update, parameters: Parameters) -> None:
    _multiclass_of_floats(update, parameters)
    if parameters["top_k"] > 1:
        raise_if(is_float(update.y_true), R["float-targets"])
        raise_if(name_of(update.y_true.dtype) in _WIDE_UNSIGNED, R["unsigned"])


def _multiclass_of_floats(update: Update, parameters: Parameters) -> None:
    """Check an update; floating-point targets are truncated, for any top_k."""
    _scores_or_labels(update, parameters)
    if parameters["multidim_average"] == "global" and parameters["top_k"] == 1:
        _equally_many(update, parameters)
    elif ignored_outside(parameters):
        _overwritten(update, parameters["top_k"])


def _exact(update: Update, parameters: Parameters) -> None:
    _scores_or_labels(update, parameters.changed(top_k=1, average="micro"))
    _comparable_labels(update)
    if parameters["ignore_index"] is not None:
        _overwritten(update, top_k=1)


def _binary_pairs(update: Update, parameters: Parameters) -> None:
    if parameters["validate_args"]:
        raise_if(update.y_true.shape != update.y_pred.shape, R["shapes-differ"], "RuntimeError")
        _zeros_and_ones(update, parameters)
    _equal_sizes(update.y_true.size, update.y_pred.size, parameters)
    _wide_unsigned(update, parameters)


def _multiclass_pairs(update: Update, parameters: Parameters) -> None:
    y_true, y_pred = update.y_true, update.y_pred
    if parameters["validate_args"]:
        _multiclass_shapes(update, parameters)
        _distinct_values(update, parameters)
    scored = _has_classes(update)
    raise_if(scored and (y_pred.ndim < 2 or not y_pred.shape[1]), R["no-classes"])
    _equal_sizes(y_true.size, y_pred.size // y_pred.shape[1] if scored else y_pred.size, parameters)
    _comparable_labels(update)


def _equal_sizes(targets: int, decisions: int, parameters: Parameters) -> None:
    """Raise where flat decisions and targets, of which a single one serves all, do not fit."""
    broadcast = parameters["ignore_index"] is None and 1 in (targets, decisions)
    raise_if(targets != decisions and not broadcast, R["counts-differ"])


def ignored_outside(parameters: Mapping[str, Any]) -> bool:
    """Whether there is an ignore_index, and it is no class."""
    index, classes = parameters.get("ignore_index"), parameters.get("num_classes")
    return index is not None and classes is not None and not 0 <= index < classes


def _overwritten(update: Update, top_k: int) -> None:
    """Raise where torch finds no prediction for each ignored target, or cannot write another label there."""
    y_true, y_pred = update.y_true, update.y_pred
    scored = _has_classes(update)
    decided = (len(y_pred), math.prod(y_pred.shape[1 + (scored or top_k > 1) :]))
    raise_if(decided != (len(y_true), math.prod(y_true.shape[1:])), R["counts-differ"])
    written = (y_true,) if scored else (y_true, y_pred)
    raise_if(any(name_of(array.dtype) in _WIDE_UNSIGNED for array in written), R["unsigned"])


def _has_classes(update: Update) -> bool:
    return update.y_pred.ndim == update.y_true.ndim + 1


def _scores_or_labels(update: Update, parameters: Parameters) -> None:
    if parameters["validate_args"]:
        _multiclass_shapes(update, parameters)
        _distinct_values(update, parameters)
    _flattens(update, parameters)


def _only_classes(update: Update, parameters: Parameters) -> None:
    """Check that every label is a class, as documented."""
    _multiclass_shapes(update, parameters)
    raise_if(labels_as_scores(update), R["float-labels"])
    raise_if(classes_missed(update, parameters), R["label-outside-classes"], "RuntimeError")


def labels_as_scores(update: Update) -> bool:
    """Whether the predictions are floats, as scores are, but of the shape of the targets, as labels are."""
    return is_float(update.y_pred) and update.y_pred.ndim == update.y_true.ndim


def classes_missed(update: Update, parameters: Mapping[str, Any]) -> bool:
    """Whether a target that is not ignored, or a predicted label, is no class."""
    classes, ignored = parameters.get("num_classes"), parameters["ignore_index"]
    if classes is None or is_text(update.y_true) or is_text(update.y_pred):
        return False
    targets = _among(update.y_true, classes)
    if ignored is not None:
        targets |= update.y_true == ignored
    return not targets.all() or not (is_float(update.y_pred) or _among(update.y_pred, classes).all())


def _among(labels: Array, classes: int) -> Array:
    """Return which labels are classes; without a list of these, of which there may be millions."""
    wide = labels.astype("float64") if is_float(labels) else labels
    return np.asarray((wide >= 0) & (wide < classes) & (wide == np.floor(wide)))


def _multiclass_shapes(update: Update, parameters: Parameters) -> None:
    y_true, y_pred = update.y_true, update.y_pred
    classes = parameters.get("num_classes")
    raise_if(y_pred.ndim - y_true.ndim not in (0, 1), R["ranks-differ"], "ValueError")
    if y_pred.ndim == y_true.ndim:
        raise_if(y_pred.shape != y_true.shape, R["shapes-differ"], "ValueError")
        _samplewise(y_pred, 2, parameters)
        return
    raise_if(not is_float(y_pred), R["integer-predictions"], "ValueError")
    raise_if(y_pred.ndim < 2, R["missing-axis"])
    raise_if(classes is not None and y_pred.shape[1] != classes, R["second-axis-length"], "ValueError")
    raise_if(y_pred.shape[2:] != y_true.shape[1:], R["one-target-per-sample"], "ValueError")
    _samplewise(y_pred, 3, parameters)


def _distinct_values(update: Update, parameters: Parameters) -> None:
    """Only how many distinct labels there are is checked, and nothing if the predictions are floats."""
    classes = parameters.get("num_classes")
    if classes is None or is_float(update.y_pred):
        return
    most = classes + (parameters["ignore_index"] is not None)
    for array in (update.y_true, update.y_pred):
        raise_if(len(np.unique(array)) > most, R["too-many-labels"], "RuntimeError")


def _flattens(update: Update, parameters: Parameters) -> None:
    y_true, y_pred, top_k = update.y_true, update.y_pred, parameters["top_k"]
    has_classes = _has_classes(update)
    raise_if(has_classes and top_k == 1 and y_pred.ndim > 1 and not y_pred.shape[1], R["no-classes"])
    raise_if(not y_pred.ndim or not y_true.ndim, R["scalar"])
    if top_k > 1:
        raise_if(y_pred.ndim < 2 or y_pred.shape[1] < top_k, R["top-k-above-classes"])
        # Only unvalidated shapes get past this without an axis of classes: (N, C) with targets (N, 1).
        positions, targets = math.prod(y_pred.shape[2:]), math.prod(y_true.shape[1:])
        raise_if(not has_classes and positions != targets, R["top-k-of-labels"])
    if without_classes(parameters):
        _comparable_labels(update)


def _equally_many(update: Update, parameters: Parameters) -> None:
    """Only unvalidated shapes get this far without as many decisions as targets, both flattened."""
    y_true, y_pred = update.y_true, update.y_pred
    decided = y_pred.size // y_pred.shape[1] if _has_classes(update) else y_pred.size
    _equal_sizes(y_true.size, decided, parameters)


def _comparable_labels(update: Update) -> None:
    names = {name_of(update.y_true.dtype), "int64" if _has_classes(update) else name_of(update.y_pred.dtype)}
    raise_if(len(names) > 1 and not names.isdisjoint(_WIDE_UNSIGNED), R["unsigned"])


@dataclass(frozen=True)
class Metric:
    """What one metric checks.

    Attributes:
        update: checks an update.
        arguments: the arguments that are checked.
        required: the argument without a default.
        raises: exception type for a task without its size, whatever else is given.
    """

    update: Callable[[Update, Parameters], None] = _binary
    arguments: tuple[str, ...] = ()
    required: str | None = None
    raises: str | None = None


_MULTICLASS_ARGUMENTS = ("beta", "num_classes", "top_k", "average", "multidim_average", "zero_division")

#: Name of a metric -> what it checks.
METRICS: Mapping[str, Metric] = {
    "binary": Metric(_binary, ("beta", "threshold", "multidim_average", "zero_division")),
    "multiclass": Metric(_multiclass, _MULTICLASS_ARGUMENTS),
    "multiclass-of-floats": Metric(_multiclass_of_floats, _MULTICLASS_ARGUMENTS),
    "multiclass-exact": Metric(_exact, ("num_classes", "multidim_average"), "num_classes"),
    "multilabel": Metric(
        _multilabel,
        ("beta", "num_labels", "threshold", "average", "multidim_average", "zero_division"),
        "num_labels",
    ),
    "multilabel-exact": Metric(_multilabel, ("num_labels", "threshold", "multidim_average"), "num_labels"),
    "binary-pairs": Metric(_binary_pairs, ("threshold", "weights", "normalize")),
    "multiclass-pairs": Metric(_multiclass_pairs, ("num_classes", "weights", "normalize"), "num_classes"),
    "multilabel-pairs": Metric(_multilabel, ("num_labels", "threshold", "normalize"), "num_labels"),
    "binary-unions": Metric(_binary_pairs, ("threshold", "zero_division")),
    "multiclass-unions": Metric(
        _multiclass_pairs, ("num_classes", "average", "zero_division"), "num_classes"
    ),
    "multilabel-unions": Metric(
        _multilabel, ("num_labels", "threshold", "average", "zero_division"), "num_labels"
    ),
    "multilabel-unions-of-function": Metric(
        _multilabel_then_average, ("num_labels", "threshold", "zero_division"), "num_labels"
    ),
    "no-size": Metric(raises="ValueError"),
    "no-size-asserted": Metric(raises="AssertionError"),
}


@dataclass(frozen=True)
class Validation(Worded):
    """What torchmetrics checks, with parameters that departures and forms of use change.

    Attributes:
        of: a key of `METRICS`.
        labels: whether each label is checked to be a class, as documented; if not, only how many distinct integer
            labels there are.
        num_classes_required: whether num_classes is a required argument, whatever the average.
        zero_division: whether zero_division is checked, where it is a parameter.
        tensors_first: whether arrays are converted to tensors before anything is checked, as for a function.
        only: whether nothing else is predicted.
    """

    of: str
    labels: bool = True
    num_classes_required: bool = False
    zero_division: bool = True
    tensors_first: bool = False
    only: bool = False

    @property
    def classes(self) -> str | None:
        """How labels are checked, where they are classes."""
        return ("checked" if self.labels else "counted") if self.of.startswith("multiclass") else None

    def before(self, parameters: Parameters, call: Call) -> None:
        """Check the arguments."""
        metric = METRICS[self.of]
        required = "num_classes" if self.num_classes_required else metric.required
        for update in call.updates if self.tensors_first else ():
            _tensors(update)
        if metric.raises:
            raise Raises(R["no-task-size"], metric.raises)
        if required and parameters.get(required) is None:
            checked = required in call.parameters and parameters["validate_args"]
            raise_if(not checked, R["missing-argument"], "TypeError")
            raise Raises(R[f"invalid-{required.replace('_', '-')}"].of(f"{required} is None"), "ValueError")
        if "top_k" in metric.arguments:
            parameters.number("top_k")
        if parameters["validate_args"]:
            for argument, invalid, reason in _ARGUMENTS:
                unchecked = argument == "zero_division" and not self.zero_division
                if argument in metric.arguments and not unchecked and invalid(parameters):
                    value = parameters[argument]
                    kind = "" if value is None else f"the {type(value).__name__} "
                    detail = f"{argument} is {kind}{value!r}"
                    raise Raises(reason.of(detail), "ValueError")
        elif {"num_classes", "average", "top_k"} <= {*metric.arguments}:
            raise_if(_negative_size(parameters), R["negative-num-classes"])

    def each(self, update: Update, parameters: Parameters, call: Call) -> None:
        """Check an update."""
        _tensors(update)
        if self.classes == "checked" and parameters["validate_args"]:
            _only_classes(update, parameters)
        METRICS[self.of].update(update, parameters)


def _tensors(update: Update) -> None:
    """Raise where an array cannot become a tensor."""
    raise_if(is_text(update.y_true) or is_text(update.y_pred), R["strings"])


BINARY = parametric(AXIS, Validation("binary"))
MULTICLASS = parametric(AXIS, Validation("multiclass"))
MULTICLASS_WITH_CLASSES = parametric(AXIS, Validation("multiclass", num_classes_required=True))
MULTICLASS_WITH_CLASSES_OF_FLOATS = parametric(
    AXIS, Validation("multiclass-of-floats", num_classes_required=True)
)
MULTICLASS_EXACT = parametric(AXIS, Validation("multiclass-exact"))
MULTILABEL = parametric(AXIS, Validation("multilabel"))
MULTILABEL_EXACT = parametric(AXIS, Validation("multilabel-exact"))
BINARY_FUNCTION = parametric(AXIS, Validation("binary", tensors_first=True))
MULTICLASS_FUNCTION = parametric(
    AXIS, Validation("multiclass", num_classes_required=True, tensors_first=True)
)
MULTICLASS_FUNCTION_OF_FLOATS = parametric(
    AXIS, Validation("multiclass-of-floats", num_classes_required=True, tensors_first=True)
)
MULTILABEL_FUNCTION = parametric(AXIS, Validation("multilabel", tensors_first=True))
BINARY_PAIRS = parametric(AXIS, Validation("binary-pairs"))
MULTICLASS_PAIRS = parametric(AXIS, Validation("multiclass-pairs"))
MULTILABEL_PAIRS = parametric(AXIS, Validation("multilabel-pairs"))
BINARY_PAIRS_FUNCTION = parametric(AXIS, Validation("binary-pairs", tensors_first=True))
MULTICLASS_PAIRS_FUNCTION = parametric(AXIS, Validation("multiclass-pairs", tensors_first=True))
MULTILABEL_PAIRS_FUNCTION = parametric(AXIS, Validation("multilabel-pairs", tensors_first=True))
BINARY_UNIONS = parametric(AXIS, Validation("binary-unions"))
MULTICLASS_UNIONS = parametric(AXIS, Validation("multiclass-unions"))
MULTILABEL_UNIONS = parametric(AXIS, Validation("multilabel-unions"))
BINARY_UNIONS_FUNCTION = parametric(AXIS, Validation("binary-unions", tensors_first=True))
MULTICLASS_UNIONS_FUNCTION = parametric(AXIS, Validation("multiclass-unions", tensors_first=True))
MULTILABEL_UNIONS_FUNCTION = parametric(AXIS, Validation("multilabel-unions-of-function", tensors_first=True))
NO_SIZE = parametric(AXIS, Validation("no-size"))
NO_SIZE_ASSERTED = parametric(AXIS, Validation("no-size-asserted"))
