"""Data flow one way: what a room needs is what it imports, and nothing of this project imports a framework."""

from __future__ import annotations

import ast
import json
import subprocess
import sys

import pytest
from made_cases import ADAPTERS, FRAMEWORKS

from conformance.adapters.base import Adapter

_PROGRAM = """\
import importlib, json, sys
before = set(sys.modules)
for name in sys.argv[1:]:
    importlib.import_module(name)
print(json.dumps(sorted(set(sys.modules) - before)))
"""


#: YAML brings cython_runtime.
_OF_THE_ORACLE = {
    "conformance",
    "cython_runtime",
    "numpy",
    "packaging",
    "typing_extensions",
    "yaml",
}


def _module(path: str) -> str:
    return path.partition(":")[0]


def imported(*modules: str) -> set[str]:
    """Return the full names of all modules that importing `modules` in a fresh interpreter brings in."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *modules], capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout))


def packages(names: set[str]) -> set[str]:
    """Return the top-level packages among names that are neither of the standard library nor private."""
    tops = {name.partition(".")[0] for name in names}
    return {top for top in tops if top not in sys.stdlib_module_names and not top.startswith("_")}


def rooms(names: set[str]) -> set[str]:
    """Return the second-level names of this project among module names."""
    return {name.split(".")[1] for name in names if name.startswith("conformance.")}


def test_importing_everything_imports_no_framework() -> None:
    names = imported(
        "conformance.cli",
        "conformance.plugin.run",
        "conformance.plugin.fixture",
        "conformance.testing.checks",
        "conformance.testing.same",
        "conformance.testing.vectors",
        *(module for adapter in ADAPTERS for module in (_module(adapter.path), _module(adapter.definitions))),
    )
    assert not packages(names) & set(FRAMEWORKS)


def test_the_oracle_imports_no_framework_package() -> None:
    names = imported("conformance.oracle")
    assert packages(names) <= _OF_THE_ORACLE
    assert rooms(names) == {"oracle", "adapters", "calls"}


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.origin)
def test_definitions_need_the_oracle_and_numpy_only(adapter: Adapter) -> None:
    names = imported(_module(adapter.definitions))
    assert packages(names) <= _OF_THE_ORACLE
    assert rooms(names) <= {"oracle", "adapters", "calls", "frameworks"}


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.origin)
def test_adapters_need_the_standard_library_and_numpy_only(adapter: Adapter) -> None:
    names = imported(_module(adapter.path))
    assert packages(names) == {"conformance", "numpy"}
    assert rooms(names) <= {"adapters", "frameworks", "calls"}


@pytest.mark.parametrize(
    "adapter", [adapter for adapter in ADAPTERS if adapter.training], ids=lambda adapter: adapter.origin
)
def test_programs_that_train_need_the_standard_library_and_numpy_only(adapter: Adapter) -> None:
    names = imported(_module(adapter.training))
    assert packages(names) == {"conformance", "numpy"}
    assert rooms(names) <= {"adapters", "calls", "frameworks", "training"}


def test_the_workers_side_needs_the_standard_library_and_numpy_only() -> None:
    names = imported("conformance.workers.remote", "conformance.workers.runner")
    assert packages(names) <= {"conformance", "numpy"}
    assert rooms(names) <= {"workers", "adapters", "calls"}


def test_reports_know_results_documents_only() -> None:
    names = imported("conformance.report")
    assert rooms(names) <= {"report", "calls"}
    brought_by_pydantic = {"annotated_types", "pydantic_core", "typing_extensions", "typing_inspection"}
    assert packages(names) - brought_by_pydantic - {"cython_runtime"} == {
        "conformance",
        "jinja2",
        "markupsafe",
        "pydantic",
        "yaml",
    }


def test_the_plugin_costs_strangers_nothing_but_pytest() -> None:
    names = imported("conformance.pytest_plugin") - imported("pytest")
    assert packages(names) == {"conformance"}
    assert rooms(names) == {"calls", "plugin", "pytest_plugin", "suite"}


def test_importing_the_package_costs_next_to_nothing() -> None:
    names = imported("conformance")
    assert (packages(names), rooms(names)) == ({"conformance"}, set())


def test_looking_up_needs_definitions_and_neither_cases_nor_a_session() -> None:
    assert rooms(imported("conformance.ask.lookup")) == {"adapters", "ask", "calls", "oracle"}


def test_case_files_are_read_without_pytest() -> None:
    assert not packages(imported("conformance.session.corpus")) & {"pytest", "_pytest", "jinja2"}


def test_help_needs_nothing_but_click() -> None:
    program = (
        "import sys\nfrom conformance.cli import main\nmain(['--help'], standalone_mode=False)\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {"numpy", "pydantic", "jsonschema", "yaml", "jinja2"} & set(
        ast.literal_eval(done.stdout.splitlines()[-1])
    )
    assert "Validate case files." in done.stdout


def test_checking_case_files_imports_no_report() -> None:
    assert "report" not in rooms(imported("conformance.cli.check"))
