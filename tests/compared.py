"""Implementations that tests of causes compare with each other."""

from __future__ import annotations

EQUALITY, THRESHOLD = "keras.metrics.Accuracy", "keras.metrics.BinaryAccuracy"
CATEGORICAL, SPARSE = "keras.metrics.CategoricalAccuracy", "keras.metrics.SparseCategoricalAccuracy"
COMPILED = "keras.Model.compile[accuracy]"
TORCH = "torchmetrics.classification.BinaryAccuracy"
MACRO = "torchmetrics.classification.MulticlassAccuracy"
MICRO = f"{MACRO}[average=micro]"
LABELS = "torchmetrics.classification.MultilabelAccuracy"
SCORE, FIXED = "sklearn.metrics.accuracy_score", "sklearn.metrics.accuracy_score[FixedThresholdClassifier]"
#: Labels of which macro and micro average give different values.
UNEQUAL = {"y_true": [0, 0, 0, 1], "y_pred": [0, 0, 0, 0]}
