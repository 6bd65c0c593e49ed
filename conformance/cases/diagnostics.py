"""Errors in case files: what, where, and what was probably meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from conformance.calls.text import count

#: A path in a document: mapping keys and list indices, from the outside in.
Path = tuple[str | int, ...]

#: The longest text of a file that a message repeats.
_LONGEST = 60

#: The most errors that are shown at once.
_MOST_SHOWN = 100


@dataclass(frozen=True)
class Diagnostic:
    """One error in one file.

    Attributes:
        file: path of the file, relative to the working directory where it lies below it.
        line: 1-based; 0 where the path itself is at fault, not a place in the file.
        column: 1-based, counted in characters; 0 where `line` is 0.
        message: the problem and what to do about it.
    """

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        """Return `file:line:column: message` on one line, or `file: message` if the path itself is at fault."""
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.message}".replace("\n", "\\n")


class CaseErrors(Exception):  # noqa: N818 - it is a collection of errors, and named as one
    """All errors in all files of one `load`."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        """Return one line per diagnostic; of many, the first of them and how many there are."""
        lines = list(map(str, self.diagnostics[:_MOST_SHOWN]))
        if len(self.diagnostics) > _MOST_SHOWN:
            lines.append(f"... and {count(len(self.diagnostics) - _MOST_SHOWN, 'more error')}")
        return "\n".join(lines)


class Problem(ValueError):  # noqa: N818 - problems are collected, and raised where the first one is the last
    """An error whose place is still a path in the document, not yet a line and column.

    Attributes:
        message: the problem and what to do about it.
        path: where.
        at_key: the key at the end of `path` is at fault, not its value.
    """

    def __init__(self, message: str, *path: str | int, at_key: bool = False) -> None:
        super().__init__(message)
        self.message, self.path, self.at_key = message, path, at_key

    def below(self, *path: str | int) -> Problem:
        """Return the same problem, seen from a document that holds this one at `path`."""
        return Problem(self.message, *path, *self.path, at_key=self.at_key)


def show(value: Any) -> str:
    """Return a value of a file for use in a message: short, on one line, printable."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str) and len(value) > _LONGEST:
        return f"{value[:_LONGEST]!r}... ({len(value)} characters)"
    return repr(value)
