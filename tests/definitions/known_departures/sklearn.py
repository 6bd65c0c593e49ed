"""Departures of sklearn."""

from __future__ import annotations

from fractions import Fraction

from known_departures.entry import known
from known_departures.inputs import HALF, MASK, PERFECT, TIED

KNOWN = (
    known(
        "sklearn-count-overflows-in-the-dtype-of-the-weights",
        "sklearn.metrics.accuracy_score",
        "binary",
        Fraction(2),
        Fraction(1),
        **MASK,
    ),
    known(
        "sklearn-count-overflows-in-the-dtype-of-the-weights",
        "sklearn.metrics.top_k_accuracy_score",
        "binary",
        Fraction(400),
        Fraction(144),
        **MASK | {"top_k": 2, "sample_weight": [200, 200], "dtype": {"sample_weight": "uint8"}},
    ),
    known(
        "sklearn-count-overflows-in-the-dtype-of-the-weights",
        "sklearn.metrics.accuracy_score",
        "binary",
        Fraction(120000),
        float("inf"),
        **MASK | {"sample_weight": [60000, 60000], "dtype": {"sample_weight": "float16"}},
    ),
    known(
        "sklearn-top-k-takes-the-lower-of-two-tied-labels",
        "sklearn.metrics.top_k_accuracy_score",
        "binary",
        Fraction(1),
        Fraction(1, 2),
        **TIED,
    ),
    known(
        "sklearn-adjusted-balanced-accuracy-of-one-class-is-nan",
        "sklearn.metrics.balanced_accuracy_score",
        "binary",
        Fraction(1),
        "nan",
        **PERFECT,
    ),
    known(
        "sklearn-fixed-threshold-takes-one-half-for-positive",
        "sklearn.metrics.accuracy_score[FixedThresholdClassifier]",
        "binary",
        Fraction(1, 2),
        Fraction(1),
        **HALF,
    ),
)
