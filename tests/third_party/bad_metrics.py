"""Somebody else's package: each metric claims a definition and does something else. Plain NumPy."""

from __future__ import annotations

import os
import time
from typing import Any

import numpy as np
from good_metrics import binary_accuracy, entry
from numpy.typing import NDArray

from conformance.adapters.base import Adapter

#: Its metadata says 1.0.
__version__ = "2.0"

_BINARY = "keras.metrics.BinaryAccuracy"


def at_or_above(y_true: NDArray[Any], y_pred: NDArray[Any], threshold: float = 0.5) -> Any:
    return np.float32(np.mean(y_true == (y_pred >= np.float32(threshold))))


def exact_threshold(y_true: NDArray[Any], y_pred: NDArray[Any], threshold: float = 0.5) -> Any:
    return np.float32(np.mean(y_true == (y_pred > threshold)))


def off_by_a_millionth(y_true: NDArray[Any], y_pred: NDArray[Any]) -> Any:
    return np.float32(binary_accuracy(y_true, y_pred) + 1e-6)


def raises(y_true: NDArray[Any], y_pred: NDArray[Any]) -> Any:
    raise RuntimeError("no kernel image is available")


def changes_its_input(y_true: NDArray[Any], y_pred: NDArray[Any]) -> Any:
    result = binary_accuracy(y_true, y_pred)
    y_pred[...] = y_pred > 0.5
    return result


def kills_its_process(y_true: NDArray[Any], y_pred: NDArray[Any]) -> Any:
    os.kill(os.getpid(), 9)


def sleeps_for_ever(y_true: NDArray[Any], y_pred: NDArray[Any]) -> Any:
    while True:
        time.sleep(3600)


def false_version(y_true: NDArray[Any], y_pred: NDArray[Any]) -> Any:
    return binary_accuracy(y_true, y_pred)


def macro_for_micro(y_true: NDArray[Any], y_pred: NDArray[Any]) -> Any:
    return np.float32(np.mean([np.mean(y_pred[y_true == label] == label) for label in np.unique(y_true)]))


def misnamed(y_true: NDArray[Any], y_pred: NDArray[Any]) -> float:
    return float(binary_accuracy(y_true, y_pred))


ADAPTER = Adapter(
    framework="bad_metrics",
    path=f"{__name__}:ADAPTER",
    distributions={"numpy": "numpy"},
    implementations=(
        entry("bad_metrics.at_or_above", definition=_BINARY, parameters={"threshold": 0.5}),
        entry(
            "bad_metrics.exact_threshold",
            definition=_BINARY,
            parameters={"threshold": 0.5},
            claims_departures=True,
        ),
        entry("bad_metrics.off_by_a_millionth", definition=_BINARY),
        entry("bad_metrics.raises", definition=_BINARY),
        entry("bad_metrics.changes_its_input", definition=_BINARY),
        entry("bad_metrics.kills_its_process", definition=_BINARY),
        entry("bad_metrics.sleeps_for_ever", definition=_BINARY),
        entry(
            "bad_metrics.macro_for_micro",
            definition="torchmetrics.classification.MulticlassAccuracy[average=micro]",
            task="multiclass",
        ),
        entry(
            "bad_metrics.misnamed",
            definition="keras.Model.compile[accuracy]",
            resolved='"CategoricalAccuracy"',
        ),
    ),
)

FALSE_VERSION = Adapter(
    framework="false_version",
    path=f"{__name__}:FALSE_VERSION",
    distributions={"bad-metrics": "bad_metrics"},
    implementations=(entry("bad_metrics.false_version", definition=_BINARY),),
)
