"""Where torchmetrics leaves its own documentation (line numbers of 1.9.0)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from conformance.adapters.base import Call
from conformance.frameworks.torchmetrics.label_departures import ignore_index_wraps
from conformance.oracle.model import Amendment, Departure, Finding, Unspecified
from conformance.oracle.numbers import is_float
from conformance.oracle.rules import (
    accumulation,
    average,
    exclusion,
    label_domain,
    score_transform,
    shape,
)

_STATS = "torchmetrics/functional/classification/stat_scores.py"
_EXACT = "torchmetrics/functional/classification/exact_match.py"
_COMPUTE = "torchmetrics/utilities/compute.py"
_DOCS = "https://lightning.ai/docs/torchmetrics/stable/classification"
_ACCURACY_DOCS = f"{_DOCS}/accuracy.html"
_EXACT_DOCS = f"{_DOCS}/exact_match.html"


EMPTY = Finding(
    id="torchmetrics-empty-batch-is-refused",
    kind="defect",
    title="An update of zero rows raises RuntimeError",
    condition="y_pred and y_true have zero rows.",
    says="preds.reshape(preds.shape[0], -1) is ambiguous for zero rows, and torch raises.",
    claims=f'"preds: (N, ...)", "target: (N, ...)", and no N is excluded ({_ACCURACY_DOCS})',
    place=f"{_STATS}:112, :342 and :696",
)
NAN_IS_LOGIT = Finding(
    id="torchmetrics-nan-makes-logits",
    kind="undocumented",
    title="One NaN among probabilities makes all of them logits",
    condition="A floating y_pred holds NaN and no value outside [0, 1].",
    says="The check is whether all values are inside [0, 1], which NaN is not, so that the sigmoid is applied: "
    "every probability becomes at least 0.5.",
    claims='"If preds is a floating point tensor with values outside [0,1] range we consider the input to be '
    f'logits and will auto apply sigmoid per element." ({_ACCURACY_DOCS})',
    place=f"{_COMPUTE}:233",
)
LOGITS_BY_UPDATE = Finding(
    id="torchmetrics-logits-are-told-update-by-update",
    kind="undocumented",
    title="Whether scores are logits is decided anew for every update, so that accuracy depends on the batch size",
    condition="some updates hold a score outside [0, 1] and others do not.",
    says="The look at the range covers one update. Logits whose batch happens to lie within [0, 1] are taken for "
    "probabilities, and probabilities beside one value outside for logits: the same rows cut into other batches, or "
    "sharded otherwise, have another accuracy.",
    claims='"If preds is a floating point tensor with values outside [0,1] range we consider the input to be '
    f'logits and will auto apply sigmoid per element", "Accuracy = 1/N sum_i 1(y_i = y_hat_i)" ({_ACCURACY_DOCS}) - '
    "batches play no part",
    place=f"{_COMPUTE}:233, called by {_STATS}:109 and :694 for each update",
    see=(
        "https://github.com/Lightning-AI/torchmetrics/issues/1604",
        "https://github.com/Lightning-AI/torchmetrics/issues/3269",
        "https://github.com/Lightning-AI/torchmetrics/issues/2195",
    ),
)
IGNORED_IS_LOGIT = Finding(
    id="torchmetrics-ignored-scores-make-logits-of-the-others",
    kind="defect",
    title="A score outside [0, 1] whose target is ignored makes logits of all other scores",
    condition="ignore_index is given, and in an update all scores outside [0, 1] belong to ignored targets.",
    says="The look at the range comes before anything is ignored: what stands at a padded position decides whether the "
    "others pass through a sigmoid, after which all probabilities are at least 0.5.",
    claims='"ignore_index: Specifies a target value that is ignored and does not contribute to the metric '
    f'calculation" ({_ACCURACY_DOCS})',
    place=f"{_STATS}:108-118 and :693-702 (the sigmoid first, ignore_index after)",
)
IGNORED_RIGHT = Finding(
    id="torchmetrics-exact-match-counts-ignored-rows-as-right",
    kind="defect",
    title="Exact match counts rows of nothing but ignore_index as right",
    condition="ignore_index is given and all targets of a row are ignore_index.",
    says="Ignored positions are made equal before rows are compared, so a row of them counts as a match.",
    claims='"ignore_index: Specifies a target value that is ignored and does not contribute to the metric '
    f'calculation" ({_EXACT_DOCS})',
    place=f"{_EXACT}: _multiclass_exact_match_update, _multilabel_exact_match_update",
)
TOP_K_UNCHECKED = Finding(
    id="torchmetrics-top-k-below-one-is-let-through",
    kind="defect",
    title="top_k = 0 passes the validation and gives a wrong number or an unrelated error",
    condition="top_k is 0 or negative and predictions are scores.",
    says="The check reads `not isinstance(top_k, int) and top_k < 1`, so an int is never refused; scores are then "
    "cut off to integers, taken for labels and broadcast against the targets.",
    claims='"Expected argument `top_k` to be an integer larger than or equal to 1" - the message of the check '
    f"that is never reached ({_STATS}:245)",
    place=f"{_STATS}:244",
)
ONE_ROW_SQUEEZED = Finding(
    id="torchmetrics-samplewise-squeezes-a-single-row",
    kind="defect",
    title="samplewise with a single row gives a scalar instead of a vector, or fails",
    condition="multidim_average is samplewise and an update has exactly one row.",
    says="Counts are squeezed, of the row axis too, and classes squeeze a result of one element: a scalar comes back "
    "where a vector of one is documented. Multilabel accuracy then raises IndexError with average='micro', averages "
    "over the labels of all rows where every update has one row, and fails where another update has several.",
    claims='"If multidim_average is set to samplewise, the metric returns (N,) vector consisting of a scalar value '
    f'per sample." ({_ACCURACY_DOCS})',
    place=f"{_STATS}:130-133 and :712-715, torchmetrics/metric.py:699",
)
ABSENT_LEFT_OUT = Finding(
    id="torchmetrics-macro-leaves-absent-classes-out",
    kind="undocumented",
    title="macro averages over the classes that occur, not over all",
    condition="average is macro and a class occurs neither among targets nor among predictions.",
    says="Classes without a target and without a prediction get weight 0 (with top_k above 1: without a target), so "
    "that the value depends on which classes happen to occur in the data.",
    claims=f'"macro: Calculate statistics for each label and average them" ({_ACCURACY_DOCS})',
    place=f"{_COMPUTE}: _adjust_weights_safe_divide",
    see=(
        "https://github.com/Lightning-AI/torchmetrics/issues/295",
        "https://github.com/Lightning-AI/torchmetrics/issues/2418",
    ),
)
DIVIDED_BY_LAST = Finding(
    id="torchmetrics-exact-match-divides-by-the-last-update",
    kind="defect",
    title="Samplewise exact match of labels divides all samples by the number of positions of the last update",
    condition="multidim_average is samplewise and updates have different numbers of positions a sample.",
    says="The class keeps how many positions matched of every sample, but of how many only for the last update, which "
    "overwrites what was there: a sample of three positions before an update of one has the exact match 3.0.",
    claims='"If multidim_average is set to samplewise the output will be a tensor of shape (N,)", calculated '
    f'"independently for each sample on the N axis" ({_EXACT_DOCS})',
    place="torchmetrics/classification/exact_match.py: MultilabelExactMatch.update (self.total = total)",
)
BOOL_BECOMES_TRUE = Finding(
    id="torchmetrics-ignore-index-turns-bool-targets-positive",
    kind="defect",
    title="ignore_index is not ignored for boolean targets: they become positive",
    condition="y_true is bool and holds ignore_index (0 or 1).",
    says="Ignored targets are overwritten with -1, which is True in a bool tensor, and counted as positive.",
    claims='"ignore_index: Specifies a target value that is ignored and does not contribute to the metric '
    f'calculation" ({_ACCURACY_DOCS})',
    place=f"{_STATS}:115-118 and :699-702",
)


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


def _one_row_samplewise(call: Call, parameters: Mapping[str, Any]) -> bool:
    return parameters["multidim_average"] == "samplewise" and any(
        update.y_pred.shape[:1] == (1,) for update in call.updates
    )


def _samples_of_different_size(call: Call, parameters: Mapping[str, Any]) -> bool:
    sizes = {int(np.prod(update.y_pred.shape[2:])) for update in call.updates}
    return parameters["multidim_average"] == "samplewise" and len(sizes) > 1


def _macro(call: Call, parameters: Mapping[str, Any]) -> bool:
    return bool(parameters["average"] == "macro")


EMPTY_ROWS = Departure(EMPTY, shape.ROWS_AND_REST_NEVER_EMPTY.source(EMPTY.place), _empty)
EMPTY_LABELS = Departure(EMPTY, shape.ROWS_LABELS_AND_REST_NEVER_EMPTY.source(EMPTY.place), _empty)
LOGITS = tuple(
    Departure(finding, score_transform.SIGMOID_UNLESS_INSIDE.source(finding.place), holds_for)
    for finding, holds_for in (
        (NAN_IS_LOGIT, _nan_scores),
        (LOGITS_BY_UPDATE, _some_updates_outside),
        (IGNORED_IS_LOGIT, _ignored_outside),
    )
)
BOOL_IGNORED = tuple(
    Departure(BOOL_BECOMES_TRUE, rule.source(BOOL_BECOMES_TRUE.place), _bool_ignored)
    for rule in (label_domain.IGNORED_BECOME_TRUE, exclusion.NOTHING)
)
ROW_IGNORED = Departure(IGNORED_RIGHT, exclusion.IGNORED_ARE_RIGHT.source(IGNORED_RIGHT.place), _row_ignored)
LABELS_IGNORED = Departure(
    IGNORED_RIGHT, exclusion.IGNORED_ARE_RIGHT.source(IGNORED_RIGHT.place), _label_ignored_everywhere
)
ONE_ROW_OF_BINARY = Departure(
    ONE_ROW_SQUEEZED,
    Amendment.of(average.AXIS, ONE_ROW_SQUEEZED.place, squeezed=True),
    _one_row_samplewise,
)
ONE_ROW_OF_LABELS = Unspecified(ONE_ROW_SQUEEZED, _one_row_samplewise)
ONE_VALUE = Departure(
    ONE_ROW_SQUEEZED,
    Amendment.of(accumulation.AXIS, ONE_ROW_SQUEEZED.place, squeezed=True),
    _one_row_samplewise,
)
LAST_DIVIDES = Departure(
    DIVIDED_BY_LAST,
    Amendment.of(average.AXIS, DIVIDED_BY_LAST.place, last_divides=True),
    _samples_of_different_size,
)
ABSENT_CLASSES = Departure(
    ABSENT_LEFT_OUT, Amendment.of(average.AXIS, ABSENT_LEFT_OUT.place, absent=False), _macro
)
TOP_K_BELOW_ONE = Unspecified(TOP_K_UNCHECKED, _top_k_below_one, as_if={"top_k": 1})
