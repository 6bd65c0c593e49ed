"""Inputs on which departures hold, and which the tests change until they do not."""

from __future__ import annotations

KERAS = "keras.metrics"
EXACT = "torchmetrics.classification.MulticlassExactMatch"
LABELS_EXACT = "torchmetrics.classification.MultilabelExactMatch"
SEVEN_TENTHS = {"y_true": [[1], [0]], "y_pred": [[0.7], [0.2]], "threshold": 0.7}
TOP_ONE = {"y_true": [0, 1, 2], "y_pred": [[0.2, 0.3, 0.5]] * 3, "top_k": 1}
FLOAT32 = {"dtype": {"y_pred": "float32"}}
SCALAR = {"y_true": [1, 1, 0], "y_pred": [0.9, 0.8, 0.7], "batches": [2, 1], "sample_weight": 2.0}
WRAPPED = {"y_true": [257, 0], "y_pred": [1, 0], "dtype": {"y_pred": "uint8"}}
NEIGHBOURS = {
    "y_true": [257],
    "y_pred": {"one_hot": [256], "classes": 258},
    "dtype": {"y_pred": "bfloat16"},
}
MASKED = {"y_true": [1, 0], "y_pred": [[float("-inf"), 0.9], [0.8, 0.1]], "top_k": 1, **FLOAT32}
ZEROS = {"y_true": [0, 1], "y_pred": [[-0.0, 0.0], [0.1, 0.2]], **FLOAT32}
SUBNORMAL = {"y_true": [1, 1], "y_pred": [1e-40, 0.5], "threshold": 0.0, **FLOAT32}
ONE_HOT = {"y_true": [[1, 0, 0], [0, 1, 0], [0, 0, 1]]}
EMPTY = {"y_true": [1, 0], "y_pred": [1, 1], "batches": [0, 2]}
NAN = {"y_true": [0, 0], "y_pred": [float("nan"), 0.2]}
LOGITS = {"y_true": [0, 0, 1, 1], "y_pred": [0.3, 0.4, 0.2, 3.0], "batches": [3, 1]}
PADDED_LOGIT = {"y_true": [0, 1, -1], "y_pred": [0.2, 0.9, 3.0], "ignore_index": -1}
PADDED = {"y_true": [[0, 1], [-1, -1]], "y_pred": [[0, 0], [0, 0]], "num_classes": 2, "ignore_index": -1}
SINGLE = {"y_true": [[[1, 0], [0, 0]]], "y_pred": [[[1, 1], [0, 1]]], "multidim_average": "samplewise"}
BEYOND = {"y_true": [0, 0], "y_pred": [0, 3], "num_classes": 2}
UNCHECKED = {"y_true": [0, 7], "y_pred": [[0.9, 0.1], [0.2, 0.8]]}
IGNORED_CLASS = {"y_true": [0, 1, 1], "y_pred": [0, 1, 0], "ignore_index": 0}
IGNORED_LABEL = {"y_true": [[1, -1], [0, -1]], "y_pred": [[1, 0], [0, 1]], "ignore_index": -1}
UNSIGNED = {
    "y_true": [[0, -1]],
    "y_pred": [[0, 1]],
    "dtype": {"y_pred": "uint8"},
    "num_classes": 2,
    "ignore_index": -1,
}
GRIDS = {
    "updates": [
        {"y_true": [[[1, 1], [0, 0]]] * 2, "y_pred": [[[1, 1], [0, 0]], [[1, 0], [0, 0]]]},
        {"y_true": [[[1], [0]]] * 2, "y_pred": [[[1], [0]], [[0], [0]]]},
    ],
    "multidim_average": "samplewise",
}
MASK = {"y_true": [1, 0], "y_pred": [1, 0], "normalize": False, "sample_weight": [True, True]}
TIED = {"y_true": [1, 0], "y_pred": [0.5, 0.2], "top_k": 1}
PERFECT = {"y_true": [0, 0], "y_pred": [0, 0], "adjusted": True}
HALF = {"y_true": [1, 0], "y_pred": [0.5, 0.2]}
BOOL = {"y_true": [True, False], "y_pred": [1, 0], "ignore_index": 0}
TF_KERAS = "tf_keras.metrics"
BIG = {"y_true": [16777217], "y_pred": [16777216]}
INTEGERS = {"y_true": [1, 0], "y_pred": [0, -1], "threshold": -0.5}
RANK_THREE = {"y_true": [[[1]], [[1]]], "y_pred": [[[1]], [[1]]], "sample_weight": [1]}
ONE_CLASS = {"y_true": [0, 0], "y_pred": [[0.5], [0.75]], "dtype": {"y_pred": "float32"}}
THREE_CLASSES = {"y_true": [True, False], "y_pred": [[0.25, 0.25, 0.5], [0.5, 0.25, 0.25]]}
BEYOND_32_BITS = {"y_true": [2**32], "y_pred": [[0.75, 0.25]], "top_k": 1, "dtype": {"y_pred": "float32"}}
FIRST_ALIKE = {"y_true": [1, 1], "y_pred": [0.9, 0.6], "threshold": 0.7, "batches": [1, 1]}
NUMBER_A_ROW = {"y_true": [1, 0, 0], "y_pred": [0.9, 0.2, 0.7]}
TARGET_COLUMN = {"y_true": [[2], [1]], "y_pred": [[0.25, 0.25, 0.5], [0.25, 0.5, 0.25]]}
THIRD_IN_FLOAT64 = {"y_true": [[1], [1], [1]], "y_pred": [[1], [0], [0]], "dtype": {"metric": "float64"}}
