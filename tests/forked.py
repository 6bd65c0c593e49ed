"""Scripts in processes of their own, forked from one that has only imported what they import.

A fresh interpreter spends seconds on the imports, and a tenth of one on the script.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

Done = subprocess.CompletedProcess[str]

_SERVER = """
import json, multiprocessing, os, sys

def script(code, stdout, stderr):
    for number, path in ((1, stdout), (2, stderr)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
    exec(compile(code, "<script>", "exec"), {"__name__": "__main__"})

imports, scripts, timeout = json.load(sys.stdin)
exec(imports, {})
for written in scripts:
    process = multiprocessing.get_context("fork").Process(target=script, args=written)
    process.start()
    process.join(timeout)
    process.kill()
    process.join()
    print(process.exitcode)
"""


def variables() -> dict[str, str]:
    """Return the environment of a clean process: what is set for this one's frameworks is left out."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("KERAS", "TF_"))}
    return {**kept, "TF_CPP_MIN_LOG_LEVEL": "3"}


def run(code: str) -> Done:
    """Run a script in a fresh interpreter."""
    command = [sys.executable, "-W", "ignore", "-c", code]
    return subprocess.run(command, env=variables(), capture_output=True, text=True, timeout=120)


def run_forked(codes: Mapping[str, str], folder: Path) -> dict[str, Done]:
    """Run scripts that begin with the same imports; return what each did, by its name."""
    paths = {name: (str(folder / f"{name}.out"), str(folder / f"{name}.err")) for name in codes}
    asked = [
        imports_of(next(iter(codes.values()))),
        [(code, *paths[name]) for name, code in codes.items()],
        120,
    ]
    command = [sys.executable, "-W", "ignore", "-c", _SERVER]
    served = subprocess.run(
        command, input=json.dumps(asked), env=variables(), capture_output=True, text=True, check=True
    )
    exits = map(int, served.stdout.split()[-len(codes) :])
    return {
        name: Done(
            name,
            code,
            *(Path(path).read_text(encoding="utf-8") if Path(path).exists() else "" for path in paths[name]),
        )
        for name, code in zip(codes, exits, strict=True)
    }


def imports_of(code: str) -> str:
    """Return the lines of a script up to its last import at the top: settings that precede one belong to it.

    >>> imports_of("import os\\nos.x = 1\\nimport keras\\n\\nprint(keras)\\n")
    'import os\\nos.x = 1\\nimport keras'
    """
    ends = [
        statement.end_lineno or 0
        for statement in ast.parse(code).body
        if isinstance(statement, ast.Import | ast.ImportFrom)
    ]
    return "\n".join(code.splitlines()[: max(ends, default=0)])
