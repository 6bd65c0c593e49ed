"""What an environment is, and the adapters of a run with some."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from conformance.adapters.base import Adapter
from conformance.adapters.places import HERE, Place, PlaceError, normal
from conformance.adapters.registry import installed
from conformance.calls.text import did_you_mean

#: What a name may be: it stands in ids, between commas, and in globs.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")


@dataclass(frozen=True)
class Environment:
    """A place with another release of a framework, or with other packages, ready to be used.

    Attributes:
        name: what stands behind `@` in ids.
        place: where its packages are.
        distribution: the distribution of which it has another release; empty for all that its interpreter has.
    """

    name: str
    place: Place
    distribution: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return it as strict JSON, to travel to another process."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Environment:
        """Inverse of `to_json`."""
        return cls(**{**document, "place": Place(**document["place"])})


def check_name(name: str) -> None:
    """Check that a name can stand in ids.

    Raises:
        PlaceError: it cannot.
    """
    if not _NAME.fullmatch(name):
        raise PlaceError(
            f"{name!r} cannot name an environment: write letters, digits and . _ + - only, as it stands in ids."
        )


def with_environments(
    adapters: Sequence[Adapter], environments: Iterable[Environment]
) -> tuple[Adapter, ...]:
    """Return all adapters, each followed by itself in the environments that have its framework.

    Raises:
        PlaceError: an environment has no framework, or two share their name.
    """
    there = [(environment, tuple(_in(environment, adapters))) for environment in environments]
    taken: dict[str, Environment | None] = {adapter.origin: None for adapter in adapters}
    for environment, placed in there:
        for adapter in placed:
            if adapter.origin in taken and taken[adapter.origin] != environment:
                raise PlaceError(
                    f"Two environments would be called {adapter.origin}: give one of them another name in"
                    " [tool.conformance.environments]."
                )
            taken[adapter.origin] = environment
    of = {(adapter.path, environment): adapter for environment, placed in there for adapter in placed}
    names = list(dict.fromkeys(environment for environment, _ in there))
    return tuple(
        each
        for adapter in adapters
        for each in (adapter, *(of[adapter.path, one] for one in names if (adapter.path, one) in of))
    )


def check_distribution(name: str, adapters: Iterable[Adapter]) -> None:
    """Check that a distribution is a framework's own.

    Raises:
        PlaceError: it is not; names the nearest.
    """
    known = sorted({own for adapter in adapters if (own := _own(adapter))})
    if normal(name) not in known:
        raise PlaceError(
            f"No framework is the package {name!r}{did_you_mean(name, known)}. There are {', '.join(known)}. For"
            " another release of a package that these need, name an interpreter in [tool.conformance.environments]."
        )


def _own(adapter: Adapter) -> str:
    return normal(next(iter(adapter.distributions), ""))


def only_there(adapters: Sequence[Adapter], environment: Environment) -> tuple[Adapter, ...]:
    """Return the adapters whose framework an environment has, in its place, under the names they have by default.

    Raises:
        PlaceError: the environment has no framework.
    """
    there = {placed.path for placed in _in(environment, adapters)}
    return tuple(
        replace(adapter, place=environment.place)
        for adapter in adapters
        if adapter.path in there and adapter.place == HERE
    )


def _in(environment: Environment, adapters: Sequence[Adapter]) -> Iterator[Adapter]:
    """Yield the adapters whose frameworks an environment has; an interpreter has to have all that they need."""
    found = False
    for adapter in adapters:
        own, other = _own(adapter), normal(environment.distribution)
        there = adapter.elsewhere(environment.name, environment.place)
        if own and (own == other if other else None not in installed(there).values()):
            found = True
            yield there
    if not found:
        names = " or ".join(sorted({own for adapter in adapters if (own := _own(adapter))}))
        raise PlaceError(
            f"The environment {environment.name} ({environment.place.executable}) has none of the frameworks: install"
            f" {names} there, with what it needs."
        )
