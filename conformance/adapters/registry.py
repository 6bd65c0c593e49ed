"""Adapters found through the entry-point group `conformance.adapters`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from importlib import metadata

from conformance.adapters.admission import ASKED, RANKS, UPDATES
from conformance.adapters.base import Adapter

GROUP = "conformance.adapters"

#: Quantities that every adapter may use; one that needs another brings it (`Adapter.quantities`).
QUANTITIES = (
    "accuracy",
    "balanced-accuracy",
    "top-k-accuracy",
    "subset-accuracy",
    "string-resolution",
    "per-row",
)
TASKS = ("binary", "multiclass", "multilabel")


class AdapterError(Exception):
    """An adapter cannot be used; the message says which one, why, and what to do."""


def adapters() -> tuple[Adapter, ...]:
    """Return all adapters, by `Adapter.order` and name, whether their framework is installed or not.

    No framework is imported.

    Raises:
        AdapterError: an entry point cannot be loaded or is no adapter, or two share an id or a name.
    """
    points = sorted(metadata.entry_points(group=GROUP), key=lambda point: point.name)
    loaded = {point: _load(point) for point in points}
    quantities = {*QUANTITIES, *(name for adapter in loaded.values() for name in adapter.quantities)}
    for point, adapter in loaded.items():
        _check_entries(_where(point), adapter, quantities)
    found = tuple(sorted(loaded.values(), key=lambda adapter: adapter.order))
    check_unique(found)
    return found


def installed(adapter: Adapter) -> Mapping[str, str | None]:
    """Return the version of each distribution an adapter needs, None for one that is not installed.

    Read from the metadata of the distributions; the framework is not imported.
    """
    return {name: _version(name) for name in adapter.distributions}


def check_unique(found: Iterable[Adapter]) -> None:
    """Refuse two adapters of one framework in one environment, or two implementations with the same id.

    Raises:
        AdapterError: names both.
    """
    owners: dict[str, str] = {}
    for adapter in found:
        names = [f"framework {adapter.origin}", *(entry.id for entry in adapter.implementations)]
        for name in names:
            if name in owners:
                raise AdapterError(
                    f"{name!r} is defined twice: by {owners[name]} and by {adapter.path}."
                    " Ids and frameworks are unique: rename one, or uninstall the package that brings it."
                )
            owners[name] = adapter.path


def _where(point: metadata.EntryPoint) -> str:
    package = f", from the package {point.dist.name}" if point.dist else ""
    return f"Adapter {point.name!r} ({point.value}{package})"


def _load(point: metadata.EntryPoint) -> Adapter:
    where = _where(point)
    try:
        adapter = point.load()
    except Exception as error:
        raise AdapterError(
            f"{where} cannot be loaded: {type(error).__name__}: {error}."
            f" Repair or uninstall it; adapters must not import their framework when they are loaded."
        ) from error
    if not isinstance(adapter, Adapter):
        raise AdapterError(
            f"{where} is a {type(adapter).__name__}, not a conformance.adapters.base.Adapter."
            f" Let the entry point in the group {GROUP} name the Adapter object."
        )
    return adapter


def _check_entries(where: str, adapter: Adapter, quantities: Collection[str]) -> None:
    for entry in adapter.implementations:
        if entry.id.partition("@")[2] != adapter.environment:
            ending = f"in @{adapter.environment}" if adapter.environment else "without an @"
            raise AdapterError(
                f"{where}: {entry.id} has to end {ending}, as it runs in the environment"
                f" {adapter.environment!r}. Rename it, or correct the `environment` of the adapter."
            )
        for field, words, known in (
            ("quantity", (entry.quantity,), sorted(quantities)),
            ("updates", (entry.updates,), UPDATES),
            ("ranks", (entry.ranks,), RANKS),
            ("asked", (entry.asked,), ASKED),
            ("tasks", entry.tasks, TASKS),
        ):
            if unknown := sorted(set(words) - set(known)):
                raise AdapterError(
                    f"{where}: {entry.id} has {field} {unknown[0]!r}; known are {', '.join(known)}."
                )


def _version(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None
