"""Writes the reports of a results document into a folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from conformance.calls.text import visible
from conformance.report import divergences, filing, html
from conformance.report.changes import changes
from conformance.report.divergences import MARK
from conformance.results.document import ResultsError, dumps, write

RESULTS = "results.json"
PARTIAL = "results.partial.json"
PAGE = "index.html"
#: The folder of what is committed.
DIVERGENCES = "divergences"

#: What rendering a document raises that is not what it should be.
_BROKEN = (AttributeError, LookupError, TypeError, ValueError)


def publish(folder: Path, results: Mapping[str, Any]) -> None:
    """Write the results document and its reports; the partial document of an interrupted run is removed.

    Raises:
        OSError: the folder cannot be made or written to.
    """
    _write_all(folder, {RESULTS: dumps(results), **_rendered(results)})
    (folder / PARTIAL).unlink(missing_ok=True)


def publish_partial(folder: Path, results: Mapping[str, Any]) -> Path:
    """Write the results of an interrupted run next to a report, which is not changed; return the path.

    Raises:
        OSError: the folder cannot be made or written to.
    """
    write(folder / PARTIAL, dumps(results))
    return folder / PARTIAL


def render(
    folder: Path, results: Mapping[str, Any], against: Mapping[str, Any] | None = None
) -> tuple[Path, ...]:
    """Write the reports of a document; return their paths.

    Args:
        folder: where.
        results: the document.
        against: an older one, to say what changed since.

    Raises:
        ResultsError: the document is incomplete or malformed.
        OSError: the folder cannot be made or written to.
    """
    try:
        texts = _rendered(results, against)
    except _BROKEN as error:
        raise _broken(error) from error
    return _write_all(folder, texts)


def file_findings(folder: Path, results: Mapping[str, Any]) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Write each finding that a case shows as a report.

    Returns:
        The paths written, and the ids of the findings that no case shows.

    Raises:
        ResultsError: the document is incomplete or malformed.
        OSError: the folder cannot be made or written to.
    """
    try:
        texts = {
            f"{_slug(entry['id'])}.md": visible(filing(results, entry))
            for entry in results["findings"]
            if entry["case"]
        }
        silent = tuple(entry["id"] for entry in results["findings"] if not entry["case"])
    except _BROKEN as error:
        raise _broken(error) from error
    for name, text in texts.items():
        write(folder / name, text)
    return tuple(folder / name for name in texts), silent


def _slug(name: str) -> str:
    """Return the id of a finding, which becomes the name of a file."""
    if not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", name):
        raise ValueError(f"{name!r} is not the id of a finding")
    return name


def check_older(old: Mapping[str, Any], results: Mapping[str, Any]) -> None:
    """Check that a document can be what `results` is compared with.

    Raises:
        ResultsError: it is not a complete results document, or the newer of the two.
    """
    try:
        changes(old, old)
    except _BROKEN as error:
        raise _broken(error) from error
    then, now = old.get("generated"), results.get("generated")
    # ISO 8601 in UTC: the order of the texts is that of the times.
    if isinstance(then, str) and isinstance(now, str) and then > now:
        raise ResultsError(f"It was generated at {then}, after the results ({now}): exchange the two.")


def _broken(error: Exception) -> ResultsError:
    return ResultsError(
        f"It is not a complete results document ({type(error).__name__}: {error})."
        " Run pytest to write a new one."
    )


def _rendered(results: Mapping[str, Any], against: Mapping[str, Any] | None = None) -> dict[str, str]:
    # All are rendered before the first is written, so that an error leaves the old ones consistent.
    committed = {f"{DIVERGENCES}/{name}": text for name, text in divergences(results).items()}
    return {**committed, PAGE: html(results, against)}


def _write_all(folder: Path, texts: Mapping[str, str]) -> tuple[Path, ...]:
    """Write the reports, and remove generated files of families that there are no longer."""
    for name, text in texts.items():
        write(folder / name, text)
    written = tuple(folder / name for name in texts)
    for path in (folder / DIVERGENCES).glob("*.md"):
        if path not in written and path.read_text(encoding="utf-8", errors="replace").startswith(MARK):
            path.unlink()
    return written
