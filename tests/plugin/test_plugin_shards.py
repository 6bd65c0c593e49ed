"""A run in parts, with pytest and on the command line."""

from __future__ import annotations

import json

import pytest
from projects import SUITE, Project, comparable

#: Shard -> its case.
CASE = {"1/2": ["on-the-threshold"], "2/2": ["two-classes"]}


def test_a_shard_runs_its_cases_and_leaves_the_configured_report(project: Project) -> None:
    shard = "2/2"
    project.write("reports/results.json", "a full report")
    old = project.written()
    done = project.pytest(*SUITE, "--conformance-shard", shard)
    assert done.returncode == 0, done.stdout
    assert f"conformance: shard {shard}: 1 case of 2" in done.stdout
    assert "partial run (shard 2 of 2)" in done.stdout
    assert f"the report in reports is unchanged: this run was shard {shard}." in done.stdout
    assert project.written() == old
    done = project.pytest(*SUITE, f"--conformance-shard={shard}", "--conformance-report=out")
    assert done.returncode == 0, done.stdout
    results = project.results("out")
    assert [case["id"] for case in results["cases"]] == CASE[shard]
    assert results["complete"] is False
    assert {key: results["shard"][key] for key in ("index", "of", "complete")} == {
        "index": int(shard[0]),
        "of": 2,
        "complete": True,
    }


def test_a_shard_may_be_configured_and_the_command_line_names_another(project: Project) -> None:
    project.write("pytest.ini", "[pytest]\nconformance-cases = cases\nconformance-shard = 1/2\n")
    done = project.pytest("--collect-only", "-q", *SUITE)
    assert "on-the-threshold--" in done.stdout
    assert "two-classes--" not in done.stdout
    done = project.pytest("--collect-only", "-q", *SUITE, "--conformance-shard=2/2")
    assert "on-the-threshold--" not in done.stdout
    assert "two-classes--" in done.stdout


def test_the_command_line_runs_a_shard(project: Project) -> None:
    done = project.conformance("run", "cases", "--shard", "2/2", "--json")
    assert done.returncode == 0, done.stderr
    assert [case["id"] for case in json.loads(done.stdout)["cases"]] == CASE["2/2"]


@pytest.mark.parametrize(
    ("shard", "why"),
    [("3/2", "'3/2' is no shard: write I/N"), ("3/3", "shard 3/3 has no cells")],
)
def test_a_shard_that_there_is_not_is_bad_input(project: Project, shard: str, why: str) -> None:
    done = project.pytest(*SUITE, "--conformance-shard", shard)
    assert done.returncode == 4, done.stdout
    assert why in done.stdout + done.stderr
    done = project.conformance("run", "cases", "--shard", shard)
    assert done.returncode == 2
    assert why in done.stderr


def test_shards_put_together_are_the_report_of_one_run(project: Project) -> None:
    project.pytest(*SUITE)
    whole = project.written()
    for index in (1, 2):
        project.pytest(*SUITE, f"--conformance-shard={index}/2", f"--conformance-report=part{index}")
    parts = ("part1/results.json", "part2/results.json")
    done = project.conformance("merge", *parts, "--output", "together")
    assert (done.returncode, done.stdout) == (0, "together/results.json\ntogether/index.html\n"), done.stderr
    assert list(project.written("together")) == list(whole)
    assert comparable(project.results("together")) == comparable(project.results())
    assert project.written("together")["divergences/other.md"] == whole["divergences/other.md"]
    done = project.conformance("merge", *parts, "--output", "one.json")
    assert (done.returncode, done.stdout) == (0, "one.json\n")
    assert (project.folder / "one.json").read_bytes() == project.written("together")["results.json"]
    for given, why in (
        (parts[:1], "part1/results.json: its run lacks shard 2 of 2."),
        (parts[:1] * 2, "part1/results.json: is given twice"),
    ):
        done = project.conformance("merge", *given, "--output", "nothing")
        assert done.returncode == 2
        assert why in done.stderr
        assert project.written("nothing") == {}
