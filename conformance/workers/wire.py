"""Calls and outcomes as lines of JSON between the run and its workers. Standard library and NumPy only."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.adapters.base import Call, Implementation, Update


def request(implementation: Implementation, call: Call, *, again: bool = False) -> str:
    """Return the line that asks a worker for an outcome.

    Args:
        implementation: what to call.
        call: the case, as data.
        again: whether the previous request had the same call, which the worker still has.
    """
    return json.dumps({"implementation": implementation.id, "call": None if again else encode_call(call)})


def encode_call(call: Call) -> dict[str, Any]:
    """Return a call as JSON; arrays keep their dtype, their shape and every bit."""
    return {
        "task": call.task,
        "updates": [
            [_encode_array(item) for item in (update.y_true, update.y_pred, update.sample_weight)]
            for update in call.updates
        ],
        "parameters": dict(call.parameters),
        "batches": call.batches,
        "loss": call.loss,
        "metric_dtype": call.metric_dtype,
        "usage": call.usage,
    }


def decode_call(document: Mapping[str, Any]) -> Call:
    """Inverse of `encode_call`; the arrays are writable."""
    updates = []
    for y_true, y_pred, sample_weight in document["updates"]:
        weight = None if sample_weight is None else _decode_array(sample_weight)
        updates.append(Update(_decode_array(y_true), _decode_array(y_pred), weight))
    batches = document["batches"]
    return Call(
        task=document["task"],
        updates=tuple(updates),
        parameters=document["parameters"],
        batches=None if batches is None else tuple(batches),
        loss=document["loss"],
        metric_dtype=document["metric_dtype"],
        usage=document["usage"],
    )


def _encode_array(array: NDArray[Any] | None) -> dict[str, Any] | None:
    if array is None:
        return None
    # NumPy spells the dtypes of ml_dtypes "<V2"; their names say which one.
    dtype = array.dtype.name if array.dtype.isbuiltin == 2 else array.dtype.str
    return {"dtype": dtype, "shape": array.shape, "data": base64.b64encode(array.tobytes()).decode("ascii")}


def _decode_array(document: Mapping[str, Any]) -> NDArray[Any]:
    name = document["dtype"]
    if not name.startswith(("<", ">", "|", "=")):
        import ml_dtypes  # noqa: F401 - registers its names with NumPy
    data = bytearray(base64.b64decode(document["data"]))
    return np.ndarray(tuple(document["shape"]), dtype=np.dtype(name), buffer=data)
