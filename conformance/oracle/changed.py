"""What releases changed, for all installed packages, with the implementations that each change concerns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from packaging.version import Version

from conformance.adapters.match import matches
from conformance.adapters.script import literal
from conformance.calls.outcome import encode
from conformance.oracle.catalogue import installed
from conformance.oracle.changes import Change


@dataclass(frozen=True)
class Changed:
    """A change of a framework's release.

    Attributes:
        distribution: the package whose release it is.
        change: the change.
        implementations: ids of all installed implementations that it concerns.
    """

    distribution: str
    change: Change
    implementations: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the attributes of the change and its own, as strict JSON."""
        own = {
            "distribution": self.distribution,
            "implementations": list(self.implementations),
            "given": self.given,
            "outcomes": list(self.outcomes),
        }
        document: dict[str, Any] = encode({**asdict(self.change), **own})
        return document

    @property
    def given(self) -> str:
        """The input: `binary, y_true=[1], y_pred=[0.5]`."""
        given = [
            f"{name}={literal(value)}"
            for name, value in self.change.case.items()
            if name not in ("task", "metric")
        ]
        case = self.change.case
        return ", ".join([case["task"], *([case["metric"]] if "metric" in case else []), *given])

    @property
    def outcomes(self) -> tuple[str, str]:
        """The outcomes on it before and after."""
        return _outcome(self.change.old, "not there"), _outcome(self.change.new, "gone")


@cache
def all_changes() -> tuple[Changed, ...]:
    """Return every change of every installed package: by distribution, the newest release first."""
    return tuple(_all_changes())


def _all_changes() -> Iterator[Changed]:
    ids = [entry.id for adapter, _ in installed() for entry in adapter.implementations]
    lists: dict[str, dict[Change, None]] = {}
    for _, catalogue in installed():
        if catalogue.releases is not None:
            lists.setdefault(catalogue.releases.distribution, {}).update(dict.fromkeys(catalogue.changes))
    for distribution, changes in lists.items():
        for change in sorted(changes, key=lambda one: Version(one.release), reverse=True):
            named_first, *_ = change.implementations
            others = [
                name
                for name in ids
                if name != named_first and any(matches(pattern, name) for pattern in change.implementations)
            ]
            yield Changed(distribution, change, (named_first, *others))


def _outcome(written: Any, absent: str) -> str:
    if written is None:
        return absent
    if isinstance(written, Mapping):
        return str(written["raises"] if "raises" in written else written["value"])
    return str(written)
