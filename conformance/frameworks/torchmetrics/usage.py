"""How torchmetrics deviates under a usage that should make no difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from conformance.oracle.model import Finding
from conformance.oracle.usage import UsageDeparture, as_new

FORWARD_LOSES_STATE = Finding(
    id="torchmetrics-forward-loses-the-state-when-it-raises",
    kind="defect",
    title="An exception inside forward() discards the accumulated state",
    condition="forward() is called with data for which update() raises, after successful updates.",
    says="forward() caches the state and resets the metric before it updates. If the update raises, the cached state "
    "is not restored, so compute() returns the value of a new metric.",
    claims='"add the batch statistics to the overall accumulating metric state": nothing says that a batch which '
    "raises discards what was accumulated (torchmetrics/metric.py:290)",
    place="torchmetrics/metric.py:372-388",
    see=("https://github.com/Lightning-AI/torchmetrics/issues/3487",),
)


def departures(names: Iterable[str]) -> Iterator[UsageDeparture]:
    """Yield the departures of the definitions with these names."""
    forward = frozenset(name for name in names if name.endswith("[forward]"))
    yield UsageDeparture(FORWARD_LOSES_STATE, forward, frozenset({"exception"}), as_new)
