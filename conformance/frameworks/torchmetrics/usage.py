"""How torchmetrics deviates under a usage that should make no difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from conformance.oracle.finding_files import findings_in
from conformance.oracle.usage import UsageDeparture, as_new

FINDINGS = findings_in(__package__ or "")


FORWARD_LOSES_STATE = FINDINGS["torchmetrics-forward-loses-the-state-when-it-raises"]


def departures(names: Iterable[str]) -> Iterator[UsageDeparture]:
    """Yield the departures of the definitions with these names."""
    forward = frozenset(name for name in names if name.endswith("[forward]"))
    yield UsageDeparture(FORWARD_LOSES_STATE, forward, frozenset({"exception"}), as_new)
