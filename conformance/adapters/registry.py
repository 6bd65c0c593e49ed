"""Adapters found through the entry-point group `conformance.adapters`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from importlib import metadata

from conformance.adapters.base import METRICS, Adapter, AdapterError

GROUP = "conformance.adapters"

#: Quantities that every adapter may use; one that needs another brings it (`Adapter.quantities`).
QUANTITIES = (
    "accuracy",
    "balanced-accuracy",
    "top-k-accuracy",
    "subset-accuracy",
    "accuracy-per-class",
    "running-accuracy",
    "string-resolution",
    "per-row",
    # Each metric made of counts is a quantity of the same name, but for those of the confusion matrix.
    *(metric for metric in METRICS if metric not in ("accuracy", "confusion")),
    "confusion-matrix",
    "confusion-matrix-per-sample",
    "counts-and-support",
    "likelihood-ratios",
    "true-positives",
    "false-positives",
    "true-negatives",
    "false-negatives",
)

#: Those of them that are not one number.
NO_NUMBER = (
    "accuracy-per-class",
    "running-accuracy",
    "string-resolution",
    "per-row",
    "confusion-matrix",
    "confusion-matrix-per-sample",
    "counts-and-support",
    "likelihood-ratios",
)


def adapters() -> tuple[Adapter, ...]:
    """Return all adapters, by `Adapter.order` and name, whether their framework is installed or not.

    No framework is imported.

    Raises:
        AdapterError: an entry point cannot be loaded or is no adapter, an adapter is not valid, or two share an id or a
            name; says everything that is wrong with the first one.
    """
    # Needs pydantic, which modules with definitions do without.
    from conformance.adapters.validation import problems

    points = sorted(metadata.entry_points(group=GROUP), key=lambda point: point.name)
    loaded = {point: _load(point) for point in points}
    quantities = {*QUANTITIES, *(name for adapter in loaded.values() for name in adapter.quantities)}
    for point, adapter in loaded.items():
        if wrong := problems(adapter, quantities):
            raise AdapterError("\n".join(f"{_where(point)}: {problem}" for problem in wrong))
    found = tuple(sorted(loaded.values(), key=lambda adapter: adapter.order))
    check_unique(found)
    return found


def installed(adapter: Adapter) -> Mapping[str, str | None]:
    """Return the version of each distribution an adapter needs, None for one that is not installed.

    Read from the metadata of the distributions, or of their alternatives, in the adapter's place; the framework is not
    imported.

    Raises:
        PlaceError: that place cannot be used.
    """
    return {
        name: next(
            filter(None, map(adapter.place.version, (name, *adapter.alternatives.get(name, ())))), None
        )
        for name in adapter.distributions
    }


def versions(adapter: Adapter) -> Mapping[str, str]:
    """Return the version of each distribution an adapter computes with that is installed; raises as `installed`."""
    optional = {name: adapter.place.version(name) for name in adapter.optional}
    return {name: version for name, version in {**installed(adapter), **optional}.items() if version}


def check_unique(found: Iterable[Adapter]) -> None:
    """Check that no two adapters are for one framework and environment, and no two implementations share an id.

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
    adapter: object = None
    try:
        adapter = point.load()
    except (Exception, SystemExit) as error:
        raise AdapterError(
            f"{where} cannot be loaded: {type(error).__name__}: {error}."
            f" Repair or uninstall it; adapters must not import their framework when they are loaded."
        ) from error
    if not isinstance(adapter, Adapter):
        raise AdapterError(
            f"{where} is a {type(adapter).__name__}, not a conformance.adapters.base.Adapter."
            f" Let the entry point in the group {GROUP} name the Adapter object."
        )
    module, _, attribute = str(adapter.path).partition(":")
    there: object = vars(sys.modules.get(module, sys)).get(attribute)
    if there is not adapter:
        raise AdapterError(
            f"{where}: path is {adapter.path!r}, where workers look for the adapter, and it is not there."
            f" Write 'package.module:ATTRIBUTE', most often {point.value!r}."
        )
    return adapter
