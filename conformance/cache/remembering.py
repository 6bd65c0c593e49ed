"""A pool that has only those cells computed which no earlier run has."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from functools import partial
from typing import Any

from conformance.adapters.base import Adapter, Call, Implementation
from conformance.cache.keys import outcome_key, surroundings_key
from conformance.cache.store import Store
from conformance.calls.outcome import Outcome
from conformance.workers.pool import Pool

#: What a call always returns or raises. A process may be killed, or a machine be busy, another time.
_LASTING = ("value", "raises")


class RememberingPool:
    """The interface of a pool.

    Args:
        pool: computes what is not known.
        adapters: those of the pool.
        store: where outcomes are kept.
        memory: bytes of data that a worker may allocate.
        fresh: ask for everything, and keep the new outcomes.

    Attributes:
        made: the calls whose outcomes an earlier run has computed, with the ids of the implementations -> when.
    """

    def __init__(
        self, pool: Pool, adapters: Iterable[Adapter], store: Store, *, memory: int, fresh: bool
    ) -> None:
        self.made: dict[tuple[Call, str], float] = {}
        self._pool, self._store, self._fresh = pool, store, fresh
        #: Origins of the adapters of which an outcome was known.
        self._answered: set[str] = set()
        self._adapter_of = {entry.id: adapter for adapter in adapters for entry in adapter.called}
        self._surroundings = {adapter.origin: surroundings_key(adapter, memory) for adapter in adapters}
        #: Environments that earlier runs have recorded. Without one, no outcome is known.
        self._known: dict[str, Mapping[str, Any]] = {
            origin: json.loads(entry.text)
            for origin, key in self._surroundings.items()
            if key is not None and (entry := store.get(key)) is not None
        }

    def submit(self, implementation: Implementation, call: Call) -> Future[Outcome]:
        """Return the outcome that is known, or have it computed; as `Pool.submit`."""
        origin = self._adapter_of[implementation.id].origin
        surroundings = self._surroundings[origin]
        if surroundings is None:
            return self._pool.submit(implementation, call)
        try:
            key = outcome_key(surroundings, implementation, call)
        except (Exception, SystemExit):
            # A recipe that gives no lines: the process that is to run them says what is wrong with it.
            return self._pool.submit(implementation, call)
        entry = None if self._fresh or origin not in self._known else self._store.get(key)
        if entry is None:
            outcome = self._pool.submit(implementation, call)
            outcome.add_done_callback(partial(self._keep, key))
            return outcome
        self.made[call, implementation.id] = entry.made
        self._answered.add(origin)
        known: Future[Outcome] = Future()
        known.set_result(Outcome.from_json(json.loads(entry.text)))
        return known

    def environments(self) -> dict[str, Mapping[str, Any]]:
        """Return origin -> what was recorded there, of every adapter that was started or had a known outcome."""
        known = {origin: record for origin, record in self._known.items() if origin in self._answered}
        return known | self._pool.environments()

    def failures(self) -> dict[str, str]:
        """Return what `Pool.failures` does."""
        return self._pool.failures()

    def close(self) -> None:
        """End the processes, and keep what their environments are."""
        self._pool.close()
        for origin, record in self._pool.environments().items():
            if (key := self._surroundings[origin]) is not None:
                self._store.put(key, json.dumps(record))

    def _keep(self, key: str, outcome: Future[Outcome]) -> None:
        if outcome.cancelled() or outcome.exception() is not None or outcome.result().kind not in _LASTING:
            return
        self._store.put(key, json.dumps(outcome.result().to_json()))
