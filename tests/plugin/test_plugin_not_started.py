"""A framework that is installed and cannot be started is one failure, with its traceback."""

from __future__ import annotations

import pytest
from projects import CASES, SUITE, Project, cells

from conformance.report.ci import job_annotations, job_summary
from conformance.report.document import read

CAUSE = "ImportError: libbroken.so.7: cannot open shared object file"
#: What the page and the terminal say of it.
SAID = f"cannot be started: broken_metrics: {CAUSE}; 4 outcomes are missing"


@pytest.fixture
def broken(project: Project) -> Project:
    project.install("broken-metrics")
    both = "[good_metrics.binary_accuracy, broken_metrics.*]"
    another = CASES.partition("  - id: two")[0].partition("cases:\n")[2].replace("on-the", "near-the")
    cases = CASES + another
    project.write("cases/small.yaml", cases.replace("[good_metrics.binary_accuracy]", both))
    return project


@pytest.mark.parametrize("mode", [(), ("-n1",), ("--conformance-inline",)], ids=str)
def test_one_test_fails_and_the_others_are_skipped(broken: Project, mode: tuple[str, ...]) -> None:
    done = broken.pytest(*SUITE, *mode, "--conformance-report=out")
    assert done.returncode == 1, done.stdout
    assert "1 failed, 6 passed, 3 skipped" in done.stdout
    # Where CI is set pytest's own summary repeats the whole message.
    assert done.stdout.partition("short test summary")[0].count("in _load_library") == 1
    assert (
        "[on-the-threshold--broken_metrics.binary_accuracy]" in done.stdout.partition("short test summary")[2]
    )
    assert SAID in " ".join(done.stdout.split())
    results = broken.results("out")
    assert {name for _, name in cells(results)} == {
        "good_metrics.binary_accuracy",
        "good_metrics.multiclass_accuracy",
    }
    (told,) = results["not_started"]
    assert told.pop("why").endswith(CAUSE)
    assert told == {"framework": "broken_metrics", "environment": "", "outcomes": 4}
    assert results["complete"] is False
    page = (broken.folder / "out/index.html").read_text()
    assert "<bdi>broken_metrics</bdi>. 4 outcomes are missing" in page
    assert "in _load_library" in page


def test_the_command_line_says_it_once_and_shows_the_others(broken: Project) -> None:
    done = broken.conformance("run", "cases")
    assert done.returncode == 1
    assert done.stderr.count("broken_metrics cannot be started:\nTraceback") == 1
    assert done.stderr.count("in _load_library") == 1
    assert SAID in " ".join(done.stdout.split())
    assert "A  0.75  good_metrics.binary_accuracy" in done.stdout


def test_where_nothing_else_runs_it_is_said_as_well(broken: Project) -> None:
    done = broken.pytest(*SUITE, "--conformance-implementations=broken*", "--conformance-report=out")
    assert done.returncode == 1
    assert SAID in " ".join(done.stdout.split())
    results = broken.results("out")
    assert read(results).not_started[0].outcomes == 4
    assert "| cannot be started | `broken_metrics` |" in job_summary(results)
    (annotation,) = job_annotations(results)
    assert annotation.startswith("::error title=cannot be started%3A broken_metrics::")
