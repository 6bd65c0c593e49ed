"""The metric classes and functions that every Keras has."""

from __future__ import annotations

from collections.abc import Mapping

from conformance.oracle.model import Definition, Departure, Rule, laid_over
from conformance.oracle.rules import accumulation, average, unit, weights

_SAYS: Mapping[str, str] = {
    "Accuracy": "How often predictions equal targets; scores are compared as they are.",
    "BinaryAccuracy": "How often scores above the threshold meet positive targets, and other scores negative targets.",
    "CategoricalAccuracy": "How often the class with the highest score is the class of the one-hot target.",
    "SparseCategoricalAccuracy": "How often the class with the highest score is the integer target.",
    "TopKCategoricalAccuracy": "How often the class of a one-hot target is among the k highest scores.",
    "SparseTopKCategoricalAccuracy": "How often the integer target is among the k highest scores.",
}


def metric(
    module: str, name: str, shared: tuple[Rule, ...], *entries: Rule, departures: tuple[Departure, ...]
) -> Definition:
    """Return the definition of a metric class: `entries` over the rules that all classes share."""
    return Definition(
        f"{module}.metrics.{name}", _SAYS[name], laid_over(shared, *entries), departures=departures
    )


def function(
    metric: Definition, name: str, source: str, *entries: Rule, departures: tuple[Departure, ...]
) -> Definition:
    """Return the definition of the function of a metric class: it returns the matches.

    Args:
        metric: the class.
        name: name of the function.
        source: the module that has both.
        entries: further rules that differ from those of the class.
        departures: those of the function.
    """
    module, _, _ = metric.path.rpartition(".")
    own = (
        weights.UNUSED.source(f"{source}: the functions have no sample_weight"),
        unit.ELEMENT.source(f"{source}: the matches are returned"),
        average.NOT_AVERAGED.source(f"{source}: the matches are returned as floatx"),
        accumulation.INTEGER_COUNTS.source(f"{source}: a function keeps no state"),
    )
    return metric.overlaid(
        f"{module}.{name}",
        f"{metric.says} One value per element, not averaged.",
        *laid_over(own, *entries),
        departures=departures,
    )
