"""Somebody else's package: recipes that are wrong, which shows only when they run."""

from __future__ import annotations

from typing import Any

from conformance.adapters.base import Adapter, Call, Implementation, Recipe


def _entry(name: str, result: str, update: str = "", **more: Any) -> Implementation:
    return Implementation(
        f"wrong_recipes.{name}",
        "accuracy",
        frozenset({"binary"}),
        Recipe(("import math",), result, update=update),
        **more,
    )


def _fails(call: Call) -> Any:
    raise ValueError("no such task")


ADAPTER = Adapter(
    framework="wrong_recipes",
    path=f"{__name__}:ADAPTER",
    distributions={"numpy": "numpy"},
    implementations=(
        _entry("unbound", "value", "if math.pi < 3:\n    value = 1.0"),
        _entry("key", 'logs["accuracy"]', "logs = {}"),
        _entry("index", "values[1:][5]", "values = [0.0]"),
        _entry("in_a_function", "first([])", "def first(values):\n    return values[0]"),
        _entry("derived", "math.pow({y_true}, {threshold})", derived={"threshold": _fails}),
        _entry("called", "math.sqrt(-1.0)"),
        _entry("returned", "logs", "logs = {}"),
    ),
)
