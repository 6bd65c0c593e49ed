"""A finding as a bug report for the project it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.report.rendering import plain


def filing(results: Mapping[str, Any], finding: Mapping[str, Any]) -> str:
    """Return one finding as Markdown: code that needs only the framework, observed, documented, cause, versions.

    Args:
        results: the results document.
        finding: one of its findings, with the case that shows it.
    """
    (implementation,) = (
        entry for entry in results["implementations"] if entry["id"] == finding["implementation"]
    )
    environment = results["environments"].get(implementation["environment"], {})
    packages = environment.get("packages", {})
    return plain(
        "finding.md",
        finding=finding,
        python=environment.get("python", "unknown"),
        packages={name: packages[name] for name in implementation["packages"] if name in packages},
        others=[entry for entry in finding["implementations"] if entry != finding["implementation"]],
    )
