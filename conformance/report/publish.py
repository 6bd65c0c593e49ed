"""Writes the reports of a results document into a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from conformance.calls.text import visible
from conformance.report import divergences, filing, html
from conformance.report.divergences import MARK
from conformance.results.store import ResultsError, dumps, write

RESULTS = "results.json"
PARTIAL = "results.partial.json"
PAGE = "index.html"
#: The folder of what is committed.
DIVERGENCES = "divergences"


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
        OSError: the folder cannot be made or written to.
    """
    return _write_all(folder, _rendered(results, against))


def file_findings(folder: Path, results: Mapping[str, Any]) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Write each finding that a case shows as a report.

    Returns:
        The paths written, and the ids of the findings that no case shows.

    Raises:
        OSError: the folder cannot be made or written to.
    """
    shown = [entry for entry in results.get("findings") or () if entry.get("case")]
    texts = {f"{entry['id']}.md": visible(filing(results, entry)) for entry in shown}
    for name, text in texts.items():
        write(folder / name, text)
    silent = (entry["id"] for entry in results.get("findings") or () if not entry.get("case"))
    return tuple(folder / name for name in texts), tuple(silent)


def check_older(old: Mapping[str, Any], results: Mapping[str, Any]) -> None:
    """Check that a document can be what `results` is compared with.

    Raises:
        ResultsError: it is the newer of the two.
    """
    then, now = old.get("generated"), results.get("generated")
    # ISO 8601 in UTC: the order of the texts is that of the times.
    if isinstance(then, str) and isinstance(now, str) and then > now:
        raise ResultsError(f"It was generated at {then}, after the results ({now}): exchange the two.")


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
