"""Mistakes people make with precision and recall, as they write them, each on 10,000 samples."""

from __future__ import annotations

import numpy as np
from mistakes import CLASSES, LABELS, LOGITS, PROBABILITIES, SCORES, SIZE, WEIGHTS, Mistake

DECIDED = PROBABILITIES.argmax(axis=-1)
#: Class 2 is neither a target nor predicted, class 3 is never predicted.
_WITHOUT = CLASSES != 2
ABSENT = {"y_true": CLASSES[_WITHOUT], "y_pred": np.where(DECIDED == 2, 0, DECIDED)[_WITHOUT]}
NEVER = {"y_true": CLASSES, "y_pred": np.where(DECIDED == 3, 0, DECIDED)}

_SCORES = {"y_true": LABELS, "y_pred": SCORES, "task": "binary"}
_CLASSES = {"y_true": CLASSES, "y_pred": PROBABILITIES, "task": "multiclass"}
_MACRO = {"parameters": {"average": "macro"}}
_PRECISIONS = "[np.sum((y_pred == k) & (y_true == k)) / np.sum(y_pred == k) for k in {}]"


def _score(metric: str, true: str, pred: str, more: str = "") -> str:
    return f"import sklearn.metrics\nvalue = sklearn.metrics.{metric}_score({true}, {pred}{more})"


_POSITIVES = "_score(y_true, y_pred > 0.5)"
_MACROS = ", average='macro'"

COUNTS = {
    "macro for micro": Mistake(
        {**_CLASSES, "metric": "precision", "parameters": {"average": "micro"}},
        f"y_pred = y_pred.argmax(axis=-1)\nvalue = np.mean({_PRECISIONS.format('range(4)')})",
        _score("precision", "y_true", "y_pred.argmax(axis=-1)", ", average='micro'"),
        ("average",),
        "y_pred.argmax(axis=-1), average='micro')",
        "torchmetrics.classification.MulticlassPrecision",
    ),
    "micro where macro is the default": Mistake(
        {"y_true": CLASSES, "y_pred": DECIDED, "metric": "recall"},
        "value = np.mean(y_pred == y_true)",
        _score("recall", "y_true", "y_pred", _MACROS),
        ("average",),
        "average='macro'",
        "torchmetrics.classification.MulticlassRecall",
    ),
    "the binary metric of class 0": Mistake(
        {**_SCORES, "metric": "precision"},
        "value = np.sum((y_pred <= 0.5) & (y_true == 0)) / np.sum(y_pred <= 0.5)",
        _score("precision", "y_true", "y_pred > 0.5"),
        ("label-domain",),
        _POSITIVES,
        "torchmetrics.classification.BinaryPrecision",
    ),
    "macro for binary": Mistake(
        {**_SCORES, "metric": "recall"},
        "value = (np.mean(y_pred[y_true == 1] > 0.5) + np.mean(y_pred[y_true == 0] <= 0.5)) / 2",
        _score("recall", "y_true", "y_pred > 0.5"),
        ("average",),
        _POSITIVES,
        "keras.metrics.Recall",
    ),
    "one class for macro": Mistake(
        {"y_true": CLASSES, "y_pred": DECIDED, "metric": "precision", **_MACRO},
        f"value = {_PRECISIONS.format('range(4)')}[2]",
        _score("precision", "y_true", "y_pred", _MACROS),
        ("average",),
        "average='macro'",
        "sklearn.metrics.precision_score",
    ),
    "greater or equal": Mistake(
        {**_SCORES, "metric": "precision"},
        "value = np.sum((y_pred >= 0.5) & (y_true == 1)) / np.sum(y_pred >= 0.5)",
        _score("precision", "y_true", "y_pred > 0.5"),
        ("decision-rule",),
        _POSITIVES,
        "keras.metrics.Precision",
    ),
    "another threshold": Mistake(
        {**_SCORES, "metric": "recall"},
        "value = np.mean(y_pred[y_true == 1] > 0.3)",
        _score("recall", "y_true", "y_pred > 0.5"),
        ("default-parameter",),
        _POSITIVES,
        "torchmetrics.classification.BinaryRecall",
    ),
    "scores rounded to one decimal": Mistake(
        {**_SCORES, "metric": "precision"},
        "y_pred = y_pred.round(1)\nvalue = np.sum((y_pred > 0.5) & (y_true == 1)) / np.sum(y_pred > 0.5)",
        _score("precision", "y_true", "y_pred > 0.5"),
        ("threshold-precision",),
        _POSITIVES,
        "keras.metrics.Precision",
    ),
    "logits taken for probabilities": Mistake(
        {**_SCORES, "y_pred": LOGITS, "metric": "recall"},
        "value = np.mean(y_pred[y_true == 1] > 0.5)",
        _score("recall", "y_true", "1 / (1 + np.exp(-y_pred)) > 0.5"),
        ("score-transform",),
        "1 / (1 + np.exp(-y_pred)) > 0.5",
        "torchmetrics.classification.BinaryRecall",
    ),
    "argmax over a single column": Mistake(
        {**_SCORES, "y_true": 1 - LABELS[:, None], "y_pred": 1 - SCORES[:, None], "metric": "recall"},
        "value = np.mean(y_pred.argmax(axis=1)[y_true.ravel() == 1])",
        _score("recall", "y_true", "y_pred > 0.5"),
        ("decision-rule",),
        _POSITIVES,
        "torchmetrics.classification.BinaryRecall",
    ),
    "an absent class counted as 0": Mistake(
        {**ABSENT, "task": "multiclass", "metric": "precision", **_MACRO},
        f"value = np.sum({_PRECISIONS.format('(0, 1, 3)')}) / 4",
        _score("precision", "y_true", "y_pred", _MACROS),
        ("average",),
        "average='macro'",
        "torchmetrics.classification.MulticlassPrecision",
    ),
    "a precision of 0 / 0 counted as 1": Mistake(
        {**NEVER, "task": "multiclass", "metric": "precision", **_MACRO},
        f"value = np.mean([*{_PRECISIONS.format('(0, 1, 2)')}, 1])",
        _score("precision", "y_true", "y_pred", _MACROS),
        ("undefined-value",),
        "average='macro'",
        "sklearn.metrics.precision_score",
    ),
    "a precision of 0 / 0 left out": Mistake(
        {**NEVER, "task": "multiclass", "metric": "precision", **_MACRO},
        f"value = np.mean({_PRECISIONS.format('(0, 1, 2)')})",
        _score("precision", "y_true", "y_pred", _MACROS),
        ("undefined-value", "average"),
        "average='macro'",
        "sklearn.metrics.precision_score",
    ),
    "the weights dropped": Mistake(
        {**_SCORES, "sample_weight": WEIGHTS, "metric": "recall"},
        "value = np.mean(y_pred[y_true == 1] > 0.5)",
        _score("recall", "y_true", "y_pred > 0.5", ", sample_weight=sample_weight"),
        ("weights",),
        "y_pred > 0.5, sample_weight=sample_weight)",
        "keras.metrics.Recall",
    ),
    "an ignored class counted": Mistake(
        {**_CLASSES, "metric": "precision", "parameters": {"average": "macro", "ignore_index": 0}},
        f"y_pred = y_pred.argmax(axis=-1)\nvalue = np.mean({_PRECISIONS.format('range(4)')})",
        _score("precision", "y_true[y_true != 0]", "y_pred.argmax(axis=-1)[y_true != 0]", _MACROS),
        ("exclusion",),
        "(y_true[y_true != 0], y_pred.argmax(axis=-1)[y_true != 0]",
        "torchmetrics.classification.MulticlassPrecision",
    ),
    "y_true and y_pred swapped": Mistake(
        {"y_true": CLASSES, "y_pred": DECIDED, "metric": "precision", **_MACRO},
        f"y_true, y_pred = y_pred, y_true\nvalue = np.mean({_PRECISIONS.format('range(4)')})",
        _score("precision", "y_true", "y_pred", _MACROS),
        ("label-domain",),
        "(y_true, y_pred, average='macro')",
        "torchmetrics.classification.MulticlassPrecision",
    ),
    "the mean of batch values": Mistake(
        {**_SCORES, "batches": SIZE, "metric": "precision"},
        f"""
starts = range(0, len(y_true), {SIZE})
values = [np.mean(y_true[i : i + {SIZE}][y_pred[i : i + {SIZE}] > 0.5]) for i in starts]
value = np.mean(values)
""",
        _score("precision", "y_true", "y_pred > 0.5"),
        ("accumulation",),
        _POSITIVES,
        "keras.metrics.Precision",
    ),
    "recall for precision": Mistake(
        {**_SCORES, "metric": "precision"},
        "value = np.mean(y_pred[y_true == 1] > 0.5)",
        _score("precision", "y_true", "y_pred > 0.5"),
        ("statistic", "label-domain"),  # the recall is the precision of swapped arrays
        _POSITIVES,
        "keras.metrics.Precision",
    ),
    "the F1 of the mean precision and the mean recall": Mistake(
        {"y_true": CLASSES, "y_pred": DECIDED, "metric": "f1", **_MACRO},
        """
import sklearn.metrics
p, r, *_ = sklearn.metrics.precision_recall_fscore_support(y_true, y_pred, average="macro")
value = 2 * p * r / (p + r)
""",
        _score("f1", "y_true", "y_pred", _MACROS),
        ("statistic",),
        "(y_true, y_pred, average='macro')",
        "sklearn.metrics.f1_score",
    ),
    "the mean F1 of batches of a size that is not named": Mistake(
        {"y_true": CLASSES, "y_pred": DECIDED, "metric": "f1", **_MACRO},
        """
import sklearn.metrics
parts = [slice(start, start + 64) for start in range(0, len(y_true), 64)]
value = np.mean([sklearn.metrics.f1_score(y_true[i], y_pred[i], average="macro") for i in parts])
""",
        _score("f1", "y_true", "y_pred", _MACROS),
        ("accumulation",),
        "(y_true, y_pred, average='macro')",
        "sklearn.metrics.f1_score",
    ),
}
