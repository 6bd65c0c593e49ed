"""Releases of a framework that definitions know."""

from __future__ import annotations

from dataclasses import dataclass

from packaging.version import Version


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
