"""Writes the reports of a results document into a folder."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from conformance.report import divergences, filing, html
from conformance.report.divergences import MARK
from conformance.report.document import Document, read
from conformance.results.store import pieces, write

RESULTS = "results.json"
PARTIAL = "results.partial.json"
PAGE = "index.html"
#: The folder of what is committed.
DIVERGENCES = "divergences"


def publish(folder: Path, results: Mapping[str, Any], report: Document | None = None) -> None:
    """Write the results document and its reports; the partial document of an interrupted run is removed.

    Args:
        folder: where.
        results: the document.
        report: the same, if it was read already.

    Raises:
        OSError: the folder cannot be made or written to.
    """
    render(folder, results, more={RESULTS: pieces(results)}, report=report)
    (folder / PARTIAL).unlink(missing_ok=True)


def render(
    folder: Path,
    results: Mapping[str, Any],
    against: Mapping[str, Any] | None = None,
    more: Mapping[str, str | Iterable[str]] | None = None,
    report: Document | None = None,
) -> list[Path]:
    """Write the reports of a document into a folder; return their paths.

    Args:
        folder: where.
        results: the document.
        against: an older one, to say what changed since.
        more: further files, name to text or its pieces.
        report: the document, if it was read already.

    Raises:
        OSError: the folder cannot be made or written to.
    """
    # All are rendered before the first is written, so that an error leaves the old ones consistent.
    report = report or read(results)
    texts = {f"{DIVERGENCES}/{name}": text for name, text in divergences(report).items()}
    written = _write_all(folder, {**(more or {}), **texts, PAGE: html(results, against, report)})
    # Generated files of families that there are no longer.
    for path in (folder / DIVERGENCES).glob("*.md"):
        # Another run may have removed it meanwhile.
        with contextlib.suppress(FileNotFoundError):
            if path not in written and path.read_text(encoding="utf-8", errors="replace").startswith(MARK):
                path.unlink()
    return written


def file_findings(folder: Path, results: Mapping[str, Any]) -> tuple[list[Path], list[str]]:
    """Write each finding that a case shows as a report.

    Returns:
        The paths written, and the ids of the findings that no case shows.

    Raises:
        OSError: the folder cannot be made or written to.
    """
    found = results.get("findings") or ()
    texts = {f"{entry['id']}.md": filing(results, entry) for entry in found if entry.get("case")}
    return _write_all(folder, texts), [entry["id"] for entry in found if not entry.get("case")]


def _write_all(folder: Path, texts: Mapping[str, str | Iterable[str]]) -> list[Path]:
    for name, text in texts.items():
        write(folder / name, text)
    return [folder / name for name in texts]
