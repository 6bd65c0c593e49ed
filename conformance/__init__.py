"""Cross-framework conformance suite for "accuracy": agreement, divergence, and the reason for each."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conformance.ask.compare import compare as compare
    from conformance.ask.explain import explain as explain
    from conformance.ask.lookup import lookup as lookup
    from conformance.testing.checks import parametrize_with_cases as parametrize_with_cases
    from conformance.testing.same import assert_same_metric as assert_same_metric

__all__ = ["assert_same_metric", "compare", "explain", "lookup", "parametrize_with_cases"]

#: Name -> the module that has it.
_MODULES = {
    "assert_same_metric": "testing.same",
    "compare": "ask.compare",
    "explain": "ask.explain",
    "lookup": "ask.lookup",
    "parametrize_with_cases": "testing.checks",
}


def __getattr__(name: str) -> Any:
    """Import what `__all__` names when it is used: the package itself costs next to nothing."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"conformance.{_MODULES[name]}"), name)
