"""Which tests there are, what they are called, and whose tests are left alone."""

from __future__ import annotations

import pytest
from _pytest.mark.expression import Expression
from made_cases import FRAMEWORKS
from projects import CASES, SUITE, Project
from sampling import Some

from conformance.plugin.collecting import test_id as id_of
from conformance.session.corpus import open_session

STRANGERS = """
import sys

import pytest


@pytest.mark.parametrize("case", ["a"])
@pytest.mark.parametrize("implementation", ["b"])
def test_own_parameters(case, implementation):
    assert (case, implementation) == ("a", "b")


@pytest.mark.conformance
@pytest.mark.parametrize(["case", "implementation"], [("a", "b")])
def test_own_parameters_under_the_same_marker(case, implementation):
    assert (case, implementation) == ("a", "b")


class TestOwnFixtures:
    @pytest.fixture
    def case(self):
        return "a"

    @pytest.fixture
    def implementation(self):
        return "b"

    def test_unmarked(self, case, implementation):
        assert (case, implementation) == ("a", "b")

    @pytest.mark.conformance
    def test_marked(self, case, implementation):
        assert (case, implementation) == ("a", "b")


def test_nothing_was_loaded_for_them():
    assert not {"conformance.session.session", "numpy", "pydantic", "jsonschema", "yaml"} & set(sys.modules)
"""


def collected(project: Project, *arguments: str) -> list[str]:
    lines = project.pytest("--collect-only", "-q", *arguments).stdout.splitlines()
    return [line.partition("[")[2].removesuffix("]") for line in lines if "test_outcome_is" in line]


def test_every_id_is_one_word_for_k_and_unique(some: Some) -> None:
    ids = [id_of(cell.case, cell.implementation) for cell in open_session().plan()]
    assert len(set(ids)) == len(ids) > 1000
    for name in some(ids, 8):
        words: list[str] = []
        Expression.compile(name).evaluate(lambda word, words=words, **_: bool(words.append(word)))
        assert words == [name]


def test_a_cell_with_brackets_is_selected_by_its_id(project: Project) -> None:
    project.write(
        "cases/small.yaml",
        CASES.replace("good_metrics.multiclass_accuracy", '"torchmetrics.*MulticlassAccuracy*"'),
    )
    name = "two-classes--torchmetrics.classification.MulticlassAccuracy[average:micro]"
    assert collected(project, *SUITE, "-k", name) == [name]


def test_shards_can_be_left_out_and_asked_for_alone(project: Project) -> None:
    text = CASES.replace("[good_metrics.multiclass_accuracy]", '["torchmetrics.*MulticlassAccuracy*"]')
    project.write(
        "cases/small.yaml", text.replace("y_true: [0, 0, 0, 1]", "batches: [2, 2]\n    y_true: [0, 0, 0, 1]")
    )
    options = (*SUITE, "--strict-markers", "-m")
    others, shards = collected(project, *options, "not sharded"), collected(project, *options, "sharded")
    assert "two-classes--torchmetrics.classification.MulticlassAccuracy[average:micro:gloo]" in shards
    ways = ("gloo", "DistributedSampler")
    assert all(any(way in name for way in ways) for name in shards)
    assert not any(way in name for way in ways for name in others)
    assert sorted([*others, *shards]) == sorted(collected(project, *SUITE))


def test_cells_that_are_not_applicable_are_no_tests(project: Project) -> None:
    text = CASES.replace("    implementations: [good_metrics.binary_accuracy]\n", "    top_k: 2\n")
    project.write("cases/small.yaml", text)
    names = collected(project, *SUITE)
    assert "on-the-threshold--torchmetrics.functional.accuracy" in names
    assert not any("good_metrics.binary_accuracy" in name for name in names)


def test_collection_imports_no_framework(project: Project) -> None:
    done = project.python(
        "-c",
        "import sys, pytest\n"
        "code = pytest.main(['--collect-only', '-q', *sys.argv[1:]])\n"
        f"print('imported:', sorted(set({FRAMEWORKS}) & set(sys.modules)))\n"
        "sys.exit(code)",
        *SUITE,
        "-oconformance-cases=",
    )
    assert done.returncode == 0, done.stdout
    assert "imported: []" in done.stdout
    assert "keras.metrics.BinaryAccuracy" in done.stdout


def test_other_peoples_tests_are_left_alone(project: Project) -> None:
    project.write("cases/small.yaml", "not a case file\n")
    project.write("test_strangers.py", STRANGERS)
    done = project.python("-m", "pytest", "-v", "--strict-markers", "test_strangers.py")
    assert done.returncode == 0, done.stdout
    assert "5 passed" in done.stdout
    assert "conformance:" not in done.stdout
    assert project.written() == {}


def test_a_users_own_test_gets_every_cell_and_every_case(project: Project) -> None:
    project.write(
        "test_own.py",
        "import pytest\n"
        "pytestmark = pytest.mark.conformance\n"
        "def test_cell(case, implementation, conformance):\n"
        "    assert conformance.cell(case, implementation).verdict == 'as-defined'\n"
        "def test_case(case):\n"
        "    assert case.theme == 'Small'\n",
    )
    done = project.pytest("-v", "test_own.py")
    assert done.returncode == 0, done.stdout
    for name in ("test_cell[on-the-threshold--good_metrics.binary_accuracy]", "test_case[two-classes]"):
        assert f"::{name} PASSED" in done.stdout
    assert project.results()["complete"] is True


@pytest.mark.parametrize("options", [(), ("-n1",)])
def test_a_property_that_others_record_under_our_name_is_theirs(
    project: Project, options: tuple[str, ...]
) -> None:
    project.write(
        "test_strangers.py",
        "def test_level(record_property):\n    record_property('conformance', 'level-2')\n",
    )
    done = project.pytest("test_strangers.py", *SUITE, "--junit-xml=junit.xml", *options)
    assert done.returncode == 0, done.stdout
    assert 'name="conformance" value="level-2"' in (project.folder / "junit.xml").read_text()
    assert project.results()["complete"] is True


@pytest.mark.parametrize("option", ["-v", "-q"])
def test_the_header_says_cases_and_versions_unless_quiet(project: Project, option: str) -> None:
    done = project.pytest("--collect-only", option, *SUITE)
    assert ("conformance: 2 cases" in done.stdout) == (option == "-v")
