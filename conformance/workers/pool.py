"""The worker processes of a run: cells are sent to them ahead of the tests that wait for the outcomes."""

from __future__ import annotations

import os
import tempfile
import threading
from collections import deque
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from conformance.adapters.base import Adapter, AdapterError, Call, Implementation
from conformance.calls.outcome import Outcome
from conformance.workers import settings
from conformance.workers.messages import clean
from conformance.workers.process import Process
from conformance.workers.runner import run
from conformance.workers.wire import request

#: Seconds a framework may take to be imported.
_START_UP = 600.0

#: A framework is given up after so many processes in a row have died before they were ready. One may be killed
#: from outside, by the kernel for example when memory runs out.
_STARTS = 2

#: Bytes of data that a worker may allocate unless told otherwise. Frameworks take up to 0.6 GB before the first
#: call; the arrays of the largest case take 0.5 GB.
MEMORY = 4 * 10**9

#: Cells, and characters of requests, that are on their way to one process. The second stays well below what a
#: pipe holds, so that sending to a process that hangs does not hang the run.
_WINDOW = 16
_WINDOW_SIZE = 16_000

#: A cell has timed out once so many processes have not answered in time: a framework may stall now and then,
#: whatever the cell is.
_LATE = 2

#: A further process is started once so many cells wait for each one that runs.
_WAITING_PER_PROCESS = 40


#: What all tickets with an outcome share: there may be a hundred thousand.
_DONE = threading.Event()
_DONE.set()


class Ticket:
    """A submitted cell, and its outcome once there is one."""

    def __init__(self, implementation: Implementation, call: Call) -> None:
        self.implementation = implementation
        self.call = call
        #: How often there was no answer in time.
        self.late = 0
        self._outcome: Outcome | AdapterError | None = None
        self._done = threading.Event()

    @property
    def done(self) -> bool:
        """Whether there is an outcome, or will never be one."""
        return self._done.is_set()

    def resolve(self, outcome: Outcome | AdapterError | None) -> None:
        """Set the outcome, or why the recipe gives none; None where the pool was closed before there was one."""
        self._outcome = outcome
        waited_for, self._done = self._done, _DONE
        waited_for.set()

    def wait(self) -> Outcome:
        """Block until there is an outcome, and return it.

        Raises:
            AdapterError: the recipe itself is wrong.
            RuntimeError: the pool was closed first.
        """
        self._done.wait()
        if isinstance(self._outcome, AdapterError):
            raise self._outcome
        if self._outcome is None:
            raise RuntimeError(f"The pool was closed before {self.implementation.id} had an outcome.")
        return self._outcome


class Pool:
    """Workers for a set of adapters; a context manager.

    Processes are started at the first cell of their adapter. A process that dies loses the cell it was working on
    and is replaced. One that exceeds its time is replaced as well, and the cell is tried once more in the new one.

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
        self._origins: dict[str, str] = {}
        for adapter in adapters:
            scratch = Path(self._scratch.name) / adapter.origin
            limit = (processes or {}).get(adapter.origin, adapter.processes)
            self._lanes[adapter.origin] = (
                _Inline(adapter, scratch) if inline else _Lane(adapter, scratch, timeout, memory, limit)
            )
            self._origins |= {entry.id: adapter.origin for entry in adapter.implementations}

    def submit(self, implementation: Implementation, call: Call) -> Ticket:
        """Hand a cell to a worker and return at once.

        Raises:
            KeyError: the implementation belongs to none of the pool's adapters.
        """
        ticket = Ticket(implementation, call)
        self._lanes[self._origins[implementation.id]].submit(ticket)
        return ticket

    def wait(self, ticket: Ticket) -> Outcome:
        """Block until the outcome of a cell is there, and return it.

        A framework that cannot be started gives a `crashed` outcome that says why.

        Raises:
            AdapterError: the recipe itself is wrong.
        """
        return self._lanes[self._origins[ticket.implementation.id]].wait(ticket)

    def environments(self) -> dict[str, Mapping[str, Any]]:
        """Return origin -> what `settings.record` read there, of every adapter that was started."""
        return {name: lane.environment for name, lane in self._lanes.items() if lane.environment is not None}

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


class _Lane:
    """The cells that wait for one adapter, and the threads that feed its processes, one each."""

    def __init__(self, adapter: Adapter, scratch: Path, timeout: float, memory: int, limit: int) -> None:
        self.environment: Mapping[str, Any] | None = None
        self._adapter = adapter
        self._scratch = scratch
        self._timeout = timeout
        self._memory = memory
        self._limit = limit
        self._changed = threading.Condition()
        self._waiting: deque[Ticket] = deque()
        self._threads: list[threading.Thread] = []
        self._processes: set[Process] = set()
        self._started = 0
        self._stillborn = 0
        self._failure: str | None = None
        self._stopped = False

    def submit(self, ticket: Ticket) -> None:
        with self._changed:
            if self._stopped:
                raise RuntimeError("The pool is closed.")
            self._waiting.append(ticket)
            threads = len(self._threads)
            if threads < self._limit and len(self._waiting) > threads * _WAITING_PER_PROCESS:
                thread = threading.Thread(
                    target=self._serve, name=f"{self._adapter.origin}-{threads}", daemon=True
                )
                self._threads.append(thread)
                thread.start()
            self._changed.notify()

    def wait(self, ticket: Ticket) -> Outcome:
        return ticket.wait()

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            for process in self._processes:
                process.kill()
            self._changed.notify_all()

    def join(self) -> None:
        for thread in self._threads:
            thread.join()
        for ticket in self._waiting:
            ticket.resolve(None)

    def _serve(self) -> None:
        """Feed one process after another until the pool is closed."""
        while self._has_work():
            if self._failure is not None:
                self._give_up(self._failure)
                continue
            try:
                process = self._start()
                if process is None and self._failure is None:
                    return
                if process is not None:
                    self._serve_with(process)
            except Exception as error:
                # Otherwise a test that waits for a cell would wait for ever.
                self._failure = (
                    f"{self._adapter.origin} was given up: {type(error).__name__}: {clean(str(error))}"
                )

    def _serve_with(self, process: Process) -> None:
        try:
            self._feed(process)
        finally:
            with self._changed:
                self._processes.discard(process)
            process.close()

    def _has_work(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._stopped)
            return not self._stopped

    def _give_up(self, failure: str) -> None:
        with self._changed:
            hopeless = list(self._waiting)
            self._waiting.clear()
        for ticket in hopeless:
            ticket.resolve(Outcome(kind="crashed", message=failure))

    def _start(self) -> Process | None:
        """Start a process and wait until its framework is imported; None if that fails or the pool is closed.

        A framework whose processes do not start is given up, so that a run does not try it again for every cell.
        While another one is at work, that one goes on alone.
        """
        with self._changed:
            if self._stopped:
                return None
            self._started += 1
            scratch = self._scratch / str(self._started)
            # Somebody may have cleaned up the folder of temporary files.
            scratch.mkdir(parents=True, exist_ok=True)
            process = Process(self._adapter, scratch, self._memory)
            self._processes.add(process)
        died = False
        try:
            ready = process.receive(_START_UP)
            died = ready is None
            failure = process.death() if ready is None else ready.get("failure")
        except TimeoutError:
            failure = f"not ready after {_START_UP:.0f} s"
        with self._changed:
            if failure is None and ready is not None:
                self._stillborn = 0
                self.environment = self.environment or ready["environment"]
                return process
            self._processes.discard(process)
            self._stillborn += 1
            again = died and self._stillborn < _STARTS
            if not self._processes and not again:
                self._failure = f"{self._adapter.origin} cannot be started: {failure}"
        process.close()
        return self._start() if again else None

    def _feed(self, process: Process) -> None:
        """Send cells to a process and resolve them as it answers, until it or the pool ends."""
        sent: deque[tuple[Ticket, int]] = deque()
        try:
            alive = True
            while alive:
                self._send(process, sent)
                if not sent:
                    return
                outcome = self._receive(process)
                late = isinstance(outcome, Outcome) and outcome.kind == "timed-out"
                alive = outcome is not None and not late
                if not alive and self._stopped:
                    return
                sent[0][0].late += late
                if late and sent[0][0].late < _LATE:
                    return
                sent[0][0].resolve(outcome or Outcome(kind="crashed", message=process.death()))
                sent.popleft()
        finally:
            # The process has not begun these cells: another one takes them, in their order.
            with self._changed:
                self._waiting.extendleft(reversed([ticket for ticket, _ in sent]))

    def _receive(self, process: Process) -> Outcome | AdapterError | None:
        """Return the next outcome of a process, or the error of a recipe; None if it has died."""
        try:
            reply = process.receive(self._timeout)
        except TimeoutError:
            process.kill()
            return Outcome(kind="timed-out", message=f"no answer within {self._timeout:g} s, twice")
        if reply is None:
            return None
        return AdapterError(reply["error"]) if "error" in reply else Outcome.from_json(reply["outcome"])

    def _send(self, process: Process, sent: deque[tuple[Ticket, int]]) -> None:
        """Fill the window of a process, waiting for a cell if it is empty; send nothing once closed."""
        with self._changed:
            if not sent:
                self._changed.wait_for(lambda: self._waiting or self._stopped)
            if self._stopped:
                return
            # Near the end each process takes one cell at a time, so that all end together.
            share = min(_WINDOW, max(1, len(self._waiting) // (2 * len(self._threads))))
            taken = [self._waiting.popleft() for _ in range(min(share - len(sent), len(self._waiting)))]
        on_their_way = sum(size for _, size in sent)
        try:
            while taken:
                call = taken[0].call
                line = request(taken[0].implementation, call, again=call is process.call)
                if sent and on_their_way + len(line) > _WINDOW_SIZE:
                    break
                process.send(line)
                process.call = call
                sent.append((taken.pop(0), len(line)))
                on_their_way += len(line)
        finally:
            with self._changed:
                self._waiting.extendleft(reversed(taken))


class _Inline:
    """The same interface for a framework that is called in this process, when its outcome is asked for."""

    def __init__(self, adapter: Adapter, scratch: Path) -> None:
        self.environment: Mapping[str, Any] | None = None
        self._adapter = adapter
        self._scratch = scratch
        self._failure: str | None = None

    def submit(self, ticket: Ticket) -> None:
        pass

    def wait(self, ticket: Ticket) -> Outcome:
        if self.environment is None and self._failure is None:
            self._start()
        if not ticket.done:
            ticket.resolve(self._call(ticket))
        return ticket.wait()

    def stop(self) -> None:
        pass

    def join(self) -> None:
        pass

    def _call(self, ticket: Ticket) -> Outcome:
        if self._failure is not None:
            return Outcome(kind="crashed", message=self._failure)
        return run(self._adapter, ticket.implementation, ticket.call, interruptible=True)

    def _start(self) -> None:
        self._scratch.mkdir(parents=True)
        settings.apply(self._adapter, self._scratch, os.environ)
        try:
            if self._adapter.warm_up is not None:
                self._adapter.warm_up()
            self.environment = settings.record(self._adapter)
        except Exception as error:
            self._failure = (
                f"{self._adapter.origin} cannot be started: {type(error).__name__}: {clean(str(error))}"
            )
