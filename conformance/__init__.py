"""Cross-framework conformance suite for "accuracy": agreement, divergence, and the reason for each."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conformance.ask.compare import compare as compare
    from conformance.ask.explain import explain as explain
    from conformance.ask.lookup import lookup as lookup

__all__ = ["compare", "explain", "lookup"]


def __getattr__(name: str) -> Any:
    """Import what `__all__` names when it is used: the package itself costs next to nothing."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"conformance.ask.{name}"), name)
