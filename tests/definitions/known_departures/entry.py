"""One departure where it holds: what is claimed on some inputs, and what is predicted."""

from __future__ import annotations

from typing import Any, NamedTuple


class Known(NamedTuple):
    finding: str
    definition: str
    task: str
    claimed: Any
    predicted: Any
    inputs: dict[str, Any]


def known(finding: str, definition: str, task: str, claimed: Any, predicted: Any, **inputs: Any) -> Known:
    return Known(finding, definition, task, claimed, predicted, inputs)
