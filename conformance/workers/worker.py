"""A worker: processes that call a framework, one after another, each of them until it dies or hangs."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from conformance.adapters.base import Adapter, AdapterError, Call, Implementation
from conformance.calls.outcome import Outcome
from conformance.workers.process import Process

#: Seconds a framework may take to be imported.
_START_UP = 600.0

#: A framework is given up after so many processes in a row have died before they were ready: one may be killed
#: from outside, by the kernel for example when memory runs out. A cell has timed out once so many processes have
#: not answered in time: a framework may stall now and then, whatever the cell is.
_TRIES = 2


class NotStarted(Exception):  # noqa: N818 - a state, not a mistake of the caller
    """A framework that is installed cannot be started; the message is its traceback, or how its process ended."""


class Worker:
    """Answers one cell at a time, in a process that is started at the first one.

    A process that dies loses the cell it was working on and is replaced. One that exceeds its time is replaced as
    well, and the cell is tried once more in the new one.

    Args:
        adapter: the adapter whose implementations are called.
        scratch: a directory, in which each process gets one of its own.
        timeout: seconds a cell may take, not counting the start of the process.
        memory: bytes of data that a process may allocate; see `limits.limit_memory`.
    """

    def __init__(self, adapter: Adapter, scratch: Path, timeout: float, memory: int) -> None:
        self.environment: Mapping[str, Any] | None = None
        self._adapter = adapter
        self._scratch = scratch
        self._timeout = timeout
        self._memory = memory
        self._process: Process | None = None
        #: Why the framework cannot be started: a traceback, or how its process ended.
        self.failure: str | None = None
        self._stopped = False
        #: How many of the cells that will be asked for next are on their way.
        self._sent = 0
        self._lock = threading.Lock()

    def start(self) -> bool:
        """Start a process and wait until its framework is imported; return whether there is one."""
        failure = ""
        for _ in range(_TRIES):
            process = self._new_process()
            try:
                ready = process.receive(_START_UP)
            except TimeoutError:
                ready = f"not ready after {_START_UP:.0f} s"
            if isinstance(ready, Mapping):
                self.environment = self.environment or ready
                return True
            failure = ready or process.death()
            self.close()
            if ready is not None:
                break
        self.failure = failure
        return False

    def outcome(self, cells: Sequence[tuple[Implementation, Call]]) -> Outcome:
        """Return the outcome of the first cell.

        Args:
            cells: what to call with which data. Those behind the first are asked for next, in this order: they are
                sent as well, so that the process goes on while nobody listens.

        Raises:
            AdapterError: the recipe itself is wrong.
            NotStarted: the framework was given up.
            RuntimeError: the pool was closed first.
        """
        for _ in range(_TRIES):
            self._check_open()
            if self._process is None and (self.failure is not None or not self.start()):
                raise NotStarted(self.failure)
            assert self._process is not None
            try:
                self._send(self._process, cells)
                reply = self._process.receive(self._timeout)
                self._sent -= 1
            except TimeoutError:
                self.close()
                continue
            except Exception:
                self.close()
                raise
            if isinstance(reply, AdapterError):
                raise reply
            if isinstance(reply, Outcome):
                return reply
            self._check_open()
            crashed = Outcome("crashed", message=self._process.death())
            self.close()
            return crashed
        return Outcome("timed-out", message=f"no answer within {self._timeout:g} s, twice")

    def _send(self, process: Process, cells: Sequence[tuple[Implementation, Call]]) -> None:
        """Send those that are not on their way; what cannot be sent is an error of that cell only."""
        for number in range(self._sent, len(cells)):
            try:
                process.send(*cells[number])
            except Exception:
                if number:
                    return
                raise
            self._sent += 1

    def stop(self) -> None:
        """End the process, whatever it is doing, and start no other one; called from another thread."""
        with self._lock:
            self._stopped = True
            if self._process is not None:
                self._process.kill()

    def close(self) -> None:
        """End the process and remove its files."""
        if self._process is not None:
            self._process.close()
            self._process = None
        self._sent = 0

    def _new_process(self) -> Process:
        with self._lock:
            self._check_open()
            self._process = Process(self._adapter, self._scratch, self._memory)
            return self._process

    def _check_open(self) -> None:
        if self._stopped:
            raise RuntimeError("The pool was closed before the cell had an outcome.")
