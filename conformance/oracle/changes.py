"""Changes between releases of a framework as data: `changes.yaml` in the package of a framework."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from conformance.oracle.package_files import read_yaml


@dataclass(frozen=True)
class Change:
    """What a release of a framework changed, and the smallest input that shows it.

    Attributes:
        id: slug, unique in the file.
        release: the first release that behaves in the new way.
        before: the release before it, with which the change is shown.
        axis: code of the axis on which the rules differ; `implementation` for one that is new or gone.
        implementations: ids or globs; the first is an id, for which `old` and `new` hold.
        says: the change in one or two sentences.
        link: the pull request, commit or line of a change log that made it.
        case: the input, under the keys of a case file.
        old: outcome in `before`, as in the `expect` of a case; None where the call was not there yet.
        new: outcome in `release`; None where the call is gone.
    """

    id: str
    release: str
    before: str
    axis: str
    implementations: tuple[str, ...]
    says: str
    link: str
    case: Mapping[str, Any] = field(hash=False)
    old: Any = field(default=None, hash=False)
    new: Any = field(default=None, hash=False)


@cache
def changes_in(package: str) -> tuple[Change, ...]:
    """Return the changes that `changes.yaml` of a package lists, in the order of the file.

    Args:
        package: import path of the package, usually `__package__` of the module that asks.

    Raises:
        TypeError: an entry lacks a key of `Change`, or has another one.
    """
    return tuple(
        Change(**{**entry, "implementations": tuple(entry["implementations"])})
        for entry in read_yaml(package, "changes.yaml")
    )
