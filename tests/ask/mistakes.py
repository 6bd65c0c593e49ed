"""Mistakes people make, as they write them, each on 10,000 samples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

SAMPLES = 10_000
#: Samples in a batch; the last batch is smaller.
SIZE = 3_000

_RANDOM = np.random.default_rng(0)
LABELS = _RANDOM.integers(0, 2, SAMPLES)
SCORES = np.clip(LABELS * 0.5 + _RANDOM.random(SAMPLES) * 0.5 + _RANDOM.normal(0, 0.2, SAMPLES), 0, 1).round(
    2
)
LOGITS = LABELS * 2 - 1 + _RANDOM.normal(size=SAMPLES) * 2
WEIGHTS = _RANDOM.random(SAMPLES)
CLASSES = _RANDOM.choice(4, SAMPLES, p=[0.7, 0.15, 0.1, 0.05])
ONE_HOT = np.eye(4, dtype=int)[CLASSES]
CLASS_LOGITS = _RANDOM.normal(size=(SAMPLES, 4)) + 1.2 * ONE_HOT + [1, 0, 0, 0]
PROBABILITIES = np.exp(CLASS_LOGITS) / np.exp(CLASS_LOGITS).sum(axis=1, keepdims=True)


@dataclass(frozen=True)
class Mistake:
    """A script with a mistake in it, and the same without.

    Attributes:
        given: the arrays and parameters, as `conformance.compare` takes them.
        script: what somebody wrote; it sees `np`, `y_true`, `y_pred` and `sample_weight`, and sets `value`.
        correct: the script with what is to be written instead.
        axes: the axes on which it differs from what it should do: an answer has to name one of them.
        instead: what an answer has to say, a part of `correct`.
        other: an implementation that has the number of the correct script.
    """

    given: Mapping[str, Any]
    script: str
    correct: str
    axes: tuple[str, ...]
    instead: str
    other: str

    def value(self, script: str | None = None) -> float:
        """Return the number of a script, of the one with the mistake if none is named."""
        names = {
            "np": np,
            **{name: self.given.get(name) for name in ("y_true", "y_pred", "sample_weight")},
        }
        exec(script or self.script, names)
        return float(names["value"])


_BINARY = {"y_true": LABELS, "y_pred": SCORES, "task": "binary"}
_ABOVE = "value = np.mean((y_pred > 0.5) == y_true)"
_ARGMAX = "value = np.mean(y_pred.argmax(axis=-1) == y_true)"

MISTAKES = {
    "scores rounded to one decimal": Mistake(
        _BINARY,
        "value = np.mean((y_pred.round(1) > 0.5) == y_true)",
        _ABOVE,
        ("threshold-precision",),
        "y_pred > 0.5",
        "keras.metrics.BinaryAccuracy",
    ),
    "probabilities rounded to one decimal": Mistake(
        {"y_true": CLASSES, "y_pred": PROBABILITIES, "task": "multiclass"},
        "value = np.mean(y_pred.round(1).argmax(axis=-1) == y_true)",
        _ARGMAX,
        ("ties",),
        "y_pred.argmax(axis=-1)",
        "sklearn.metrics.accuracy_score[argmax]",
    ),
    "rounded half up": Mistake(
        _BINARY,
        "value = np.mean(np.floor(y_pred + 0.5) == y_true)",
        _ABOVE,
        ("decision-rule",),
        "y_pred > 0.5",
        "keras.metrics.BinaryAccuracy",
    ),
    "greater or equal": Mistake(
        _BINARY,
        "value = np.mean((y_pred >= 0.5) == y_true)",
        _ABOVE,
        ("decision-rule",),
        "y_pred > 0.5",
        "keras.metrics.BinaryAccuracy",
    ),
    "macro for micro": Mistake(
        {"y_true": CLASSES, "y_pred": PROBABILITIES.argmax(axis=-1), "task": "multiclass"},
        "value = np.mean([np.mean(y_pred[y_true == label] == label) for label in np.unique(y_true)])",
        "value = np.mean(y_pred == y_true)",
        ("average", "default-parameter"),
        "y_pred == y_true",
        "sklearn.metrics.accuracy_score",
    ),
    "mean of batch values": Mistake(
        {**_BINARY, "batches": SIZE},
        f"""
starts = range(0, len(y_true), {SIZE})
values = [np.mean((y_pred[i : i + {SIZE}] > 0.5) == y_true[i : i + {SIZE}]) for i in starts]
value = np.mean(values)
""",
        _ABOVE,
        ("accumulation",),
        "np.mean((y_pred > 0.5) == y_true)",
        "keras.metrics.BinaryAccuracy",
    ),
    "argmax over a single column": Mistake(
        {**_BINARY, "y_true": LABELS[:, None], "y_pred": SCORES[:, None]},
        "value = np.mean(y_pred.argmax(axis=1) == y_true[:, 0])",
        _ABOVE,
        ("decision-rule",),
        "y_pred > 0.5",
        "torchmetrics.classification.BinaryAccuracy",
    ),
    "logits taken for probabilities": Mistake(
        {**_BINARY, "y_pred": LOGITS},
        _ABOVE,
        "value = np.mean((1 / (1 + np.exp(-y_pred)) > 0.5) == y_true)",
        ("score-transform",),
        "1 / (1 + np.exp(-y_pred))",
        "torchmetrics.classification.BinaryAccuracy",
    ),
    "one-hot vectors compared with integer labels": Mistake(
        {"y_true": CLASSES, "y_pred": PROBABILITIES, "task": "multiclass"},
        "value = np.mean(np.eye(4)[y_pred.argmax(axis=-1)] == y_true[:, None])",
        _ARGMAX,
        ("label-domain",),
        "y_pred.argmax(axis=-1) == y_true",
        "sklearn.metrics.accuracy_score[argmax]",
    ),
    "elements of one-hot vectors compared": Mistake(
        {"y_true": ONE_HOT, "y_pred": PROBABILITIES, "task": "multiclass"},
        "value = np.mean((y_pred > 0.5) == y_true)",
        "value = np.mean(y_pred.argmax(axis=-1) == y_true.argmax(axis=-1))",
        ("unit",),
        "y_pred.argmax(axis=-1) == y_true.argmax(axis=-1)",
        "keras.metrics.CategoricalAccuracy",
    ),
    "threshold in float64": Mistake(
        {**_BINARY, "y_pred": SCORES.astype("float32"), "parameters": {"threshold": 0.3}},
        "value = np.mean((y_pred.astype('float64') > 0.3) == y_true)",
        "value = np.mean((y_pred > np.float32(0.3)) == y_true)",
        ("threshold-precision",),
        "y_pred > np.float32(0.3)",
        "keras.metrics.BinaryAccuracy",
    ),
    "ignored class counted": Mistake(
        {
            "y_true": CLASSES,
            "y_pred": PROBABILITIES,
            "task": "multiclass",
            "parameters": {"ignore_index": 0, "average": "micro"},
        },
        _ARGMAX,
        "value = np.mean((y_pred.argmax(axis=-1) == y_true)[y_true != 0])",
        ("exclusion",),
        "np.mean((y_pred.argmax(axis=-1) == y_true)[y_true != 0])",
        "torchmetrics.classification.MulticlassAccuracy",
    ),
    "weights dropped": Mistake(
        {**_BINARY, "sample_weight": WEIGHTS},
        _ABOVE,
        "value = np.average((y_pred > 0.5) == y_true, weights=sample_weight)",
        ("weights",),
        "np.average((y_pred > 0.5) == y_true, weights=sample_weight)",
        "keras.metrics.BinaryAccuracy",
    ),
    "wrong axis": Mistake(
        {"y_true": CLASSES, "y_pred": CLASS_LOGITS, "task": "multiclass"},
        """
exponents = np.exp(y_pred)
value = np.mean((exponents / exponents.sum(axis=0)).argmax(axis=-1) == y_true)
""",
        """
exponents = np.exp(y_pred)
value = np.mean((exponents / exponents.sum(axis=-1, keepdims=True)).argmax(axis=-1) == y_true)
""",
        ("score-transform",),
        "sum(axis=-1, keepdims=True)",
        "sklearn.metrics.accuracy_score[argmax]",
    ),
}
