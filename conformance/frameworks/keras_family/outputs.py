"""What the metrics of a model with several outputs are: each is that of its own output."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from conformance.adapters import derive
from conformance.adapters.base import Call
from conformance.frameworks.keras_family.heads import FORMS, key
from conformance.oracle.model import Definition, Departure, Fed, Finding, Unspecified, laid_over
from conformance.oracle.rules import accumulation


def outputs(
    definitions: Iterable[Definition], swapped: Finding | None = None, paired: Finding | None = None
) -> Iterator[Definition]:
    """Yield the definitions of the ways to compile "accuracy" for each output.

    Args:
        definitions: those of all ways to compile a string.
        swapped: describes the releases that pair outputs with the targets of a dict in alphabetical order.
        paired: describes those that pair outputs with the losses of a dict in that order.
    """
    base = next(entry for entry in definitions if entry.path.endswith(".Model.compile[accuracy]"))
    module = base.path.partition(".")[0]
    (summed,) = base.on(accumulation.AXIS)
    for metrics, targets in FORMS:
        departures = base.departures
        if swapped is not None and targets == "dict":
            departures = (
                *departures,
                Departure(swapped, Fed(_swapped), _unsorted, ">=3.14,<3.14.1"),
                Departure(swapped, Unspecified(), _of_other_kinds, ">=3.14,<3.14.1"),
            )
        if paired is not None and metrics == "dict":
            # The losses have the form of the metrics.
            departures = (*departures, Departure(paired, Unspecified(), _of_other_kinds, "<3.7"))
        yield replace(
            base,
            name=f"{module}.Model.compile[{key(metrics, targets)}]",
            says=f"The accuracy of each output. {base.says}",
            rules=laid_over(base.rules, summed.amended(reported="each")),
            departures=departures,
        )


def _unsorted(call: Call, parameters: Mapping[str, Any]) -> bool:
    return list(call.outputs) != sorted(call.outputs)


def _of_other_kinds(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether an output meets what is for another one, of which the loss is of another kind."""
    parts = (replace(call, updates=(update,), outputs=()) for update in call.updates)
    return _unsorted(call, parameters) and len(set(map(derive.loss, parts))) > 1


def _swapped(call: Call) -> Call:
    """Give each output, in the order of the model, the targets of the output in alphabetical order."""
    by_name = dict(zip(call.outputs, call.updates, strict=True))
    pairs = zip(call.updates, sorted(call.outputs), strict=True)
    return replace(call, updates=tuple(replace(own, y_true=by_name[other].y_true) for own, other in pairs))
