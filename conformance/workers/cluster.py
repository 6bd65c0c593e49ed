"""The workers of a run on a Dask cluster. Needs dask.distributed, which the extra `dask` brings.

Each Dask worker keeps a pool of its own: a call of a framework happens in the same processes as in a local run. What a
lost Dask worker was doing is done by another one.
"""

from __future__ import annotations

import asyncio
import contextlib
import platform
import threading
import uuid
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from importlib import metadata
from typing import Any

from distributed import Client, WorkerPlugin, get_worker

from conformance.adapters.base import Adapter, AdapterError, Call, Implementation
from conformance.adapters.registry import installed
from conformance.calls.outcome import Outcome
from conformance.workers.messages import described
from conformance.workers.pool import Pool, WorkersError
from conformance.workers.worker import NotStarted

#: Seconds until a scheduler has to answer, and until it has to have a worker.
_TO_ANSWER = 10
_TO_HAVE_WORKERS = 60


class Cluster:
    """Computes cells on a Dask cluster; used as a `Pool` is.

    Args:
        address: of the scheduler, `tcp://HOST:PORT`.
        adapters: the adapters whose implementations will be submitted.
        timeout: seconds a cell may take, not counting the start of a process.
        memory: bytes of data that a process may allocate.

    Raises:
        WorkersError: there is no such scheduler, it has no workers, or these have other releases than this process.
    """

    def __init__(self, address: str, adapters: Sequence[Adapter], *, timeout: float, memory: int) -> None:
        self._address = address
        self._client = _connected(address)
        self._name = f"conformance-{uuid.uuid4().hex}"
        self._environments: dict[str, Mapping[str, Any]] = {}
        self._failures: dict[str, str] = {}
        self._origins = {entry.id: adapter.origin for adapter in adapters for entry in adapter.called}
        self._asked, self._closed = 0, False
        #: A result that nothing refers to is thrown away; the data of one call are asked for again and again.
        self._open: set[Any] = set()
        self._data: tuple[Call, Any] | None = None
        try:
            self._check_releases(adapters)
            self._client.register_plugin(_Pools(self._name, adapters, timeout, memory))
        except BaseException:
            self._client.close()
            raise

    def submit(self, implementation: Implementation, call: Call) -> Future[Outcome]:
        """Hand a cell to the cluster and return at once.

        The outcome is `crashed` where the cluster lost it: it is gone, or several workers died while they had it.
        """
        self._asked += 1
        # Dask's dashboard shows what has the same beginning as one.
        key = f"{self._origins[implementation.id]}-{self._name[-8:]}-{self._asked}"
        if self._data is None or self._data[0] is not call:
            # A task and not part of each cell: large data travel once, and are made anew where they are lost.
            data = self._client.submit(_same, replace(call, sources=()), key=f"data-{key}", pure=False)
            self._data = call, data
        asked = self._client.submit(
            _outcome, self._name, implementation.id, self._data[1], key=key, pure=False
        )
        self._open.add(asked)
        outcome: Future[Outcome] = Future()
        # In the client's loop, which fetches together what is there: what a worker still has is lost with it.
        collecting = self._collect(asked, self._origins[implementation.id], outcome)
        asyncio.run_coroutine_threadsafe(collecting, self._client.loop.asyncio_loop)
        return outcome

    def environments(self) -> dict[str, Mapping[str, Any]]:
        """Return origin -> what `settings.record` read there, of every adapter that answered."""
        return dict(self._environments)

    def failures(self) -> dict[str, str]:
        """Return origin -> why, a traceback if there is one, of every adapter that a worker could not start."""
        return dict(self._failures)

    def close(self) -> None:
        """Give up what has no outcome, and end the processes of this run on all workers."""
        self._closed = True
        open_, self._open, self._data = list(self._open), set(), None
        # Nothing of it matters where the cluster is gone.
        with contextlib.suppress(Exception):
            self._client.cancel(open_, force=True)
            self._client.unregister_worker_plugin(self._name)
        with contextlib.suppress(Exception):
            self._client.close()

    async def _collect(self, asked: Any, origin: str, outcome: Future[Outcome]) -> None:
        try:
            answer, environment = await self._client.gather(asked, asynchronous=True)
        except NotStarted as error:
            self._failures.setdefault(origin, str(error))
            outcome.set_exception(error)
        except AdapterError as error:
            outcome.set_exception(error)
        except BaseException as error:
            if self._closed:
                return
            lost = f"the Dask cluster at {self._address} lost the call: {described(error)}"
            outcome.set_result(Outcome("crashed", message=lost))
        else:
            if environment is not None:
                self._environments.setdefault(origin, environment)
            outcome.set_result(answer)
        finally:
            self._open.discard(asked)

    def _check_releases(self, adapters: Iterable[Adapter]) -> None:
        expected = _releases(adapters)
        for worker, found in self._client.run(_releases, tuple(adapters)).items():
            for name, release in expected.items():
                if found[name] != release:
                    raise WorkersError(
                        f"The Dask worker {worker} has {name} {found[name] or '(not installed)'}, and this process has"
                        f" {release}: definitions hold for a release. Install the same on both."
                    )


class _Pools(WorkerPlugin):
    """A plugin of Dask workers: the pool of one run in each of them, made when the worker starts or joins."""

    def __init__(self, name: str, adapters: Sequence[Adapter], timeout: float, memory: int) -> None:
        self.name = name
        self._adapters, self._timeout, self._memory = tuple(adapters), timeout, memory

    def setup(self, worker: Any) -> None:
        self._pool = Pool(self._adapters, timeout=self._timeout, memory=self._memory)
        self._entries = {entry.id: (entry, a.origin) for a in self._adapters for entry in a.called}
        self._lock = threading.Lock()
        self._reported: set[str] = set()

    def teardown(self, worker: Any) -> None:
        self._pool.close()

    def outcome(self, name: str, call: Call) -> tuple[Outcome, Mapping[str, Any] | None]:
        """Wait for an outcome; return it with the environment it came from, the first time."""
        entry, origin = self._entries[name]
        with self._lock:
            future = self._pool.submit(entry, call)
        outcome = future.result()
        with self._lock:
            new = origin not in self._reported
            self._reported.add(origin)
        return outcome, self._pool.environments().get(origin) if new else None


def _same(call: Call) -> Call:
    return call


def _outcome(plugin: str, name: str, call: Call) -> tuple[Outcome, Mapping[str, Any] | None]:
    """Runs in a thread of a Dask worker."""
    pools: Any = get_worker().plugins[plugin]
    found: tuple[Outcome, Mapping[str, Any] | None] = pools.outcome(name, call)
    return found


def _releases(adapters: Iterable[Adapter]) -> dict[str, str | None]:
    """Return the releases of all that an outcome depends on, as they are installed where this runs."""
    found: dict[str, str | None] = {
        "Python": ".".join(platform.python_version_tuple()[:2]),
        "metric-conformance": metadata.version("metric-conformance"),
    }
    for adapter in adapters:
        found |= {f"{name} (of {adapter.origin})": release for name, release in installed(adapter).items()}
    return found


def _connected(address: str) -> Any:
    """Return a client of a scheduler that has workers."""
    connect: Any = Client
    try:
        client = connect(address, timeout=_TO_ANSWER, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise WorkersError(
            f"No Dask scheduler answers at {address} ({described(error)}). Start one with `dask scheduler`, or correct"
            " the address: tcp://HOST:PORT."
        ) from error
    try:
        client.wait_for_workers(1, timeout=_TO_HAVE_WORKERS)
    except TimeoutError as error:
        client.close()
        raise WorkersError(
            f"The Dask scheduler at {address} has no workers: start some with `dask worker {address}`."
        ) from error
    return client
