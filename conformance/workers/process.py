"""One worker process, seen from the run: start, send, receive, kill."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import conformance
from conformance.adapters.base import Adapter, Call
from conformance.workers import settings
from conformance.workers.messages import clean

#: Ctrl-C reaches the whole process group; only the run answers it, and ends its workers itself.
_BOOTSTRAP = """\
import signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
path, *roots = sys.argv[1:]
sys.argv = ["conformance-worker"]
sys.path += [root for root in roots if root not in sys.path]
from conformance.workers.remote import main
main(path)
"""

#: Lines of standard error that are shown for a process that died.
_TAIL_LINES = 8


class Process:
    """A worker process; `call` is the one it was sent last, if any.

    Args:
        adapter: the adapter it serves.
        scratch: an empty directory of its own.
    """

    def __init__(self, adapter: Adapter, scratch: Path) -> None:
        environment = dict(os.environ)
        settings.apply(adapter, scratch, environment)
        roots = dict.fromkeys([_root("conformance", conformance.__file__), _adapter_root(adapter)])
        self.call: Call | None = None
        self._printed = 0
        self._log = scratch / "stderr"
        with self._log.open("wb") as log:
            self._popen = subprocess.Popen(
                # -P: a sklearn.py in the working directory must not be taken for scikit-learn.
                [sys.executable, "-P", "-c", _BOOTSTRAP, adapter.path, *roots],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=environment,
                cwd=scratch,
            )
        self._replies: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

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
        """End the process at once and collect it."""
        self._popen.kill()
        self._popen.wait()
        assert self._popen.stdin is not None
        # A request may still have been on its way.
        with contextlib.suppress(OSError):
            self._popen.stdin.close()

    def death(self) -> str:
        """Say how a process that has died came to its end, with what it printed since its last reply."""
        try:
            code = self._popen.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.kill()
            return "the process closed its connection"
        how = f"ended with exit status {code}" if code >= 0 else f"was killed by {_signal_name(-code)}"
        with self._log.open("rb") as log:
            log.seek(self._printed)
            printed = clean("\n".join(log.read().decode(errors="replace").splitlines()[-_TAIL_LINES:]))
        return clean(f"the process {how}{': ' if printed else ''}{printed}")

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
