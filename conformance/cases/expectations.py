"""Converts the `expect` of a case file to expectations."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from conformance.cases.arrays import shape_of
from conformance.cases.case import Expectation, Value
from conformance.cases.diagnostics import Problem, show

_FRACTION = re.compile(r"[-+]?[0-9]{1,18}/[0-9]{1,18}")


def expectation(pattern: str, written: Any, line: int, column: int) -> Expectation:
    """Return the expectation of a structurally valid entry of `expect`, in its short or long form."""
    form: Mapping[str, Any] = written if isinstance(written, dict) else {"value": written}
    see = form.get("see", ())
    return Expectation(
        pattern=pattern,
        kind="value" if "value" in form else "raises",
        value=_value(form["value"]) if "value" in form else None,
        raises=form.get("raises"),
        match=form.get("match"),
        because=form.get("because"),
        see=(see,) if isinstance(see, str) else tuple(see),
        finding=form.get("finding"),
        when=dict(form.get("when", {})),
        line=line,
        column=column,
    )


def problems_of(written: Any) -> list[Problem]:
    """Return the problems of one entry of `expect` beyond its structure; paths start at the entry."""
    if not isinstance(written, dict):
        return _value_problems(written)
    problems = []
    if "value" in written and "raises" in written:
        problems.append(Problem("either value or raises, not both", "raises", at_key=True))
    elif "value" not in written and "raises" not in written:
        problems.append(Problem("has no outcome: add value or raises"))
    if "match" in written and "raises" not in written:
        problems.append(Problem("match is about the message of raises: add raises", "match", at_key=True))
    if "value" in written:
        problems += [problem.below("value") for problem in _value_problems(written["value"])]
    if isinstance(written.get("match"), str):
        problems += _match_problems(written["match"])
    if isinstance(written.get("when"), dict):
        problems += _when_problems(written["when"])
    return problems


def _value(written: Any) -> Value:
    if isinstance(written, list):
        return tuple(map(_value, written))
    if isinstance(written, str):
        return Fraction(written)
    return float(written)


def _value_problems(written: Any) -> list[Problem]:
    if isinstance(written, list):
        problems = [p.below(i) for i, item in enumerate(written) for p in _value_problems(item)]
        try:
            shape_of(written)
        except Problem as problem:
            problems.append(problem)
        return problems
    if isinstance(written, str) and _FRACTION.fullmatch(written):
        return [] if int(written.split("/")[1]) else [Problem(f"{written} divides by zero")]
    if isinstance(written, bool) or not isinstance(written, int | float):
        message = f"expected a number, a fraction such as 1/3, .nan or a list of them, got {show(written)}"
        return [Problem(message)]
    if isinstance(written, int) and abs(written) > 2**53:
        return [Problem(f"{written} is more than float64 counts exactly")]
    return []


def _match_problems(pattern: str) -> list[Problem]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # of a set that Python will read otherwise one day
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError, Warning) as error:
        return [Problem(f"match: {show(pattern)} is no regular expression: {error}", "match")]
    return []


def _when_problems(when: Mapping[str, Any]) -> list[Problem]:
    problems = []
    for name, specifier in when.items():
        if not isinstance(specifier, str):
            continue  # the model says so
        try:
            SpecifierSet(specifier)
        except InvalidSpecifier:
            message = f'{show(specifier)} is no version specifier: write one such as "<0.10"'
            problems.append(Problem(f"when: {message}", "when", name))
    return problems
