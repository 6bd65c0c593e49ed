"""Known deviations: when they hold, what is claimed, what is predicted - and when they do not hold."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from typing import Any, NamedTuple

import pytest
from asking import BINARY, MULTICLASS, MULTILABEL, forecast

from conformance.cases.calls import build
from conformance.definitions import definitions, find, findings, predict
from conformance.definitions.prediction import Prediction

_KERAS = "keras.metrics"
_EXACT = "torchmetrics.classification.MulticlassExactMatch"
_LABELS_EXACT = "torchmetrics.classification.MultilabelExactMatch"
_SEVEN_TENTHS = {"y_true": [[1], [0]], "y_pred": [[0.7], [0.2]], "threshold": 0.7}
_TOP_ONE = {"y_true": [0, 1, 2], "y_pred": [[0.2, 0.3, 0.5]] * 3, "top_k": 1}
_NO_GUESS = {"y_true": [0, 1, 2], "y_pred": [[0.2, 0.3, 0.5]] * 3, "top_k": 0}
_FLOAT32 = {"dtype": {"y_pred": "float32"}}
_SCALAR = {"y_true": [1, 1, 0], "y_pred": [0.9, 0.8, 0.7], "batches": [2, 1], "sample_weight": 2.0}
_WRAPPED = {"y_true": [257, 0], "y_pred": [1, 0], "dtype": {"y_pred": "uint8"}}
_NEIGHBOURS = {
    "y_true": [257],
    "y_pred": {"one_hot": [256], "classes": 258},
    "dtype": {"y_pred": "bfloat16"},
}
_MASKED = {"y_true": [1, 0], "y_pred": [[float("-inf"), 0.9], [0.8, 0.1]], "top_k": 1, **_FLOAT32}
_NAN_SCORE = {"y_true": [1, 0], "y_pred": [[0.9, float("nan")], [0.8, 0.1]], **_FLOAT32}
_ZEROS = {"y_true": [0, 1], "y_pred": [[-0.0, 0.0], [0.1, 0.2]], **_FLOAT32}
_SUBNORMAL = {"y_true": [1, 1], "y_pred": [1e-40, 0.5], "threshold": 0.0, **_FLOAT32}
_ONE_HOT = {"y_true": [[1, 0, 0], [0, 1, 0], [0, 0, 1]]}
_EMPTY = {"y_true": [1, 0], "y_pred": [1, 1], "batches": [0, 2]}
_NAN = {"y_true": [0, 0], "y_pred": [float("nan"), 0.2]}
_LOGITS = {"y_true": [0, 0, 1, 1], "y_pred": [0.3, 0.4, 0.2, 3.0], "batches": [3, 1]}
_PADDED_LOGIT = {"y_true": [0, 1, -1], "y_pred": [0.2, 0.9, 3.0], "ignore_index": -1}
_PADDED = {"y_true": [[0, 1], [-1, -1]], "y_pred": [[0, 0], [0, 0]], "num_classes": 2, "ignore_index": -1}
_PADDED_LABELS = {"y_true": [[0, 1], [-1, -1]], "y_pred": [[0, 0], [0, 0]], "ignore_index": -1}
_SINGLE = {"y_true": [[[1, 0], [0, 0]]], "y_pred": [[[1, 1], [0, 1]]], "multidim_average": "samplewise"}
_BEYOND = {"y_true": [0, 0], "y_pred": [0, 3], "num_classes": 2}
_UNCHECKED = {"y_true": [0, 7], "y_pred": [[0.9, 0.1], [0.2, 0.8]]}
_FLOATS = {"y_true": [2, 1], "y_pred": [2.4, 1.0], "num_classes": 3}
_IGNORED_CLASS = {"y_true": [0, 1, 1], "y_pred": [0, 1, 0], "ignore_index": 0}
_IGNORED_LABEL = {"y_true": [[1, -1], [0, -1]], "y_pred": [[1, 0], [0, 1]], "ignore_index": -1}
_UNSIGNED = {
    "y_true": [[0, -1]],
    "y_pred": [[0, 1]],
    "dtype": {"y_pred": "uint8"},
    "num_classes": 2,
    "ignore_index": -1,
}
_GRIDS = {
    "updates": [
        {"y_true": [[[1, 1], [0, 0]]] * 2, "y_pred": [[[1, 1], [0, 0]], [[1, 0], [0, 0]]]},
        {"y_true": [[[1], [0]]] * 2, "y_pred": [[[1], [0]], [[0], [0]]]},
    ],
    "multidim_average": "samplewise",
}
_MASK = {"y_true": [1, 0], "y_pred": [1, 0], "normalize": False, "sample_weight": [True, True]}
_TIED = {"y_true": [1, 0], "y_pred": [0.5, 0.2], "top_k": 1}
_PERFECT = {"y_true": [0, 0], "y_pred": [0, 0], "adjusted": True}
_PADDED_CLASS = {"y_true": [0, -100], "y_pred": [[0.5, 0.25, 0.25], [0.25, 0.5, 0.25]], **_FLOAT32}
_HALF = {"y_true": [1, 0], "y_pred": [0.5, 0.2]}
_BOOL = {"y_true": [True, False], "y_pred": [1, 0], "ignore_index": 0}


_TF_KERAS = "tf_keras.metrics"
_BIG = {"y_true": [16777217], "y_pred": [16777216]}
_NEARLY = {"y_true": [[0]], "y_pred": [[0.5 + 1e-9]]}
_SEVEN_TENTHS_64 = _SEVEN_TENTHS | {"dtype": {"metric": "float64"}}
_INTEGERS = {"y_true": [1, 0], "y_pred": [0, -1], "threshold": -0.5}
_RANK_THREE = {"y_true": [[[1]], [[1]]], "y_pred": [[[1]], [[1]]], "sample_weight": [1]}
_ONE_CLASS = {"y_true": [0, 0], "y_pred": [[0.5], [0.75]], "dtype": {"y_pred": "float32"}}
_THREE_CLASSES = {"y_true": [True, False], "y_pred": [[0.25, 0.25, 0.5], [0.5, 0.25, 0.25]]}
_BEYOND_32_BITS = {"y_true": [2**32], "y_pred": [[0.75, 0.25]], "top_k": 1, "dtype": {"y_pred": "float32"}}
_FIRST_ALIKE = {"y_true": [1, 1], "y_pred": [0.9, 0.6], "threshold": 0.7, "batches": [1, 1]}
_SHARDS = {
    "y_true": [[1, 0], [1, 1], [1, 0]],
    "y_pred": [[1, 0], [1, 0], [1, 1]],
    "multidim_average": "samplewise",
}

_NUMBER_A_ROW = {"y_true": [1, 0, 0], "y_pred": [0.9, 0.2, 0.7]}
_TARGET_COLUMN = {"y_true": [[2], [1]], "y_pred": [[0.25, 0.25, 0.5], [0.25, 0.5, 0.25]]}


class Known(NamedTuple):
    finding: str
    definition: str
    task: str
    claimed: Any
    predicted: Any
    inputs: dict[str, Any]


def known(finding: str, definition: str, task: str, claimed: Any, predicted: Any, **inputs: Any) -> Known:
    return Known(finding, definition, task, claimed, predicted, inputs)


_FLAT_OUTPUT = {"y_true": [[1], [0], [1]], "y_pred": [0.9, 0.2, 0.7], "loss": "mean_squared_error"}

_THIRD_IN_FLOAT64 = {"y_true": [[1], [1], [1]], "y_pred": [[1], [0], [0]], "dtype": {"metric": "float64"}}

KNOWN = [
    known(
        "torchmetrics-collection-confuses-metrics-of-equal-counts",
        "torchmetrics.MetricCollection[BinaryAccuracy,two thresholds]",
        "binary",
        Fraction(1, 2),
        Fraction(1),
        **_FIRST_ALIKE,
    ),
    known(
        "torchmetrics-samplewise-ranks-wait-for-each-other",
        f"{BINARY}[gloo]",
        "binary",
        [Fraction(1), Fraction(1, 2), Fraction(1, 2)],
        "ProcessRaisedException",
        **_SHARDS | {"batches": [2, 1]},
    ),
    known(
        "torchmetrics-samplewise-rank-without-an-update-crashes",
        f"{BINARY}[gloo]",
        "binary",
        [Fraction(1), Fraction(1, 2), Fraction(1, 2)],
        None,
        **_SHARDS,
    ),
    known(
        "keras-mirrored-evaluate-refuses-an-uneven-batch",
        "keras.Model.compile[accuracy,MirroredStrategy]",
        "binary",
        Fraction(1, 2),
        "InvalidArgumentError",
        y_true=[[1], [1], [0], [0]],
        y_pred=[[0.9], [0.2], [0.8], [0.1]],
        batches=[3, 1],
    ),
    known(
        "keras-mirrored-evaluate-refuses-bool",
        "keras.Model.compile[accuracy,MirroredStrategy]",
        "binary",
        Fraction(1, 2),
        "InvalidArgumentError",
        y_true=[[True], [True]],
        y_pred=[[0.9], [0.2]],
    ),
    known(
        "keras-threshold-is-rounded-to-float32",
        f"{_KERAS}.BinaryAccuracy",
        "binary",
        Fraction(1, 2),
        Fraction(1),
        **_SEVEN_TENTHS,
    ),
    known(
        "keras-top-k-takes-float32-only",
        f"{_KERAS}.SparseTopKCategoricalAccuracy",
        "multiclass",
        Fraction(1, 3),
        "InvalidArgumentError",
        **_TOP_ONE,
    ),
    known(
        "keras-top-k-takes-float32-only",
        f"{_KERAS}.TopKCategoricalAccuracy",
        "multiclass",
        Fraction(1, 3),
        "InvalidArgumentError",
        **_TOP_ONE | _ONE_HOT,
    ),
    known(
        "tf-keras-data-are-rounded-to-the-dtype-of-the-metric",
        f"{_TF_KERAS}.Accuracy",
        "binary",
        Fraction(0),
        Fraction(1),
        **_BIG,
    ),
    known(
        "tf-keras-data-are-rounded-to-the-dtype-of-the-metric",
        f"{_TF_KERAS}.BinaryAccuracy",
        "binary",
        Fraction(0),
        Fraction(1),
        **_NEARLY,
    ),
    known(
        "tf-keras-data-are-rounded-to-the-dtype-of-the-metric",
        f"{_TF_KERAS}.SparseCategoricalAccuracy",
        "multiclass",
        Fraction(1),
        Fraction(0),
        y_true=[1],
        y_pred=[[0.5, 0.5 + 1e-9]],
    ),
    known(
        "tf-keras-threshold-is-rounded-to-float32",
        f"{_TF_KERAS}.BinaryAccuracy",
        "binary",
        Fraction(1, 2),
        Fraction(1),
        **_SEVEN_TENTHS_64,
    ),
    known(
        "tf-keras-threshold-is-rounded-to-float32",
        f"{_TF_KERAS}.binary_accuracy",
        "binary",
        [Fraction(0), Fraction(1)],
        [Fraction(1), Fraction(1)],
        **_SEVEN_TENTHS,
    ),
    known(
        "tf-keras-threshold-is-cut-off-for-integers",
        f"{_TF_KERAS}.binary_accuracy",
        "binary",
        Fraction(1),
        Fraction(1, 2),
        **_INTEGERS,
    ),
    known(
        "tf-keras-accuracy-above-one-with-broadcast-weights",
        f"{_TF_KERAS}.BinaryAccuracy",
        "binary",
        Fraction(1),
        Fraction(2),
        **_RANK_THREE,
    ),
    known(
        "tf-keras-scores-of-one-class-are-squeezed-away",
        f"{_TF_KERAS}.SparseCategoricalAccuracy",
        "multiclass",
        Fraction(1),
        "InvalidArgumentError",
        **_ONE_CLASS,
    ),
    known(
        "tf-keras-scores-of-one-class-are-squeezed-away",
        f"{_TF_KERAS}.SparseTopKCategoricalAccuracy",
        "multiclass",
        Fraction(1),
        "InvalidArgumentError",
        **_ONE_CLASS,
    ),
    known(
        "tf-keras-top-k-takes-float32-only",
        f"{_TF_KERAS}.SparseTopKCategoricalAccuracy",
        "multiclass",
        Fraction(1, 3),
        "InvalidArgumentError",
        **_TOP_ONE | {"dtype": {"metric": "float64"}},
    ),
    known(
        "tf-keras-top-k-takes-float32-only",
        f"{_TF_KERAS}.top_k_categorical_accuracy",
        "multiclass",
        [Fraction(0), Fraction(0), Fraction(1)],
        "InvalidArgumentError",
        **_TOP_ONE | _ONE_HOT,
    ),
    known(
        "tf-keras-binary-accuracy-refuses-booleans",
        f"{_TF_KERAS}.binary_accuracy",
        "binary",
        Fraction(1),
        "InvalidArgumentError",
        y_true=[True, False],
        y_pred=[True, False],
    ),
    known(
        "tf-keras-classes-wrap-around-in-the-dtype-of-targets",
        f"{_TF_KERAS}.sparse_categorical_accuracy",
        "multiclass",
        [Fraction(0), Fraction(1)],
        [Fraction(1), Fraction(1)],
        **_THREE_CLASSES,
    ),
    known(
        "tf-keras-class-numbers-wrap-around-in-32-bits",
        f"{_TF_KERAS}.sparse_top_k_categorical_accuracy",
        "multiclass",
        [Fraction(0)],
        [Fraction(1)],
        **_BEYOND_32_BITS,
    ),
    known(
        "tf-keras-compile-takes-rows-for-classes",
        "tf_keras.Model.compile[accuracy]",
        "binary",
        Fraction(2, 3),
        Fraction(1),
        **_NUMBER_A_ROW,
    ),
    known(
        "tf-keras-compile-does-not-see-the-shapes-of-a-sequence",
        "tf_keras.Model.compile[acc,dataset]",
        "multiclass",
        Fraction(1),
        Fraction(0),
        **_TARGET_COLUMN,
    ),
    known("torchmetrics-empty-batch-is-refused", BINARY, "binary", Fraction(1, 2), "RuntimeError", **_EMPTY),
    known(
        "torchmetrics-empty-batch-is-refused",
        MULTICLASS,
        "multiclass",
        Fraction(1, 2),
        "RuntimeError",
        **_EMPTY,
        num_classes=2,
    ),
    known("torchmetrics-nan-makes-logits", BINARY, "binary", Fraction(1), Fraction(1, 2), **_NAN),
    known(
        "torchmetrics-exact-match-counts-ignored-rows-as-right",
        _EXACT,
        "multiclass",
        Fraction(0),
        Fraction(1, 2),
        **_PADDED,
    ),
    known(
        "torchmetrics-exact-match-counts-ignored-rows-as-right",
        _LABELS_EXACT,
        "multilabel",
        Fraction(0),
        Fraction(1, 2),
        **_PADDED_LABELS,
    ),
    known(
        "torchmetrics-top-k-below-one-is-let-through",
        MULTICLASS,
        "multiclass",
        "ValueError",
        Fraction(1, 3),
        **_NO_GUESS,
    ),
    known(
        "torchmetrics-samplewise-squeezes-a-single-row",
        "torchmetrics.functional.classification.multilabel_accuracy",
        "multilabel",
        [Fraction(1, 2)],
        Fraction(1, 2),
        **_SINGLE,
    ),
    known(
        "torchmetrics-samplewise-squeezes-a-single-row",
        f"{MULTILABEL}[average=micro]",
        "multilabel",
        [Fraction(1, 2)],
        "IndexError",
        **_SINGLE,
    ),
    known(
        "torchmetrics-samplewise-squeezes-a-single-row",
        BINARY,
        "binary",
        [Fraction(1, 2)],
        Fraction(1, 2),
        y_true=[[1, 0]],
        y_pred=[[0.9, 0.8]],
        multidim_average="samplewise",
    ),
    known(
        "torchmetrics-macro-leaves-absent-classes-out",
        MULTICLASS,
        "multiclass",
        Fraction(1, 2),
        Fraction(1),
        y_true=[0, 1],
        y_pred=[0, 1],
        num_classes=4,
    ),
    known(
        "torchmetrics-ignore-index-turns-bool-targets-positive",
        BINARY,
        "binary",
        Fraction(1),
        Fraction(1, 2),
        **_BOOL,
    ),
    known(
        "torchmetrics-label-beyond-the-classes-counts-as-another",
        MULTICLASS,
        "multiclass",
        "RuntimeError",
        Fraction(1),
        **_BEYOND,
    ),
    known(
        "torchmetrics-label-beyond-the-classes-counts-as-another",
        f"{MULTICLASS}[average=micro]",
        "multiclass",
        "RuntimeError",
        Fraction(1, 2),
        **_BEYOND,
    ),
    known(
        "torchmetrics-targets-are-not-checked-beside-scores",
        f"{MULTICLASS}[average=micro]",
        "multiclass",
        "RuntimeError",
        Fraction(1, 2),
        **_UNCHECKED,
    ),
    known(
        "torchmetrics-float-predictions-in-the-shape-of-labels",
        f"{MULTICLASS}[average=micro]",
        "multiclass",
        None,
        Fraction(1, 2),
        **_FLOATS,
    ),
    known(
        "torchmetrics-float-predictions-in-the-shape-of-labels",
        _EXACT,
        "multiclass",
        None,
        Fraction(1, 2),
        **_FLOATS,
    ),
    known(
        "torchmetrics-macro-counts-the-ignored-class",
        MULTICLASS,
        "multiclass",
        Fraction(1, 2),
        Fraction(1, 4),
        **_IGNORED_CLASS,
    ),
    known(
        "torchmetrics-macro-counts-labels-that-are-ignored-throughout",
        MULTILABEL,
        "multilabel",
        Fraction(1),
        Fraction(1, 2),
        **_IGNORED_LABEL,
    ),
    known(
        "torchmetrics-exact-match-does-not-ignore-beside-unsigned-predictions",
        _EXACT,
        "multiclass",
        Fraction(1),
        Fraction(0),
        **_UNSIGNED,
    ),
    known(
        "torchmetrics-exact-match-divides-by-the-last-update",
        _LABELS_EXACT,
        "multilabel",
        [Fraction(1), Fraction(1, 2), Fraction(1), Fraction(0)],
        [Fraction(2), Fraction(1), Fraction(1), Fraction(0)],
        **_GRIDS,
    ),
    known(
        "sklearn-count-overflows-in-the-dtype-of-the-weights",
        "sklearn.metrics.accuracy_score",
        "binary",
        Fraction(2),
        Fraction(1),
        **_MASK,
    ),
    known(
        "sklearn-count-overflows-in-the-dtype-of-the-weights",
        "sklearn.metrics.top_k_accuracy_score",
        "binary",
        Fraction(400),
        Fraction(144),
        **_MASK | {"top_k": 2, "sample_weight": [200, 200], "dtype": {"sample_weight": "uint8"}},
    ),
    known(
        "sklearn-count-overflows-in-the-dtype-of-the-weights",
        "sklearn.metrics.accuracy_score",
        "binary",
        Fraction(120000),
        float("inf"),
        **_MASK | {"sample_weight": [60000, 60000], "dtype": {"sample_weight": "float16"}},
    ),
    known(
        "sklearn-top-k-takes-the-lower-of-two-tied-labels",
        "sklearn.metrics.top_k_accuracy_score",
        "binary",
        Fraction(1),
        Fraction(1, 2),
        **_TIED,
    ),
    known(
        "sklearn-adjusted-balanced-accuracy-of-one-class-is-nan",
        "sklearn.metrics.balanced_accuracy_score",
        "binary",
        Fraction(1),
        "nan",
        **_PERFECT,
    ),
    known(
        "sklearn-fixed-threshold-takes-one-half-for-positive",
        "sklearn.metrics.accuracy_score[FixedThresholdClassifier]",
        "binary",
        Fraction(1, 2),
        Fraction(1),
        **_HALF,
    ),
    known(
        "torchmetrics-logits-are-told-update-by-update",
        BINARY,
        "binary",
        Fraction(1, 2),
        Fraction(3, 4),
        **_LOGITS,
    ),
    known(
        "torchmetrics-ignored-scores-make-logits-of-the-others",
        BINARY,
        "binary",
        Fraction(1),
        Fraction(1, 2),
        **_PADDED_LOGIT,
    ),
    known(
        "keras-scalar-weight-averages-batch-means",
        f"{_KERAS}.BinaryAccuracy",
        "binary",
        Fraction(2, 3),
        Fraction(1, 2),
        **_SCALAR,
    ),
    known(
        "keras-accuracy-casts-targets-to-the-dtype-of-predictions",
        f"{_KERAS}.Accuracy",
        "multiclass",
        Fraction(1, 2),
        Fraction(1),
        **_WRAPPED,
    ),
    known(
        "keras-classes-are-confused-in-the-dtype-of-scores",
        f"{_KERAS}.SparseCategoricalAccuracy",
        "multiclass",
        Fraction(0),
        Fraction(1),
        **_NEIGHBOURS,
    ),
    known(
        "keras-classes-are-confused-in-the-dtype-of-scores",
        f"{_KERAS}.CategoricalAccuracy",
        "multiclass",
        Fraction(0),
        Fraction(1),
        **_NEIGHBOURS | {"y_true": {"one_hot": [257], "classes": 258}},
    ),
    known(
        "keras-class-numbers-wrap-around-in-32-bits",
        f"{_KERAS}.SparseTopKCategoricalAccuracy",
        "multiclass",
        Fraction(0),
        Fraction(1),
        **_BEYOND_32_BITS,
    ),
    known(
        "keras-top-k-misses-rows-with-an-infinite-score",
        f"{_KERAS}.SparseTopKCategoricalAccuracy",
        "multiclass",
        Fraction(1),
        Fraction(1, 2),
        **_MASKED,
    ),
    known(
        "keras-nan-never-wins-an-argmax-on-tensorflow",
        f"{_KERAS}.SparseCategoricalAccuracy",
        "multiclass",
        Fraction(1),
        Fraction(1, 2),
        **_NAN_SCORE,
    ),
    known(
        "keras-minus-zero-is-below-zero-in-an-argmax",
        f"{_KERAS}.SparseCategoricalAccuracy",
        "multiclass",
        Fraction(1),
        Fraction(1, 2),
        **_ZEROS,
    ),
    known(
        "keras-subnormal-numbers-are-zero",
        f"{_KERAS}.BinaryAccuracy",
        "binary",
        Fraction(1),
        Fraction(1, 2),
        **_SUBNORMAL,
    ),
    known(
        "keras-compile-takes-rows-for-classes",
        "keras.Model.compile[accuracy]",
        "binary",
        Fraction(1),
        Fraction(1, 3),
        **_FLAT_OUTPUT,
    ),
    known(
        "keras-compile-takes-rows-for-classes",
        "keras.Model.compile[weighted_metrics=acc,dataset]",
        "binary",
        Fraction(1),
        "TypeError",
        **_FLAT_OUTPUT,
    ),
    known(
        "keras-compile-refuses-crossentropy-as-metric",
        "keras.Model.compile[ce]",
        "binary",
        Fraction(math.log(2)),
        "ValueError",
        y_true=[[1]],
        y_pred=[[0.5]],
    ),
    known(
        "keras-torch-sparse-loss-ignores-minus-100",
        "keras.Model.compile[accuracy]@torch",
        "multiclass",
        "IndexError",
        Fraction(1, 2),
        **_PADDED_CLASS,
    ),
    known(
        "keras-torch-sparse-loss-ignores-minus-100",
        "keras.Model.compile[loss=ce]@torch",
        "multiclass",
        "IndexError",
        Fraction(math.log(2)) / 2,
        **_PADDED_CLASS,
    ),
    known(
        "keras-torch-refuses-k-above-classes",
        f"{_KERAS}.TopKCategoricalAccuracy@torch",
        "multiclass",
        Fraction(1),
        "RuntimeError",
        y_true=[[1, 0], [0, 1]],
        y_pred=[[0.9, 0.1], [0.8, 0.2]],
        top_k=3,
        **_FLOAT32,
    ),
    known(
        "keras-torch-top-k-wraps-class-numbers",
        f"{_KERAS}.SparseTopKCategoricalAccuracy@torch",
        "multiclass",
        Fraction(0),
        Fraction(1),
        y_true=[3],
        y_pred=[[0.7, 0.2, 0.1]],
        top_k=1,
        **_FLOAT32,
    ),
    known(
        "keras-torch-top-k-broadcasts-rows",
        f"{_KERAS}.SparseTopKCategoricalAccuracy@torch",
        "multiclass",
        "RuntimeError",
        Fraction(1, 2),
        y_true=[0],
        y_pred=[[0.9, 0.1], [0.2, 0.8]],
        top_k=1,
        **_FLOAT32,
    ),
    known(
        "keras-torch-nan-wins-the-argmax-but-is-not-in-the-top-k",
        f"{_KERAS}.SparseTopKCategoricalAccuracy@torch",
        "multiclass",
        Fraction(1),
        Fraction(0),
        y_true=[0],
        y_pred=[[float("nan"), 0.1]],
        top_k=1,
        **_FLOAT32,
    ),
    known(
        "keras-torch-leaves-bfloat16-targets-uncast",
        f"{_KERAS}.SparseCategoricalAccuracy@torch",
        "multiclass",
        Fraction(0),
        Fraction(1),
        y_true=[256],
        y_pred={"one_hot": [257], "classes": 258},
        dtype={"y_true": "bfloat16", "y_pred": "float32"},
    ),
    known(
        "keras-torch-sums-bfloat16-weights-in-bfloat16",
        f"{_KERAS}.Accuracy@torch",
        "binary",
        Fraction(1),
        # 131/2^17 is the number of eight bits next to 0.001.
        1 + Fraction(131, 2**17),
        y_true=[[1], [1]],
        y_pred=[[1], [1]],
        sample_weight=[1, 0.001],
        dtype={"sample_weight": "bfloat16"},
    ),
    known(
        "keras-torch-threshold-wraps",
        f"{_KERAS}.BinaryAccuracy@torch",
        "binary",
        Fraction(1),
        Fraction(0),
        y_true=[[1]],
        y_pred=[[0]],
        threshold=-1,
        dtype={"y_pred": "uint8"},
    ),
    # The number is the same; how exactly it comes back is not: see below.
    known(
        "keras-torch-float64-metric-gives-float32",
        f"{_KERAS}.Accuracy@torch",
        "binary",
        Fraction(1, 3),
        Fraction(1, 3),
        **_THIRD_IN_FLOAT64,
    ),
]


def shown(prediction: Prediction) -> Any:
    if prediction.kind == "raises":
        return prediction.type
    return "nan" if prediction.value != prediction.value else prediction.value


@pytest.mark.parametrize("entry", KNOWN, ids=lambda entry: f"{entry.finding}--{entry.definition}")
def test_a_departure_changes_what_is_predicted_and_leaves_what_is_claimed(entry: Known) -> None:
    found = forecast(entry.definition, entry.task, **entry.inputs)
    assert (shown(found.claimed), shown(found.predicted)) == (entry.claimed, entry.predicted)
    assert found.departures == (entry.finding,)


def test_a_metric_of_float64_on_torch_is_claimed_in_float64_and_predicted_in_float32() -> None:
    found = forecast(f"{_KERAS}.Accuracy@torch", "binary", **_THIRD_IN_FLOAT64)
    assert (found.claimed.dtype, found.predicted.dtype) == ("float64", "float32")


def test_every_finding_of_a_definition_is_met_here() -> None:
    departures = [departure for definition in definitions() for departure in definition.departures]
    assert {entry.finding for entry in KNOWN} == {departure.finding.id for departure in departures}


@pytest.mark.parametrize("entry", KNOWN, ids=lambda entry: f"{entry.finding}--{entry.definition}")
def test_a_definition_without_that_departure_follows_its_claim(entry: Known) -> None:
    bare = replace(find(entry.definition), departures=())
    found = predict(bare, build(entry.task, entry.inputs))
    assert shown(found.predicted) == entry.claimed
    assert found.departures == ()


@pytest.mark.parametrize(
    ("definition", "task", "inputs"),
    [
        pytest.param(
            f"{_KERAS}.BinaryAccuracy",
            "binary",
            _SEVEN_TENTHS | {"dtype": {"y_pred": "float32"}},
            id="the score is float32 as well",
        ),
        pytest.param(
            f"{_KERAS}.BinaryAccuracy",
            "binary",
            _SEVEN_TENTHS | {"threshold": 0.5},
            id="float32 holds the threshold",
        ),
        pytest.param(
            f"{_KERAS}.BinaryAccuracy",
            "binary",
            _SEVEN_TENTHS | {"y_pred": [[0.8], [0.2]]},
            id="no score lies on the threshold",
        ),
        pytest.param(
            f"{_KERAS}.SparseTopKCategoricalAccuracy",
            "multiclass",
            _TOP_ONE | {"dtype": {"y_pred": "float32"}},
            id="the scores are float32",
        ),
        pytest.param(
            f"{_TF_KERAS}.Accuracy", "binary", _BIG | {"dtype": {"metric": "float64"}}, id="float64 holds it"
        ),
        pytest.param(
            f"{_TF_KERAS}.BinaryAccuracy", "binary", _SEVEN_TENTHS, id="score and threshold are rounded alike"
        ),
        pytest.param(
            "tf_keras.Model.compile[binary_accuracy]",
            "binary",
            _NUMBER_A_ROW,
            id="the name cannot be misread",
        ),
        pytest.param(
            "tf_keras.Model.compile[acc]", "multiclass", _TARGET_COLUMN, id="arrays keep their shapes"
        ),
        pytest.param(
            "tf_keras.Model.compile[acc,dataset]",
            "multiclass",
            _TARGET_COLUMN | {"y_true": [2, 1]},
            id="ranks are enough",
        ),
        pytest.param(
            f"{_TF_KERAS}.binary_accuracy",
            "binary",
            _INTEGERS | {"threshold": 0.5},
            id="cut off, but not across 0",
        ),
        pytest.param(
            f"{_TF_KERAS}.BinaryAccuracy",
            "binary",
            _RANK_THREE | {"sample_weight": [1, 1]},
            id="one weight a row",
        ),
        pytest.param(
            f"{_TF_KERAS}.SparseCategoricalAccuracy",
            "multiclass",
            {**_ONE_CLASS, "y_true": [0], "y_pred": [[0.5]]},
            id="a single row is squeezed to the same",
        ),
        pytest.param(
            f"{_TF_KERAS}.sparse_categorical_accuracy",
            "multiclass",
            {**_THREE_CLASSES, "y_true": [1, 0]},
            id="integers hold every class",
        ),
        pytest.param(BINARY, "binary", _EMPTY | {"batches": [1, 1]}, id="no batch is empty"),
        pytest.param(BINARY, "binary", _NAN | {"y_pred": [float("nan"), 3.0]}, id="logits anyway"),
        pytest.param(
            _EXACT, "multiclass", _PADDED | {"y_true": [[0, 1], [0, -1]]}, id="no row is padding only"
        ),
        pytest.param(MULTICLASS, "multiclass", _TOP_ONE, id="a guess is made"),
        pytest.param(
            MULTILABEL,
            "multilabel",
            {**_SINGLE, "y_true": _SINGLE["y_true"] * 2, "y_pred": _SINGLE["y_pred"] * 2},
            id="there are two rows",
        ),
        pytest.param(BINARY, "binary", _BOOL | {"y_true": [1, 0]}, id="targets are integers"),
        pytest.param(MULTICLASS, "multiclass", _BEYOND | {"y_pred": [0, 1]}, id="labels are classes"),
        pytest.param(
            MULTICLASS,
            "multiclass",
            _BEYOND | {"y_pred": [0, 3, 4], "y_true": [0, 0, 1]},
            id="too many labels",
        ),
        pytest.param(
            MULTICLASS, "multiclass", _UNCHECKED | {"validate_args": False}, id="validation is switched off"
        ),
        pytest.param(
            f"{MULTICLASS}[average=micro]", "multiclass", _UNCHECKED | {"ignore_index": 7}, id="7 is ignored"
        ),
        pytest.param(
            MULTICLASS,
            "multiclass",
            _IGNORED_CLASS | {"y_pred": [0, 1, 1]},
            id="nobody says the ignored class",
        ),
        pytest.param(
            MULTICLASS, "multiclass", _IGNORED_CLASS | {"average": "micro"}, id="micro drops the row alone"
        ),
        pytest.param(
            MULTILABEL,
            "multilabel",
            _IGNORED_LABEL | {"y_true": [[1, 0], [0, -1]]},
            id="one target of the label counts",
        ),
        pytest.param(
            _EXACT,
            "multiclass",
            _UNSIGNED | {"dtype": {"y_pred": "int8"}},
            id="eight bits with a sign hold -1",
        ),
        pytest.param(
            _LABELS_EXACT,
            "multilabel",
            _GRIDS | {"updates": _GRIDS["updates"][:1] * 2},
            id="all samples are of one size",
        ),
        pytest.param(
            "sklearn.metrics.accuracy_score", "binary", _MASK | {"sample_weight": [1, 1]}, id="int64 holds 2"
        ),
        pytest.param("sklearn.metrics.accuracy_score", "binary", _MASK | {"normalize": True}, id="a share"),
        pytest.param(
            "sklearn.metrics.top_k_accuracy_score", "binary", _TIED | {"y_pred": [0.6, 0.2]}, id="no tie"
        ),
        pytest.param(
            "sklearn.metrics.balanced_accuracy_score",
            "binary",
            _PERFECT | {"y_true": [0, 1], "y_pred": [0, 1]},
            id="two classes",
        ),
        pytest.param(
            "sklearn.metrics.accuracy_score[FixedThresholdClassifier]",
            "binary",
            _HALF | {"threshold": 0.5},
            id="the threshold is named",
        ),
        pytest.param(BINARY, "binary", _LOGITS | {"batches": [4]}, id="one batch of logits"),
        pytest.param(
            "torchmetrics.MetricCollection[BinaryAccuracy,two thresholds]",
            "binary",
            _FIRST_ALIKE | {"y_pred": [0.6, 0.9]},
            id="the first update tells the thresholds apart",
        ),
        pytest.param(
            f"{BINARY}[gloo]",
            "binary",
            {"y_true": [[1, 0], [1, 1]], "y_pred": [[1, 0], [1, 0]], "batches": [1, 1]}
            | {"multidim_average": "samplewise"},
            id="both ranks have a single row",
        ),
        pytest.param(f"{BINARY}[forward,last]", "binary", _LOGITS, id="the last batch alone is asked for"),
        pytest.param(
            BINARY, "binary", _PADDED_LOGIT | {"y_pred": [0.2, 0.9, 0.3]}, id="no logit at the ignored target"
        ),
        pytest.param(
            f"{_KERAS}.BinaryAccuracy", "binary", _SCALAR | {"batches": [3]}, id="one batch, one weight"
        ),
        pytest.param(
            f"{_KERAS}.Accuracy",
            "multiclass",
            _WRAPPED | {"dtype": {"y_pred": "int16"}},
            id="16 bits hold 257",
        ),
        pytest.param(
            f"{_KERAS}.SparseCategoricalAccuracy",
            "multiclass",
            _NEIGHBOURS | {"dtype": {"y_pred": "float16"}},
            id="float16 tells 256 from 257",
        ),
        pytest.param(
            f"{_KERAS}.SparseTopKCategoricalAccuracy",
            "multiclass",
            _MASKED | {"y_pred": [[-1e30, 0.9], [0.8, 0.1]]},
            id="masked with a finite number",
        ),
        pytest.param(
            f"{_KERAS}.SparseCategoricalAccuracy",
            "multiclass",
            _ZEROS | {"y_pred": [[0.0, -0.0], [0.1, 0.2]]},
            id="the first zero has no sign",
        ),
        pytest.param(
            f"{_KERAS}.BinaryAccuracy", "binary", _SUBNORMAL | {"y_pred": [1e-30, 0.5]}, id="a normal number"
        ),
    ],
)
def test_a_departure_is_not_named_where_it_changes_nothing(
    definition: str, task: str, inputs: dict[str, Any]
) -> None:
    found = forecast(definition, task, **inputs)
    assert found.departures == ()
    assert found.claimed.same_as(found.predicted)


def test_what_compile_resolves_to_does_not_bring_its_departures_where_feeding_undoes_them() -> None:
    # The model hands float32 scores to the metric, so that rounding the threshold is no deviation there.
    found = forecast("keras.Model.compile[accuracy,dataset]", "binary", **_SEVEN_TENTHS | {"threshold": 0.5})
    assert found.departures == ()


def test_a_function_departs_as_its_class_does() -> None:
    departing = {d.name: {x.finding.id for x in d.departures} for d in definitions() if d.departures}
    functions = "torchmetrics.functional.classification"
    assert departing[f"{functions}.binary_accuracy"] == departing[BINARY]
    assert departing[f"{_KERAS}.binary_accuracy"] == departing[f"{_KERAS}.BinaryAccuracy"]


@pytest.mark.parametrize("finding", findings(), ids=lambda finding: finding.id)
def test_a_finding_says_when_what_instead_of_what_and_where(finding: Any) -> None:
    for name in ("title", "condition", "says", "claims", "place"):
        assert getattr(finding, name).strip(), name
    assert finding.claims.count('"') >= 2 or finding.kind == "limitation", "what is claimed is quoted"
    assert "/" in finding.place
    assert all(link.startswith("https://") for link in finding.see)
