"""What scikit-learn claims: accuracy_score and its relatives (line numbers of 1.9.1)."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.frameworks.sklearn import curve_errors, errors
from conformance.frameworks.sklearn import departures as sklearn_departures
from conformance.oracle.model import Behaviour, Definition, Departure, Rule, laid_over
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
from conformance.oracle.stages import Checks

_SCORES = "sklearn/metrics/_classification.py"
_RANKING = "sklearn/metrics/_ranking.py"
_DOCS = "https://scikit-learn.org/stable/modules/generated/sklearn.metrics"
_ACCURACY = f"{_DOCS}.accuracy_score.html"
_BALANCED = f"{_DOCS}.balanced_accuracy_score.html"
_TOP_K = f"{_DOCS}.top_k_accuracy_score.html"
_ZERO_ONE = f"{_DOCS}.zero_one_loss.html"
_HAMMING = f"{_DOCS}.hamming_loss.html"
_REPORT = f"{_DOCS}.classification_report.html"
_BINARIZER = "https://scikit-learn.org/stable/modules/generated/sklearn.preprocessing.Binarizer.html"
_FIXED = (
    "https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.FixedThresholdClassifier.html"
)


def _since_1_9(
    rule: Behaviour[Checks], before: Behaviour[Checks], place: str
) -> tuple[Rule[Checks], Rule[Checks]]:
    """Return what is checked since 1.9, when strings with numbers began to raise, and what was before."""
    changed = "https://github.com/scikit-learn/scikit-learn/pull/33086"
    return (
        rule.source(f"{place}; {changed}", releases=">=1.9"),
        before.source(
            f"{_SCORES} of 1.8.0 (_check_targets without unique_labels); {changed}", releases="<1.9"
        ),
    )


_SHARED = (
    defaults(normalize=True).documented(f'"normalize : bool, default=True" ({_ACCURACY})'),
    threshold_precision.NUMPY.source(f"{_SCORES}:413 (y_true == y_pred)"),
    score_transform.NONE.documented(f'"Predicted labels, as returned by a classifier." ({_ACCURACY})'),
    label_domain.AS_GIVEN.documented(f'"Ground truth (correct) labels." ({_ACCURACY})'),
    ties.FIRST_OR_LAST.documented(
        '"In cases where two or more labels are assigned equal predicted scores, the labels with the highest '
        f'indices will be chosen first." ({_TOP_K}); numpy.argmax: "the indices corresponding to the first '
        'occurrence are returned"'
    ),
    special_values.AS_NUMBERS.source("numpy.argmax takes the first NaN; scores with NaN raise before"),
    shape.COLUMNS.source(f"{_SCORES}:149 (column_or_1d)"),
    exclusion.NOTHING.source(f"{_SCORES}:340: there is no ignore_index"),
    weights.PER_SAMPLE.documented(f'"sample_weight : array-like of shape (n_samples,)" ({_ACCURACY})'),
    unit.EXACT_MATCH.documented(
        '"In multilabel classification, this function computes subset accuracy: the set of labels predicted for '
        f'a sample must exactly match the corresponding set of labels in y_true." ({_ACCURACY})'
    ),
    statistic.ACCURACY.documented(
        f'"returns the fraction of correctly classified samples, else returns the number" ({_ACCURACY})'
    ),
    average.POOLED.documented(
        f'"returns the fraction of correctly classified samples, else returns the number" ({_ACCURACY})'
    ),
    accumulation.FLOAT64.source(f"{_SCORES}:415 (numpy.average)"),
    undefined_value.RAISES.source(f"{_SCORES}:415 (numpy.average raises if the weights sum to zero)"),
    decision_rule.EQUALITY.documented(
        f'"the set of labels predicted for a sample must exactly match" ({_ACCURACY}); {_SCORES}:413'
    ),
    *_since_1_9(
        errors.LABELS,
        errors.LABELS_BEFORE_1_9,
        f"{_SCORES}:74 (_check_targets), sklearn/utils/multiclass.py type_of_target",
    ),
)


def _score(name: str, says: str, *entries: Rule, departures: tuple[Departure, ...] = ()) -> Definition:
    return Definition(
        f"sklearn.metrics.{name}",
        says,
        laid_over(_SHARED, *entries),
        departures=(*_departures(entries), *departures),
    )


def _departures(entries: tuple[Rule, ...]) -> tuple[Departure, ...]:
    """Return the departures of the shared statistic and average; a definition with its own has none."""
    own = any(entry.axis in (average.AXIS, statistic.AXIS) for entry in entries)
    return () if own else sklearn_departures.COUNTED_IN_DTYPE_OF_WEIGHTS


ACCURACY = _score(
    "accuracy_score", "The share of samples with the label, or the set of labels, of the target."
)
BINARIZED = _score(
    "accuracy_score[Binarizer]",
    "accuracy_score of what Binarizer makes of the scores.",
    defaults(normalize=True, threshold=0.5).source(
        "the way of use sets threshold=0.5; Binarizer's own default is 0.0"
    ),
    decision_rule.ABOVE.documented(
        f'"Values greater than the threshold map to 1, while values less than or equal to the threshold map to '
        f'0." ({_BINARIZER})'
    ),
    threshold_precision.IN_DTYPE_OF_SCORES.source(
        "sklearn/preprocessing/_data.py binarize (cond = X > threshold)"
    ),
    *_since_1_9(
        errors.BINARIZED,
        errors.BINARIZED_BEFORE_1_9,
        "sklearn/preprocessing/_data.py Binarizer.transform (validate_data)",
    ),
)
FIXED = _score(
    "accuracy_score[FixedThresholdClassifier]",
    "accuracy_score of what FixedThresholdClassifier predicts from the scores as probabilities.",
    defaults(normalize=True, threshold="auto").documented(
        f'"When "auto", the threshold is set to 0.5 if predict_proba is used" ({_FIXED})'
    ),
    decision_rule.NAMED_ABOVE_ONE_HALF.documented(
        '"positive class with posterior probability estimates greater than 0.5" '
        "(https://scikit-learn.org/stable/modules/classification_threshold.html); of a threshold that is named: "
        "sklearn/metrics/_scorer.py:1063 (y_score >= threshold)"
    ),
    threshold_precision.IN_DTYPE_OF_NUMPY_SCORES.source("sklearn/metrics/_scorer.py:1063 (NumPy comparison)"),
    *_since_1_9(
        errors.THRESHOLDED,
        errors.THRESHOLDED_BEFORE_1_9,
        "sklearn/model_selection/_classification_threshold.py:124",
    ),
    departures=(sklearn_departures.AUTO_THRESHOLD,),
)
ARGMAX = _score(
    "accuracy_score[argmax]",
    "accuracy_score of the column with the highest score.",
    decision_rule.ARGMAX_SECOND.documented(
        'numpy.argmax: "Returns the indices of the maximum values along an axis.", axis=1'
    ),
    *_since_1_9(
        errors.ARGMAX, errors.ARGMAX_BEFORE_1_9, f"{_SCORES}:74 (_check_targets) of the columns taken"
    ),
)
BALANCED = _score(
    "balanced_accuracy_score",
    "The share of correct samples of each class that occurs in y_true, averaged over these classes.",
    defaults(adjusted=False).documented(f'"adjusted : bool, default=False" ({_BALANCED})'),
    statistic.RECALL.documented(f'"the average of recall obtained on each class" ({_BALANCED})'),
    average_classes.OCCURRING_CLASSES.documented(
        '"It is defined as the average of recall obtained on each class", "while keeping perfect performance at a '
        f'score of 1" ({_BALANCED})'
    ),
    undefined_value.AS_FLOATS.source(f"{_SCORES}:2937 (division by the row sums of the confusion matrix)"),
    errors.BALANCED.source(f"{_SCORES}:516 and :555"),
    departures=(sklearn_departures.ADJUSTED,),
)
TOP_K = _score(
    "top_k_accuracy_score",
    "How often the target is among the k highest scores.",
    defaults(normalize=True, top_k=2, labels=None).documented(f'"k : int, default=2" ({_TOP_K})'),
    label_domain.POSITION_AMONG_LABELS.documented(
        f'"the order of the class scores must correspond to the order of labels, if provided, or else to the '
        f'numerical or lexicographical order of the labels in y_true" ({_TOP_K})'
    ),
    decision_rule.TOP_K_OR_AT_LEAST.documented(
        '"In cases where two or more labels are assigned equal predicted scores, the labels with the highest '
        f'indices will be chosen first." ({_TOP_K}); {_RANKING}:2231-2240'
    ),
    errors.TOP_K.source(f"{_RANKING}:2159-2218"),
    departures=(sklearn_departures.TOP_ONE_OF_TWO,),
)

ZERO_ONE = _score(
    "zero_one_loss[1 - loss]",
    "One minus the share of samples without the label, or the set of labels, of the target.",
    defaults().source("the way of use subtracts from 1, so that normalize has to stay True"),
    statistic.FROM_ERRORS.documented(f'"returns the fraction of misclassifications" ({_ZERO_ONE})'),
)
HAMMING = _score(
    "hamming_loss[1 - loss]",
    "One minus the share of incorrect labels.",
    defaults().source(f"{_SCORES}:3203: there is no normalize"),
    unit.ELEMENT.documented(
        f'"The Hamming loss is the fraction of labels that are incorrectly predicted." ({_HAMMING})'
    ),
    statistic.FROM_ERRORS.source(f"{_SCORES}:3295-3315"),
    average.POOLED_ELEMENTS_OF_LABELS.source(f"{_SCORES}:3295-3315 (several labels: a plain division)"),
    accumulation.DTYPE_OF_WEIGHTS.source(f"{_SCORES}:3289-3305 (_average of the weights)"),
)
REPORT = _score(
    "classification_report[accuracy]",
    "The micro precision of a report on all classes, which it calls accuracy.",
    defaults(labels=None).documented(f'"labels : array-like of shape (n_labels,), default=None" ({_REPORT})'),
    average.POOLED.documented(
        '"Micro average (averaging the total true positives, false negatives and false positives) ... corresponds '
        f'to accuracy" ({_REPORT})'
    ),
    undefined_value.ZERO.documented(
        f'"zero_division: Sets the value to return when there is a zero division. If set to "warn", this acts as 0" '
        f"({_REPORT})"
    ),
    errors.REPORT.source(f"{_SCORES}:3074-3076 and :3159 (micro_is_accuracy)"),
)
_SCORED = (
    ACCURACY.overlaid(
        "sklearn.metrics.get_scorer[accuracy]",
        "accuracy_score of what an estimator predicts.",
        defaults().source("sklearn/metrics/_scorer.py:774 (make_scorer(accuracy_score))"),
    ),
    ACCURACY.overlaid(
        "sklearn.metrics.make_scorer[accuracy_score]", "accuracy_score of what an estimator predicts."
    ),
    ACCURACY.overlaid(
        "sklearn.base.ClassifierMixin.score",
        "accuracy_score of what the classifier itself predicts.",
        defaults().source(
            "sklearn/base.py (accuracy_score(y, self.predict(X), sample_weight=sample_weight))"
        ),
    ),
    BALANCED.overlaid(
        "sklearn.metrics.get_scorer[balanced_accuracy]",
        "balanced_accuracy_score of what an estimator predicts.",
        defaults(adjusted=False).source("sklearn/metrics/_scorer.py:775"),
    ),
    TOP_K.overlaid(
        "sklearn.metrics.get_scorer[top_k_accuracy]",
        "top_k_accuracy_score of an estimator's scores, with k = 2 and no labels.",
        defaults(top_k=2).source("sklearn/metrics/_scorer.py:793 (make_scorer(top_k_accuracy_score, ...))"),
        label_domain.POSITION_AMONG_TARGETS.documented(
            f'"If None, the numerical or lexicographical order of the labels in y_true is used." ({_TOP_K})'
        ),
        errors.TOP_K_OF_TARGETS.source(f"{_RANKING}:2159-2218"),
    ),
)
_CURVE = (
    threshold_precision.IN_DTYPE_OF_SCORES.source("the way of use compares thresholds >= threshold in NumPy"),
    defaults(threshold=0.5).source("the way of use reads the curve at 0.5"),
    weights.PER_SAMPLE_OR_COLUMN.source(f"{_RANKING}:899 (column_or_1d)"),
)
METRIC_AT_THRESHOLDS = _score(
    "metric_at_thresholds[accuracy_score]",
    "accuracy_score at the smallest score that reaches the threshold.",
    *_CURVE,
    decision_rule.AT_OR_ABOVE.documented(
        '"thresholded predictions, internally computed as y_pred = (y_score >= threshold)" '
        f"({_DOCS}.metric_at_thresholds.html)"
    ),
    curve_errors.METRIC_AT_THRESHOLDS.source(f"{_RANKING}:888-925 and :2341-2352"),
)
COUNTS_AT_THRESHOLDS = _score(
    "confusion_matrix_at_thresholds[(tn + tp) / all]",
    "The share of true negatives and true positives at the smallest score that reaches the threshold.",
    *_CURVE,
    decision_rule.AT_OR_ABOVE.documented(
        '"the number of positive samples assigned a score >= thresholds[i]" '
        f"({_DOCS}.confusion_matrix_at_thresholds.html)"
    ),
    label_domain.ONE_IS_POSITIVE.source("sklearn/utils/validation.py:2680 (_check_pos_label_consistency)"),
    statistic.FROM_FOUR_COUNTS.source("the way of use divides the counts in NumPy"),
    undefined_value.AS_FLOATS.source("the way of use divides the counts in NumPy"),
    curve_errors.COUNTS_AT_THRESHOLDS.source(f"{_RANKING}:1007-1025, sklearn/utils/validation.py:2680"),
)


def definitions() -> Iterator[Definition]:
    """Yield the definitions of all scikit-learn entries."""
    yield from (ACCURACY, BINARIZED, FIXED, ARGMAX, BALANCED, TOP_K)
    yield from (ZERO_ONE, HAMMING, REPORT, METRIC_AT_THRESHOLDS, COUNTS_AT_THRESHOLDS)
    yield from _SCORED
