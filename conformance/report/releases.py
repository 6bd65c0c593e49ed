"""Which releases a run had, and for which the definitions hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from conformance.report.document import Document

#: Where a release is that definitions do not know -> what that means.
_OUTSIDE = {"older": "older: observed only", "newer": "newer"}


def said(report: Document) -> list[str]:
    """Return one line of what was installed, and one of what the definitions hold for; none where nothing is known."""
    installed, known = [*_installed(report)], [*_known(report)]
    return [
        *([f"installed: {'; '.join(installed)}"] if installed else ()),
        *([f"definitions hold for {', '.join(known)}"] if known else ()),
    ]


def _installed(report: Document) -> Iterator[str]:
    """Yield the packages of the default environment, and of each other one those that differ from these."""
    usual = report.environments.get("", {})
    for name, environment in sorted(report.environments.items()):
        there = [
            f"{each} {_shown(release, own=each in environment.get('definitions', {}))}"
            for each, release in environment.get("packages", {}).items()
            if not name or usual.get("packages", {}).get(each) != release
        ]
        if name and environment.get("python") != usual.get("python"):
            there.insert(0, f"Python {environment.get('python')}")
        if name and not there:  # of a branch, with the version of a release
            there = [
                f"{each} {environment.get('packages', {}).get(each)}"
                for each in environment.get("definitions", {})
            ]
        if there:
            yield f"@{name}: {', '.join(there)}" if name else ", ".join(there)


def _shown(release: Any, *, own: bool) -> str:
    """Return a release; how it was built, behind a `+`, tells a branch of a framework from its releases."""
    return str(release) if own else str(release).partition("+")[0]


def _known(report: Document) -> Iterator[str]:
    """Yield the releases that definitions know, with those that were installed and are not among them."""
    ranges: dict[str, list[str]] = {}
    for environment in report.environments.values():
        for distribution, known in environment.get("definitions", {}).items():
            there = ranges.setdefault(f"{distribution} {known['oldest']} to {known['newest']}", [])
            if outside := _OUTSIDE.get(known["installed"]):
                there.append(f"{environment.get('packages', {}).get(distribution)} is {outside}")
    for said, there in sorted(ranges.items()):
        yield f"{said} ({', '.join(dict.fromkeys(there))})" if there else said
