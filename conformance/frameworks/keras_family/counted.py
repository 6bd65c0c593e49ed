"""The definitions of metrics made of counts that are given to compile(), as strings or objects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from conformance.adapters.base import Call, Update
from conformance.frameworks.keras_family.errors import AXIS
from conformance.frameworks.keras_family.strings import Choice, Compile, Name, Own
from conformance.frameworks.keras_family.ways import ways_of_counts
from conformance.oracle.model import Definition, Departure, Rule, parametric
from conformance.oracle.rules import accumulation

_PYTHON_FLOAT = accumulation.Summed(kept="float32", result="float32", python=True)
_LOGS = "keras/src/utils/python_utils.py pythonify_logs (float)"
_VECTOR = parametric(accumulation.AXIS, _PYTHON_FLOAT)
_SCALAR = parametric(accumulation.AXIS, replace(_PYTHON_FLOAT, squeezed=True))
#: NumPy 2.4 makes a Python float of a vector of one element no more.
LOGS = _VECTOR.source(_LOGS, "numpy>=2.4"), _SCALAR.source(_LOGS, "numpy<2.4")
#: Before Keras 3.12 torch made it.
LOGS_OF_TENSORS = (
    _SCALAR.source("https://github.com/keras-team/keras/pull/21661 (float of a tensor)", "<3.12"),
    *(replace(rule, releases=f">=3.12,{rule.releases}") for rule in LOGS),
)
_SAYS = "It becomes the metric that it is named after, whatever the shapes."
#: Which further departures a metric has.
Also = Callable[[Definition], tuple[Departure, ...]]


def counted(
    strings: Compile,
    metrics: Iterable[Definition],
    *,
    by_function: bool = True,
    logs: tuple[Rule[accumulation.Summed], ...] = LOGS,
    also: Also = lambda metric: (),
) -> Iterator[Definition]:
    """Yield a definition for each way to give compile() a metric made of counts.

    Args:
        strings: what else is given to compile().
        metrics: the metrics.
        by_function: whether a string may be the name of a metric in lower case.
        logs: how the state of a metric accumulates, and what is returned, for each range of releases.
        also: deviations of a metric that it has in compile() alone.
    """
    for metric in metrics:
        own = Own(metric.in_release()[AXIS].apply, logs)
        # Those that check the same have one rule.
        rule = "named-f-score" if metric.path.endswith("Score") else "named-count"
        for use in ways_of_counts(metric.path.rpartition(".")[2], by_function).uses():
            seen = _seen(metric, strings, weighted=use.role == "weighted_metrics")
            name = Name(use.word, _SAYS, _always(seen), alias_of=rule, departures=also(metric), own=own)
            yield strings.definition(name, use)


def _always(metric: Definition) -> Choice:
    return lambda batch: metric


def _seen(metric: Definition, strings: Compile, *, weighted: bool) -> Definition:
    """Return the definition with departures that hold for what the metric is given."""

    def see(update: Update) -> Update:
        seen = strings.step.seen(update)
        return seen if weighted else replace(seen, sample_weight=None)

    def seeing(departure: Departure) -> Departure:
        def holds_for(call: Call, parameters: Mapping[str, Any]) -> bool:
            return departure.holds_for(replace(call, updates=tuple(map(see, call.updates))), parameters)

        return replace(departure, holds_for=holds_for)

    return replace(metric, departures=tuple(map(seeing, metric.departures)))
