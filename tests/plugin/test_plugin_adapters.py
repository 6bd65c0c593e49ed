"""A recipe that is wrong ends the run with exit code 2: its own errors are no outcomes of a framework."""

from __future__ import annotations

import pytest
from projects import SUITE, Project

CASE = """\
format: 1
theme: Small
cases:
  - id: one
    title: One case
    task: binary
    y_true: [1, 0]
    y_pred: [1, 1]
    implementations: [wrong_recipes.NAME]
"""

WRONG = {
    "unbound": "value reads a name that nothing has bound: name 'value' is not defined",
    "key": "logs['accuracy'] raises KeyError: 'accuracy'; logs is {}.",
    "index": "values[1:][5] raises IndexError: list index out of range.",
    "in_a_function": "values[0] raises IndexError: list index out of range; values is [].",
    "derived": "it gives no lines for this call: ValueError: no such task",
}


@pytest.fixture
def wrong(project: Project) -> Project:
    project.install("wrong-recipes")
    return project


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_recipe_ends_a_command(wrong: Project, name: str) -> None:
    wrong.write("cases/small.yaml", CASE.replace("NAME", name))
    done = wrong.conformance("run", "cases")
    assert done.returncode == 2
    where = f"The recipe of wrong_recipes.{name} (wrong_recipes:ADAPTER) is wrong: "
    assert done.stderr.startswith(where + WRONG[name])


@pytest.mark.parametrize(
    "options", [(), ("--conformance-inline",), ("-n", "1")], ids=["plain", "inline", "xdist"]
)
def test_a_wrong_recipe_ends_pytest_without_a_report(wrong: Project, options: tuple[str, ...]) -> None:
    wrong.write("cases/small.yaml", CASE.replace("NAME", "key"))
    done = wrong.pytest(*SUITE, *options)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR, done.stdout
    assert WRONG["key"] in done.stdout + done.stderr
    assert "results.json" not in wrong.written()


def test_what_a_recipe_calls_may_raise(wrong: Project) -> None:
    wrong.write("cases/small.yaml", CASE.replace("NAME", "called"))
    done = wrong.conformance("run", "cases")
    assert (done.returncode, "ValueError" in done.stdout) == (0, True)


def test_a_result_that_is_not_a_number_is_shown(wrong: Project) -> None:
    wrong.write("cases/small.yaml", CASE.replace("NAME", "returned"))
    done = wrong.conformance("run", "cases", "--json")
    assert done.returncode == 0
    assert "the result is not a number, but {}" in done.stdout, done.stdout
