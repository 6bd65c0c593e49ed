"""Bad input stops a run with exit code 4 and what is wrong, never with a traceback."""

from __future__ import annotations

from subprocess import CompletedProcess

import pytest
from projects import CASES, SUITE, Project


def complaint(done: CompletedProcess[str]) -> str:
    assert done.returncode == 4, done.stdout + done.stderr
    everything = done.stdout + done.stderr
    assert "Traceback" not in everything
    assert "INTERNALERROR" not in everything
    return everything[everything.index("ERROR: ") :]


def test_all_that_is_wrong_with_case_files_is_said_at_once(project: Project) -> None:
    project.write("cases/small.yaml", CASES.replace("task: binary", "tusk: binary").replace("two-c", "two c"))
    said = complaint(project.pytest(*SUITE))
    assert "cases/small.yaml:6:5: unknown key 'tusk' (did you mean 'task'?)" in said
    assert "cases/small.yaml:10:9: " in said


def test_under_xdist_the_same_is_said_once(project: Project) -> None:
    project.write("cases/small.yaml", CASES.replace("task: binary", "tusk: binary"))
    said = complaint(project.pytest("-n2", *SUITE))
    assert said.count("did you mean 'task'?") == 1


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (
            "--conformance-case=on-the-treshold",
            "No case matches 'on-the-treshold' (did you mean 'on-the-threshold'?)",
        ),
        (
            "--conformance-implementations=*.binary_acuracy",
            "No implementation matches '*.binary_acuracy' (did you mean 'good_metrics.binary_accuracy'?)",
        ),
        ("--conformance-require=kears", "no framework is called 'kears' (did you mean 'keras'?)"),
        ("--conformance-timeout=soon", "conformance-timeout: 'soon' is not a positive number of seconds."),
        ("--conformance-timeout=nan", "conformance-timeout: 'nan' is not a positive number of seconds."),
        ("--conformance-timeout=inf", "conformance-timeout: 'inf' is not a positive number of seconds."),
        ("--conformance-timeout=0", "conformance-timeout: '0' is not a positive number of seconds."),
        ("--conformance-memory=some", "conformance-memory: 'some' is not a positive number of gigabytes."),
        (
            "--conformance-cases=nowhere",
            "nowhere: no such file or folder; name a case file or a folder with some",
        ),
    ],
)
def test_an_option_that_leads_nowhere_is_refused(project: Project, option: str, said: str) -> None:
    assert said in complaint(project.pytest(option, *SUITE))


def test_filters_that_do_not_go_together_are_refused_with_an_example(project: Project) -> None:
    project.write(
        "cases/small.yaml", CASES.replace("    implementations: [good_metrics.binary_accuracy]\n", "")
    )
    done = project.pytest(
        "--conformance-case=on*", "--conformance-implementations=*.multiclass_accuracy", *SUITE
    )
    said = complaint(done)
    assert "none of the chosen implementations can be asked about the chosen cases" in said
    assert "it supports only multiclass cases, not binary" in said


def test_settings_of_the_ini_file_are_read_and_yield_to_options(project: Project) -> None:
    project.write(
        "pytest.ini",
        "[pytest]\nconformance-cases = cases\nconformance-case = on*\nconformance-implementations = no.such\n",
    )
    assert "No implementation matches 'no.such'" in complaint(project.pytest(*SUITE))
    done = project.pytest("--conformance-implementations=good_metrics.*", *SUITE)
    assert done.returncode == 0, done.stdout
    assert "1 case, 2 implementations, 1 outcome" in done.stdout


def test_a_timeout_longer_than_can_be_waited_for_is_cut(project: Project) -> None:
    done = project.pytest("--conformance-timeout=1e300", *SUITE)
    assert done.returncode == 0, done.stdout
