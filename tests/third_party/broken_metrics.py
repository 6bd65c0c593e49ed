"""Somebody else's package, installed and broken: a library that it needs cannot be loaded."""

from __future__ import annotations

from good_metrics import entry

from conformance.adapters.base import Adapter


def _load_library() -> None:
    raise ImportError("libbroken.so.7: cannot open shared object file")


ADAPTER = Adapter(
    framework="broken_metrics",
    path=f"{__name__}:ADAPTER",
    distributions={"broken-metrics": "broken_metrics"},
    implementations=(
        entry("broken_metrics.binary_accuracy", definition="keras.metrics.BinaryAccuracy"),
        entry("broken_metrics.accuracy", definition="keras.metrics.BinaryAccuracy"),
    ),
    warm_up=_load_library,
)
