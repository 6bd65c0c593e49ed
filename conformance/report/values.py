"""Numbers, vectors, outcomes and predictions as short text."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from conformance.calls.outcome import decode_floats
from conformance.calls.text import all_visible as all_visible
from conformance.calls.text import one_line as one_line
from conformance.calls.text import visible as visible

#: Enough significant digits to distinguish any two float64.
MOST_DIGITS = 17
FEWEST_DIGITS = 4

#: Of longer vectors the first entries are shown, at every level.
MOST_ENTRIES = 100

#: Exact values in more characters are rounded.
MOST_CHARACTERS = 40

_PACKED = {"float16": "e", "float32": "f"}


def number(value: Any, digits: int = FEWEST_DIGITS) -> str:
    """Return a number with at most `digits` significant digits: `0.5`, `0.3333`, `1.0`, `NaN`, `-inf`."""
    if not isinstance(value, float):
        return str(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    text = f"{value:.{digits}g}"
    return f"{text}.0" if text.lstrip("-").isdigit() else text


def exact_number(value: Any, dtype: str | None = None) -> str:
    """Return the shortest decimal text that reads back as `value` in `dtype` (`0.33333334` in float32)."""
    if not isinstance(value, float) or not math.isfinite(value):
        return number(value)
    code = _PACKED.get(dtype or "")
    for digits in range(1, MOST_DIGITS + 1):
        text = f"{value:.{digits}g}"
        if float(text) == value or (code and _same_bits(float(text), value, code)):
            return number(float(text), digits)
    return repr(value)


def _same_bits(left: float, right: float, code: str) -> bool:
    try:
        return struct.pack(code, left) == struct.pack(code, right)
    except OverflowError:
        return False


def vector(value: Any, digits: int = FEWEST_DIGITS, most: int = 3) -> str:
    """Return a number, or nested lists of numbers with at most `most` entries per level: `[1.0, 0.0, …]`."""
    value = decode_floats(value)
    if isinstance(value, (list, tuple)):
        entries = [vector(entry, digits, most) for entry in value[:most]]
        return f"[{', '.join([*entries, '…'] if len(value) > most else entries)}]"
    return number(value, digits)


def full(value: Any, dtype: str | None = None, most: int = MOST_ENTRIES) -> str:
    """Return a value with every digit it has in `dtype`; vectors are truncated to `most` entries per level."""
    value = decode_floats(value)
    if isinstance(value, (list, tuple)):
        return _listed([full(entry, dtype, most) for entry in value[:most]], len(value))
    return exact_number(value, dtype)


def _listed(entries: Sequence[str], number: int) -> str:
    more = [f"… {number - len(entries)} more"] if number > len(entries) else []
    return f"[{', '.join([*entries, *more])}]"


def brief(outcome: Mapping[str, Any], digits: int = FEWEST_DIGITS) -> str:
    """Return what fits into a cell: a number, an abbreviated vector, an exception's class, or the kind."""
    kind = outcome.get("kind")
    if kind == "value":
        return vector(outcome.get("value"), digits)
    return str(outcome.get("type") or "exception") if kind == "raises" else str(kind).replace("-", " ")


def whole(outcome: Mapping[str, Any], most: int = MOST_ENTRIES) -> str:
    """Return all digits of a value, or the class of an exception without its message."""
    if outcome.get("kind") == "value":
        return full(outcome.get("value"), outcome.get("dtype"), most)
    return brief(outcome)


def shape(value: Any) -> str:
    """Return `(N, 3)` for `[null, 3]`, the shape of a model's output or target."""
    if not isinstance(value, (list, tuple)):
        return str(value or "")
    entries = ["N" if size is None else str(size) for size in value]
    return f"({', '.join(entries)}{',' if len(entries) == 1 else ''})"


def prediction(predicted: Mapping[str, Any] | None, most: int = MOST_ENTRIES) -> str:
    """Return a prediction in words: `1/3`, `NaN`, `raises ValueError`, `0.5 or NaN`, `any outcome`."""
    if not predicted:
        return ""
    kind = predicted.get("kind")
    if kind == "raises":
        return f"raises {predicted.get('type') or 'an exception'}"
    if kind == "unspecified":
        return "any outcome"
    if kind == "not-evaluated":
        return "nothing"
    if kind == "one-of":
        return " or ".join(prediction(option, most) for option in predicted.get("options") or ())
    exact = predicted.get("exact")
    if exact is not None:
        return _fractions(exact, most)
    return full(predicted["value"], most=most) if "value" in predicted else str(kind)


def reason(predicted: Mapping[str, Any] | None) -> str:
    """Return why an exception is predicted, with the code of the reason: `there are no samples (no-samples)`."""
    predicted = predicted or {}
    if predicted.get("kind") == "one-of":
        return " or ".join(filter(None, map(reason, predicted.get("options") or ())))
    why, code = (predicted.get(key) or "" for key in ("why", "reason"))
    return f"{why} ({code})" if why and code else str(why or code)


def is_open(predicted: Mapping[str, Any] | None) -> bool:
    """Whether a definition leaves open what comes back."""
    if not predicted:
        return False
    return predicted.get("kind") in ("one-of", "unspecified") or predicted.get("value", 0) is None


def expected(predicted: Mapping[str, Any] | None) -> str:
    """Return what is predicted as short as an outcome: the type of an exception, `1/3`, or a rounded number."""
    predicted = predicted or {}
    if is_open(predicted):
        return prediction(predicted)
    if predicted.get("kind") == "raises":
        return str(predicted.get("type") or "exception")
    exact = predicted.get("exact")
    if exact is None or len(str(exact)) > MOST_CHARACTERS:
        return vector(predicted.get("value"), most=4)
    return _fractions(exact)


def _fractions(exact: Any, most: int = MOST_ENTRIES) -> str:
    if isinstance(exact, (list, tuple)):
        return _listed([_fractions(entry, most) for entry in exact[:most]], len(exact))
    text = str(exact)
    if len(text) > MOST_CHARACTERS and re.fullmatch(r"-?\d+/\d+", text):
        return f"about {float(Fraction(text))}"
    return {"nan": "NaN"}.get(text, text)


def distinguishing_digits(outcomes: Sequence[Mapping[str, Any]]) -> int:
    """Return the fewest digits that distinguish these outcomes as far as any do.

    Two groups that differ by 1e-6 must not both be shown as `0.75`.
    """
    most = len({brief(outcome, MOST_DIGITS) for outcome in outcomes})
    choices = range(FEWEST_DIGITS, MOST_DIGITS + 1)
    return next(digits for digits in choices if len({brief(outcome, digits) for outcome in outcomes}) == most)
