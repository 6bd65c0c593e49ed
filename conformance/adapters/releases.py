"""Releases of a framework in which something is there, or holds: PEP 440 specifiers of `>=` and `<`.

What depends on another package, too, says so: `>=1.9,numpy<2`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version


@dataclass(frozen=True)
class Installed:
    """A release of a framework's distribution, with the packages that it computes with.

    Attributes:
        version: that release.
        others: name of another distribution, in its canonical form, and its release; sorted.
    """

    version: Version
    others: tuple[tuple[str, Version], ...] = ()

    @classmethod
    def of(cls, distribution: str, versions: Mapping[str, str]) -> Installed:
        """Return what is installed, given the versions of all distributions of a framework, its own among them."""
        found = {canonicalize_name(name): Version(version) for name, version in versions.items()}
        return cls(found.pop(canonicalize_name(distribution)), tuple(sorted(found.items())))


#: A release of the framework's distribution; None is the newest that the definitions know. Without others, these are
#: the newest, too.
Release: TypeAlias = Version | Installed | None

#: Lower bounds (inclusive) and upper bounds (exclusive).
Bounds: TypeAlias = tuple[tuple[Version, ...], tuple[Version, ...]]

_PART = re.compile(r"\s*([A-Za-z][\w.-]*)?(.*)", re.DOTALL)


#: Reads a version; there are a few, which are compared for every call.
version_of = cache(Version)


@cache
def bounds(releases: str) -> Bounds:
    """Return the lower bounds (inclusive) and the upper bounds (exclusive) of a range of releases.

    Raises:
        ValueError: it has another operator than `>=` and `<`, or is no specifier. Ranges with other operators
            would leave gaps between the rules of an axis.
    """
    return _bounds(releases)[""]


@cache
def bounds_of_others(releases: str) -> Mapping[str, Bounds]:
    """Return name of another distribution -> the bounds that a range has for it; raises as `bounds`."""
    return {name: found for name, found in _bounds(releases).items() if name}


def _bounds(releases: str) -> dict[str, Bounds]:
    texts: dict[str, list[str]] = {"": []}
    for part in releases.split(","):
        name, specifier = _PART.fullmatch(part).groups()  # type: ignore[union-attr]  # it matches everything
        texts.setdefault(canonicalize_name(name or ""), []).append(specifier)
    found: dict[str, Bounds] = {}
    for name, specifiers in texts.items():
        sides: dict[str, list[Version]] = {">=": [], "<": []}
        for each in SpecifierSet(",".join(specifiers)):
            if each.operator not in sides:
                raise ValueError(
                    f"{releases!r}: write a range of releases with >= and <, not {each.operator}"
                )
            sides[each.operator].append(Version(each.version))
        found[name] = tuple(sides[">="]), tuple(sides["<"])
    return found


@cache
def holds_in(releases: str, release: Release) -> bool:
    """Whether a range includes a release.

    What comes before a release, in development or as a candidate, counts as that release: it has what changed. For
    PEP 440 it is older, and not in `<` either, so that no rule would hold.
    """
    others = dict(release.others) if isinstance(release, Installed) else {}
    return _within(bounds(releases), _own(release)) and all(
        _within(found, others.get(name)) for name, found in bounds_of_others(releases).items()
    )


@cache
def absence(releases: str, release: Release) -> str | None:
    """Say why what exists in a range of releases is not there in one of them, or None if it is.

    Raises:
        ValueError: see `bounds`.
    """
    lower, upper = bounds(releases)
    own = _own(release)
    if _within((lower, upper), own):
        return None
    if own is not None and any(Version(own.base_version) < bound for bound in lower):
        return f"new in {max(lower)}"
    return f"gone since {min(upper)}"


def _own(release: Release) -> Version | None:
    return release.version if isinstance(release, Installed) else release


def _within(bounds: Bounds, version: Version | None) -> bool:
    lower, upper = bounds
    if version is None:
        return not upper
    version = version_of(version.base_version)
    return all(version >= bound for bound in lower) and all(version < bound for bound in upper)
