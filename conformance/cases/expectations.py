"""Converts the `expect` of a case file to expectations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from conformance.cases.case import Expectation, Value
from conformance.cases.diagnostics import Problem, show
from conformance.cases.notations import shape_of

_FRACTION = re.compile(r"[-+]?[0-9]{1,18}/[0-9]{1,18}")


def expectation(pattern: str, written: Any, line: int, column: int) -> Expectation:
    """Return the expectation of a valid entry of `expect`, in its short or long form."""
    form: Mapping[str, Any] = written if isinstance(written, dict) else {"value": written}
    value = value_of(form["value"]) if "value" in form else None
    return Expectation(pattern, **{**form, "value": value, "see": links(form)}, line=line, column=column)


def links(written: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what `see` holds, a link or a list of them."""
    see = written.get("see", ())
    return (see,) if isinstance(see, str) else tuple(see)


def value_of(written: Any) -> Value:
    """Return the value that is pinned.

    Raises:
        Problem: neither a number nor a fraction nor lists of them; ragged lists; a number that float64 cannot hold.
    """
    if isinstance(written, list):
        values = []
        for index, item in enumerate(written):
            try:
                values.append(value_of(item))
            except Problem as problem:
                raise problem.below(index) from None
        shape_of(written)
        return tuple(values)
    if isinstance(written, str) and _FRACTION.fullmatch(written):
        if not int(written.split("/")[1]):
            raise Problem(f"{written} divides by zero")
        return Fraction(written)
    if isinstance(written, bool) or not isinstance(written, int | float):
        raise Problem(
            f"expected a number, a fraction such as 1/3, .nan or a list of them, got {show(written)}"
        )
    if isinstance(written, int) and abs(written) > 2**53:
        raise Problem(f"{written} is more than float64 counts exactly")
    return float(written)
