"""The worker's side: reads calls from standard input and writes outcomes until the input ends.

Runs in any interpreter that has the framework and NumPy; needs nothing else but the standard library.
"""

from __future__ import annotations

import importlib
import json
import os
import queue
import signal
import sys
import threading
from typing import Any, TextIO

from conformance.adapters.base import Adapter, AdapterError, Call
from conformance.workers.messages import clean
from conformance.workers.runner import run
from conformance.workers.settings import record
from conformance.workers.wire import decode_call


def main(path: str) -> None:
    """Serve the adapter found at `package.module:ATTRIBUTE`; called in a fresh process."""
    requests, replies = _private_streams()
    try:
        adapter = load(path)
        if adapter.warm_up is not None:
            adapter.warm_up()
        _reply(replies, {"environment": record(adapter)})
    except BaseException as error:
        _reply(replies, {"failure": f"{type(error).__name__}: {clean(str(error))}"})
        return
    entries = {entry.id: entry for entry in adapter.implementations}
    call = Call("binary", ())
    while True:
        document = json.loads(requests.get())
        if document["call"] is not None:  # else the one before, which `run` leaves as it is
            call = decode_call(document["call"])
        try:
            outcome = run(adapter, entries[document["implementation"]], call)
        except AdapterError as error:
            _reply(replies, {"error": str(error)})
        else:
            _reply(replies, {"outcome": outcome.to_json()})


def load(path: str) -> Adapter:
    """Import an adapter by its path, `package.module:ATTRIBUTE`."""
    module, _, attribute = path.partition(":")
    adapter = getattr(importlib.import_module(module), attribute)
    if not isinstance(adapter, Adapter):
        raise TypeError(f"{path} is a {type(adapter).__name__}, not an Adapter")
    return adapter


def _private_streams() -> tuple[queue.SimpleQueue[str], TextIO]:
    """Take standard input and output for the protocol; what a framework prints goes to standard error."""
    source = os.fdopen(os.dup(0), encoding="utf-8")
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    requests: queue.SimpleQueue[str] = queue.SimpleQueue()

    def read() -> None:
        for line in source:
            requests.put(line)
        # The run has ended or was killed: so does the worker, whatever it is doing, and what it has started.
        if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
            os.killpg(0, signal.SIGKILL)
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    return requests, replies


def _reply(replies: TextIO, document: dict[str, Any]) -> None:
    # The size of what was printed so far tells the run which part belongs to the next cell.
    sys.stdout.flush()
    sys.stderr.flush()
    replies.write(json.dumps({**document, "printed": os.fstat(2).st_size}) + "\n")
    replies.flush()
