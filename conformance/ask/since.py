"""What changed from release to release of the frameworks. Imports no framework."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from conformance.adapters.base import Adapter
from conformance.ask.lookup import named
from conformance.calls.text import visible
from conformance.oracle.catalogue import installed
from conformance.oracle.changed import Changed, all_changes
from conformance.oracle.releases import Supported


@dataclass(frozen=True)
class Since:
    """Changes, by framework and release, the newest release first. Printed, it is what `conformance since` shows."""

    changes: tuple[Changed, ...] = field(default_factory=tuple)
    #: The releases between which changes are known: `PACKAGE 1.4 to 1.9.0`.
    known: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the changes as strict JSON: the attributes of `Change`, with distribution and implementations."""
        return {"format": 1, "changes": [one.to_json() for one in self.changes]}

    def __str__(self) -> str:
        return "\n".join(self.lines(79))

    def lines(self, width: int) -> Iterator[str]:
        """Yield the changes for a terminal, in lines no longer than `width` unless a word is."""
        if not self.changes:
            known = f" Known are {', '.join(self.known)}." if self.known else ""
            yield from textwrap.wrap(f"No known change.{known}", width)
        head = None
        for one in self.changes:
            release = f"{one.distribution} {one.change.release} (before: {one.change.before})"
            if release != head:
                yield release
            head = release
            for indent, text in (
                ("  ", f"{one.change.axis}: {one.change.says}"),
                ("    ", f"{one.given}: {' -> '.join(one.outcomes)}"),
                ("    ", _named(one.implementations)),
                ("    ", one.change.link),
            ):
                yield from textwrap.wrap(
                    visible(text),
                    width,
                    initial_indent=indent,
                    subsequent_indent=indent + "  ",
                    break_long_words=False,
                    break_on_hyphens=False,
                )


def since(name: str | None = None, *, after: str | None = None, until: str | None = None) -> Since:
    """Return what releases changed.

    Args:
        name: a framework or its distribution, or the name of an implementation as `lookup` takes it; all if None.
        after: only changes of later releases than this one.
        until: only changes of this release and older ones.

    Raises:
        ValueError: `after` or `until` is no release, or `after` is not older.
        UnknownName: there is no such framework or implementation.
        AmbiguousName: several implementations have the name.
    """
    first, last = (None if one is None else _version(one) for one in (after, until))
    if first is not None and last is not None and first >= last:
        raise ValueError(f"{after} is not older than {until}: exchange them")
    found, known = all_changes(), _frameworks()
    own: set[Supported | None] = {*known.values()}
    if name is not None and name not in known:
        adapter, implementation = named(name)
        found = tuple(one for one in found if implementation.id in one.implementations)
        own = {known.get(adapter.framework)}
    elif name is not None:
        found = tuple(one for one in found if one.distribution == known[name].distribution)
        own = {known[name]}
    return Since(
        tuple(
            one
            for one in found
            if (first is None or Version(one.change.release) > first)
            and (last is None or Version(one.change.release) <= last)
        ),
        tuple(sorted(f"{one.distribution} {one.oldest} to {one.newest}" for one in own if one is not None)),
    )


def _frameworks() -> Mapping[str, Supported]:
    """Return name of a framework, its title and its distribution -> the releases that definitions know."""
    return {
        name: catalogue.releases
        for adapter, catalogue in installed()
        if catalogue.releases is not None
        for name in _names(adapter, catalogue.releases.distribution)
    }


def _names(adapter: Adapter, distribution: str) -> tuple[str, ...]:
    return adapter.framework, adapter.title, distribution, canonicalize_name(distribution)


def _version(text: str) -> Version:
    try:
        return Version(text)
    except InvalidVersion as error:
        raise ValueError(f"{text!r} is no release: write one such as 1.6.0") from error


def _named(implementations: tuple[str, ...]) -> str:
    first, *others = implementations
    return f"{first} and {len(others)} more" if others else first
