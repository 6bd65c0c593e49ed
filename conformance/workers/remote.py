"""The worker's side: reads calls from standard input and writes outcomes until the input ends.

Runs in any interpreter that has the framework and NumPy; needs nothing else but the standard library.
"""

from __future__ import annotations

import gc
import os
import pickle
import pkgutil
import queue
import signal
import stat
import sys
import threading
from typing import Any, BinaryIO

from conformance.adapters.base import Adapter, AdapterError, Call
from conformance.calls.outcome import Outcome
from conformance.workers.messages import described, traced
from conformance.workers.runner import Kept, run
from conformance.workers.settings import record


def main(path: str) -> None:
    """Serve the adapter found at `package.module:ATTRIBUTE`; called in a fresh process."""
    requests, replies = _private_streams()
    try:
        adapter: Adapter = pkgutil.resolve_name(path)
        _reply(replies, start(adapter))
    except BaseException as error:
        _reply(replies, traced(error))
        return
    entries = {entry.known_as: entry for entry in adapter.called}
    call = Call("binary", ())
    kept = Kept()
    while True:
        name, data = requests.get()
        try:
            # None stands for the one before, which `run` leaves as it is.
            call = call if data is None else pickle.loads(data)
        except Exception as error:
            _reply(replies, Outcome("crashed", message=f"its data cannot be read here: {described(error)}"))
            continue
        try:
            _reply(replies, run(adapter, entries[name], call, kept=kept))
        except AdapterError as error:
            _reply(replies, error)


def start(adapter: Adapter) -> dict[str, Any]:
    """Import the framework of an adapter, and return the record of its environment."""
    if adapter.warm_up is not None:
        adapter.warm_up()
    # What was imported stays, and frameworks collect garbage after every model: without looking through it.
    gc.freeze()
    return record(adapter)


def _private_streams() -> tuple[queue.SimpleQueue[Any], BinaryIO]:
    """Take standard input and output for the protocol; what a framework prints goes to standard error."""
    # Its number may belong to another file once a call has closed it.
    source = os.fdopen(os.dup(0), "rb", closefd=False)
    replies = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    requests: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def read() -> None:
        try:
            while True:
                requests.put(pickle.load(source))
        except OSError:
            return  # A call has closed this end, so that its reply fails.
        except Exception:
            if not _is_pipe(source):
                return  # A call has closed it, and another file may have its number.
            # The run has ended or was killed: so does the worker, whatever it is doing, and what it has started.
            if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
                os.killpg(0, signal.SIGKILL)
            os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    return requests, replies


def _is_pipe(stream: BinaryIO) -> bool:
    try:
        return stat.S_ISFIFO(os.fstat(stream.fileno()).st_mode)
    except OSError:
        return False


def _reply(replies: BinaryIO, document: Any) -> None:
    # The size of what was printed so far tells the run which part belongs to the next cell.
    sys.stdout.flush()
    sys.stderr.flush()
    try:
        pickle.dump((document, os.fstat(2).st_size), replies)
        replies.flush()
    except OSError as error:
        # No traceback: the number of the closed file may be that of a source file by the time its line is read.
        os.write(2, f"the call has closed the worker's connection: {error}".encode())
        os._exit(1)
