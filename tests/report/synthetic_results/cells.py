"""Cells of every kind."""

from __future__ import annotations

from typing import Any


def value(group: str, number: Any, exact: Any = None, dtype: str = "float32", **more: Any) -> dict[str, Any]:
    return {
        "verdict": "as-defined",
        "group": group,
        "outcome": {"kind": "value", "value": number, "dtype": dtype, "warnings": []},
        "predicted": {"kind": "value", "value": number, **({"exact": exact} if exact else {})},
        "rows": [],
        "because": None,
    } | more


def raises(group: str, name: str, message: str, **more: Any) -> dict[str, Any]:
    return {
        "verdict": "as-defined",
        "group": group,
        "outcome": {
            "kind": "raises",
            "type": name,
            "bases": ["Exception"],
            "message": message,
            "warnings": [],
        },
        "predicted": {"kind": "raises", "type": name},
        "rows": [],
    } | more


def not_applicable(reason: str) -> dict[str, Any]:
    return {"verdict": "not-applicable", "outcome": {"kind": "not-applicable", "reason": reason}}


def lost(kind: str, message: str) -> dict[str, Any]:
    return {
        "verdict": kind,
        "outcome": {"kind": kind, "message": message},
        "predicted": {"kind": "value", "value": 1.0, "exact": "1"},
        "explanation": f"The process {kind} while it evaluated this case.",
    }
