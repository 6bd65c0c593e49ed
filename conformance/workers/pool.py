"""The worker processes of a run: cells are sent to them ahead of the tests that wait for the outcomes."""

from __future__ import annotations

import contextlib
import os
import queue
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Protocol

from conformance.adapters.base import Adapter, Call, Implementation
from conformance.calls.outcome import Outcome
from conformance.workers import settings
from conformance.workers.messages import traced
from conformance.workers.remote import start
from conformance.workers.runner import run
from conformance.workers.worker import NotStarted, Worker

#: Bytes of data that a worker may allocate unless told otherwise. Frameworks take up to 0.6 GB before the first
#: call; the arrays of the largest case take 0.5 GB.
MEMORY = 4 * 10**9

#: A further process is started once so many cells wait for each one that runs.
_WAITING_PER_PROCESS = 40

#: So many cells are sent before they are waited for: a cheap one takes less time than a thread of a busy run needs
#: to notice its outcome.
_AHEAD = 4


class WorkersError(Exception):
    """The workers of a run are not to be had; the message says which, why, and what to do."""


class Workers(Protocol):
    """What computes the cells of a run."""

    def submit(self, implementation: Implementation, call: Call) -> Future[Outcome]:
        """Hand over a cell and return at once."""

    def environments(self) -> dict[str, Mapping[str, Any]]:
        """Return origin -> what `settings.record` read there, of every adapter that was started."""

    def failures(self) -> dict[str, str]:
        """Return origin -> why, a traceback if there is one, of every adapter that could not be started."""

    def close(self) -> None:
        """End all that was started; cells without an outcome stay without one."""


class Pool:
    """Workers for a set of adapters; a context manager.

    Processes are started at the first cell of their adapter.

    Args:
        adapters: the adapters whose implementations will be submitted.
        timeout: seconds a cell may take, not counting the start of the process.
        memory: bytes of data that a worker may allocate; see `limits.limit_memory`.
        inline: call the frameworks in this process, for a debugger: no isolation and no timeout.
        processes: origin of an adapter -> most processes to use for it, instead of what the adapter says.
    """

    def __init__(
        self,
        adapters: Iterable[Adapter],
        *,
        timeout: float = 60.0,
        memory: int = MEMORY,
        inline: bool = False,
        processes: Mapping[str, int] | None = None,
    ) -> None:
        self._scratch = tempfile.TemporaryDirectory(prefix="conformance-", ignore_cleanup_errors=True)
        self._lanes: dict[str, _Lane | _Inline] = {}
        self._lane_of: dict[str, _Lane | _Inline] = {}
        for adapter in adapters:
            scratch = Path(self._scratch.name) / adapter.origin
            limit = (processes or {}).get(adapter.origin, adapter.processes)
            new_worker = partial(Worker, adapter, scratch, timeout, memory)
            lane = _Inline(adapter, scratch) if inline else _Lane(limit, new_worker)
            self._lanes[adapter.origin] = lane
            self._lane_of |= {entry.id: lane for entry in adapter.called}

    def submit(self, implementation: Implementation, call: Call) -> Future[Outcome]:
        """Hand a cell to a worker and return at once; an inline pool computes it first.

        The result raises NotStarted where the framework cannot be started, AdapterError where the recipe itself is
        wrong, and RuntimeError where the pool was closed first.

        Raises:
            KeyError: the implementation belongs to none of the pool's adapters.
        """
        return self._lane_of[implementation.id].submit(implementation, call)

    def environments(self) -> dict[str, Mapping[str, Any]]:
        """Return origin -> what `settings.record` read there, of every adapter that was started."""
        return {name: lane.environment for name, lane in self._lanes.items() if lane.environment is not None}

    def failures(self) -> dict[str, str]:
        """Return origin -> why, a traceback if there is one, of every adapter that could not be started."""
        return {name: lane.failure for name, lane in self._lanes.items() if lane.failure is not None}

    def close(self) -> None:
        """End all processes and wait until they are gone; cells without an outcome stay without one."""
        for lane in self._lanes.values():
            lane.stop()
        for lane in self._lanes.values():
            lane.join()
        self._scratch.cleanup()

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Cell(NamedTuple):
    implementation: Implementation
    call: Call
    outcome: Future[Outcome]


class _Lane:
    """The cells that wait for one adapter, and its workers, each of them served by a thread."""

    def __init__(self, limit: int, new_worker: Callable[[], Worker]) -> None:
        self._limit = limit
        self._new_worker = new_worker
        self._cells: queue.SimpleQueue[_Cell | None] = queue.SimpleQueue()
        self._workers: list[Worker] = []
        self._threads: list[threading.Thread] = []

    @property
    def environment(self) -> Mapping[str, Any] | None:
        return next((worker.environment for worker in self._workers if worker.environment), None)

    @property
    def failure(self) -> str | None:
        # Of the first one: without the others it goes on alone.
        return self._workers[0].failure if self._workers else None

    def submit(self, implementation: Implementation, call: Call) -> Future[Outcome]:
        cell = _Cell(implementation, call, Future())
        self._cells.put(cell)
        number = len(self._threads)
        if number < self._limit and self._cells.qsize() > number * _WAITING_PER_PROCESS:
            self._workers.append(self._new_worker())
            self._threads.append(threading.Thread(target=self._serve, args=self._workers[-1:], daemon=True))
            self._threads[-1].start()
        return cell.outcome

    def stop(self) -> None:
        for worker in self._workers:
            worker.stop()
            self._cells.put(None)

    def join(self) -> None:
        for thread in self._threads:
            thread.join()

    def _serve(self, worker: Worker) -> None:
        if worker is not self._workers[0]:
            try:
                if not worker.start():
                    return  # The first one goes on alone.
            except RuntimeError:
                worker.close()
                return  # The pool was closed meanwhile.
        taken: deque[_Cell | None] = deque()
        while (cell := taken.popleft() if taken else self._cells.get()) is not None:
            while len(taken) < _AHEAD and None not in taken and not self._cells.empty():
                with contextlib.suppress(queue.Empty):
                    taken.append(self._cells.get_nowait())
            cells = [(one.implementation, one.call) for one in (cell, *taken) if one is not None]
            try:
                cell.outcome.set_result(worker.outcome(cells))
            except Exception as error:
                cell.outcome.set_exception(error)
        worker.close()


class _Inline:
    """The same interface for a framework that is called in this process."""

    def __init__(self, adapter: Adapter, scratch: Path) -> None:
        self.environment: Mapping[str, Any] | None = None
        self._adapter = adapter
        self._scratch = scratch
        self.failure: str | None = None

    def submit(self, implementation: Implementation, call: Call) -> Future[Outcome]:
        if self.environment is None and self.failure is None:
            self._start()
        outcome: Future[Outcome] = Future()
        if self.failure is None:
            outcome.set_result(run(self._adapter, implementation, call, interruptible=True))
        else:
            outcome.set_exception(NotStarted(self.failure))
        return outcome

    def stop(self) -> None:
        pass

    def join(self) -> None:
        pass

    def _start(self) -> None:
        self._scratch.mkdir(parents=True)
        settings.apply(self._adapter, self._scratch, os.environ)
        try:
            self.environment = start(self._adapter)
        except Exception as error:
            self.failure = traced(error)
