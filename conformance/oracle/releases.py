"""Releases of a framework: which of them a rule or a departure speaks of."""

from __future__ import annotations

from functools import cache
from typing import TypeAlias

from packaging.specifiers import SpecifierSet
from packaging.version import Version

#: A release of the framework's distribution; None stands for the newest that the definitions know.
Release: TypeAlias = Version | None


@cache
def specifier(releases: str) -> SpecifierSet:
    """Return the specifier, of `>=` and `<` only, so that rules of one axis meet at a boundary.

    Raises:
        ValueError: it has another operator, or is no specifier.
    """
    parsed = SpecifierSet(releases)
    for part in parsed:
        if part.operator not in (">=", "<"):
            raise ValueError(
                f"{releases!r}: a range of releases is written with >= and <, not {part.operator}"
            )
    return parsed


@cache
def holds_in(releases: str, release: Release) -> bool:
    """Whether a specifier admits a release; in the newest one every upper bound is exceeded."""
    if release is None:
        return all(part.operator == ">=" for part in specifier(releases))
    return specifier(releases).contains(release, prereleases=True)
