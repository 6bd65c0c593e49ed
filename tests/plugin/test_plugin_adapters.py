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
    "key": "logs[\"accuracy\"] raises KeyError: 'accuracy'; logs is {}.",
    "index": "values[1:][5] raises IndexError: list index out of range.",
    "in_a_function": "values[0] raises IndexError: list index out of range; values is [].",
    "derived": "it gives no lines for this call: ValueError: no such task",
}


DEFINED = """\
from conformance.adapters.base import Adapter, Implementation, Recipe

ADAPTER = Adapter(
    "defined", "defined:ADAPTER", {{}},
    (Implementation("defined.metric", "accuracy", frozenset({{"binary"}}), Recipe((), "1.0"), definition={claim!r}),),
    definitions="defined_rules:CATALOGUE",
)
"""


@pytest.mark.parametrize(
    ("rules", "claim", "message"),
    [
        (
            "import no_such_module",
            None,
            "cannot be loaded: ModuleNotFoundError: No module named 'no_such_module'.",
        ),
        ("import sys; sys.exit(0)", None, "cannot be loaded: SystemExit: 0."),
        ("OTHER = 1", None, "has no attribute 'CATALOGUE'"),
        ("CATALOGUE = ()", None, "are a tuple, not a conformance.oracle.catalogue.Catalogue."),
        (
            "from conformance.oracle import catalogue\nCATALOGUE = catalogue.Catalogue(())",
            "keras.metrics.BinaryAcuracy",
            "the unknown definition 'keras.metrics.BinaryAcuracy' (did you mean 'keras.metrics.BinaryAccuracy'?)",
        ),
        (
            "from conformance.frameworks.sklearn.catalogue import CATALOGUE",
            None,
            "The definition 'sklearn.metrics.accuracy_score' is defined twice: by conformance.frameworks.sklearn",
        ),
    ],
)
def test_definitions_that_cannot_be_used_end_a_command(
    project: Project, rules: str, claim: str | None, message: str
) -> None:
    info = project.site / "defined-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: defined\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[conformance.adapters]\ndefined = defined:ADAPTER\n")
    (project.site / "defined.py").write_text(DEFINED.format(claim=claim))
    (project.site / "defined_rules.py").write_text(f"{rules}\n")
    done = project.python("-c", "from conformance.cli import main; main()", "run", "cases")
    assert done.returncode == 2
    assert message in done.stderr
    assert "defined:ADAPTER" in done.stderr or "defined_rules:CATALOGUE" in done.stderr


@pytest.fixture
def wrong(project: Project) -> Project:
    project.install("wrong-recipes")
    return project


@pytest.mark.parametrize("cache", ["off", "kept"])
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_recipe_ends_a_command(wrong: Project, name: str, cache: str) -> None:
    wrong.write("cases/small.yaml", CASE.replace("NAME", name))
    done = wrong.conformance("run", "--cache", cache, "cases")
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
