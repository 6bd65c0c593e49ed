"""What torchmetrics claims for functions, and for what asks for a task (line numbers of 1.9.0)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from conformance.adapters.base import Call
from conformance.frameworks.torchmetrics import errors
from conformance.oracle.definition_files import definitions_in
from conformance.oracle.model import Behaviour, Definition, Rule
from conformance.oracle.rules import accumulation, default_parameter
from conformance.oracle.stages import Checking

_ACCURACY = "torchmetrics/functional/classification/accuracy.py"
_EXACT = "torchmetrics/functional/classification/exact_match.py"
_COUNTS = "torchmetrics/classification/precision_recall.py"
_COUNTS_REDUCED = "torchmetrics/functional/classification/precision_recall.py"
_F = "torchmetrics/classification/f_beta.py"
_F_REDUCED = "torchmetrics/functional/classification/f_beta.py"
_SPECIFICITY = "classification/specificity.py"
_NPV = "classification/negative_predictive_value.py"
_JACCARD = "classification/jaccard.py"
_MCC = "classification/matthews_corrcoef.py"
_KAPPA = "classification/cohen_kappa.py"
_CONFUSION = "classification/confusion_matrix.py"
_STAT_SCORES = "classification/stat_scores.py"
_DOCS = "https://lightning.ai/docs/torchmetrics/stable/classification/accuracy.html"

CLASSES = definitions_in(__package__)
_CLASSES = "torchmetrics.classification"
BINARY = CLASSES[f"{_CLASSES}.BinaryAccuracy"]
MULTICLASS = CLASSES[f"{_CLASSES}.MulticlassAccuracy"]
MULTILABEL = CLASSES[f"{_CLASSES}.MultilabelAccuracy"]
MULTICLASS_MICRO = CLASSES[f"{_CLASSES}.MulticlassAccuracy[average=micro]"]
MICRO_BY_TASK = {
    "binary": BINARY,
    "multiclass": MULTICLASS_MICRO,
    "multilabel": CLASSES[f"{_CLASSES}.MultilabelAccuracy[average=micro]"],
}
_EXACT_BY_TASK = {
    "multiclass": CLASSES[f"{_CLASSES}.MulticlassExactMatch"],
    "multilabel": CLASSES[f"{_CLASSES}.MultilabelExactMatch"],
}

_TASK = Behaviour(
    "name-resolution",
    "by-task",
    "`task` chooses between the binary, the multiclass and the multilabel metric.",
    None,
).documented(f'"This module is a simple wrapper to get the task specific versions of this metric" ({_DOCS})')


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
_SAYS_ANY = (
    "Binary, multiclass or multilabel accuracy as `task` says, average='micro' unless another is named."
)
_SAYS_ANY_EXACT = "Multiclass or multilabel exact match as `task` says."
_NO_NUMBER = errors.NO_SIZE.source(f"{_ACCURACY}:376 (isinstance checks by task)")
_NO_NUMBER_OF_EXACT = errors.NO_SIZE.source("torchmetrics/classification/exact_match.py:456 and :460")
_NO_NUMBER_OF_FUNCTION = _NO_NUMBER.amended(tensors_first=True)
_NO_NUMBER_ASSERTED = errors.NO_SIZE_ASSERTED.source(f"{_EXACT}:259 and :262").amended(tensors_first=True)


@dataclass(frozen=True)
class _OfCounts:
    """A metric made of counts.

    Attributes:
        says: what it is.
        name: behind the task, the name of its classes.
        function: behind the task, the name of its functions.
        classes_checked: where the class by task checks num_classes and num_labels.
        functions_checked: where the function by task does.
        defaults: parameters that have a default by task only.
        tasks: the tasks.
        averaged: whether there is an average, which is micro by task.
    """

    says: str
    name: str
    function: str
    classes_checked: str
    functions_checked: str
    defaults: Mapping[str, Any] = field(default_factory=dict)
    tasks: tuple[str, ...] = ("binary", "multiclass", "multilabel")
    averaged: bool = True


_OF_COUNTS = (
    _OfCounts("precision", "Precision", "precision", f"{_COUNTS}:1012", f"{_COUNTS_REDUCED}:724"),
    _OfCounts("recall", "Recall", "recall", f"{_COUNTS}:1077", f"{_COUNTS_REDUCED}:785"),
    _OfCounts("F1 score", "F1Score", "f1_score", f"{_F}:1212", f"{_F_REDUCED}:825"),
    _OfCounts("F-beta score", "FBetaScore", "fbeta_score", f"{_F}:1146", f"{_F_REDUCED}:753", {"beta": 1.0}),
    _OfCounts(
        "specificity",
        "Specificity",
        "specificity",
        f"torchmetrics/{_SPECIFICITY}:504",
        f"torchmetrics/functional/{_SPECIFICITY}:381",
    ),
    _OfCounts(
        "negative predictive value",
        "NegativePredictiveValue",
        "negative_predictive_value",
        f"torchmetrics/{_NPV}:513",
        f"torchmetrics/functional/{_NPV}:406",
    ),
    _OfCounts(
        "Jaccard index",
        "JaccardIndex",
        "jaccard_index",
        f"torchmetrics/{_JACCARD}:478",
        f"torchmetrics/functional/{_JACCARD}:364",
        averaged=False,
    ),
    _OfCounts(
        "Matthews correlation coefficient",
        "MatthewsCorrCoef",
        "matthews_corrcoef",
        f"torchmetrics/{_MCC}:409",
        f"torchmetrics/functional/{_MCC}:290",
        averaged=False,
    ),
    _OfCounts(
        "Cohen's kappa",
        "CohenKappa",
        "cohen_kappa",
        f"torchmetrics/{_KAPPA}:333",
        f"torchmetrics/functional/{_KAPPA}:268",
        tasks=("binary", "multiclass"),
        averaged=False,
    ),
    _OfCounts(
        "counts and support",
        "StatScores",
        "stat_scores",
        f"torchmetrics/{_STAT_SCORES}:553",
        f"torchmetrics/functional/{_STAT_SCORES}:894",
    ),
    _OfCounts(
        "confusion matrix",
        "ConfusionMatrix",
        "confusion_matrix",
        f"torchmetrics/{_CONFUSION}:536",
        f"torchmetrics/functional/{_CONFUSION}:648",
        averaged=False,
    ),
)


def _of_counts(metric: _OfCounts) -> Iterator[Definition]:
    """Yield the definitions of a metric made of counts as function and class by task."""
    classes, functions = {}, {}
    for task in metric.tasks:
        path = f"{_CLASSES}.{task.capitalize()}{metric.name}"
        of_class = CLASSES[f"{path}[average=micro]" if metric.averaged and task != "binary" else path]
        function = CLASSES[f"{_FUNCTIONS}.{task}_{metric.function}"]
        rules = of_class.on("default-parameter")
        if metric.defaults:
            rules = tuple(
                replace(rule, behaviour=default_parameter.with_more(rule.behaviour, **metric.defaults))
                for rule in rules
            )
        classes[task] = of_class.overlaid(of_class.name, of_class.says, *rules)
        functions[task] = function.overlaid(of_class.name, of_class.says, *rules)
    says = f"{' or '.join(metric.tasks).capitalize().replace(' or ', ', ', 1)} {metric.says} as `task` says"
    says += ", average='micro' unless another is named." if metric.averaged else "."
    missing = errors.NO_SIZE.source(f"{metric.classes_checked} (isinstance checks by task)")
    yield _any_task(f"torchmetrics.{metric.name}", says, classes, missing)
    missing = errors.NO_SIZE.source(metric.functions_checked).amended(tensors_first=True)
    yield _any_task(f"torchmetrics.functional.{metric.function}", says, functions, missing)


def any_task_of(name: str, by_task: Mapping[str, Definition]) -> Definition:
    """Return the definition of a way to use torchmetrics.Accuracy, given what it stands for by task."""
    return _any_task(name, _SAYS_ANY, by_task, _NO_NUMBER)


def definitions() -> Iterator[Definition]:
    """Yield the definitions of all classes and functions."""
    yield from CLASSES.values()
    for metric in _OF_COUNTS:
        yield from _of_counts(metric)
    yield any_task_of("torchmetrics.Accuracy", MICRO_BY_TASK)
    yield _any_task("torchmetrics.ExactMatch", _SAYS_ANY_EXACT, _EXACT_BY_TASK, _NO_NUMBER_OF_EXACT)
    yield _function(BINARY, f"{_FUNCTIONS}.binary_accuracy")
    yield _function(MULTICLASS, f"{_FUNCTIONS}.multiclass_accuracy")
    yield _function(MULTILABEL, f"{_FUNCTIONS}.multilabel_accuracy")
    for task, definition in _EXACT_BY_TASK.items():
        yield _function(definition, f"{_FUNCTIONS}.{task}_exact_match")
    yield _any_task(
        "torchmetrics.functional.accuracy",
        _SAYS_ANY,
        {task: _function(definition, definition.name) for task, definition in MICRO_BY_TASK.items()},
        _NO_NUMBER_OF_FUNCTION,
    )
    yield _any_task(
        "torchmetrics.functional.exact_match",
        _SAYS_ANY_EXACT,
        {task: _function(definition, definition.name) for task, definition in _EXACT_BY_TASK.items()},
        _NO_NUMBER_ASSERTED,
    )
