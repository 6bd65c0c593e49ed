"""Departures of tf_keras."""

from __future__ import annotations

from fractions import Fraction

from known_departures.entry import known
from known_departures.inputs import (
    BEYOND_32_BITS,
    BIG,
    INTEGERS,
    NUMBER_A_ROW,
    ONE_CLASS,
    ONE_HOT,
    RANK_THREE,
    SEVEN_TENTHS,
    TARGET_COLUMN,
    TF_KERAS,
    THREE_CLASSES,
    TOP_ONE,
)

_NEARLY = {"y_true": [[0]], "y_pred": [[0.5 + 1e-9]]}
_SEVEN_TENTHS_64 = SEVEN_TENTHS | {"dtype": {"metric": "float64"}}

KNOWN = (
    known(
        "tf-keras-data-are-rounded-to-the-dtype-of-the-metric",
        f"{TF_KERAS}.Accuracy",
        "binary",
        Fraction(0),
        Fraction(1),
        **BIG,
    ),
    known(
        "tf-keras-data-are-rounded-to-the-dtype-of-the-metric",
        f"{TF_KERAS}.BinaryAccuracy",
        "binary",
        Fraction(0),
        Fraction(1),
        **_NEARLY,
    ),
    known(
        "tf-keras-data-are-rounded-to-the-dtype-of-the-metric",
        f"{TF_KERAS}.SparseCategoricalAccuracy",
        "multiclass",
        Fraction(1),
        Fraction(0),
        y_true=[1],
        y_pred=[[0.5, 0.5 + 1e-9]],
    ),
    known(
        "tf-keras-threshold-is-rounded-to-float32",
        f"{TF_KERAS}.BinaryAccuracy",
        "binary",
        Fraction(1, 2),
        Fraction(1),
        **_SEVEN_TENTHS_64,
    ),
    known(
        "tf-keras-threshold-is-rounded-to-float32",
        f"{TF_KERAS}.binary_accuracy",
        "binary",
        [Fraction(0), Fraction(1)],
        [Fraction(1), Fraction(1)],
        **SEVEN_TENTHS,
    ),
    known(
        "tf-keras-threshold-is-cut-off-for-integers",
        f"{TF_KERAS}.binary_accuracy",
        "binary",
        Fraction(1),
        Fraction(1, 2),
        **INTEGERS,
    ),
    known(
        "tf-keras-accuracy-above-one-with-broadcast-weights",
        f"{TF_KERAS}.BinaryAccuracy",
        "binary",
        Fraction(1),
        Fraction(2),
        **RANK_THREE,
    ),
    known(
        "tf-keras-scores-of-one-class-are-squeezed-away",
        f"{TF_KERAS}.SparseCategoricalAccuracy",
        "multiclass",
        Fraction(1),
        "last-dimension-not-1",
        **ONE_CLASS,
    ),
    known(
        "tf-keras-scores-of-one-class-are-squeezed-away",
        f"{TF_KERAS}.SparseTopKCategoricalAccuracy",
        "multiclass",
        Fraction(1),
        "scores-not-2d",
        **ONE_CLASS,
    ),
    known(
        "tf-keras-top-k-takes-float32-only",
        f"{TF_KERAS}.SparseTopKCategoricalAccuracy",
        "multiclass",
        Fraction(1, 3),
        "not-float32",
        **TOP_ONE | {"dtype": {"metric": "float64"}},
    ),
    known(
        "tf-keras-top-k-takes-float32-only",
        f"{TF_KERAS}.top_k_categorical_accuracy",
        "multiclass",
        [Fraction(0), Fraction(0), Fraction(1)],
        "not-float32",
        **TOP_ONE | ONE_HOT,
    ),
    known(
        "tf-keras-binary-accuracy-refuses-booleans",
        f"{TF_KERAS}.binary_accuracy",
        "binary",
        Fraction(1),
        "bool-top-k",
        y_true=[True, False],
        y_pred=[True, False],
    ),
    known(
        "tf-keras-classes-wrap-around-in-the-dtype-of-targets",
        f"{TF_KERAS}.sparse_categorical_accuracy",
        "multiclass",
        [Fraction(0), Fraction(1)],
        [Fraction(1), Fraction(1)],
        **THREE_CLASSES,
    ),
    known(
        "tf-keras-class-numbers-wrap-around-in-32-bits",
        f"{TF_KERAS}.sparse_top_k_categorical_accuracy",
        "multiclass",
        [Fraction(0)],
        [Fraction(1)],
        **BEYOND_32_BITS,
    ),
    known(
        "tf-keras-compile-takes-rows-for-classes",
        "tf_keras.Model.compile[accuracy]",
        "binary",
        Fraction(2, 3),
        Fraction(1),
        **NUMBER_A_ROW,
    ),
    known(
        "tf-keras-compile-does-not-see-the-shapes-of-a-sequence",
        "tf_keras.Model.compile[acc,dataset]",
        "multiclass",
        Fraction(1),
        Fraction(0),
        **TARGET_COLUMN,
    ),
)
