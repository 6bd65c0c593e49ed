"""Runs of pytest and of the command line in processes forked from one that has imported what both need of others.

A fresh interpreter spends more time on these imports than most runs take. Nothing of this project is among them.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_SERVER = """
import json, multiprocessing, os, sys
import click, jinja2, ml_dtypes, numpy, pydantic, pytest, yaml

def run(program, arguments, folder, variables, paths):
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    for number, path in enumerate((os.devnull, *paths)):
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT), number)
    sys.stdin = open(0)
    sys.argv = ["-c", *arguments]
    sys.path[:1] = [folder, *variables.get("PYTHONPATH", "").split(os.pathsep)]
    exec(program, {"__name__": "__main__"})

for line in sys.stdin:
    *request, timeout = json.loads(line)
    process = multiprocessing.get_context("fork").Process(target=run, args=request)
    process.start()
    process.join(timeout)
    process.kill()
    process.join()
    print(process.exitcode, flush=True)
"""


@cache
def _server() -> subprocess.Popen[str]:
    """Start the process that is forked from; it ends with this one, whose end closes its standard input."""
    command = [sys.executable, "-c", _SERVER]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def run(
    program: str, arguments: tuple[str, ...], folder: Path, variables: Mapping[str, str], timeout: float
) -> subprocess.CompletedProcess[str]:
    """Run `program` as `python -c` would, from `folder`, with these environment variables."""
    server = _server()
    assert server.stdin is not None
    assert server.stdout is not None
    with tempfile.TemporaryDirectory() as scratch:
        paths = [Path(scratch) / name for name in ("stdout", "stderr")]
        request = [program, arguments, str(folder), dict(variables), [str(path) for path in paths], timeout]
        server.stdin.write(json.dumps(request) + "\n")
        server.stdin.flush()
        code = int(server.stdout.readline())
        texts = [path.read_text(encoding="utf-8") if path.exists() else "" for path in paths]
    return subprocess.CompletedProcess([program, *arguments], code, *texts)
