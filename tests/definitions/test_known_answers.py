"""The examples that documentation gives, computed from the definitions alone.

The numbers are those of the docstrings of Keras 3.15 and tf_keras 2.21, torchmetrics 1.9 and scikit-learn
1.9. Keras shows single digits and torchmetrics four places, so fractions stand here for what they round.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

import pytest
from asking import value

_KERAS = "keras.metrics"
_CLASSES = "torchmetrics.classification"
_FUNCTIONS = "torchmetrics.functional.classification"
_SKLEARN = "sklearn.metrics"


class Example(NamedTuple):
    definition: str
    task: str
    documented: Any
    inputs: dict[str, Any]


def example(definition: str, task: str, documented: Any, **inputs: Any) -> Example:
    return Example(definition, task, documented, inputs)


def both_forms(name: str, function: str, task: str, documented: Any, **inputs: Any) -> list[Example]:
    """torchmetrics shows each example twice, for the class and for the function."""
    return [
        example(f"{_CLASSES}.{name}", task, documented, **inputs),
        example(f"{_FUNCTIONS}.{function}", task, documented, **inputs),
    ]


def binary(documented: Any, **inputs: Any) -> list[Example]:
    return both_forms("BinaryAccuracy", "binary_accuracy", "binary", documented, **inputs)


def multiclass(documented: Any, **inputs: Any) -> list[Example]:
    inputs |= {"num_classes": 3}
    return both_forms("MulticlassAccuracy", "multiclass_accuracy", "multiclass", documented, **inputs)


def multilabel(documented: Any, **inputs: Any) -> list[Example]:
    inputs |= {"num_labels": 3}
    return both_forms("MultilabelAccuracy", "multilabel_accuracy", "multilabel", documented, **inputs)


_INTEGERS = {"y_true": [[1], [2], [3], [4]], "y_pred": [[0], [2], [3], [4]]}
_PROBABILITIES = {"y_true": [[1], [1], [0], [0]], "y_pred": [[0.98], [1], [0], [0.6]]}
_ONE_HOT = {"y_true": [[0, 0, 1], [0, 1, 0]], "y_pred": [[0.1, 0.9, 0.8], [0.05, 0.95, 0]]}
_SPARSE = {"y_true": [[2], [1]], "y_pred": [[0.1, 0.6, 0.3], [0.05, 0.95, 0]]}
_SPARSE_TOP_K = {"y_true": [2, 1], "y_pred": [[0.1, 0.9, 0.8], [0.05, 0.95, 0]]}
#: The examples hand lists to Keras, which makes float32 of them; NumPy would make float64.
_AS_KERAS = {"dtype": {"y_pred": "float32"}, "top_k": 1}
_WEIGHTS = [0.7, 0.3]
#: Keras keeps weights in float32, and 0.7 and 0.3 are no float32 numbers.
_THREE_TENTHS = Fraction(5033165, 16777216) / (Fraction(11744051, 16777216) + Fraction(5033165, 16777216))

KERAS = [
    example(f"{_KERAS}.Accuracy", "multiclass", Fraction(3, 4), **_INTEGERS),
    example(f"{_KERAS}.Accuracy", "multiclass", Fraction(1, 2), **_INTEGERS, sample_weight=[1, 1, 0, 0]),
    example(f"{_KERAS}.BinaryAccuracy", "binary", Fraction(3, 4), **_PROBABILITIES),
    example(
        f"{_KERAS}.BinaryAccuracy", "binary", Fraction(1, 2), **_PROBABILITIES, sample_weight=[1, 0, 0, 1]
    ),
    example(f"{_KERAS}.CategoricalAccuracy", "multiclass", Fraction(1, 2), **_ONE_HOT),
    example(f"{_KERAS}.CategoricalAccuracy", "multiclass", _THREE_TENTHS, **_ONE_HOT, sample_weight=_WEIGHTS),
    example(f"{_KERAS}.SparseCategoricalAccuracy", "multiclass", Fraction(1, 2), **_SPARSE),
    example(
        f"{_KERAS}.SparseCategoricalAccuracy", "multiclass", _THREE_TENTHS, **_SPARSE, sample_weight=_WEIGHTS
    ),
    example(f"{_KERAS}.TopKCategoricalAccuracy", "multiclass", Fraction(1, 2), **_ONE_HOT, **_AS_KERAS),
    example(
        f"{_KERAS}.TopKCategoricalAccuracy",
        "multiclass",
        _THREE_TENTHS,
        **_ONE_HOT,
        **_AS_KERAS,
        sample_weight=_WEIGHTS,
    ),
    example(
        f"{_KERAS}.SparseTopKCategoricalAccuracy", "multiclass", Fraction(1, 2), **_SPARSE_TOP_K, **_AS_KERAS
    ),
    example(
        f"{_KERAS}.SparseTopKCategoricalAccuracy",
        "multiclass",
        _THREE_TENTHS,
        **_SPARSE_TOP_K,
        **_AS_KERAS,
        sample_weight=_WEIGHTS,
    ),
]


def of_keras_2(known: Example) -> Example:
    """tf_keras shows the examples of Keras 3 for its classes."""
    return known._replace(definition=f"tf_{known.definition}")


TF_KERAS = [
    *map(of_keras_2, KERAS),
    example(
        "tf_keras.metrics.binary_accuracy",
        "binary",
        [Fraction(1)] * 4,
        y_true=[[1], [1], [0], [0]],
        y_pred=[[1], [1], [0], [0]],
    ),
    example("tf_keras.metrics.categorical_accuracy", "multiclass", [Fraction(0), Fraction(1)], **_ONE_HOT),
    example(
        "tf_keras.metrics.sparse_categorical_accuracy",
        "multiclass",
        [Fraction(0), Fraction(1)],
        **_SPARSE_TOP_K,
    ),
    example(
        "tf_keras.metrics.top_k_categorical_accuracy",
        "multiclass",
        [Fraction(1)] * 2,
        **_ONE_HOT,
        **_AS_KERAS | {"top_k": 3},
    ),
    example(
        "tf_keras.metrics.sparse_top_k_categorical_accuracy",
        "multiclass",
        [Fraction(1)] * 2,
        **_SPARSE_TOP_K,
        **_AS_KERAS | {"top_k": 3},
    ),
]

_LABELS = {"y_true": [0, 1, 0, 1, 0, 1], "y_pred": [0, 0, 1, 1, 0, 1]}
_SCORES = {"y_true": [0, 1, 0, 1, 0, 1], "y_pred": [0.11, 0.22, 0.84, 0.73, 0.33, 0.92]}
_CUBE = {
    "y_true": [[[0, 1], [1, 0], [0, 1]], [[1, 1], [0, 0], [1, 0]]],
    "y_pred": [[[0.59, 0.91], [0.91, 0.99], [0.63, 0.04]], [[0.38, 0.04], [0.86, 0.780], [0.45, 0.37]]],
    "multidim_average": "samplewise",
}
_CLASS_LABELS = {"y_true": [2, 1, 0, 0], "y_pred": [2, 1, 0, 1]}
_CLASS_SCORES = {
    "y_true": [2, 1, 0, 0],
    "y_pred": [[0.16, 0.26, 0.58], [0.22, 0.61, 0.17], [0.71, 0.09, 0.20], [0.05, 0.82, 0.13]],
}
_CLASS_CUBE = {
    "y_true": [[[0, 1], [2, 1], [0, 2]], [[1, 1], [2, 0], [1, 2]]],
    "y_pred": [[[0, 2], [2, 0], [0, 1]], [[2, 2], [2, 1], [1, 0]]],
    "multidim_average": "samplewise",
}
_EXACT_CUBE = {
    "y_true": [[[0, 1], [2, 1], [0, 2]], [[1, 1], [2, 0], [1, 2]]],
    "y_pred": [[[0, 1], [2, 1], [0, 2]], [[2, 2], [2, 1], [1, 0]]],
    "num_classes": 3,
}
_ROWS_OF_LABELS = {"y_true": [[0, 1, 0], [1, 0, 1]], "y_pred": [[0, 0, 1], [1, 0, 1]]}
_ROWS_OF_SCORES = {"y_true": [[0, 1, 0], [1, 0, 1]], "y_pred": [[0.11, 0.22, 0.84], [0.73, 0.33, 0.92]]}
_TOP_TWO = {
    "y_true": [0, 1, 2],
    "y_pred": [[0.1, 0.9, 0], [0.3, 0.1, 0.6], [0.2, 0.5, 0.3]],
    "num_classes": 3,
    "top_k": 2,
}
_FOUR_CLASSES = {"y_true": [0, 1, 2, 3], "y_pred": [0, 2, 1, 3], "num_classes": 4}

TORCHMETRICS = [
    *binary(Fraction(2, 3), **_LABELS),
    *binary(Fraction(2, 3), **_SCORES),
    *binary([Fraction(1, 3), Fraction(1, 6)], **_CUBE),
    *multiclass(Fraction(5, 6), **_CLASS_LABELS),
    *multiclass([Fraction(1, 2), Fraction(1), Fraction(1)], **_CLASS_LABELS, average="none"),
    *multiclass(Fraction(5, 6), **_CLASS_SCORES),
    *multiclass([Fraction(1, 2), Fraction(1), Fraction(1)], **_CLASS_SCORES, average="none"),
    *multiclass([Fraction(1, 2), Fraction(5, 18)], **_CLASS_CUBE),
    *multiclass(
        [[Fraction(1), Fraction(0), Fraction(1, 2)], [Fraction(0), Fraction(1, 3), Fraction(1, 2)]],
        **_CLASS_CUBE,
        average="none",
    ),
    *multilabel(Fraction(2, 3), **_ROWS_OF_LABELS),
    *multilabel([Fraction(1), Fraction(1, 2), Fraction(1, 2)], **_ROWS_OF_LABELS, average="none"),
    *multilabel(Fraction(2, 3), **_ROWS_OF_SCORES),
    *multilabel([Fraction(1), Fraction(1, 2), Fraction(1, 2)], **_ROWS_OF_SCORES, average="none"),
    *multilabel([Fraction(1, 3), Fraction(1, 6)], **_CUBE),
    *multilabel(
        [[Fraction(1, 2), Fraction(1, 2), Fraction(0)], [Fraction(0), Fraction(0), Fraction(1, 2)]],
        **_CUBE,
        average="none",
    ),
    *both_forms(
        "MulticlassExactMatch", "multiclass_exact_match", "multiclass", Fraction(1, 2), **_EXACT_CUBE
    ),
    *both_forms(
        "MulticlassExactMatch",
        "multiclass_exact_match",
        "multiclass",
        [Fraction(1), Fraction(0)],
        **_EXACT_CUBE,
        multidim_average="samplewise",
    ),
    *both_forms(
        "MultilabelExactMatch", "multilabel_exact_match", "multilabel", Fraction(1, 2), **_ROWS_OF_LABELS
    ),
    *both_forms(
        "MultilabelExactMatch", "multilabel_exact_match", "multilabel", Fraction(1, 2), **_ROWS_OF_SCORES
    ),
    *both_forms(
        "MultilabelExactMatch", "multilabel_exact_match", "multilabel", [Fraction(0), Fraction(0)], **_CUBE
    ),
    example("torchmetrics.Accuracy", "multiclass", Fraction(1, 2), **_FOUR_CLASSES),
    example("torchmetrics.Accuracy", "multiclass", Fraction(2, 3), **_TOP_TWO),
    example("torchmetrics.functional.accuracy", "multiclass", Fraction(1, 2), **_FOUR_CLASSES),
    example("torchmetrics.functional.accuracy", "multiclass", Fraction(2, 3), **_TOP_TWO),
    *(
        example(name, "multiclass", documented, **_EXACT_CUBE, multidim_average=average)
        for name in ("torchmetrics.ExactMatch", "torchmetrics.functional.exact_match")
        for average, documented in (("global", Fraction(1, 2)), ("samplewise", [Fraction(1), Fraction(0)]))
    ),
    example(f"{_CLASSES}.MulticlassAccuracy[forward,last]", "multiclass", Fraction(1, 2), **_FOUR_CLASSES),
]

_TOP_K_ROWS = {
    "y_true": [0, 1, 2, 2],
    "y_pred": [[0.5, 0.2, 0.2], [0.3, 0.4, 0.2], [0.2, 0.4, 0.3], [0.7, 0.2, 0.1]],
    "top_k": 2,
}
_LABELS_OF_FOUR = {"y_true": [0, 1, 2, 3], "y_pred": [0, 2, 1, 3]}

SKLEARN = [
    example(f"{_SKLEARN}.accuracy_score", "multiclass", Fraction(1, 2), **_LABELS_OF_FOUR),
    example(f"{_SKLEARN}.accuracy_score", "multiclass", Fraction(2), **_LABELS_OF_FOUR, normalize=False),
    example(
        f"{_SKLEARN}.accuracy_score",
        "multilabel",
        Fraction(1, 2),
        y_true=[[0, 1], [1, 1]],
        y_pred=[[1.0, 1.0], [1.0, 1.0]],
    ),
    example(
        f"{_SKLEARN}.balanced_accuracy_score",
        "binary",
        Fraction(5, 8),
        y_true=[0, 1, 0, 0, 1, 0],
        y_pred=[0, 1, 0, 0, 0, 1],
    ),
    example(f"{_SKLEARN}.top_k_accuracy_score", "multiclass", Fraction(3, 4), **_TOP_K_ROWS),
    example(f"{_SKLEARN}.top_k_accuracy_score", "multiclass", Fraction(3), **_TOP_K_ROWS, normalize=False),
    example(
        f"{_SKLEARN}.zero_one_loss[1 - loss]",
        "multiclass",
        Fraction(3, 4),
        y_true=[2, 2, 3, 4],
        y_pred=[1, 2, 3, 4],
    ),
    example(
        f"{_SKLEARN}.zero_one_loss[1 - loss]",
        "multilabel",
        Fraction(1, 2),
        y_true=[[0, 1], [1, 1]],
        y_pred=[[1.0, 1.0], [1.0, 1.0]],
    ),
    example(
        f"{_SKLEARN}.hamming_loss[1 - loss]",
        "multilabel",
        Fraction(1, 4),
        y_true=[[0, 1], [1, 1]],
        y_pred=[[0.0, 0.0], [0.0, 0.0]],
    ),
    example(
        f"{_SKLEARN}.classification_report[accuracy]",
        "multiclass",
        Fraction(3, 5),
        y_true=[0, 1, 2, 2, 2],
        y_pred=[0, 0, 2, 2, 1],
    ),
    *(
        example(
            f"{_SKLEARN}.{curve}",
            "binary",
            documented,
            y_true=[0, 0, 1, 1],
            y_pred=[0.1, 0.4, 0.35, 0.8],
            threshold=threshold,
        )
        for curve in (
            "metric_at_thresholds[accuracy_score]",
            "confusion_matrix_at_thresholds[(tn + tp) / all]",
        )
        for threshold, documented in (
            (0.8, Fraction(3, 4)),
            (0.4, Fraction(1, 2)),
            (0.35, Fraction(3, 4)),
            (0.1, Fraction(1, 2)),
        )
    ),
]


@pytest.mark.parametrize(
    "known",
    [*KERAS, *TF_KERAS, *TORCHMETRICS, *SKLEARN],
    ids=lambda known: known.definition.rpartition(".")[2],
)
def test_a_documented_example_comes_out_as_documented(known: Example) -> None:
    assert value(known.definition, known.task, **known.inputs) == known.documented


def test_three_tenths_is_what_float32_weights_make_of_it() -> None:
    assert abs(float(_THREE_TENTHS) - 0.3) < 1e-7


def test_a_sample_of_which_everything_is_ignored_keeps_its_place() -> None:
    inputs = {"ignore_index": -1, "multidim_average": "samplewise", "average": "micro"}
    name = f"{_CLASSES}.MulticlassAccuracy"
    y_true, y_pred = [[-1, -1], [0, 1]], [[0, 1], [0, 1]]
    assert value(name, "multiclass", y_true=y_true, y_pred=y_pred, **inputs) == [0, 1]
    updates = [{"y_true": [sample, [0, 0]], "y_pred": y_pred} for sample in ([0, 1], [-1, -1])]
    half = Fraction(1, 2)
    assert value(name, "multiclass", updates=updates, num_classes=2, **inputs) == [1, half, 0, half]
