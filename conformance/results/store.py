"""Writes and reads files of results: atomically, strictly, and with every error of a document in one place."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from conformance.report.document import Document
from conformance.report.packing import packed, to_json, unpacked

FORMAT = 2

#: Values nested deeper than this are written on one line: a cell, a trace, a cause.
_LINES_TO = 4


class ResultsError(Exception):
    """A results document cannot be used; the message says which, why, and what to do."""


def write(path: Path, text: str | Iterable[str]) -> None:
    """Write a file atomically: a reader sees the old one or the new one, whole.

    Args:
        path: the file.
        text: all of it, or its pieces in order.

    Raises:
        OSError: the folder cannot be made or written to; it has the name of the file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    try:
        # The system applies the umask; to read it here would change it for all threads.
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.writelines([text] if isinstance(text, str) else text)
        temporary.replace(path)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename is None:
            error.filename = str(path)
        raise


def dumps(results: Mapping[str, Any]) -> str:
    """Return the document as strict JSON with a line for each cell, so that two documents can be compared."""
    return "".join(pieces(results))


def pieces(results: Mapping[str, Any]) -> Iterator[str]:
    """Yield the text of `dumps` piece by piece: a large document takes less memory."""
    # UTF-8 has no lone surrogates: they stay escapes.
    for line in _lines(packed(results), 0):
        yield line if line.isascii() else line.encode("utf-8", "backslashreplace").decode()
    yield "\n"


def _lines(value: Any, depth: int) -> Iterator[str]:
    if not value or depth == _LINES_TO or not isinstance(value, (Mapping, list, Iterator)):
        yield to_json(value)
        return
    keyed = isinstance(value, Mapping)
    entries = value.items() if isinstance(value, Mapping) else ((None, entry) for entry in value)
    yield "{" if keyed else "["
    for index, (key, entry) in enumerate(entries):
        yield (",\n" if index else "\n") + (f"{to_json(key)}:" if keyed else "")
        yield from _lines(entry, depth + 1)
    yield "\n}" if keyed else "\n]"


def read(path: Path) -> dict[str, Any]:
    """Read a results document of this format or an older one; keys that are not known are kept.

    Raises:
        ResultsError: it is missing, no JSON, of a newer format, or not what a results document is.
    """
    try:
        results: Any = json.loads(path.read_text(encoding="utf-8") or "null")
    except OSError as error:
        raise ResultsError(f"{path}: cannot be read ({error.strerror}). Run pytest to write one.") from None
    except (ValueError, RecursionError) as error:
        why = "it is nested too deeply" if isinstance(error, RecursionError) else error
        raise ResultsError(f"{path}: is no results document ({why}). Run pytest to write one.") from None
    if not isinstance(results, dict):
        why = "it is empty" if results is None else "it is no object"
        raise ResultsError(f"{path}: is no results document ({why}). Run pytest to write one.")
    found = results.get("format")
    if found not in (1, FORMAT):
        raise ResultsError(f"{path}: has format {found!r}, this version reads 1 and {FORMAT}.")
    try:
        written_out = dict(unpacked(results))
        Document.model_validate(written_out)
    except ValueError as error:
        raise ResultsError(
            f"{path}: is not a complete results document: {_problem(error)}. Run pytest to write a new one."
        ) from None
    return written_out


def _problem(error: ValueError) -> str:
    """Return the first thing that is wrong with a document, and where."""
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False)[0]
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"])
    return f"{where.lstrip('.') or 'the document'}: {first['msg']}"
