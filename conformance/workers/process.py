"""One worker process as the run sees it: start, send, receive, kill."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

import conformance
from conformance.adapters.base import Adapter, Call
from conformance.workers import settings
from conformance.workers.messages import clean

_BOOTSTRAP = """\
import signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
path, memory, *roots = sys.argv[1:]
sys.argv = ["conformance-worker"]
sys.path += [root for root in roots if root not in sys.path]
from conformance.workers.limits import limit_memory
limit_memory(int(memory))
from conformance.workers.remote import main
main(path)
"""

#: Lines, and bytes, of standard error that are shown for a process that died.
_TAIL_LINES = 8
_TAIL_BYTES = 16_000


class Process:
    """A worker process; `call` is the one it was sent last, if any.

    It leads a process group of its own, so that no process that a call has started outlives it.

    Args:
        adapter: the adapter it serves.
        scratch: an empty directory of its own, for its temporary files as well.
        memory: bytes of data it may allocate; see `limits.limit_memory`.
    """

    def __init__(self, adapter: Adapter, scratch: Path, memory: int) -> None:
        environment = dict(os.environ)
        settings.apply(adapter, scratch, environment)
        environment |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))
        roots = dict.fromkeys([_root("conformance", conformance.__file__), _adapter_root(adapter)])
        self.call: Call | None = None
        self._printed = 0
        # It has no name: nobody can remove it.
        self._log = tempfile.TemporaryFile(dir=scratch)  # noqa: SIM115 - closed by `close`
        self._popen = subprocess.Popen(
            # -P: a module in the working directory must not shadow a framework of that name.
            [sys.executable, "-P", "-c", _BOOTSTRAP, adapter.path, str(memory), *roots],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=environment,
            cwd=scratch,
            start_new_session=True,
        )
        self._replies: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        for target in (self._read, self._watch):
            threading.Thread(target=target, daemon=True).start()

    def send(self, line: str) -> None:
        """Send a request; that the process has died is noticed by `receive`."""
        assert self._popen.stdin is not None
        with contextlib.suppress(OSError):
            self._popen.stdin.write(f"{line}\n".encode())
            self._popen.stdin.flush()

    def receive(self, timeout: float) -> dict[str, Any] | None:
        """Wait for the next reply; None where the process has died.

        Raises:
            TimeoutError: no reply came in `timeout` seconds.
        """
        try:
            line = self._replies.get(timeout=timeout)
        except queue.Empty:
            raise TimeoutError from None
        try:
            document: dict[str, Any] = json.loads(line or b"")
        except ValueError:
            return None
        self._printed = document["printed"]
        return document

    def kill(self) -> None:
        """End the process and all that it has started, at once; other threads may be using this object."""
        if self._popen.poll() is None:
            self._kill_group()
        self._popen.wait()

    def close(self) -> None:
        """End the process and give back its files; nothing else can be done with this object then."""
        self.kill()
        assert self._popen.stdin is not None
        # A request may still have been on its way.
        with contextlib.suppress(OSError):
            self._popen.stdin.close()
        self._log.close()

    def death(self) -> str:
        """Say how a process that has died came to its end, with what it printed since its last reply."""
        try:
            code = self._popen.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return "the process closed its connection"
        how = f"ended with exit status {code}" if code >= 0 else f"was killed by {_signal_name(-code)}"
        size = self._log.seek(0, os.SEEK_END)
        self._log.seek(max(self._printed, size - _TAIL_BYTES))
        printed = clean("\n".join(self._log.read().decode(errors="replace").splitlines()[-_TAIL_LINES:]))
        return clean(f"the process {how}{': ' if printed else ''}{printed}")

    def _watch(self) -> None:
        """End what is left of the group once the process has: it would hold the pipe to `_read` open."""
        self._popen.wait()
        self._kill_group()

    def _kill_group(self) -> None:
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._popen.pid, signal.SIGKILL)
        else:
            self._popen.kill()

    def _read(self) -> None:
        assert self._popen.stdout is not None
        with self._popen.stdout as replies:
            for line in replies:
                self._replies.put(line)
        self._replies.put(None)


def _adapter_root(adapter: Adapter) -> str:
    name = adapter.path.partition(":")[0]
    return _root(name, importlib.import_module(name).__file__ or "")


def _root(module: str, file: str) -> str:
    """Directory from which a module is imported, given its full name and its file."""
    path = Path(file).resolve()
    levels = module.count(".") + (path.name == "__init__.py")
    return str(path.parents[levels])


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
