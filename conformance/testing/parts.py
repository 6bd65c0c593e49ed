"""Some of the samples of an input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from conformance.adapters.base import PARAMETERS, Call, Update
from conformance.oracle.numbers import Array
from conformance.testing.metric import Data


def data_of(call: Call) -> list[Data]:
    """Return the updates of a call as a metric is given them."""
    return [(update.y_true, update.y_pred, update.sample_weight) for update in call.updates]


def taken(data: Data, where: Array) -> Data:
    """Return some samples of an update, of the types in which all are given; a single weight is for all."""
    y_true, y_pred, weight = data
    return (
        _samples(y_true, where),
        _samples(y_pred, where),
        None if weight is None else _samples(weight, where),
    )


def _samples(values: Any, where: Array) -> Any:
    if not np.ndim(values):
        return values
    if isinstance(values, (list, tuple)):
        return type(values)(values[index] for index in where.tolist())
    return values.iloc[where] if hasattr(values, "iloc") else values[where]


def part_of(call: Call | None, where: Array, implied: Mapping[str, Any]) -> Call | None:
    """Return the call on some samples of its only update, with the parameters that all samples imply."""
    if call is None:
        return None
    (update,) = (Update(*taken(data, where)) for data in data_of(call))
    named = {name: value for name, value in implied.items() if name in PARAMETERS}
    return replace(call, updates=(update,), parameters={**call.parameters, **named}, batches=None, sources=())


def number_of_samples(updates: Sequence[Data], call: Call | None) -> int:
    """Return how many samples of an input can be left out one by one; 0 if none can."""
    if call is None or len(call.updates) != 1:
        return 0
    arrays = [array for array in data_of(call)[0] if array is not None]
    lengths = {len(array) if array.ndim else 0 for array in arrays[:2]}
    lengths |= {len(array) for array in arrays[2:] if array.ndim}
    try:
        taken(updates[0], np.arange(max(lengths)))
    except (IndexError, KeyError, TypeError, ValueError):
        return 0  # of a type that takes no indices
    return lengths.pop() if len(lengths) == 1 else 0
