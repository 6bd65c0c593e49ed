"""Releases of a framework that definitions know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from conformance.adapters.releases import version_of

#: How a release compares with the newest that definitions know.
Age: TypeAlias = Literal["older", "newer"]


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
        return version_of(version) >= version_of(self.oldest)

    def age(self, version: str) -> Age | None:
        """Whether a version is older or newer than the newest known release; None for that, however it was built."""
        release, newest = (version_of(version_of(text).base_version) for text in (version, self.newest))
        return None if release == newest else "newer" if release > newest else "older"
