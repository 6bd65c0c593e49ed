"""What came back from calling an implementation on a case."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal

Kind = Literal["value", "raises", "crashed", "timed-out", "not-applicable"]

#: A float, or nested lists of floats for an implementation that returns a vector.
Value = Any


@dataclass(frozen=True)
class Outcome:
    """One outcome; which fields are set depends on `kind`.

    Attributes:
        kind: `value`, `raises`, `crashed`, `timed-out` or `not-applicable`.
        value: for `value`: a Python float, or nested lists of floats (shape as returned); None where only
            `resolved` is asked.
        dtype: for `value`: dtype name of the result as the framework returned it, e.g. `float32`; None likewise.
        type: for `raises`: bare class name of the exception.
        bases: for `raises`: bare class names of its base classes, so that `ValueError` matches a subclass.
        message: for `raises`, `crashed`, `timed-out`: text without paths and addresses, at most 500 characters.
        reason: for `not-applicable`: why the implementation cannot be asked.
        warnings: `Category: message` of each Python warning raised by the call.
        changed_inputs: names of inputs that the call modified in place.
        resolved: for a name given to compile(): the bare name of the class or function it became there.
    """

    kind: Kind
    value: Value = None
    dtype: str | None = None
    type: str | None = None
    bases: tuple[str, ...] = ()
    message: str | None = None
    reason: str | None = None
    warnings: tuple[str, ...] = ()
    changed_inputs: tuple[str, ...] = ()
    resolved: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the `outcome` object of the results document (strict JSON; special floats encoded)."""
        document: dict[str, Any] = {"kind": self.kind}
        if self.kind == "value":
            document |= {"value": encode(self.value), "dtype": self.dtype}
        for name in ("type", "message", "reason", "resolved"):
            if getattr(self, name) is not None:
                document[name] = getattr(self, name)
        if self.bases:
            document["bases"] = list(self.bases)
        if self.kind in ("value", "raises"):
            document["warnings"] = list(self.warnings)
        if self.changed_inputs:
            document["changed_inputs"] = list(self.changed_inputs)
        return document

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Outcome:
        """Inverse of `to_json`; unknown keys are ignored."""
        fields: dict[str, Any] = {"value": decode_floats(document.get("value"))}
        for name in ("bases", "warnings", "changed_inputs"):
            fields[name] = tuple(map(_shared, document.get(name, ())))
        for name in ("dtype", "type", "message", "reason", "resolved"):
            fields[name] = _shared(document.get(name))
        return cls(document["kind"], **fields)


def _shared(text: str | None) -> str | None:
    """Return a text which is kept once: thousands of outcomes have the same."""
    return None if text is None else sys.intern(text)


def encode(value: Any) -> Any:
    """Return a value, or whatever an adapter says of itself, as strict JSON.

    NaN, infinities and -0.0 become `{"float": "nan"}` and the like, scalars and arrays of NumPy numbers and lists,
    members of an Enum their values, sets sorted lists, and what JSON has no word for its text.
    """
    if isinstance(value, Enum):
        return encode(value.value)
    if isinstance(value, float):
        plain = math.isfinite(value) and (value != 0 or math.copysign(1, value) > 0)
        return value if plain else {"float": str(float(value))}
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(map(encode, value), key=repr)
    if isinstance(value, (list, tuple)):
        return list(map(encode, value))
    if hasattr(value, "tolist"):
        return encode(value.tolist())
    return value if isinstance(value, (int, str, type(None))) else str(value)


def decode_floats(value: Any) -> Any:
    """Inverse of `encode` for nested lists and mappings of numbers."""
    if isinstance(value, Mapping):
        if set(value) == {"float"}:
            return float(value["float"])
        return {key: decode_floats(item) for key, item in value.items()}
    if isinstance(value, list):
        return [decode_floats(item) for item in value]
    return value
