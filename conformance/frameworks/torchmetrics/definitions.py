"""What torchmetrics claims: accuracy and exact match (line numbers of 1.9.0)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.adapters import derive
from conformance.adapters.base import Call
from conformance.frameworks.torchmetrics import departures, label_departures, validation
from conformance.oracle.model import Behaviour, Definition, Rule, laid_over
from conformance.oracle.rules import (
    accumulation,
    average,
    average_classes,
    decision_rule,
    exclusion,
    label_domain,
    score_transform,
    shape,
    special_values,
    statistic,
    threshold_precision,
    ties,
    undefined_value,
    unit,
    weights,
)
from conformance.oracle.rules.default_parameter import defaults
from conformance.oracle.stages import Checking

_STATS = "torchmetrics/functional/classification/stat_scores.py"
_ACCURACY = "torchmetrics/functional/classification/accuracy.py"
_EXACT = "torchmetrics/functional/classification/exact_match.py"
_COMPUTE = "torchmetrics/utilities/compute.py"
_DOCS = "https://lightning.ai/docs/torchmetrics/stable/classification"
_ACCURACY_DOCS = f"{_DOCS}/accuracy.html"
_EXACT_DOCS = f"{_DOCS}/exact_match.html"
_TORCH = "https://docs.pytorch.org/docs/stable/generated"

_SHARED = (
    threshold_precision.IN_DTYPE_OF_SCORES.source(
        f"{_STATS}:110 (preds > threshold: torch casts a Python number to the dtype of the tensor)"
    ),
    ties.FIRST_OR_ANY.documented(
        'torch.argmax: "If there are multiple maximal values then the indices of the first maximal value are '
        f'returned." ({_TORCH}/torch.argmax.html); torch.topk does not say which of equal values it takes '
        f"({_TORCH}/torch.topk.html)"
    ),
    special_values.AS_NUMBERS.source("torch.argmax and torch.topk take NaN for the largest value"),
    weights.UNUSED.source("torchmetrics/classification/stat_scores.py: update(preds, target) has no weights"),
    accumulation.INTEGER_COUNTS.source("torchmetrics/classification/stat_scores.py:50-80, metric.py:699"),
    statistic.ACCURACY.source(f"{_ACCURACY}:77-87, {_EXACT}: correct / total"),
    undefined_value.ZERO.source(f"{_COMPUTE}: _safe_divide, zero_division=0"),
)

_BINARY_DEFAULTS = {
    "threshold": 0.5,
    "multidim_average": "global",
    "ignore_index": None,
    "validate_args": True,
}
_MULTICLASS_DEFAULTS = {
    "top_k": 1,
    "multidim_average": "global",
    "ignore_index": None,
    "validate_args": True,
}
_THRESHOLDED = (
    score_transform.SIGMOID_IF_OUTSIDE.documented(
        '"If preds is a floating point tensor with values outside [0,1] range we consider the input to be logits '
        f'and will auto apply sigmoid per element." ({_ACCURACY_DOCS}); {_COMPUTE}:201'
    ),
    label_domain.AS_GIVEN.documented(
        f'"target (Tensor): An int tensor" of zeros and ones ({_ACCURACY_DOCS})'
    ),
    decision_rule.LABELS_OR_ABOVE.source(
        f"{_STATS}:108-110 (preds > threshold); the documentation does not say on which side"
    ),
    exclusion.ZEROS_AND_ONES.source(
        f"{_STATS}:115-118 and :130-133 (targets that are neither 1 nor 0 count nowhere)"
    ),
)

BINARY = Definition(
    "torchmetrics.classification.BinaryAccuracy",
    "How often scores above the threshold (after a sigmoid, if any score looks like a logit) meet positive targets, "
    "and other scores negative targets.",
    laid_over(
        (*_SHARED, *_THRESHOLDED),
        defaults(**_BINARY_DEFAULTS).documented(f"the signature ({_ACCURACY_DOCS})"),
        shape.SAMPLES.documented(
            f'"global: Additional dimensions are flatted along the batch dimension" ({_ACCURACY_DOCS})'
        ),
        unit.ELEMENT.documented(
            f'"global: Additional dimensions are flatted along the batch dimension" ({_ACCURACY_DOCS})'
        ),
        average.POOLED.documented(
            '"If multidim_average is set to global, metric returns a scalar value. If multidim_average is set to '
            f'samplewise, the metric returns (N,) vector" ({_ACCURACY_DOCS}); {_ACCURACY}:77'
        ),
        validation.BINARY.source(f"{_STATS}:26-92"),
    ),
    departures=(
        departures.EMPTY_UPDATE,
        *departures.LOGITS,
        *departures.BOOL_IGNORED,
        departures.ONE_SAMPLE_OF_BINARY,
        departures.ONE_VALUE,
    ),
)
MULTILABEL = Definition(
    "torchmetrics.classification.MultilabelAccuracy",
    "The accuracy of each label, of scores above the threshold, averaged over the labels.",
    laid_over(
        (*_SHARED, *_THRESHOLDED),
        defaults(
            lambda call: {"num_labels": derive.num_labels(call)}, average="macro", **_BINARY_DEFAULTS
        ).documented(f"the signature: average='macro' ({_ACCURACY_DOCS})"),
        shape.SAMPLES_AND_LABELS.documented(f'"preds: ... of shape (N, C, ...)" ({_ACCURACY_DOCS})'),
        unit.ELEMENT.source(f"{_STATS}:707-716"),
        average.LABELS.documented(
            f'"macro: Calculate statistics for each label and average them" ({_ACCURACY_DOCS}); {_ACCURACY}:87'
        ),
        validation.MULTILABEL.source(f"{_STATS}:597-680"),
    ),
    departures=(
        departures.EMPTY_UPDATE,
        *departures.LOGITS,
        *departures.BOOL_IGNORED,
        label_departures.IGNORED_LABEL,
    ),
    unspecified=(departures.ONE_SAMPLE_OF_LABELS,),
)
MULTICLASS = Definition(
    "torchmetrics.classification.MulticlassAccuracy",
    "The share of correct samples of each class, averaged over the classes that occur.",
    laid_over(
        _SHARED,
        defaults(
            lambda call: {"num_classes": derive.num_classes(call)},
            average="macro",
            **_MULTICLASS_DEFAULTS,
        ).documented(f"the signature: average='macro', top_k=1 ({_ACCURACY_DOCS})"),
        score_transform.NONE.documented(
            '"If preds is a floating point we apply torch.argmax along the C dimension to automatically '
            f'convert probabilities/logits into an int tensor." ({_ACCURACY_DOCS})'
        ),
        label_domain.INT64_IF_COUNTED_BY_CLASS.source(
            f"{_STATS}:444 (to(torch.long)) and :433 (preds == target)"
        ),
        decision_rule.ARGMAX_OR_TOP_K_SECOND.documented(
            '"An int tensor of shape (N, ...) or float tensor of shape (N, C, ..). If preds is a floating point '
            f'we apply torch.argmax along the C dimension" ({_ACCURACY_DOCS})'
        ),
        shape.SAMPLES.documented(
            f'"global: Additional dimensions are flatted along the batch dimension" ({_ACCURACY_DOCS})'
        ),
        exclusion.IGNORE_INDEX.documented(
            '"ignore_index: Specifies a target value that is ignored and does not contribute to the metric '
            f'calculation" ({_ACCURACY_DOCS})'
        ),
        unit.ELEMENT.documented(
            f'"global: Additional dimensions are flatted along the batch dimension" ({_ACCURACY_DOCS})'
        ),
        statistic.RECALL.source(f"{_ACCURACY}:88 (tp / (tp + fn))"),
        average_classes.CLASSES.documented(
            '"Sum statistics over all labels" for micro, "Calculate statistics for each label and average them" '
            f"for macro ({_ACCURACY_DOCS}); {_ACCURACY}:77-88"
        ),
        validation.MULTICLASS.documented(
            '"all values in target tensor that are not ignored have to be in {0, ..., num_classes - 1}" and more '
            f"in the docstrings of the validation ({_STATS}:230, :271)",
            releases=">=1.6.2",
        ),
        validation.MULTICLASS_WITH_CLASSES.source(
            "torchmetrics/classification/stat_scores.py:310 and functional/classification/accuracy.py:169 of 1.6.1 "
            "(num_classes: int, without a default); optional since "
            "https://github.com/Lightning-AI/torchmetrics/pull/2841",
            releases="<1.6.2",
        ),
    ),
    departures=(
        departures.EMPTY_UPDATE,
        *label_departures.BEYOND_CLASSES,
        label_departures.IGNORED_CLASS,
        departures.ABSENT_CLASSES,
        departures.ONE_VALUE,
    ),
    unspecified=(departures.TOP_K_BELOW_ONE,),
)
MULTICLASS_EXACT = MULTICLASS.overlaid(
    "torchmetrics.classification.MulticlassExactMatch",
    "The share of samples with every position correct.",
    defaults(
        lambda call: {"num_classes": derive.num_classes(call)},
        multidim_average="global",
        ignore_index=None,
        validate_args=True,
    ).documented(f"the signature ({_EXACT_DOCS})"),
    label_domain.AS_GIVEN.source(f"{_EXACT}: preds == target"),
    unit.EXACT_MATCH.documented(
        f'"all labels have to match exactly for the sample to be correctly classified" ({_EXACT_DOCS})'
    ),
    average.POOLED.source(f"{_EXACT}: correct / total"),
    validation.MULTICLASS_EXACT.documented(
        '"all values in target tensor that are not ignored have to be in {0, ..., num_classes - 1}" and more in the '
        f"docstrings of the validation ({_STATS}:230, :271)"
    ),
    departures=(
        departures.EMPTY_UPDATE,
        *label_departures.BEYOND_CLASSES,
        departures.ROW_IGNORED,
        label_departures.IGNORE_INDEX_IN_UNSIGNED,
        departures.ONE_VALUE,
    ),
    unspecified=(),
)
MULTILABEL_EXACT = MULTILABEL.overlaid(
    "torchmetrics.classification.MultilabelExactMatch",
    "The share of samples with every label correct, where scores above the threshold are positive.",
    defaults(lambda call: {"num_labels": derive.num_labels(call)}, **_BINARY_DEFAULTS).documented(
        f"the signature ({_EXACT_DOCS})"
    ),
    exclusion.IGNORE_INDEX.documented(
        '"ignore_index: Specifies a target value that is ignored and does not contribute to the metric '
        f'calculation" ({_EXACT_DOCS})'
    ),
    unit.EXACT_MATCH_OF_LABELS.documented(
        f'"all labels have to match exactly for the sample to be correctly classified" ({_EXACT_DOCS})'
    ),
    average.POOLED.source(f"{_EXACT}: correct / total"),
    validation.MULTILABEL_EXACT.source(f"{_STATS}:597-680"),
    departures=(
        departures.EMPTY_UPDATE,
        *departures.LOGITS,
        departures.LABELS_IGNORED,
        *departures.BOOL_IGNORED,
        departures.LAST_DIVIDES,
        departures.ONE_VALUE,
    ),
    unspecified=(),
)


def _micro(definition: Definition, says: str, others: Mapping[str, Any]) -> Definition:
    (given,) = definition.on("default-parameter")

    def derived(call: Call) -> Mapping[str, Any]:
        return {**given.apply(call), "average": "micro"}

    rule = defaults(derived, average="micro", **others)
    return definition.overlaid(
        f"{definition.name}[average=micro]",
        says,
        rule.documented(f"average='micro' is written out ({_ACCURACY_DOCS})"),
    )


MULTICLASS_MICRO = _micro(MULTICLASS, "The share of correct samples.", _MULTICLASS_DEFAULTS)
MULTILABEL_MICRO = _micro(MULTILABEL, "The share of correct elements.", _BINARY_DEFAULTS)

_TASK = Behaviour(
    "name-resolution",
    "by-task",
    "`task` chooses between the binary, the multiclass and the multilabel metric.",
    None,
).documented(
    f'"This module is a simple wrapper to get the task specific versions of this metric" ({_ACCURACY_DOCS})'
)


def _any_task(name: str, says: str, by_task: Mapping[str, Definition], missing: Rule[Checking]) -> Definition:
    def resolves_to(call: Call) -> Definition:
        required = {"multiclass": "num_classes", "multilabel": "num_labels"}.get(call.task)
        definition = by_task[call.task]
        if required and definition.parameters(call)[required] is None:
            return definition.overlaid(definition.name, definition.says, missing)
        return definition

    return Definition(name, says, (_TASK,), resolves_to=resolves_to)


def _function(definition: Definition, name: str) -> Definition:
    """Return the function form: its arguments are tensors, and it keeps no state."""
    rule = accumulation.INTEGER_COUNTS.source(f"{_ACCURACY}, {_EXACT}: a function keeps no state")
    return definition.overlaid(
        name,
        definition.says,
        rule,
        *(rule.amended(tensors_first=True) for rule in definition.on("refusal")),
        departures=tuple(entry for entry in definition.departures if entry.change.axis != accumulation.AXIS),
    )


_FUNCTIONS = "torchmetrics.functional.classification"
MICRO_BY_TASK = {"binary": BINARY, "multiclass": MULTICLASS_MICRO, "multilabel": MULTILABEL_MICRO}
_EXACT_BY_TASK = {"multiclass": MULTICLASS_EXACT, "multilabel": MULTILABEL_EXACT}
_SAYS_ANY = (
    "Binary, multiclass or multilabel accuracy as `task` says, average='micro' unless another is named."
)
_SAYS_ANY_EXACT = "Multiclass or multilabel exact match as `task` says."
_NO_NUMBER = validation.NO_SIZE.source(f"{_ACCURACY}:376 (isinstance checks by task)")
_NO_NUMBER_OF_EXACT = validation.NO_SIZE.source("torchmetrics/classification/exact_match.py:456 and :460")
_NO_NUMBER_OF_FUNCTION = _NO_NUMBER.amended(tensors_first=True)
_NO_NUMBER_ASSERTED = validation.NO_SIZE_ASSERTED.source(f"{_EXACT}:259 and :262").amended(tensors_first=True)


def any_task_of(name: str, by_task: Mapping[str, Definition]) -> Definition:
    """Return the definition of a way to use torchmetrics.Accuracy, given what it stands for by task."""
    return _any_task(name, _SAYS_ANY, by_task, _NO_NUMBER)


ANY_TASK = any_task_of("torchmetrics.Accuracy", MICRO_BY_TASK)
ANY_EXACT = _any_task("torchmetrics.ExactMatch", _SAYS_ANY_EXACT, _EXACT_BY_TASK, _NO_NUMBER_OF_EXACT)
FUNCTIONS = (
    _function(BINARY, f"{_FUNCTIONS}.binary_accuracy"),
    _function(MULTICLASS, f"{_FUNCTIONS}.multiclass_accuracy"),
    _function(MULTILABEL, f"{_FUNCTIONS}.multilabel_accuracy"),
    _function(MULTICLASS_EXACT, f"{_FUNCTIONS}.multiclass_exact_match"),
    _function(MULTILABEL_EXACT, f"{_FUNCTIONS}.multilabel_exact_match"),
    _any_task(
        "torchmetrics.functional.accuracy",
        _SAYS_ANY,
        {task: _function(definition, definition.name) for task, definition in MICRO_BY_TASK.items()},
        _NO_NUMBER_OF_FUNCTION,
    ),
    _any_task(
        "torchmetrics.functional.exact_match",
        _SAYS_ANY_EXACT,
        {task: _function(definition, definition.name) for task, definition in _EXACT_BY_TASK.items()},
        _NO_NUMBER_ASSERTED,
    ),
)


def definitions() -> Iterator[Definition]:
    """Yield the definitions of all torchmetrics entries."""
    yield from (BINARY, MULTICLASS, MULTICLASS_MICRO, MULTILABEL, MULTILABEL_MICRO)
    yield from (MULTICLASS_EXACT, MULTILABEL_EXACT, ANY_TASK, ANY_EXACT)
    yield from FUNCTIONS
