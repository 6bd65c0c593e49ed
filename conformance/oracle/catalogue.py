"""The definitions of the installed frameworks, as their packages bring them."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from conformance.adapters.base import Adapter, AdapterError
from conformance.adapters.registry import adapters
from conformance.oracle.model import Definition, Finding
from conformance.oracle.releases import Supported
from conformance.oracle.usage import UsageDeparture


@dataclass(frozen=True)
class Catalogue:
    """What the package of a framework tells the oracle; `Adapter.definitions` says where it is.

    Attributes:
        definitions: what its implementations claim, with rules and departures. Names are unique among all
            installed packages.
        findings: findings that no departure carries, so that the `expect` of a case can name them.
        releases: the releases of the framework that the definitions know; None if they hold for any.
        axes: axis -> what the framework does on it, in a sentence or two; shown below the axis' own text.
        usage: departures that depend on how a metric is used; laws show them.
    """

    definitions: tuple[Definition, ...]
    findings: tuple[Finding, ...] = ()
    releases: Supported | None = None
    axes: Mapping[str, str] = field(default_factory=dict)
    usage: tuple[UsageDeparture, ...] = ()


@cache
def installed_definitions() -> Mapping[str, Definition]:
    """Return name -> definition, of all installed packages.

    Raises:
        AdapterError: an adapter cannot be used, its definitions cannot be loaded, or two have the same name.
    """
    found: dict[str, Definition] = {}
    owners: dict[str, str] = {}
    for adapter, catalogue in _catalogues():
        for definition in catalogue.definitions:
            if definition.name in found:
                raise AdapterError(
                    f"The definition {definition.name!r} is defined twice: by {owners[definition.name]} and by"
                    f" {adapter.definitions}. Names of definitions are unique: rename one."
                )
            found[definition.name] = definition
            owners[definition.name] = adapter.definitions
    return found


@cache
def installed_findings() -> tuple[Finding, ...]:
    """Return all findings of all installed packages, by id: those of departures, and those without one.

    Raises:
        AdapterError: as `installed_definitions`.
    """
    found = {entry.id: entry for one in installed_definitions().values() for entry in one.findings}
    found |= {finding.id: finding for _, catalogue in _catalogues() for finding in catalogue.findings}
    return tuple(found[name] for name in sorted(found))


@cache
def supported_releases() -> Mapping[str, Supported]:
    """Return name of a definition -> the releases it knows, of those that say so.

    Raises:
        AdapterError: as `installed_definitions`.
    """
    return {
        definition.name: catalogue.releases
        for _, catalogue in _catalogues()
        if catalogue.releases is not None
        for definition in catalogue.definitions
    }


@cache
def installed_axes() -> Mapping[str, Mapping[str, str]]:
    """Return axis -> title of a framework -> what it does there, of all installed packages.

    Raises:
        AdapterError: as `installed_definitions`.
    """
    found: dict[str, dict[str, str]] = {}
    for adapter, catalogue in _catalogues():
        for axis, says in catalogue.axes.items():
            found.setdefault(axis, {})[adapter.title or adapter.framework] = says
    return found


@cache
def installed_usage() -> tuple[UsageDeparture, ...]:
    """Return the departures of all installed packages that depend on how a metric is used.

    Raises:
        AdapterError: as `installed_definitions`.
    """
    return tuple(departure for _, catalogue in _catalogues() for departure in catalogue.usage)


def _catalogues() -> Iterator[tuple[Adapter, Catalogue]]:
    for adapter in adapters():
        if adapter.definitions:
            yield adapter, _load(adapter)


def _load(adapter: Adapter) -> Catalogue:
    where = f"The definitions of {adapter.origin} ({adapter.definitions}, named by {adapter.path})"
    module, _, attribute = adapter.definitions.partition(":")
    try:
        found = getattr(importlib.import_module(module), attribute)
    except (Exception, SystemExit) as error:
        raise AdapterError(
            f"{where} cannot be loaded: {type(error).__name__}: {error}. `definitions` has to be"
            " 'package.module:ATTRIBUTE', and the module must not import a framework."
        ) from error
    if not isinstance(found, Catalogue):
        raise AdapterError(
            f"{where} are a {type(found).__name__}, not a conformance.oracle.catalogue.Catalogue."
            " Let `definitions` name the Catalogue object."
        )
    return found
