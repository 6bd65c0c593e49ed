"""One worker process as the run sees it: start, send, receive, kill.

Requests and replies are pickled and go through its standard input and output. It may run in any interpreter that
has the framework and NumPy.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import queue
import signal
import subprocess
import tempfile
import threading
from dataclasses import replace
from pathlib import Path
from pickle import dumps, load
from typing import Any

from conformance.adapters.base import Adapter, Call, Implementation
from conformance.adapters.places import HERE
from conformance.workers import settings
from conformance.workers.messages import clean

_BOOTSTRAP = """\
import signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
path, memory, others, names, *roots = sys.argv[1:]
sys.argv = ["conformance-worker"]
if names:
    from importlib.machinery import PathFinder
    class Shared:
        def find_spec(name, path=None, target=None):
            return PathFinder.find_spec(name, roots) if name in names.split() else None
    sys.meta_path.insert(0, Shared)
if not others:
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
    """A worker process. It leads a process group, so that no process that a call has started outlives it.

    Args:
        adapter: the adapter it serves.
        scratch: a directory, in which it gets one of its own, for its temporary files as well.
        memory: bytes of data it may allocate; see `limits.limit_memory`.
    """

    def __init__(self, adapter: Adapter, scratch: Path, memory: int) -> None:
        # Somebody may have cleaned up the folder of temporary files.
        scratch.mkdir(parents=True, exist_ok=True)
        own = tempfile.mkdtemp(dir=scratch)
        environment = dict(os.environ)
        settings.apply(adapter, Path(own), environment)
        environment |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), own)
        modules = "conformance", adapter.path.partition(":")[0]
        roots = dict.fromkeys(map(_root, modules))
        # Another place may have these as well, of another release; and another interpreter gets no other packages.
        tops = {module.partition(".")[0] for module in modules} - {*adapter.distributions.values()}
        shared = " ".join(sorted(tops)) if adapter.place != HERE else ""
        arguments = adapter.path, str(memory), adapter.place.interpreter, shared
        self._call: Call | None = None
        self._printed = 0
        # It has no name: nobody can remove it.
        self._log = tempfile.TemporaryFile(buffering=0, dir=own)  # noqa: SIM115 - closed by `close`
        self._popen = subprocess.Popen(
            # -P: a module in the working directory must not shadow a framework of that name.
            [adapter.place.executable, "-P", "-c", _BOOTSTRAP, *arguments, *roots],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=adapter.place.variables(environment),
            cwd=own,
            start_new_session=True,
        )
        self._replies: queue.SimpleQueue[Any] = queue.SimpleQueue()
        for target in (self._read, self._watch):
            threading.Thread(target=target, daemon=True).start()

    def send(self, implementation: Implementation, call: Call) -> None:
        """Send a request; data that were sent last are not sent again."""
        data = None if call is self._call else dumps(replace(call, sources=()))
        request = dumps((implementation.known_as, data))
        self._call = call
        assert self._popen.stdin is not None
        # `receive` notices that the process has died.
        with contextlib.suppress(OSError):
            self._popen.stdin.write(request)
            self._popen.stdin.flush()

    def receive(self, timeout: float) -> Any:
        """Wait for the reply to the first request without one; None where the process has died.

        Raises:
            TimeoutError: no reply came in `timeout` seconds.
        """
        try:
            reply = self._replies.get(timeout=timeout)
        except queue.Empty:
            raise TimeoutError from None
        if reply is None:
            return None
        document, self._printed = reply
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
        how = f"ended with exit status {code}" if code >= 0 else f"was killed by {signal.Signals(-code).name}"
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
        with self._popen.stdout as replies, contextlib.suppress(Exception):
            while True:
                self._replies.put(load(replies))
        self._replies.put(None)


def _root(module: str) -> str:
    """Return the directory from which a module is imported, given its full name."""
    path = Path(importlib.import_module(module).__file__ or "").resolve()
    return str(path.parents[module.count(".") + (path.name == "__init__.py")])
