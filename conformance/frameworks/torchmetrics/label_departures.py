"""Where torchmetrics leaves its documentation for labels: those beyond the classes, and those to ignore (1.9.0)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.frameworks.torchmetrics import errors
from conformance.oracle.finding_files import findings_in
from conformance.oracle.model import Amendment, Departure
from conformance.oracle.numbers import is_float
from conformance.oracle.rules import average, exclusion

FINDINGS = findings_in(__package__ or "")


ANOTHER_PAIR = FINDINGS["torchmetrics-label-beyond-the-classes-counts-as-another"]
TARGETS_UNCHECKED = FINDINGS["torchmetrics-targets-are-not-checked-beside-scores"]
FLOAT_LABELS = FINDINGS["torchmetrics-float-predictions-in-the-shape-of-labels"]
IGNORED_CLASS_COUNTS = FINDINGS["torchmetrics-macro-counts-the-ignored-class"]
IGNORED_LABEL_COUNTS = FINDINGS["torchmetrics-macro-counts-labels-that-are-ignored-throughout"]
IGNORE_INDEX_WRAPS = FINDINGS["torchmetrics-exact-match-does-not-ignore-beside-unsigned-predictions"]


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
    Departure(finding, Amendment.of(errors.AXIS, labels=False), holds_for)
    for finding, holds_for in (
        (ANOTHER_PAIR, _beyond_classes),
        (TARGETS_UNCHECKED, _targets_beyond_classes),
        (FLOAT_LABELS, _labels_as_scores),
    )
)
IGNORED_CLASS = Departure(
    IGNORED_CLASS_COUNTS,
    Amendment.of(average.AXIS, ignored=True),
    _ignores_a_class,
)
IGNORED_LABEL = Departure(
    IGNORED_LABEL_COUNTS,
    Amendment.of(average.AXIS, ignored=True),
    _ignores_in_macro,
)
IGNORE_INDEX_IN_UNSIGNED = Departure(
    IGNORE_INDEX_WRAPS, exclusion.IGNORED_ARE_INCORRECT.source(IGNORE_INDEX_WRAPS.place), ignore_index_wraps
)
