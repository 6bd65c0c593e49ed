"""The resolutions of compile() strings, as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.report import values
from conformance.report.document import origin


def identity(entry: Mapping[str, Any]) -> tuple[str, str]:
    """Return `loss hinge, y_true (N,), y_pred (N, 3)`, and framework and string: `framework: accuracy`."""
    shapes = ", ".join(f"{name} {values.shape(entry.get(name))}" for name in ("y_true", "y_pred"))
    place = origin(str(entry.get("framework") or ""), str(entry.get("environment") or ""))
    return f"loss {entry.get('loss') or ''}, {shapes}", f"{place}: {entry.get('string') or ''}"


def outcome(entry: Mapping[str, Any]) -> str:
    """Return the result: `became BinaryAccuracy`, or `raised ValueError`."""
    if entry.get("resolved"):
        return f"became {entry['resolved']}"
    return f"raised {entry['raises']}" if entry.get("raises") else "has no result"
