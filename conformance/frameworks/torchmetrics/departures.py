"""Where torchmetrics leaves its own documentation (line numbers of 1.9.0)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from conformance.adapters.base import Call
from conformance.frameworks.torchmetrics.label_departures import ignore_index_wraps
from conformance.oracle.finding_files import findings_in
from conformance.oracle.model import Amendment, Departure, Unspecified
from conformance.oracle.numbers import is_float
from conformance.oracle.rules import (
    accumulation,
    average,
    exclusion,
    label_domain,
    score_transform,
    shape,
)

FINDINGS = findings_in(__package__ or "")


EMPTY = FINDINGS["torchmetrics-empty-batch-is-refused"]
NAN_IS_LOGIT = FINDINGS["torchmetrics-nan-makes-logits"]
LOGITS_BY_UPDATE = FINDINGS["torchmetrics-logits-are-told-update-by-update"]
IGNORED_IS_LOGIT = FINDINGS["torchmetrics-ignored-scores-make-logits-of-the-others"]
IGNORED_CORRECT = FINDINGS["torchmetrics-exact-match-counts-ignored-rows-as-right"]
TOP_K_UNCHECKED = FINDINGS["torchmetrics-top-k-below-one-is-let-through"]
ONE_SAMPLE_SQUEEZED = FINDINGS["torchmetrics-samplewise-squeezes-a-single-row"]
ABSENT_LEFT_OUT = FINDINGS["torchmetrics-macro-leaves-absent-classes-out"]
DIVIDED_BY_LAST = FINDINGS["torchmetrics-exact-match-divides-by-the-last-update"]
BOOL_BECOMES_TRUE = FINDINGS["torchmetrics-ignore-index-turns-bool-targets-positive"]


def _bool_ignored(call: Call, parameters: Mapping[str, Any]) -> bool:
    return parameters.get("ignore_index") in (0, 1) and any(u.y_true.dtype.kind == "b" for u in call.updates)


def _empty(call: Call, parameters: Mapping[str, Any]) -> bool:
    return any(array.ndim and not array.shape[0] for u in call.updates for array in (u.y_true, u.y_pred))


def _nan_scores(call: Call, parameters: Mapping[str, Any]) -> bool:
    return any(is_float(u.y_pred) and bool(np.isnan(u.y_pred).any()) for u in call.updates)


def _some_updates_outside(call: Call, parameters: Mapping[str, Any]) -> bool:
    outside = [score_transform.kept_outside(u.y_pred, u.y_true, parameters) for u in call.updates]
    return any(outside) and not all(outside)


def _ignored_outside(call: Call, parameters: Mapping[str, Any]) -> bool:
    unmasked = {**parameters, "ignore_index": None}
    return any(
        score_transform.kept_outside(update.y_pred, update.y_true, unmasked)
        and not score_transform.kept_outside(update.y_pred, update.y_true, parameters)
        for update in call.updates
    )


def _row_ignored(call: Call, parameters: Mapping[str, Any]) -> bool:
    index = parameters.get("ignore_index")
    if index is None or ignore_index_wraps(call, parameters):
        return False
    return any(
        update.y_true.ndim
        and bool((update.y_true.reshape(len(update.y_true), -1) == index).all(axis=1).any())
        for update in call.updates
        if update.y_true.size
    )


def _label_ignored_everywhere(call: Call, parameters: Mapping[str, Any]) -> bool:
    index = parameters.get("ignore_index")
    if index is None or _bool_ignored(call, parameters):
        return False
    return any(
        update.y_true.ndim > 1 and bool((update.y_true == index).all(axis=1).any()) for update in call.updates
    )


def _top_k_below_one(call: Call, parameters: Mapping[str, Any]) -> bool:
    return bool(parameters["top_k"] < 1)


def _one_sample_samplewise(call: Call, parameters: Mapping[str, Any]) -> bool:
    return parameters["multidim_average"] == "samplewise" and any(
        update.y_pred.shape[:1] == (1,) for update in call.updates
    )


def _samples_of_different_size(call: Call, parameters: Mapping[str, Any]) -> bool:
    sizes = {int(np.prod(update.y_pred.shape[2:])) for update in call.updates}
    return parameters["multidim_average"] == "samplewise" and len(sizes) > 1


def _macro(call: Call, parameters: Mapping[str, Any]) -> bool:
    return bool(parameters["average"] == "macro")


EMPTY_UPDATE = Departure(EMPTY, Amendment.of(shape.AXIS, never_empty=True), _empty)
LOGITS = tuple(
    Departure(finding, Amendment.of(score_transform.AXIS, by_update=True, **parameters), holds_for)
    for finding, parameters, holds_for in (
        (NAN_IS_LOGIT, {"nan": True}, _nan_scores),
        (LOGITS_BY_UPDATE, {}, _some_updates_outside),
        (IGNORED_IS_LOGIT, {"ignored": True}, _ignored_outside),
    )
)
BOOL_IGNORED = tuple(
    Departure(BOOL_BECOMES_TRUE, rule.source(BOOL_BECOMES_TRUE.place), _bool_ignored)
    for rule in (label_domain.IGNORED_BECOME_TRUE, exclusion.NOTHING)
)
ROW_IGNORED = Departure(
    IGNORED_CORRECT, exclusion.IGNORED_ARE_CORRECT.source(IGNORED_CORRECT.place), _row_ignored
)
LABELS_IGNORED = Departure(
    IGNORED_CORRECT, exclusion.IGNORED_ARE_CORRECT.source(IGNORED_CORRECT.place), _label_ignored_everywhere
)
ONE_SAMPLE_OF_BINARY = Departure(
    ONE_SAMPLE_SQUEEZED,
    Amendment.of(average.AXIS, squeezed=True),
    _one_sample_samplewise,
)
ONE_SAMPLE_OF_LABELS = Departure(ONE_SAMPLE_SQUEEZED, Unspecified(), _one_sample_samplewise)
ONE_VALUE = Departure(
    ONE_SAMPLE_SQUEEZED,
    Amendment.of(accumulation.AXIS, squeezed=True),
    _one_sample_samplewise,
)
LAST_DIVIDES = Departure(
    DIVIDED_BY_LAST,
    Amendment.of(average.AXIS, last_divides=True),
    _samples_of_different_size,
)
ABSENT_CLASSES = Departure(ABSENT_LEFT_OUT, Amendment.of(average.AXIS, absent=False), _macro)
TOP_K_BELOW_ONE = Departure(TOP_K_UNCHECKED, Unspecified(as_if={"top_k": 1}), _top_k_below_one)
