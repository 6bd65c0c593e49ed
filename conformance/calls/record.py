"""What a program recorded, as it travels from a worker. Needs the standard library and NumPy only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from conformance.adapters.derive import dtype
from conformance.calls.outcome import decode_floats


def written(value: Any) -> Any:
    """Return a record without arrays: each is its values and the name of its dtype."""
    if isinstance(value, Mapping):
        return {str(key): written(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [written(item) for item in value]
    if isinstance(value, (np.ndarray, np.generic)):
        found = np.asarray(value)
        # bfloat16 has no Python numbers of its own.
        plain = found.astype("float64") if found.dtype.kind == "V" else found
        return {"values": plain.tolist(), "dtype": found.dtype.name}
    return value


def read(value: Any) -> Any:
    """Inverse of `written`, but that lists stay lists, and NumPy's scalars become arrays without a dimension."""
    if isinstance(value, Mapping):
        if set(value) == {"values", "dtype"}:
            return np.asarray(decode_floats(value["values"])).astype(dtype(value["dtype"]))
        return {key: read(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [read(item) for item in value]
    return value
