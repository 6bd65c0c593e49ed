"""Runs that take from a cache what earlier runs have computed."""

from __future__ import annotations

import contextlib
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from made_cases import ADAPTERS, SEED, made_case
from projects import CASES, SUITE, Project, comparable

from conformance.cache.keys import outcome_key, surroundings_key
from conformance.cache.remembering import RememberingPool
from conformance.cache.store import Store
from conformance.calls.outcome import Outcome
from conformance.workers.pool import MEMORY, Pool


@pytest.fixture
def project(project: Project) -> Project:
    """A project whose package was left by an installer, of a user who is no CI job."""
    project.environment["CI"] = ""
    (project.site / "good_metrics-1.0.dist-info" / "RECORD").write_text("good_metrics.py,sha256=one,1\n")
    adapter = project.site / "good_metrics.py"
    adapter.write_text(
        adapter.read_text().replace(
            'distributions={"numpy"', 'distributions={"good-metrics": "good_metrics", "numpy"'
        )
    )
    return project


def run(project: Project, *arguments: str) -> CompletedProcess[str]:
    done = project.pytest(*SUITE, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def from_cache(done: CompletedProcess[str]) -> str:
    """Return `1 of 2` where one of two outcomes came from the cache, and `` where none did."""
    said = [line for line in done.stdout.splitlines() if "from the cache" in line]
    return said[0].partition(" outcomes")[0] if said else ""


def test_a_second_run_asks_nothing_and_writes_the_same(project: Project) -> None:
    assert from_cache(run(project)) == ""
    first = project.results()
    again = run(project)
    assert from_cache(again) == "2 of 2"
    assert comparable(project.results()) == comparable(first)
    assert project.results()["environments"] == first["environments"]


def test_after_a_case_was_edited_only_that_case_is_asked(project: Project) -> None:
    run(project)
    project.write("cases/small.yaml", CASES.replace("y_pred: [0.5, ", "y_pred: [0.6, "))
    assert from_cache(run(project)) == "1 of 2"
    fresh = project.results()
    project.write("cases/small.yaml", CASES.replace("title: ", "title: Another ").replace("[0.5, ", "[0.6, "))
    assert from_cache(run(project)) == "2 of 2"
    assert fresh["cases"][0]["cells"][0]["outcome"]["value"] == 1.0


def test_fresh_asks_everything_and_keeps_it(project: Project) -> None:
    run(project)
    assert from_cache(run(project, "--conformance-fresh")) == ""
    assert from_cache(run(project)) == "2 of 2"


def test_another_installation_of_the_package_is_asked_anew(project: Project) -> None:
    run(project)
    (project.site / "good_metrics-1.0.dist-info" / "RECORD").write_text("good_metrics.py,sha256=two,1\n")
    assert from_cache(run(project)) == ""


def test_ci_keeps_nothing_unless_it_names_a_folder(project: Project) -> None:
    project.environment["CI"] = "true"
    run(project)
    assert not (project.site.parent / "cache").exists()
    run(project, "--conformance-cache=kept")
    assert list((project.folder / "kept").iterdir())
    assert from_cache(run(project, "--conformance-cache=kept")) == "2 of 2"
    assert from_cache(run(project)) == ""


def test_off_keeps_nothing(project: Project) -> None:
    run(project, "--conformance-cache=off")
    assert not (project.site.parent / "cache").exists()


def test_runs_at_once_share_a_cache_and_a_report(project: Project) -> None:
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda _: run(project), range(2)))
    written, results = project.written(), project.results()
    assert from_cache(run(project)) == "2 of 2"
    assert comparable(results) == comparable(project.results())
    # Each file is whole, whichever run wrote it, and nothing is left over.
    assert written.keys() == project.written().keys()
    assert written["index.html"].rstrip().endswith(b"</html>")
    for name in (name for name in written if name.startswith("divergences/")):
        assert written[name] == project.written()[name]


def test_the_command_line_shares_the_cache(project: Project) -> None:
    run(project)
    done = project.conformance("run", "cases")
    assert (done.returncode, from_cache(done)) == (0, "2 of 2")
    assert from_cache(project.conformance("run", "cases", "--fresh")) == ""


def test_a_cache_that_cannot_be_used_is_bad_input(project: Project) -> None:
    project.write("file", "")
    done = project.pytest(*SUITE, "--conformance-cache=file/folder")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "Delete the file, or name another folder" in done.stdout + done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="crashes by a signal")
def test_a_process_that_died_is_asked_again(project: Project, tmp_path: Path) -> None:
    path = project.site / "good_metrics.py"
    path.write_text(
        path.read_text().replace(
            "    if y_true.ndim != y_pred.ndim:",
            f"    import os, pathlib\n    if not pathlib.Path({str(tmp_path / 'once')!r}).exists():\n"
            f"        pathlib.Path({str(tmp_path / 'once')!r}).touch()\n        os.abort()\n"
            "    if y_true.ndim != y_pred.ndim:",
        )
    )
    assert "crashed" in project.pytest(*SUITE).stdout
    assert from_cache(run(project)) == "1 of 2"
    assert from_cache(run(project)) == "2 of 2"


def test_only_what_answered_is_among_the_environments(tmp_path: Path) -> None:
    adapter, call = ADAPTERS[0], made_case(**SEED).call()
    surroundings = surroundings_key(adapter, MEMORY)
    assert surroundings is not None
    entry = adapter.implementations[0]
    with Pool([adapter]) as pool, contextlib.closing(Store(tmp_path)) as store:
        store.put(surroundings, json.dumps({"python": "3.11"}))
        store.put(
            outcome_key(surroundings, entry, call), json.dumps(Outcome("value", 1.0, "float32").to_json())
        )
        remembering = RememberingPool(pool, [adapter], store, memory=MEMORY, fresh=False)
        assert remembering.environments() == {}
        assert remembering.submit(entry, call).result().value == 1.0
        assert remembering.environments() == {adapter.origin: {"python": "3.11"}}
