"""refusal: what scikit-learn checks, in its order (metrics/_classification.py, metrics/_ranking.py)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.frameworks.sklearn.targets import (
    SINCE_1_5,
    SINCE_1_7,
    SINCE_1_8,
    SINCE_1_9,
    SINGLE,
    R,
    Since,
    check_column,
    check_finite,
    check_lengths,
    check_numbers_of_labels,
    check_targets,
    type_of_target,
)
from conformance.oracle.model import Behaviour, parametric
from conformance.oracle.numbers import Array, cast, is_float, is_text, summed
from conformance.oracle.reasons import Raises, raise_if
from conformance.oracle.rules.wording import shared
from conformance.oracle.stages import Parameters

AXIS = "refusal"


#: Checks an update, given the parameters and the call; raises `Raises`.
Check = Callable[[Update, Parameters, Call], None]


def _anything(parameters: Parameters, call: Call) -> None:
    """Accept any parameters."""


@dataclass(frozen=True, eq=False)
class Released:
    """Checks as they are made since a release; the attributes are those of `Checking`.

    Attributes:
        first: checks the parameters.
        check: checks an update, as it is done since a release.
        since: that release.
        named: name of the rule with NumPy 2.
        sentence: what is checked with NumPy 2.
        numpy: major number of NumPy's release.
    """

    first: Callable[[Parameters, Call], None]
    check: Callable[[Since, Update, Parameters, Call], None]
    since: Since
    named: str
    sentence: str
    numpy: int = 2
    only: bool = False

    def before(self, parameters: Parameters, call: Call) -> None:
        """Check the parameters."""
        self.first(parameters, call)

    def each(self, update: Update, parameters: Parameters, call: Call) -> None:
        """Check an update."""
        self.check(replace(self.since, numpy=self.numpy), update, parameters, call)

    @property
    def name(self) -> str:
        """Name of the rule."""
        return self.named if self.numpy >= 2 else f"{self.named}-on-numpy-1"

    @property
    def says(self) -> str:
        """What is checked."""
        return (
            self.sentence
            if self.numpy >= 2
            else f"{self.sentence} On NumPy 1, bfloat16 is taken for no float."
        )


def in_release(
    since: Since,
    name: str,
    each: Callable[[Since, Update, Parameters, Call], None],
    before: Callable[[Parameters, Call], None] = _anything,
) -> Behaviour[Released]:
    """Return the behaviour of what checks each update, and before that the parameters, since a release."""
    return parametric(AXIS, Released(before, each, since, name, shared(AXIS, name, each, __package__).says))


def in_releases(
    name: str,
    each: Callable[[Since, Update, Parameters, Call], None],
    before: Callable[[Parameters, Call], None] = _anything,
    others: Mapping[str, str] | None = None,
) -> tuple[Behaviour[Released], ...]:
    """Return the behaviours of what checks each update: since 1.9, before it, before 1.8, and before 1.7.

    Args:
        name: that of the newest.
        each: checks an update, as it is done since a release.
        before: checks the parameters.
        others: release -> what else is different before.
    """
    newest = in_release(SINCE_1_9, name, each, before)

    def old(release: str, since: Since) -> Behaviour[Released]:
        says = shared(AXIS, f"sklearn-before-{release}", each, __package__).says
        words = " ".join(filter(None, (newest.says, says, (others or {}).get(release, ""))))
        return parametric(AXIS, Released(before, each, since, f"{name}-before-{release}", words))

    return newest, old("1.9", SINCE_1_8), old("1.8", SINCE_1_7), old("1.7", SINCE_1_5)


def _check_average(update: Update, parameters: Parameters) -> None:
    """Raise what numpy.average, or numpy.dot, raises for weights that nobody has checked before 1.8."""
    weight = update.sample_weight
    if weight is None:
        return
    raise_if(weight.ndim != 1, R["weights-not-per-sample"])
    raise_if(
        parameters.get("normalize", True) and summed(cast(weight, "float64")) == 0, R["weights-sum-to-0"]
    )


#: What makes labels of an update, given the release and the parameters.
Decide = Callable[[Since, Update, Parameters], Array]


def _as_given(since: Since, update: Update, parameters: Parameters) -> Array:
    return update.y_pred


def _labels(
    since: Since, update: Update, parameters: Parameters, call: Call, decide: Decide = _as_given
) -> None:
    y_true, y_pred, weight = update.y_true, decide(since, update, parameters), update.sample_weight
    kind = check_targets(y_true, y_pred, weight, since, mixed=since < SINCE_1_9)
    if since < SINCE_1_8:
        check_lengths(y_true, weight)
        if kind not in SINGLE:
            check_numbers_of_labels(y_true, y_pred)
        _check_average(update, parameters)


def _hamming(since: Since, update: Update, parameters: Parameters, call: Call) -> None:
    y_true, y_pred, weight = update.y_true, update.y_pred, update.sample_weight
    if check_targets(y_true, y_pred, weight, since, mixed=True) in SINGLE:
        _labels(since, update, parameters, call)
        return
    check_lengths(y_true, weight)
    check_numbers_of_labels(y_true, y_pred)
    raise_if(weight is None and not len(y_true), R["no-samples"])
    raise_if(weight is not None and weight.ndim != 1, R["weights-not-per-sample"])


def _binarized(since: Since, update: Update, parameters: Parameters) -> Array:
    scores, threshold = update.y_pred, parameters.number("threshold")
    raise_if(is_text(scores) or scores.dtype.name == "bfloat16", R["strings"], "ValueError")
    raise_if(scores.ndim != 2, R["scores-not-2d"], "ValueError")
    check_finite(scores)
    raise_if(not scores.shape[0] or not scores.shape[1], R["no-samples"], "ValueError")
    raise_if(not np.isfinite(float(threshold)), R["threshold-not-finite"], "InvalidParameterError")
    return np.zeros(scores.shape, dtype=scores.dtype) if scores.dtype.kind != "b" else scores


def _thresholded(since: Since, update: Update, parameters: Parameters) -> Array:
    y_true, scores = update.y_true, update.y_pred
    check_lengths(scores, y_true)
    raise_if(type_of_target(y_true, since) != "binary", R["not-binary"], "ValueError")
    raise_if(is_text(scores), R["strings"])
    return np.asarray(two_classes(y_true)[np.arange(scores.size) % 2])


def two_classes(y_true: Array) -> Array:
    """Return the two labels a classifier learns from y_true, or 0 and 1 if there are not two."""
    classes = np.unique(y_true)
    return classes if len(classes) == 2 else np.array([0, 1])


def _argmax(since: Since, update: Update, parameters: Parameters) -> Array:
    scores = update.y_pred
    raise_if(not scores.shape[1], R["no-classes"])
    return np.asarray(np.argmax(cast(scores, "float64") if is_float(scores) else scores, axis=1))


def _balanced(since: Since, update: Update, parameters: Parameters, call: Call) -> None:
    y_true, y_pred, weight = update.y_true, update.y_pred, update.sample_weight
    if since >= SINCE_1_8:
        for array in (y_true, y_pred):
            raise_if(array.ndim >= 3, R["too-many-dimensions"], "ValueError")
            raise_if(array.ndim == 2 and not array.shape[1], R["no-samples"], "ValueError")
        raise_if(weight is None and not y_true.ndim, R["scalar"])
        raise_if(weight is not None and not weight.ndim, R["scalar-weight"])
    kind = check_targets(y_true, y_pred, weight, since)
    raise_if(kind not in SINGLE, R["targets-not-supported"].of(kind), "ValueError")
    if since < SINCE_1_8:
        check_lengths(y_true, weight)
        raise_if(weight is not None and weight.ndim != 1, R["weights-not-per-sample"])


def _pairs(since: Since, update: Update, parameters: Parameters, call: Call) -> None:
    y_true, y_pred, weight = update.y_true, update.y_pred, update.sample_weight
    kind = check_targets(y_true, y_pred, weight, since)
    check_lengths(y_true, weight)
    raise_if(kind not in SINGLE, R["targets-not-supported"].of(kind), "ValueError")
    raise_if(since < SINCE_1_8 and weight is not None and weight.ndim != 1, R["weights-not-per-sample"])


def _kappa_parameters(parameters: Parameters, call: Call) -> None:
    weights, given = parameters["weights"], parameters["replace_undefined_by"]
    raise_if(
        weights not in ("linear", "quadratic", None),
        R["weights-not-known"].of(repr(weights)),
        "InvalidParameterError",
    )
    raise_if(
        given == given and not -1 <= given <= 1,
        R["invalid-replacement"].of(repr(given)),
        "InvalidParameterError",
    )


def _confusion_parameters(parameters: Parameters, call: Call) -> None:
    normalize = parameters["normalize"]
    raise_if(
        normalize not in ("true", "pred", "all", None),
        R["normalize-not-known"].of(repr(normalize)),
        "InvalidParameterError",
    )


def named_pairs(since: Since, update: Update, parameters: Parameters, call: Call) -> None:
    """Raise what confusion_matrix raises for labels."""
    _balanced(since, update, parameters, call)
    labels = parameters["labels"]
    if labels is not None:
        raise_if(not labels, R["labels-empty"], "ValueError")
        missing = len(update.y_true) and not set(labels) & set(update.y_true.ravel().tolist())
        raise_if(missing, R["labels-not-targets"], "ValueError")


def _top_k_parameters(parameters: Parameters, call: Call) -> None:
    top_k = parameters["top_k"]
    raise_if(not isinstance(top_k, int) or top_k < 1, R["top-k-below-1"], "InvalidParameterError")


def _finite_array(array: Array, numeric: bool, since: Since) -> None:
    raise_if(numeric and (is_text(array) or array.dtype.name == "bfloat16"), R["strings"], "ValueError")
    raise_if(array.ndim >= 3, R["too-many-dimensions"], "ValueError")
    check_finite(array, since)
    raise_if(not array.ndim, R["scalar"], "TypeError")
    raise_if(not array.shape[0] or (array.ndim == 2 and not array.shape[1]), R["no-samples"], "ValueError")


def _top_k(since: Since, update: Update, parameters: Parameters, call: Call) -> None:
    y_true, y_score, weight, labels = update.y_true, update.y_pred, update.sample_weight, parameters["labels"]
    _finite_array(y_true, numeric=False, since=since)
    raise_if(y_true.ndim == 2 and y_true.shape[1] != 1, R["targets-not-1d"], "ValueError")
    flat = y_true.reshape(-1)
    kind = type_of_target(flat, since)
    if kind == "binary" and labels is not None and len(labels) > 2:
        kind = "multiclass"
    raise_if(kind not in SINGLE, R["targets-not-supported"].of(kind), "ValueError")
    _finite_array(y_score, numeric=True, since=since)
    if kind == "binary" and y_score.ndim == 2:
        raise_if(y_score.shape[1] != 1, R["binary-with-several-scores"], "ValueError")
    raise_if(kind == "multiclass" and y_score.ndim != 2, R["scores-not-2d"], "ValueError")
    check_lengths(flat, y_score, weight)
    _classes_of_scores(flat, y_score if kind == "multiclass" else y_score.reshape(-1), labels)
    raise_if(weight is not None and weight.ndim != 1, R["weights-not-per-sample"])


def _top_k_of_targets(since: Since, update: Update, parameters: Parameters, call: Call) -> None:
    _top_k(since, update, parameters.changed(labels=None), call)


def _classes_of_scores(y_true: Array, y_score: Array, labels: Any) -> None:
    columns = y_score.shape[1] if y_score.ndim == 2 else 2
    if labels is None:
        _as_many_classes(len(np.unique(y_true)), "among the targets", columns)
        return
    named = np.asarray(labels)
    classes = np.unique(named)
    raise_if(not np.array_equal(classes, named), R["labels-not-sorted"], "ValueError")
    _as_many_classes(len(classes), "in labels", columns)
    raise_if(len(np.setdiff1d(y_true, classes)), R["labels-incomplete"], "ValueError")


def _as_many_classes(classes: int, where: str, columns: int) -> None:
    detail = f"{classes} {where}, {columns} of scores"
    raise_if(classes > columns, R["more-classes-than-columns"].of(detail), "ValueError")
    raise_if(classes < columns, R["fewer-classes-than-columns"].of(detail), "ValueError")


def _report(since: Since, update: Update, parameters: Parameters, call: Call) -> None:
    kind = check_targets(update.y_true, update.y_pred, update.sample_weight, since)
    raise_if(kind == "multilabel-indicator" and not len(update.y_true), R["no-samples"], "ValueError")
    if kind == "multilabel-indicator":
        check_numbers_of_labels(update.y_true, update.y_pred)
    if since < SINCE_1_8 and update.sample_weight is not None:
        check_column(update.sample_weight)
        check_lengths(update.y_true, update.sample_weight)
    labels = None if parameters["labels"] is None else np.asarray(parameters["labels"])
    if kind == "multilabel-indicator":
        for array in (update.y_true, update.y_pred):
            raise_if(len(np.setdiff1d(array, [0])) > 1, R["two-nonzero-values"], "ValueError")
        if labels is not None and labels.size:
            _columns_named(labels, update.y_true.shape[1])
        raise Raises(R["report-without-accuracy"], "TypeError")
    true, decided = (np.unique(array).tolist() for array in (update.y_true, update.y_pred))
    classes = {*true, *decided}
    # The labels that were found are put behind the named ones, and NumPy has no dtype for integers and bfloat16.
    extended = [array.dtype.name == "bfloat16" for array in (update.y_true, update.y_pred)]
    found = (extended[0] and true) or (extended[1] and classes - {*true})
    raise_if(labels is not None and found, R["bfloat16"])
    unnamed = classes - set(classes if labels is None else labels.tolist())
    raise_if(unnamed, R["report-without-accuracy"], "TypeError")


def _columns_named(labels: Array, columns: int) -> None:
    raise_if(is_text(labels), R["strings"])
    raise_if(labels.max() >= columns or labels.min() < 0, R["labels-not-columns"], "ValueError")


_MIXED = "Strings are compared with numbers, and never equal them."


def _of_labels(name: str, decide: Decide) -> tuple[Behaviour[Released], ...]:
    """Return what accuracy_score checks of the labels that were decided, as `in_releases` does."""
    others = dict.fromkeys(("1.9", "1.8", "1.7"), _MIXED)
    return in_releases(name, partial(_labels, decide=decide), others=others)


LABELS, LABELS_BEFORE_1_9, LABELS_BEFORE_1_8, LABELS_BEFORE_1_7 = _of_labels("sklearn-labels", _as_given)
BINARIZED, BINARIZED_BEFORE_1_9, BINARIZED_BEFORE_1_8, BINARIZED_BEFORE_1_7 = _of_labels(
    "sklearn-binarized", _binarized
)
THRESHOLDED, THRESHOLDED_BEFORE_1_9, THRESHOLDED_BEFORE_1_8, THRESHOLDED_BEFORE_1_7 = _of_labels(
    "sklearn-thresholded", _thresholded
)
ARGMAX, ARGMAX_BEFORE_1_9, ARGMAX_BEFORE_1_8, ARGMAX_BEFORE_1_7 = _of_labels("sklearn-argmax", _argmax)
HAMMING_BEFORE_1_8 = in_release(SINCE_1_7, "sklearn-hamming-before-1.8", _hamming)
HAMMING_BEFORE_1_7 = in_release(SINCE_1_5, "sklearn-hamming-before-1.7", _hamming)
BALANCED, BALANCED_BEFORE_1_9, BALANCED_BEFORE_1_8, BALANCED_BEFORE_1_7 = in_releases(
    "sklearn-single-label", _balanced
)
PAIRS, PAIRS_BEFORE_1_9, PAIRS_BEFORE_1_8, PAIRS_BEFORE_1_7 = in_releases("sklearn-pairs", _pairs)
NAMED_PAIRS, NAMED_PAIRS_BEFORE_1_9, NAMED_PAIRS_BEFORE_1_8, NAMED_PAIRS_BEFORE_1_7 = in_releases(
    "sklearn-named-pairs", named_pairs, _kappa_parameters
)
CONFUSION, CONFUSION_BEFORE_1_9, CONFUSION_BEFORE_1_8, CONFUSION_BEFORE_1_7 = in_releases(
    "sklearn-confusion", named_pairs, _confusion_parameters
)
TOP_K, *_, TOP_K_BEFORE_1_7 = in_releases("sklearn-top-k", _top_k, _top_k_parameters)
TOP_K_OF_TARGETS, *_, TOP_K_OF_TARGETS_BEFORE_1_7 = in_releases("sklearn-top-k-of-targets", _top_k_of_targets)
REPORT, REPORT_BEFORE_1_9, REPORT_BEFORE_1_8, REPORT_BEFORE_1_7 = in_releases("sklearn-report", _report)
