"""What earlier runs have derived from definitions: causes of divergences, and what is predicted of laws."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache

from conformance.adapters.base import Adapter, Call
from conformance.cache.keys import call_key, code_of, digest
from conformance.cache.store import Store
from conformance.oracle.exchange import Known


class Derived:
    """What follows from the definitions of adapters, by call.

    Args:
        adapters: all that definitions come from.
        store: where it is kept.
    """

    def __init__(self, adapters: Iterable[Adapter], store: Store) -> None:
        self._code = code_of(adapters)
        self._store = store
        # Calls are compared by identity.
        self._call_key = cache(call_key)

    def causes(self, call: Call) -> Known:
        """Return the causes that are known on a call, between any two definitions."""
        entry = self._store.get(self._key("causes", call))
        found: Known = {}
        for one, other, causes in () if entry is None else json.loads(entry.text):
            found[one, other] = found[other, one] = tuple(tuple(axes) for axes in causes)
        return found

    def keep_causes(self, call: Call, known: Known) -> None:
        """Keep the causes that are known on a call now."""
        listed = [[*both, causes] for both, causes in known.items() if both[0] <= both[1]]
        self._store.put(self._key("causes", call), json.dumps(listed))

    def text(self, what: str, *calls: Call) -> str | None:
        """Return what is known of calls.

        Args:
            what: what is asked, with the names and releases of the definitions that it is derived from.
            calls: the calls.
        """
        entry = self._store.get(self._key(what, *calls))
        return None if entry is None else entry.text

    def keep_text(self, text: str, what: str, *calls: Call) -> None:
        """Keep what is known of calls now."""
        self._store.put(self._key(what, *calls), text)

    def _key(self, what: str, *calls: Call) -> str:
        return digest([what, self._code, *map(self._call_key, calls)])
