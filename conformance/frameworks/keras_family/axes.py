"""What the Keras variants do on each axis, for the pages on causes."""

from __future__ import annotations

from collections.abc import Mapping

AXES: Mapping[str, str] = {
    "name-resolution": "`accuracy` and `acc`, in any case, become BinaryAccuracy where the last dimension of the output"
    " is 1, SparseCategoricalAccuracy where the targets have fewer dimensions than the output or one column against"
    " several, and CategoricalAccuracy otherwise. Dtypes, values and the loss play no part.",
    "default-parameter": "TopKCategoricalAccuracy has k=5.",
    "refusal": "Few inputs are checked; what does not fit is broadcast, or raises in the backend.",
    "score-transform": "Scores are compared as they are.",
    "decision-rule": "Accuracy compares for equality, BinaryAccuracy uses `>`, the categorical metrics use argmax.",
    "ties": "argmax predicts the first of equal scores; the top-k metrics count all that tie with the k-th highest.",
    "special-values": "On TensorFlow argmax skips NaN, on torch NaN is the largest. Top-k counts a sample with"
    " a non-finite score as incorrect. argmax of TensorFlow takes -0.0 for less than 0.0.",
    "shape": "The last axis holds the classes. (N,) and (N, 1) are squeezed or broadcast to (N, N).",
    "weights": "A metric in `metrics=` of compile() ignores sample_weight: use `weighted_metrics=`.",
    "statistic": "Every metric divides the weight of the correct elements or samples by the weight of all.",
    "accumulation": "Totals and counts are summed over all updates, in float32 by default.",
    "undefined-value": "An update without samples gives 0.0. Keras 3 on TensorFlow returns {} from evaluate() without"
    " samples; the other variants raise ValueError there.",
}
