"""Where torchmetrics leaves its documentation for labels: those beyond the classes, and those to ignore (1.9.0)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.frameworks.torchmetrics import errors
from conformance.oracle.model import Amendment, Departure, Finding
from conformance.oracle.numbers import is_float
from conformance.oracle.rules import average, exclusion

_STATS = "torchmetrics/functional/classification/stat_scores.py"
_EXACT = "torchmetrics/functional/classification/exact_match.py"
_COMPUTE = "torchmetrics/utilities/compute.py"
_DOCS = "https://lightning.ai/docs/torchmetrics/stable/classification"
_IGNORE = (
    '"ignore_index: Specifies a target value that is ignored and does not contribute to the metric calculation" '
    f"({_DOCS}/accuracy.html)"
)
_VALIDATED = (
    '"all values in target tensor that are not ignored have to be in {0, ..., num_classes - 1}", "if pred tensor is '
    'not floating point, then all values also have to be in {0, ..., num_classes - 1}" (the docstring of the '
    f'validation, {_STATS}:271); "validate_args: bool indicating if input arguments and tensors should be validated '
    f'for correctness" ({_DOCS}/accuracy.html)'
)

ANOTHER_PAIR = Finding(
    id="torchmetrics-label-beyond-the-classes-counts-as-another",
    kind="defect",
    title="A label beyond num_classes passes the validation and is counted as another class, even as right",
    condition="predictions are integers, a label is no class, and there are no more distinct labels than classes.",
    says="The validation counts distinct values instead of looking at them. A pair is then counted at the place "
    "target * num_classes + prediction, which for a prediction beyond the classes is the place of another pair: "
    "with two classes, predicting 3 for target 0 counts as predicting 1 for target 1.",
    claims=_VALIDATED,
    place=f"{_STATS}:317-325 (the check) and :444-446 (the place)",
    see=("https://github.com/Lightning-AI/torchmetrics/issues/2425",),
)
TARGETS_UNCHECKED = Finding(
    id="torchmetrics-targets-are-not-checked-beside-scores",
    kind="defect",
    title="Targets beside scores are not validated at all: the conditional expression of the loop takes everything",
    condition="predictions are scores, and a target is neither a class nor ignore_index.",
    says="`for t, name in ((target, ...),) + ((preds, ...),) if not preds.is_floating_point() else ()` is meant to "
    "leave the predictions out, but binds so that nothing is checked when predictions are floats. Micro averages "
    "count such a row as an error; macro averages fail with an error about shapes, or counts.",
    claims=_VALIDATED,
    place=f"{_STATS}:319",
)
FLOAT_LABELS = Finding(
    id="torchmetrics-float-predictions-in-the-shape-of-labels",
    kind="undocumented",
    title="Floats in the shape of the targets are taken for labels, compared by micro and cut off by macro averages",
    condition="predictions are floats and have as many dimensions as the targets.",
    says="Nothing refuses them: micro averages compare the floats with the targets as they are, all others cut them "
    "off to integers first, so that the prediction 2.4 is wrong for class 2 in one and right in the other.",
    claims='"preds: An int tensor of shape (N, ...) or float tensor of shape (N, C, ..)" '
    f"({_DOCS}/accuracy.html)",
    place=f"{_STATS}:301 (the shapes alone are checked), :433 (compared) and :444 (cut off)",
)
IGNORED_CLASS_COUNTS = Finding(
    id="torchmetrics-macro-counts-the-ignored-class",
    kind="defect",
    title="macro averages in the class that ignore_index names, with accuracy 0, once it is predicted",
    condition="average is macro, ignore_index is one of the classes, and a row that is not ignored is predicted as it.",
    says="Only rows are dropped. A class has room in the average if anything was true or predicted in it, so a "
    "prediction of the ignored class brings it in, with no rows of its own: the average is too low.",
    claims=_IGNORE,
    place=f"{_COMPUTE}: _adjust_weights_safe_divide (tp + fp + fn == 0), {_STATS}:437-452",
    see=(
        "https://github.com/Lightning-AI/torchmetrics/issues/1691",
        "https://github.com/Lightning-AI/torchmetrics/issues/2441",
        "https://github.com/Lightning-AI/torchmetrics/pull/2163",
    ),
)
IGNORED_LABEL_COUNTS = Finding(
    id="torchmetrics-macro-counts-labels-that-are-ignored-throughout",
    kind="defect",
    title="The macro average over labels counts a label of which everything is ignored, with accuracy 0",
    condition="average is macro, and all targets of a label are ignore_index.",
    says="The weights of the average are 1 for every label, and 0/0 is 0: a label without any target that counts "
    "pulls the average down.",
    claims=_IGNORE,
    place=f"{_COMPUTE}: _adjust_weights_safe_divide (`if not multilabel`), _safe_divide",
)
IGNORE_INDEX_WRAPS = Finding(
    id="torchmetrics-exact-match-does-not-ignore-beside-unsigned-predictions",
    kind="defect",
    title="Exact match counts ignored positions as wrong where predictions are uint8 or bool",
    condition="predictions are labels of an unsigned or boolean dtype that does not hold ignore_index, such as -1.",
    says="ignore_index is written into the predictions, where -1 becomes 255 (or True), and these are then compared "
    "with the targets: not equal, so that no row with an ignored position can match.",
    claims=_IGNORE.replace("accuracy.html", "exact_match.html"),
    place=f"{_EXACT}:48-49",
)


def _updates(call: Call) -> list[Update]:
    return [update for update in call.updates if update.y_true.dtype.kind not in "US"]


def _beyond_classes(call: Call, parameters: Mapping[str, Any]) -> bool:
    return any(
        not is_float(update.y_pred) and errors.classes_missed(update, parameters) for update in _updates(call)
    )


def _targets_beyond_classes(call: Call, parameters: Mapping[str, Any]) -> bool:
    return any(
        is_float(update.y_pred) and errors.classes_missed(update, parameters) for update in _updates(call)
    )


def _labels_as_scores(call: Call, parameters: Mapping[str, Any]) -> bool:
    return any(errors.labels_as_scores(update) for update in call.updates)


def _ignores_a_class(call: Call, parameters: Mapping[str, Any]) -> bool:
    index, classes = parameters.get("ignore_index"), parameters.get("num_classes")
    return parameters["average"] == "macro" and index is not None and 0 <= index < (classes or 0)


def _ignores_in_macro(call: Call, parameters: Mapping[str, Any]) -> bool:
    return parameters["average"] == "macro" and parameters.get("ignore_index") is not None


def ignore_index_wraps(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether the dtype of predicted labels does not hold ignore_index."""
    index = parameters.get("ignore_index")
    return index is not None and any(
        update.y_pred.ndim == update.y_true.ndim and _wraps(index, update.y_pred.dtype)
        for update in call.updates
    )


def _wraps(number: int, dtype: np.dtype[Any]) -> bool:
    return dtype.kind in "bu" and int(np.asarray(number).astype(dtype)) != number


BEYOND_CLASSES = tuple(
    Departure(finding, Amendment.of(errors.AXIS, finding.place, labels=False), holds_for)
    for finding, holds_for in (
        (ANOTHER_PAIR, _beyond_classes),
        (TARGETS_UNCHECKED, _targets_beyond_classes),
        (FLOAT_LABELS, _labels_as_scores),
    )
)
IGNORED_CLASS = Departure(
    IGNORED_CLASS_COUNTS,
    Amendment.of(average.AXIS, IGNORED_CLASS_COUNTS.place, ignored=True),
    _ignores_a_class,
)
IGNORED_LABEL = Departure(
    IGNORED_LABEL_COUNTS,
    Amendment.of(average.AXIS, IGNORED_LABEL_COUNTS.place, ignored=True),
    _ignores_in_macro,
)
IGNORE_INDEX_IN_UNSIGNED = Departure(
    IGNORE_INDEX_WRAPS, exclusion.IGNORED_ARE_WRONG.source(IGNORE_INDEX_WRAPS.place), ignore_index_wraps
)
