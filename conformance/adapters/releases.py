"""Releases of a framework in which something is there, or holds: PEP 440 specifiers of `>=` and `<`."""

from __future__ import annotations

from functools import cache
from typing import TypeAlias

from packaging.specifiers import SpecifierSet
from packaging.version import Version

#: A release of the framework's distribution; None is the newest that the definitions know.
Release: TypeAlias = Version | None


@cache
def bounds(releases: str) -> tuple[tuple[Version, ...], tuple[Version, ...]]:
    """Return the lower bounds (inclusive) and the upper bounds (exclusive) of a range of releases.

    Raises:
        ValueError: it has another operator than `>=` and `<`, or is no specifier. Ranges with other operators
            would leave gaps between the rules of an axis.
    """
    found: dict[str, list[Version]] = {">=": [], "<": []}
    for part in SpecifierSet(releases):
        if part.operator not in found:
            raise ValueError(f"{releases!r}: write a range of releases with >= and <, not {part.operator}")
        found[part.operator].append(Version(part.version))
    return tuple(found[">="]), tuple(found["<"])


@cache
def holds_in(releases: str, release: Release) -> bool:
    """Whether a range includes a release.

    A release candidate is older than its release. PEP 440 excludes it from `<` as well, and no rule would hold.
    """
    lower, upper = bounds(releases)
    if release is None:
        return not upper
    return all(release >= bound for bound in lower) and all(release < bound for bound in upper)


def absence(releases: str, release: Release) -> str | None:
    """Say why what exists in a range of releases is not there in one of them, or None if it is.

    Raises:
        ValueError: see `bounds`.
    """
    if holds_in(releases, release):
        return None
    lower, upper = bounds(releases)
    if release is not None and any(release < bound for bound in lower):
        return f"new in {max(lower)}"
    return f"gone since {min(upper)}"
