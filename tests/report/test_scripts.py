"""The scripts of the page: their own unit tests, and how they become one."""

from __future__ import annotations

import graphlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from conformance.report.bundle import bundle

_ROOT = Path(__file__).parents[2]


def _node(*arguments: str) -> subprocess.CompletedProcess[str]:
    executable = shutil.which("node")
    if executable is None:
        # Where CI is set these tests have to run; on a machine with only Python they cannot.
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing("these tests run scripts with Node 20 or newer and found none on PATH")
    return subprocess.run([executable, *arguments], cwd=_ROOT, capture_output=True, text=True, timeout=120)


def _output(script: str) -> str:
    done = _node("--input-type=module", "--eval", script)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_query_language_and_the_comparison_of_pairs_pass_their_unit_tests() -> None:
    done = _node("--test", *map(str, sorted((_ROOT / "tests/report/js").glob("*.test.js"))))
    assert done.returncode == 0, done.stdout
    assert "# pass 0" not in done.stdout


def test_a_bundle_runs_like_the_modules_it_is_made_of() -> None:
    modules = {
        "app": 'import { first, Second } from "./lib.js";\nimport { shared } from "./deep.js";\n'
        "const hidden = `app ${first(1)}`;\nconsole.log(hidden, new Second().is, shared.count);\n",
        "lib": 'import { shared } from "./deep.js";\nconst hidden = await Promise.resolve(1);\n'
        "export function first(more) {\n  shared.count += 1;\n  return hidden + more;\n}\n"
        'export class Second {\n  is = "class";\n}\n',
        "deep": "export const shared = { count: 1 };\nexport const { a, b } = { a: 1, b: 2 };\n",
        "unused": "throw new Error();\n",
    }
    assert _output(bundle(modules, "app")) == "app 2 class 2"


@pytest.mark.parametrize(
    ("modules", "error", "message"),
    [
        ({"app": 'import { a } from "./lib.js";\n'}, KeyError, "lib"),
        (
            {"app": 'import { a } from "./lib.js";\n', "lib": 'import { b } from "./app.js";\n'},
            graphlib.CycleError,
            "cycle",
        ),
    ],
)
def test_a_module_that_cannot_be_bundled_is_an_error(
    modules: dict[str, str], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        bundle(modules, "app")
