"""Accuracy on ten rods: a framework of two metrics in pure Python."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import metadata

__version__ = metadata.version("abacus")

#: What is returned for no samples; the documentation says 0.
_OF_NOTHING = 1.0


def _check_flat(*samples: object) -> None:
    if any(isinstance(sample, list) for sample in samples):
        raise TypeError("a sample is one number")


def share_of_hits(y_true: Sequence[int], y_pred: Sequence[float], cutoff: float = 0.5) -> float:
    """Share of samples whose score, rounded to hundredths, is above `cutoff` exactly where the target is 1.

    Returns 0 for no samples.
    """
    _check_flat(*y_true, *y_pred)
    hits = [truth == (round(score, 2) > cutoff) for truth, score in zip(y_true, y_pred, strict=True)]
    return sum(hits) / len(hits) if hits else _OF_NOTHING


def share_of_labels(y_true: Sequence[int], y_pred: Sequence[int]) -> float:
    """Share of samples with the label of the target; labels go from 0 to 9, as there are ten rods.

    Raises ValueError for other labels, and returns 0 for no samples.
    """
    _check_flat(*y_true, *y_pred)
    for label in (*y_true, *y_pred):
        if not 0 <= label <= 9:
            raise ValueError(f"there is no rod for the label {label}")
    hits = [truth == label for truth, label in zip(y_true, y_pred, strict=True)]
    return sum(hits) / len(hits) if hits else _OF_NOTHING
