"""What scikit-learn does on each axis, for the pages on causes."""

from __future__ import annotations

from collections.abc import Mapping

AXES: Mapping[str, str] = {
    "default-parameter": "top_k_accuracy_score has k=2.",
    "refusal": "Scores where labels are expected raise ValueError.",
    "score-transform": "Scores are compared as they are.",
    "decision-rule": "accuracy_score compares labels for equality. Binarizer uses `>`; metric_at_thresholds and"
    " FixedThresholdClassifier use `>=`.",
    "ties": "argmax predicts the first of equal scores, top_k_accuracy_score the last.",
    "weights": "All scores take sample_weight.",
    "statistic": "balanced_accuracy_score averages recalls. zero_one_loss and hamming_loss are subtracted from 1.",
    "accumulation": "There is no state: all samples are passed in one call.",
    "undefined-value": "No samples raise ValueError; weights that sum to zero raise ZeroDivisionError or give NaN.",
}
