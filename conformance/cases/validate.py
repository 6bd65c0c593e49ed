"""Validates a document: its structure by the model, the rest by the modules that know more."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path as File
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from conformance.calls.text import did_you_mean
from conformance.cases import calls, expectations
from conformance.cases.diagnostics import Path, Problem, show
from conformance.cases.match import is_glob, matches
from conformance.cases.model import PATTERNS, CaseDocument, Dtypes, Expected, FileDocument, Shapes, Update
from conformance.cases.nodes import Node
from conformance.cases.scalars import NumberError, resolve

_EXPECTED = {
    "string_type": "text",
    "int_type": "an integer",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
}
_DOCUMENTS: dict[str, type[BaseModel]] = {
    "updates": Update,
    "dtype": Dtypes,
    "shape": Shapes,
    "expect": Expected,
}


def document_problems(root: Node, known: frozenset[str], folder: File | None) -> list[Problem]:
    """Return all problems of a file's document, without entries that could not be read.

    Args:
        root: the document's tree.
        known: ids of all known implementations.
        folder: where the file is, for data in files of their own; None for a text that no file holds.
    """
    if not isinstance(root.value, dict):
        return [Problem(f"expected a mapping with format, theme and cases, got {show(root.value)}")]
    version = root.value.get("format", 1)
    if type(version) is not int or version != 1:
        return [Problem(f"format {show(version)} is not known here: write format: 1", "format")]
    problems = _structure(root)
    invalid: dict[Path, set[str | int]] = {}
    for problem in problems:
        if problem.path[2:]:
            invalid.setdefault(problem.path[:2], set()).add(problem.path[2])
    if isinstance(root.value.get("cases"), list):
        for index, case in enumerate(root.entries["cases"][1].items):
            if isinstance(case.value, dict):
                place = ("cases", index)
                found = _case_problems(case, invalid.get(place, frozenset()), known, folder)
                problems += [problem.below(*place) for problem in found]
    return problems


def _structure(root: Node) -> list[Problem]:
    try:
        FileDocument.model_validate(root.value)
    except ValidationError as error:
        found = [_in_words(detail) for detail in error.errors(include_url=False)]
        return [problem for problem in found if not _is_broken(root, problem.path)]
    return []


def _is_broken(root: Node, path: Path) -> bool:
    """Whether a seemingly missing entry exists but could not be read, which is reported already."""
    node = root
    for part in path:
        if isinstance(part, str) and part in node.entries:
            node = node.entries[part][1]
        elif isinstance(part, int) and part < len(node.items):
            node = node.items[part]
        if node.broken:
            return True
    return False


def _in_words(error: ErrorDetails) -> Problem:
    path: Path = error["loc"]
    name = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
    kind, value = error["type"], error["input"]
    context: Mapping[str, Any] = error.get("ctx", {})
    if path and path[-1] == "[key]":
        return Problem("an empty key: write a pattern or a name", *path[:-1], at_key=True)
    if kind == "missing":
        return Problem(f"missing key {name!r}", *path)
    if kind == "extra_forbidden":
        fields = _document_at(path[:-1]).model_fields
        return Problem(f"unknown key {show(name)}{did_you_mean(name, fields)}", *path, at_key=True)
    if value is None:
        return Problem(f"{name}: nothing is written here: give a value or remove the key", *path)
    return Problem(f"{name}: {_message(kind, value, context)}", *path)


def _message(kind: str, value: Any, context: Mapping[str, Any]) -> str:
    if kind == "literal_error":
        allowed = re.findall(r"'([^']*)'", context["expected"])
        return f"expected one of {', '.join(allowed)}, got {show(value)}{did_you_mean(value, allowed)}"
    if kind == "string_pattern_mismatch":
        return f"{show(value)} is not {PATTERNS[context['pattern']]}"
    if kind in ("string_too_short", "too_short"):
        return "is empty: write something or remove the key"
    if kind == "greater_than_equal":
        return f"must be {context['ge']} or more, got {value}"
    if kind not in _EXPECTED:
        raise AssertionError(f"the model gained a check that has no words yet: {kind}")
    return f"expected {_EXPECTED[kind]}, got {show(value)}{_quoting(kind, value)}"


def _quoting(kind: str, value: Any) -> str:
    if kind == "string_type" and not isinstance(value, list | dict):
        return ": quote it if it is text"
    if kind in ("int_type", "float_type", "bool_type") and isinstance(value, str):
        try:
            if isinstance(resolve(value), int | float):
                return ": remove the quotes"
        except NumberError:
            pass
    return ""


def _document_at(path: Path) -> type[BaseModel]:
    if len(path) < 2:
        return FileDocument
    return CaseDocument if len(path) == 2 else _DOCUMENTS[str(path[2])]


def _case_problems(
    case: Node, invalid: Collection[str | int], known: frozenset[str], folder: File | None
) -> list[Problem]:
    """Return what the model cannot express about a case; keys that are `invalid` to it are skipped."""
    sound = {key: value for key, value in case.value.items() if key not in invalid}
    problems = _presence_problems(case.entries.keys())
    problems += _shape_problems(case)
    found = calls.problems_of(_checkable(case, sound), folder)
    problems += [problem for problem in found if not _is_broken(case, problem.path)]
    if isinstance(patterns := case.value.get("implementations"), list):
        problems += _implementation_problems(patterns, known)
    if isinstance(expect := case.value.get("expect"), dict):
        problems += _expect_problems(expect, known)
    if isinstance(labels := case.value.get("labels"), list):
        problems += _label_problems(labels)
    return problems


def _presence_problems(keys: Collection[str]) -> list[Problem]:
    if "updates" not in keys:
        missing = [key for key in ("y_true", "y_pred") if key not in keys]
        return [Problem(f"missing key {key!r}", key) for key in missing]
    clashing = [key for key in (*calls.DATA, "batches") if key in keys]
    return [Problem(f"{key} and updates exclude each other: keep one", key, at_key=True) for key in clashing]


def _shape_problems(case: Node) -> list[Problem]:
    """Return the shapes of data that the case does not have."""
    shapes = case.entries["shape"][1].entries if "shape" in case.entries else {}
    updates = case.entries["updates"][1].items if "updates" in case.entries else ()
    named = {*case.entries, *(name for update in updates for name in update.entries)}
    return [
        Problem(f"the case has no {name} that could have a shape", "shape", name, at_key=True)
        for name in calls.DATA
        if name in shapes and name not in named
    ]


def _checkable(case: Node, sound: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inputs that can be checked; batches only where all that they depend on is sound."""
    inputs = {key: value for key, value in sound.items() if key in calls.INPUTS}
    unsound = case.entries.keys() - sound.keys()
    if unsound & {*calls.DATA, "shape"}:
        inputs.pop("batches", None)
    return inputs


def _implementation_problems(patterns: list[Any], known: frozenset[str]) -> list[Problem]:
    return [
        Problem(message, "implementations", index)
        for index, pattern in enumerate(patterns)
        if isinstance(pattern, str) and (message := _pattern_problem(pattern, known))
    ]


def _expect_problems(expect: Mapping[str, Any], known: frozenset[str]) -> list[Problem]:
    problems = []
    for pattern, written in expect.items():
        if message := _pattern_problem(pattern, known):
            problems.append(Problem(message, "expect", pattern, at_key=True))
        problems += [problem.below("expect", pattern) for problem in expectations.problems_of(written)]
    return problems


@lru_cache(maxsize=4096)
def _pattern_problem(pattern: str, known: frozenset[str]) -> str | None:
    if not pattern or any(matches(pattern, implementation_id) for implementation_id in known):
        return None  # the model says what is wrong with an empty one
    if not is_glob(pattern):
        return f"{show(pattern)} is no known implementation{did_you_mean(pattern, sorted(known))}"
    where = "" if "@" in pattern else " of the default environment"
    return f"{show(pattern)} matches no known implementation{where}"


def _label_problems(labels: list[Any]) -> list[Problem]:
    wrong = [(index, label) for index, label in enumerate(labels) if not isinstance(label, str | int | float)]
    return [
        Problem(f"labels: expected a number, text or true or false, got {show(label)}", "labels", index)
        for index, label in wrong
    ]
