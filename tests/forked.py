"""Programs in processes of their own, forked from one that has done nothing but the imports they need.

A fresh interpreter spends seconds on importing a framework, and most programs a tenth of one on what they are about.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from conformance.adapters.base import Adapter
from conformance.adapters.registry import adapters

Done = subprocess.CompletedProcess[str]

_SERVER = """
import gc, json, multiprocessing, os, sys

def run(program, arguments, folder, variables, paths):
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    for number, path in enumerate((os.devnull, *paths)):
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT), number)
    sys.stdin = open(0)
    sys.argv = ["-c", *arguments]
    sys.path[:1] = [folder, *variables.get("PYTHONPATH", "").split(os.pathsep)]
    exec(compile(program, "<string>", "exec"), {"__name__": "__main__"})

exec(json.loads(sys.stdin.readline()), {})
# What is imported stays: collecting garbage in each program does not have to look at it.
gc.collect()
gc.freeze()
for line in sys.stdin:
    *request, timeout = json.loads(line)
    process = multiprocessing.get_context("fork").Process(target=run, args=request)
    process.start()
    process.join(timeout)
    late = process.is_alive()
    process.kill()
    process.join()
    print("late" if late else process.exitcode, file=answers, flush=True)
"""

#: What a framework prints while it is imported is no answer.
_ANSWERS = "import os, sys; answers = os.fdopen(os.dup(1), 'w'); os.dup2(2, 1)"


class Server:
    """A process that has executed `imports`, and forks one for each program.

    It ends with this process, whose end closes its standard input. It is for one thread: answers have no names.

    Args:
        imports: statements.
        variables: environment variables while they are executed, and of programs that do not name their own.
    """

    def __init__(self, imports: str, variables: Mapping[str, str]) -> None:
        self._variables = dict(variables)
        self._complaints, path = tempfile.mkstemp()
        Path(path).unlink()
        self._process = subprocess.Popen(
            [sys.executable, "-c", _ANSWERS + _SERVER],
            env=self._variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            text=True,
        )
        self._send(imports)

    def run(
        self,
        program: str,
        arguments: tuple[str, ...] = (),
        *,
        folder: Path | None = None,
        variables: Mapping[str, str] | None = None,
        timeout: float = 120,
    ) -> Done:
        """Run a program as `python -c` would, from `folder`, for `timeout` seconds at most.

        Raises:
            subprocess.TimeoutExpired: it took longer.
            RuntimeError: the process that forks is gone; says what it said.
        """
        with tempfile.TemporaryDirectory() as scratch:
            paths = [Path(scratch) / name for name in ("stdout", "stderr")]
            named = self._variables if variables is None else dict(variables)
            self._send([program, arguments, str(folder or scratch), named, [str(p) for p in paths], timeout])
            assert self._process.stdout is not None
            answer = self._process.stdout.readline().strip()
            if answer == "late":
                raise subprocess.TimeoutExpired(program, timeout)
            if not answer:
                raise self._gone()
            texts = [path.read_text(encoding="utf-8") if path.exists() else "" for path in paths]
        return Done([program, *arguments], int(answer), *texts)

    def _send(self, message: object) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._gone() from None

    def _gone(self) -> RuntimeError:
        self._process.wait()
        said = os.pread(self._complaints, 100_000, 0).decode(errors="replace")
        return RuntimeError(f"the process that forks programs is gone: {said}")


def without_frameworks(variables: Mapping[str, str]) -> dict[str, str]:
    """Return environment variables without those that set up a framework, but for one that quiets TensorFlow."""
    set_up = {name for adapter in adapters() for name in adapter.variables}
    kept = {key: value for key, value in variables.items() if key not in set_up}
    return {**kept, "TF_CPP_MIN_LOG_LEVEL": "3"}


def imports_of(adapter: Adapter) -> str:
    """Return what programs for an adapter begin with; none of it sets up a device or a thread."""
    recipes = [entry.recipe for entry in adapter.implementations]
    before = {recipe.before: None for recipe in recipes if recipe.before}
    lines = {line: None for recipe in recipes for line in recipe.imports}
    return "\n".join((*before, *(f"import {name}" for name in adapter.distributions.values()), *lines))


@cache
def importing(origin: str) -> Server:
    """The process that has imported a framework, `keras@torch` in an environment; for all tests of a process."""
    adapter = next(adapter for adapter in adapters() if adapter.origin == origin)
    return Server(imports_of(adapter), without_frameworks(os.environ))


def run_alone(program: str) -> Done:
    """Run a program in an interpreter that has imported nothing."""
    command = [sys.executable, "-c", program]
    return subprocess.run(
        command, env=without_frameworks(os.environ), capture_output=True, text=True, timeout=120
    )
