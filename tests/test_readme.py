"""What the README shows is what the code does."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from conformance.adapters.base import Adapter, Call, Update
from conformance.adapters.registry import adapters
from conformance.cases import load
from conformance.environments.requests import request
from conformance.report import words
from conformance.workers.pool import Pool

PROJECT = Path(__file__).parent.parent
README = (PROJECT / "README.md").read_text(encoding="utf-8")


def _block(language: str, containing: str) -> str:
    blocks = re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)
    return next(block for block in blocks if containing in block)


@pytest.mark.parametrize(
    "example", ["seed-accuracy", "conformance compare", "--metric precision", "conformance explain"]
)
def test_the_output_of_a_command_is_what_it_prints(example: str) -> None:
    command, _, shown = _block("console", example).partition("\n")
    arguments = shlex.split(command.removeprefix("$ .venv/bin/conformance "))
    done = subprocess.run(
        [Path(sys.executable).with_name("conformance"), *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    assert done.stdout == shown, done.stderr


def test_the_output_with_another_release_is_what_it_prints() -> None:
    """The only test that installs a release from a package index: the first time on a machine it takes a while."""
    command, _, shown = _block("console", "--environment").partition("\n")
    arguments = shlex.split(command.removeprefix("$ .venv/bin/conformance "))
    done = subprocess.run(
        [Path(sys.executable).with_name("conformance"), *arguments], capture_output=True, text=True
    )
    if "cannot be installed" in done.stderr and not os.environ.get("CI"):
        pytest.skip(done.stderr)
    assert done.stdout == shown, done.stderr


def test_the_example_of_a_configuration_is_read(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(_block("toml", "environments"), encoding="utf-8")
    assert request("previous", tmp_path).release == "1.8.2"
    assert request("old", tmp_path).python == str(tmp_path / ".." / "old" / "bin" / "python")


@pytest.mark.parametrize("name", ["lookup", "since"])
def test_what_a_command_says_without_a_framework_is_what_it_prints(name: str) -> None:
    command, _, shown = _block("console", f"conformance {name}").partition("\n")
    asked, _, most = command.removeprefix("$ .venv/bin/conformance ").partition(" | head -")
    done = subprocess.run(
        [Path(sys.executable).with_name("conformance"), *asked.split()],
        env={key: value for key, value in os.environ.items() if key != "COLUMNS"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[: int(most) if most else None] == shown.splitlines()


def test_the_example_case_loads(tmp_path: Path) -> None:
    path = tmp_path / "half.yaml"
    path.write_text(_block("yaml", "score-exactly-one-half"), encoding="utf-8")
    (case,) = load([path], known=[])
    assert case.id == "score-exactly-one-half"


def test_the_example_of_expect_holds(tmp_path: Path) -> None:
    path = tmp_path / "half.yaml"
    path.write_text(_block("yaml", "score-exactly-one-half") + _block("yaml", "expect:"), encoding="utf-8")
    known = [entry.id for adapter in adapters() for entry in adapter.implementations]
    (case,) = load([path], known=known)
    assert len(case.expect) == 2
    named = [part for expected in case.expect for part in ("--implementation", expected.pattern)]
    done = subprocess.run(
        [Path(sys.executable).with_name("conformance"), "run", str(tmp_path), *named],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_example_adapter_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ours_conformance.py").write_text(_block("python", "ours_conformance"), encoding="utf-8")
    (tmp_path / "ours.py").write_text("def accuracy(y_true, y_pred):\n    return (y_true == y_pred).mean()\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.syspath_prepend(tmp_path)
    import ours_conformance

    adapter: Adapter = ours_conformance.ADAPTER
    call = Call("binary", (Update(np.array([1, 0]), np.array([1, 1])),))
    with Pool([adapter]) as pool:
        outcome = pool.submit(adapter.implementations[0], call).result()
    assert outcome.value == 0.5, outcome


@pytest.mark.parametrize(
    "command", ["&& .venv/bin/pytest\n", "&& .venv/bin/pytest tests -n 4 --dist loadfile\n"]
)
def test_both_commands_stand_alone(command: str) -> None:
    line = next(
        block for block in re.findall(r"```sh\n(.*?)```", README, flags=re.DOTALL) if command in block
    )
    assert line.startswith("python3 -m venv .venv && .venv/bin/pip install ")
    assert "-c constraints.txt" in line


def test_ci_calls_the_test_command_as_it_stands() -> None:
    assert _block("sh", "pytest tests").strip() in (PROJECT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_glossary_tells_apart_what_shares_a_word() -> None:
    for entry in words.ALIKE:
        assert f"| {entry.title} | {entry.differ} |" in README
