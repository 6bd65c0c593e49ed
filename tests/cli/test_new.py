"""A new case is written into the file of its theme, with what everybody says today."""

from __future__ import annotations

import numpy as np
import pytest
from projects import CASES, Project


def read(project: Project, name: str) -> str:
    return (project.folder / name).read_text()


def test_a_new_case_stands_in_a_new_file_that_is_well_formed(project: Project) -> None:
    done = project.conformance(
        "new", "my-case", "--file", "mine/ties.yaml", "--task", "multiclass", "--no-run"
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "mine/ties.yaml: my-case\n", "")
    lines = read(project, "mine/ties.yaml").splitlines()
    assert lines[0].startswith("# yaml-language-server: $schema=")
    assert lines[0].endswith("conformance/cases/case.schema.json")
    assert lines[1:8] == [
        "format: 1",
        "theme: Ties",
        "family: ties",
        "cases:",
        "  - id: my-case",
        "    title: TODO",
        "    task: multiclass",
    ]
    assert project.conformance("check", "mine").returncode == 0


def test_a_new_case_stands_behind_the_others_of_its_file(project: Project) -> None:
    arguments = ("--file", "cases/small.yaml", "--y-true", "[1, 0]", "--y-pred", "[0.7, 0.2]", "--no-run")
    done = project.conformance("new", "third", *arguments, "--set", "threshold=0.7", "--set", "title=On it")
    assert done.returncode == 0, done.stderr
    assert read(project, "cases/small.yaml") == CASES + (
        "\n"
        "  - id: third\n"
        "    title: On it\n"
        "    task: binary\n"
        "    y_true: [1, 0]\n"
        "    y_pred: [0.7, 0.2]\n"
        "    threshold: 0.7\n"
        "    because: TODO\n"
    )


def test_todays_outcomes_are_a_comment_below_it(project: Project) -> None:
    only = "--set", "implementations=[good_metrics.binary_accuracy, sklearn.metrics.accuracy_score]"
    done = project.conformance("new", "today", "--file", "cases/small.yaml", *only)
    assert done.returncode == 0, done.stderr
    comment = read(project, "cases/small.yaml").partition("    because: TODO\n")[2]
    assert "    # Outcomes with " in comment
    assert "scikit-learn 1" in comment
    assert "  0.5         good_metrics.binary_accuracy\n" in comment
    assert "  ValueError  sklearn.metrics.accuracy_score\n" in comment
    assert len(comment.splitlines()) == 4
    assert all(line.startswith("    #") for line in comment.splitlines())
    assert "  0.5         good_metrics.binary_accuracy" in done.stdout
    assert project.conformance("run", "cases", "--case", "today").returncode == 0


def test_an_outcome_that_is_not_as_defined_is_said_so(project: Project) -> None:
    project.install("bad-metrics")
    only = "--set", "implementations=[bad_metrics.at_or_above]"
    assert project.conformance("new", "today", "--file", "cases/small.yaml", *only).returncode == 0
    assert "# Not every outcome is as defined" in read(project, "cases/small.yaml")


def test_scores_of_the_example_are_those_of_a_model_and_own_ones_are_left(project: Project) -> None:
    for name, given in (("example", ()), ("own", ("--y-pred", "[0.7, 0.2]", "--y-true", "[1, 0]"))):
        done = project.conformance("new", name, "--file", f"mine/{name}.yaml", "--no-run", *given)
        assert done.returncode == 0, done.stderr
    assert "    dtype: {y_pred: float32}\n" in read(project, "mine/example.yaml")
    assert "dtype" not in read(project, "mine/own.yaml")


def test_another_file_in_the_folder_may_be_wrong(project: Project) -> None:
    project.write("cases/broken.yaml", "format: ]\n")
    project.write("cases/workflow.yaml", "on: push\n")
    done = project.conformance("new", "mine", "--file", "cases/mine.yaml", "--no-run")
    assert (done.returncode, done.stderr) == (0, "")
    done = project.conformance("new", "two-classes", "--file", "cases/mine.yaml", "--no-run")
    assert (done.returncode, done.stdout) == (2, "")


def test_updates_take_the_place_of_the_example(project: Project) -> None:
    updates = "updates=[{y_true: [1], y_pred: [0.6]}, {y_true: [0], y_pred: [0.6]}]"
    done = project.conformance("new", "two", "--file", "cases/small.yaml", "--set", updates, "--no-run")
    assert done.returncode == 0, done.stderr
    assert project.conformance("check", "cases").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("exactly-one-half",), "There is a case exactly-one-half already (cases/threshold/threshold.yaml:"),
        (("two-classes", "--file", "cases/x.yaml"), "There is a case two-classes already (cases/small.yaml:"),
        (("Bad Id", "--file", "cases/small.yaml"), "cases/small.yaml:17:9: id: 'Bad Id' is not a slug"),
        (("a", "--file", "cases/small.yaml", "--y-true", "[1, a]"), "y_true: 'a' among numbers"),
        (("a", "--file", "cases/small.yaml", "--y-true", "[1"), "not valid YAML"),
        (("a", "--file", "cases/small.yaml", "--set", "treshold=1"), "(did you mean 'threshold'?)"),
        (("a", "--file", "cases/small.yaml", "--set", "threshold"), "expected KEY=VALUE"),
        (("a", "--file", "broken/b.yaml"), "broken/b.yaml:1:9: not valid YAML"),
        (("a", "--file", "flow/f.yaml"), "its cases are in brackets"),
        (("a", "--task", "regression"), "'regression' is not one of"),
    ],
)
def test_bad_input_ends_with_2_and_writes_nothing(
    project: Project, arguments: tuple[str, ...], said: str
) -> None:
    project.write("broken/b.yaml", "format: ]\n")
    project.write(
        "flow/f.yaml", "format: 1\ntheme: t\ncases: [{id: b, title: B, task: binary, y_true: 1, y_pred: 1}]\n"
    )
    before = {path: path.read_bytes() for path in project.folder.rglob("*.yaml")}
    done = project.conformance("new", *arguments, "--no-run")
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert {path: path.read_bytes() for path in project.folder.rglob("*.yaml")} == before


def test_an_array_in_a_file_is_read_from_there(project: Project) -> None:
    np.save(project.folder / "cases" / "y.npy", np.array([1, 0, 1]))
    arguments = (
        "--file",
        "cases/mine.yaml",
        "--y-true",
        "cases/y.npy",
        "--y-pred",
        "cases/y.npy",
        "--no-run",
    )
    done = project.conformance("new", "mine", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert '    y_true: {file: "y.npy"}\n    y_pred: {file: "y.npy"}\n' in read(project, "cases/mine.yaml")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nowhere.npy", "--y-true nowhere.npy: no such file."),
        (
            "y.npy",
            "--y-true y.npy: an array has to be in the folder of the case file or below it. Copy it to cases,",
        ),
        ("pytest.ini", "--y-true pytest.ini: only .npy files are read"),
    ],
)
def test_the_name_of_a_file_is_never_taken_for_a_label(project: Project, name: str, said: str) -> None:
    np.save(project.folder / "y.npy", np.array([1, 0, 1]))
    done = project.conformance("new", "mine", "--file", "cases/mine.yaml", "--y-true", name, "--no-run")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(said)
    assert not (project.folder / "cases/mine.yaml").exists()
