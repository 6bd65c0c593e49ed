"""Releases of a framework: those that definitions know, and those in which a rule or a departure holds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from packaging.specifiers import SpecifierSet
from packaging.version import Version

#: A release of the framework's distribution; None is the newest that the definitions know.
Release: TypeAlias = Version | None


@dataclass(frozen=True)
class Supported:
    """The releases that the definitions of a framework know.

    Attributes:
        distribution: name of the framework's distribution.
        oldest: the oldest release in which they hold; of an older one nothing is predicted.
        newest: the newest release they were read from; a newer one is predicted by the same rules.
    """

    distribution: str
    oldest: str
    newest: str

    def includes(self, version: str) -> bool:
        """Whether anything is predicted of a version."""
        return Version(version) >= Version(self.oldest)

    def predate(self, version: str) -> bool:
        """Whether a version is newer than the newest known release."""
        return Version(version).release > Version(self.newest).release


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
