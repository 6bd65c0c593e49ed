"""Which implementations are asked about which case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple

from packaging.version import Version

from conformance.adapters.admission import Outline, outline
from conformance.adapters.base import Adapter, Call, Implementation
from conformance.adapters.releases import Release
from conformance.cases import Case
from conformance.session.choosing import is_extended, names, reason_not_asked


class Planned(NamedTuple):
    """One cell of a run; `reason` says why the implementation is not applicable, or is None."""

    case: Case
    implementation: Implementation
    reason: str | None


class Admitting:
    """Says why a case is not asked of an implementation, in the installed release of its framework.

    Args:
        adapters: id of an implementation -> its adapter.
        versions: returns origin of an adapter -> distribution -> the version that is installed in its place.
    """

    def __init__(
        self, adapters: Mapping[str, Adapter], versions: Callable[[], Mapping[str, Mapping[str, str]]]
    ) -> None:
        self._adapters, self._versions = adapters, versions
        #: What the table sees of a call, and whether its dtypes are extended -> what was said of it: a run asks for
        #: half a million cells several times, and has a few hundred of these.
        self._said: dict[tuple[Outline, bool], dict[tuple[str, bool], str | None]] = {}
        self._said_of: dict[Call, tuple[Outline, dict[tuple[str, bool], str | None]]] = {}

    def reason(self, case: Case, implementation: Implementation, call: Call) -> str | None:
        """Return the same as `reason_not_asked`."""
        if not names(case, implementation):
            return reason_not_asked(case, implementation)
        if call not in self._said_of:
            seen = outline(call)
            self._said_of[call] = seen, self._said.setdefault((seen, is_extended(call)), {})
        seen, said = self._said_of[call]
        key = implementation.id, case.implementations is not None
        if key not in said:
            said[key] = self._reason(case, implementation, call, seen)
        return said[key]

    def _reason(self, case: Case, implementation: Implementation, call: Call, seen: Outline) -> str | None:
        adapter = self._adapters[implementation.id]
        if adapter.place.interpreter and is_extended(call) and not adapter.place.version("ml_dtypes"):
            return "takes data of this dtype from ml_dtypes, which its interpreter does not have"
        own = next(iter(adapter.distributions), "")
        release = _release(self._versions()[adapter.origin].get(own))
        return reason_not_asked(case, implementation, seen, release)


@cache
def _release(version: str | None) -> Release:
    return None if version is None else Version(version)
