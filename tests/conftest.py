"""Fixtures of the tests that go the whole way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from made_cases import ADAPTERS
from projects import Project, small_project
from sampling import Some
from shared_models import SHARING

from conformance.adapters.registry import installed
from conformance.workers.pool import Pool

#: Files that share what takes longer than most of their tests: frameworks imported in processes, all cases predicted.
_TOGETHER = (
    {
        "tests/ask/test_equal_calls.py",
        "tests/definitions/test_against_frameworks.py",
        "tests/definitions/test_compile_on_torch.py",
        "tests/definitions/test_compiled_models.py",
        "tests/workers/test_real_frameworks.py",
    },
    {
        "tests/report/test_reproducers_run.py",
        "tests/test_corpus.py",
        "tests/test_finding_scripts.py",
        "tests/test_findings.py",
        "tests/test_founding_question.py",
    },
)

#: Files that take longest start first, or all wait for one in the end; those that share a process by their first name.
_FIRST = (
    "tests/ask/test_equal_calls.py",
    "tests/definitions/test_counts.py",
    "tests/report/test_committed_files.py",
    "tests/report/test_reproducers_run.py",
    "tests/test_causes.py",
    "tests/report/test_accessibility.py",
    "tests/test_readme.py",
    "tests/plugin/test_plugin_installations.py",
    "tests/plugin/test_plugin_reports.py",
    "tests/plugin/test_plugin_starting.py",
    "tests/plugin/test_plugin_environments.py",
    "tests/plugin/test_third_party_framework.py",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--thorough",
        action="store_true",
        help="look at more: without it, where many are alike, tests look at a fixed sample",
    )

    parser.addoption(
        "--random-calls",
        type=int,
        default=40,
        metavar="N",
        help="check every definition against its framework on so many random calls (default: 40)",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "thorough: what others show in short; run with --thorough only")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        numbers = Counter(_unit(item.nodeid) for item in items)
        places = {unit: place for place, unit in enumerate(_FIRST)}
        items.sort(
            key=lambda item: (places.get(_unit(item.nodeid), len(_FIRST)), -numbers[_unit(item.nodeid)])
        )
    if config.getoption("--thorough"):
        return
    left_out = [item for item in items if item.get_closest_marker("thorough")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give each file to one process, and those that belong together to the same."""
    from xdist.scheduler import LoadFileScheduling

    class Together(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _unit(nodeid)

    # In the order of collection.
    config.option.loadscopereorder = False
    return Together(config, log)


def _unit(nodeid: str) -> str:
    """Return the first name of the files that share a process with that of a test."""
    file = nodeid.partition("::")[0]
    return next((min(files) for files in _TOGETHER if file in files), file)


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    """Workers for the frameworks that are installed, a process each; known-bad ones have pools of their own."""
    present = [adapter for adapter in ADAPTERS if None not in installed(adapter).values()]
    adapters = [SHARING.get(adapter.origin, adapter) for adapter in present]
    # A cell of a model evaluates it on many calls.
    with Pool(adapters, timeout=300, processes={adapter.origin: 1 for adapter in adapters}) as started:
        yield started


@pytest.fixture(scope="session")
def some(request: pytest.FixtureRequest) -> Some:
    """Every `every`th of `items`; all of them with --thorough."""
    thorough = request.config.getoption("--thorough")
    return lambda items, every: items if thorough else items[::every]


@pytest.fixture(scope="session")
def random_calls_of_each(request: pytest.FixtureRequest) -> int:
    """So many random calls of each implementation are checked."""
    calls: int = request.config.getoption("--random-calls")
    return calls


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project of the test's own: see `small_project`."""
    return small_project(tmp_path)
