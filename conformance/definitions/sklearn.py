"""What scikit-learn claims: accuracy_score and its relatives (line numbers of 1.9.1)."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.definitions.model import Definition, Rule, rules
from conformance.definitions.rules import (
    accumulation,
    average,
    decision_rule,
    exclusion,
    label_domain,
    refusal_sklearn,
    score_transform,
    shape,
    special_values,
    threshold_precision,
    ties,
    undefined_value,
    unit,
    weights,
)
from conformance.definitions.rules.default_parameter import defaults

_SCORES = "sklearn/metrics/_classification.py"
_RANKING = "sklearn/metrics/_ranking.py"
_DOCS = "https://scikit-learn.org/stable/modules/generated/sklearn.metrics"
_ACCURACY = f"{_DOCS}.accuracy_score.html"
_BALANCED = f"{_DOCS}.balanced_accuracy_score.html"
_TOP_K = f"{_DOCS}.top_k_accuracy_score.html"
_BINARIZER = "https://scikit-learn.org/stable/modules/generated/sklearn.preprocessing.Binarizer.html"
_FIXED = (
    "https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.FixedThresholdClassifier.html"
)

_SHARED = rules(
    defaults(normalize=True).documented(f'"normalize : bool, default=True" ({_ACCURACY})'),
    threshold_precision.NUMPY.source(f"{_SCORES}:413 (y_true == y_pred)"),
    score_transform.NONE.documented(f'"Predicted labels, as returned by a classifier." ({_ACCURACY})'),
    label_domain.AS_GIVEN.documented(f'"Ground truth (correct) labels." ({_ACCURACY})'),
    ties.FIRST_OR_LAST.documented(
        '"In cases where two or more labels are assigned equal predicted scores, the labels with the highest '
        f'indices will be chosen first." ({_TOP_K}); numpy.argmax: "the indices corresponding to the first '
        'occurrence are returned"'
    ),
    special_values.NAN_WINS.source("numpy.argmax takes the first NaN; the scores refuse NaN themselves"),
    shape.COLUMNS.source(f"{_SCORES}:149 (column_or_1d)"),
    exclusion.NOTHING.source(f"{_SCORES}:340: there is no ignore_index"),
    weights.PER_ROW.documented(f'"sample_weight : array-like of shape (n_samples,)" ({_ACCURACY})'),
    unit.WHOLE_ROW.documented(
        '"In multilabel classification, this function computes subset accuracy: the set of labels predicted for '
        f'a sample must exactly match the corresponding set of labels in y_true." ({_ACCURACY})'
    ),
    average.ALL_ALIKE.documented(
        f'"returns the fraction of correctly classified samples, else returns the number" ({_ACCURACY})'
    ),
    accumulation.SINGLE_CALL_FLOAT64.source(f"{_SCORES}:415 (numpy.average)"),
    undefined_value.RAISES.source(f"{_SCORES}:415 (numpy.average raises if the weights sum to zero)"),
    decision_rule.EQUALITY.documented(
        f'"the set of labels predicted for a sample must exactly match" ({_ACCURACY}); {_SCORES}:413'
    ),
    refusal_sklearn.LABELS.source(
        f"{_SCORES}:74 (_check_targets), sklearn/utils/multiclass.py type_of_target"
    ),
)


def _score(name: str, says: str, *entries: Rule) -> Definition:
    return Definition(f"sklearn.metrics.{name}", says, {**_SHARED, **rules(*entries)})


ACCURACY = _score("accuracy_score", "How many rows have the label, or the set of labels, of the target.")
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
    refusal_sklearn.BINARIZED.source("sklearn/preprocessing/_data.py Binarizer.transform (validate_data)"),
)
FIXED = _score(
    "accuracy_score[FixedThresholdClassifier]",
    "accuracy_score of what FixedThresholdClassifier predicts from the scores as probabilities.",
    defaults(normalize=True, threshold="auto").documented(
        f'"When "auto", the threshold is set to 0.5 if predict_proba is used" ({_FIXED})'
    ),
    decision_rule.NAMED_AT_OR_ABOVE.source("sklearn/metrics/_scorer.py:1063 (y_score >= threshold)"),
    threshold_precision.IN_DTYPE_OF_SCORES.source("sklearn/metrics/_scorer.py:1063 (NumPy comparison)"),
    refusal_sklearn.THRESHOLDED.source("sklearn/model_selection/_classification_threshold.py:124"),
)
ARGMAX = _score(
    "accuracy_score[argmax]",
    "accuracy_score of the column with the highest score.",
    decision_rule.ARGMAX_SECOND.documented(
        'numpy.argmax: "Returns the indices of the maximum values along an axis.", axis=1'
    ),
    refusal_sklearn.ARGMAX.source(f"{_SCORES}:74 (_check_targets) of the columns taken"),
)
BALANCED = _score(
    "balanced_accuracy_score",
    "The mean over the classes that occur in y_true of how many of their rows were right.",
    defaults(adjusted=False).documented(f'"adjusted : bool, default=False" ({_BALANCED})'),
    average.RECALL.documented(
        f'"It is defined as the average of recall obtained on each class." ({_BALANCED})'
    ),
    undefined_value.NAN.source(f"{_SCORES}:2937 (division by the row sums of the confusion matrix)"),
    refusal_sklearn.BALANCED.source(f"{_SCORES}:516 and :555"),
)
TOP_K = _score(
    "top_k_accuracy_score",
    "How often the target is among the k highest scores.",
    defaults(normalize=True, top_k=2, labels=None).documented(f'"k : int, default=2" ({_TOP_K})'),
    label_domain.POSITION_AMONG_LABELS.documented(
        f'"the order of the class scores must correspond to the order of labels, if provided, or else to the '
        f'numerical or lexicographical order of the labels in y_true" ({_TOP_K})'
    ),
    decision_rule.TOP_K_OR_SIGN.source(f"{_RANKING}:2231-2240"),
    refusal_sklearn.TOP_K.source(f"{_RANKING}:2159-2218"),
)


def definitions() -> Iterator[Definition]:
    """Yield the definitions of all scikit-learn entries."""
    yield from (ACCURACY, BINARIZED, FIXED, ARGMAX, BALANCED, TOP_K)
