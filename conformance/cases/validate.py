"""Validates a document: its structure by the JSON Schema, the rest by the modules that know more."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import lru_cache, partial
from pathlib import Path as File
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from conformance.adapters.match import is_glob, matches
from conformance.calls.text import did_you_mean
from conformance.cases import calls, runs
from conformance.cases.diagnostics import Problem, show
from conformance.cases.expectations import value_of
from conformance.cases.nodes import Node
from conformance.cases.scalars import NumberError, resolve

#: The JSON Schema of case files, which editors read as well.
SCHEMA = File(__file__).with_name("case.schema.json")

_TYPES = {
    "string": "text",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
}


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a case file."""
    found: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return found


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
    problems = [p for error in _validator(known).iter_errors(root.value) for p in _in_words(error)]
    invalid = {problem.path[:3] for problem in problems}
    for index, case in enumerate(root.entries["cases"][1].items if "cases" in root.entries else ()):
        place = ("cases", index)
        if isinstance(case.value, dict):
            sound = {key: value for key, value in case.value.items() if (*place, key) not in invalid}
            problems += [problem.below(*place) for problem in _case_problems(case, sound, folder)]
    for index, run in enumerate(root.entries["runs"][1].items if "runs" in root.entries else ()):
        place = ("runs", index)
        # What a run is made of depends on all of it.
        if isinstance(run.value, dict) and not any(path[:2] == place for path in invalid):
            problems += [problem.below(*place) for problem in runs.parts(run.value, folder)[1]]
    return [problem for problem in problems if not root.is_broken(problem.path)]


@lru_cache(maxsize=1)
def _validator(known: frozenset[str]) -> Any:
    checks: dict[str, Callable[[str], str | None]] = {
        "implementation": partial(_pattern_problem, known=known),
        "regex": _regex_problem,
        "specifier": _specifier_problem,
    }

    def check_format(_: Any, name: str, value: Any, __: Any) -> Iterator[ValidationError]:
        if isinstance(value, str) and (message := checks[name](value)):
            yield ValidationError(message)

    # 1.0 is no integer here.
    types = Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _, value: type(value) is int)
    document = schema()
    # `arrays` and `expectations` know the position of each element.
    definitions = document.pop("$defs") | {"Array": {}, "Value": {}}
    written_out = _written_out(document, definitions)
    kind = extend(Draft202012Validator, {"format": check_format}, type_checker=types)  # type: ignore[no-untyped-call]
    return kind(written_out)


def _written_out(part: Any, definitions: Mapping[str, Any]) -> Any:
    """Return a schema without references, which take most of the time of a validation."""
    if isinstance(part, list):
        return [_written_out(item, definitions) for item in part]
    if not isinstance(part, dict):
        return part
    meant = definitions[part["$ref"].removeprefix("#/$defs/")] if "$ref" in part else {}
    merged = {**meant, **{key: value for key, value in part.items() if key != "$ref"}}
    return {key: _written_out(value, definitions) for key, value in merged.items()}


# Typeshed has every attribute of an error as possibly unset, hence Any.
def _in_words(error: Any) -> Iterator[Problem]:
    path = tuple(error.absolute_path)
    name = next((part for part in reversed(path) if isinstance(part, str)), "")
    rule, expected, value = error.validator, error.validator_value, error.instance
    if rule == "required":
        yield from (Problem(f"missing key {key!r}", *path, key) for key in expected if key not in value)
    elif rule == "additionalProperties":
        known = error.schema["properties"]
        for key in value.keys() - known.keys():
            yield Problem(f"unknown key {show(key)}{did_you_mean(key, known)}", *path, key, at_key=True)
    elif "propertyNames" in error.schema_path:
        message = error.message if value else "an empty key: write a pattern or a name"
        message = _message(error, value) if rule == "pattern" else message
        yield Problem(message, *path, value, at_key=True)
    elif value is None and rule != "not":
        yield Problem(f"{name}: nothing is written here: give a value or remove the key", *path)
    elif rule == "not":
        yield Problem(f"{name} {error.schema['errorMessage']}", *path, at_key=True)
    elif rule == "anyOf":
        yield Problem(error.schema["errorMessage"], *path)
    elif rule == "format":
        yield Problem(error.message, *path)
    else:
        yield Problem(f"{name}: {_message(error, value)}", *path)


def _message(error: Any, value: Any) -> str:
    expected = error.validator_value
    match error.validator:
        case "enum":
            return f"expected one of {', '.join(expected)}, got {show(value)}{did_you_mean(value, expected)}"
        case "pattern":
            return f"{show(value)} is not {error.schema['patternErrorMessage']}"
        case "minLength" | "minItems" | "minProperties":
            if expected > 1:
                return f"needs at least {expected} entries, got {len(value)}"
            return "is empty: write something or remove the key"
        case "minimum":
            return f"must be {expected} or more, got {value}"
    kinds = [expected] if isinstance(expected, str) else expected
    *others, last = [_TYPES[kind] for kind in kinds if kind in _TYPES]
    named = f"{', '.join(others)} or {last}" if others else last
    return f"expected {named}, got {show(value)}{_quoting(kinds, value)}"


def _quoting(kinds: Collection[str], value: Any) -> str:
    if "string" in kinds and not isinstance(value, list | dict):
        return ": quote it if it is text"
    if isinstance(value, str):
        try:
            if isinstance(resolve(value), int | float):
                return ": remove the quotes"
        except NumberError:
            pass
    return ""


def _case_problems(case: Node, sound: Mapping[str, Any], folder: File | None) -> Iterator[Problem]:
    """Yield what the schema cannot express about a case, of which the entries `sound` satisfy it."""
    inputs = {key: value for key, value in sound.items() if key in calls.INPUTS}
    if (case.entries.keys() - sound.keys()) & {*calls.DATA, "shape"}:
        inputs.pop("batches", None)  # they depend on what is not sound
    yield from calls.checked(inputs, folder)[1]
    yield from _shape_problems(case)
    for pattern, written in sound.get("expect", {}).items():
        long = isinstance(written, dict)
        if not long or "value" in written:
            try:
                value_of(written["value"] if long else written)
            except Problem as problem:
                yield problem.below("expect", pattern, *(["value"] if long else []))


def _shape_problems(case: Node) -> Iterator[Problem]:
    """Yield the shapes of data that the case does not have."""
    shapes = case.entries["shape"][1].entries if "shape" in case.entries else {}
    updates = case.entries["updates"][1].items if "updates" in case.entries else ()
    named = {*case.entries, *(name for update in updates for name in update.entries)}
    for name in calls.DATA:
        if name in shapes and name not in named:
            message = f"the case has no {name} that could have a shape"
            yield Problem(message, "shape", name, at_key=True)


@lru_cache(maxsize=4096)
def _pattern_problem(pattern: str, known: frozenset[str]) -> str | None:
    if not pattern or any(matches(pattern, implementation_id) for implementation_id in known):
        return None  # the schema says what is wrong with an empty one
    if not is_glob(pattern):
        return f"{show(pattern)} is no known implementation{did_you_mean(pattern, sorted(known))}"
    where = "" if "@" in pattern else " of the default environment"
    return f"{show(pattern)} matches no known implementation{where}"


def _regex_problem(pattern: str) -> str | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # of a set that Python will read otherwise one day
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError, Warning) as error:
        return f"{show(pattern)} is no regular expression: {error}"
    return None


def _specifier_problem(specifier: str) -> str | None:
    try:
        SpecifierSet(specifier)
    except InvalidSpecifier:
        return f'{show(specifier)} is no version specifier: write one such as "<0.10"'
    return None
