"""Plain scalars of the YAML 1.2 core schema (https://yaml.org/spec/1.2.2/#103-core-schema).

PyYAML resolves YAML 1.1, which reads `1e-9` as text, `010` as eight and `no` as false.
"""

from __future__ import annotations

import math
import re

Scalar = str | int | float | bool | None

_NAMED: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **{sign + name: math.inf for sign in ("", "+") for name in (".inf", ".Inf", ".INF")},
    **{"-" + name: -math.inf for name in (".inf", ".Inf", ".INF")},
}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_OTHER_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NUMBER_START = frozenset("+-.0123456789")

#: More digits than any integer that a framework accepts; Python itself limits them to 4,300.
_LONGEST_INTEGER = 300


class NumberError(ValueError):
    """A number that cannot be represented exactly."""


def resolve(text: str) -> Scalar:
    """Return the value of a plain (unquoted) scalar.

    Raises:
        NumberError: a number that overflows float64, underflows to zero, or has absurdly many digits.
    """
    if text in _NAMED:
        return _NAMED[text]
    if text[0] not in _NUMBER_START:
        return text
    if _INTEGER.fullmatch(text):
        return _integer(text, base=10)
    if _FLOAT.fullmatch(text):
        return _float(text)
    if _OTHER_BASE.fullmatch(text):
        return _integer(text, base=0)
    return text


def _integer(digits: str, base: int) -> int:
    if len(digits) > _LONGEST_INTEGER:
        raise NumberError(f"the integer overflows: it has {len(digits)} digits")
    return int(digits, base)


def _float(text: str) -> float:
    value = float(text)
    shown = text if len(text) <= 40 else text[:40] + "..."
    if math.isinf(value):
        raise NumberError(f"{shown} overflows float64: write .inf or -.inf if infinity is meant")
    if value == 0 and re.search("[1-9]", re.split("[eE]", text)[0]):
        raise NumberError(f"{shown} underflows float64 to zero: write 0.0 if zero is meant")
    return value
