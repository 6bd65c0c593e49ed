"""What is special about the samples of a case, so that cases can be searched by it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from conformance.calls.outcome import decode_floats
from conformance.report import rows, words


def contents(inputs: Mapping[str, Any]) -> list[str]:
    """Return the keys of `words.CONTENTS` that hold for the inputs of a case."""
    updates = inputs.get("updates")
    targets, predictions = ([each.get(name) for each in _updates(inputs)] for name in ("y_true", "y_pred"))
    data = targets + predictions
    nan_target, nan_prediction = (_any(math.isnan, each) for each in (targets, predictions))
    is_empty = any(isinstance(each, list) for each in data) and not rows.number(inputs)
    holds = {
        "nan": nan_target or nan_prediction,
        "nan-target": nan_target,
        "nan-prediction": nan_prediction,
        "infinity": _any(math.isinf, data),
        "no-samples": updates == [] or is_empty,
        "empty-arrays": is_empty,
        "no-update": updates == [],
    }
    return [name for name in words.CONTENTS if holds[name]]


def _any(holds: Callable[[float], bool], written: Any) -> bool:
    return any(holds(leaf) for leaf in _leaves(written) if isinstance(leaf, float))


def _updates(inputs: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    updates = inputs.get("updates")
    return updates if isinstance(updates, list) else [inputs]


def _leaves(written: Any) -> Iterator[Any]:
    """Yield the numbers of lists, of what stands for a list, and of special floats as they are written in JSON."""
    found = decode_floats(written)
    if isinstance(found, (list, tuple)):
        for entry in found:
            yield from _leaves(entry)
    elif isinstance(found, Mapping):
        yield from _leaves([found[key] for key in ("repeat", "one_hot") if key in found])
    else:
        yield found
