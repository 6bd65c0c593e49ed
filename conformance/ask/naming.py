"""Parameters under the names that implementations have for them: `top_k` of a case is `k` in some."""

from __future__ import annotations

import re

from conformance.adapters.base import Implementation


def in_own_names(text: str, implementation: Implementation) -> str:
    """Return text on an implementation with its own names of parameters."""
    for name, own in implementation.parameters.items():
        if name != own:
            # A word such as threshold is a parameter only where it is given a value.
            given = r"\b" if "_" in name else "(?==)"
            text = re.sub(rf"(?<![\w.]){re.escape(name)}{given}", own, text)
    return text
