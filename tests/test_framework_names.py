"""Only the package of a framework names it: whatever else knows one, a third party's would have to be added to."""

from __future__ import annotations

import re
from pathlib import Path

from made_cases import ADAPTERS

import conformance

PACKAGE = Path(conformance.__file__).parent

#: The registered frameworks and what they need, and one that has no adapter yet.
NAMES = {"jax", "scikit-learn", "tensorflow"} | {
    name
    for adapter in ADAPTERS
    for name in (adapter.framework, *adapter.distributions, *adapter.distributions.values())
} - {"numpy"}

_NAMED = re.compile(rf"(?<![a-z0-9])({'|'.join(sorted(map(re.escape, NAMES)))})(?![a-z0-9])", re.IGNORECASE)

FILES = [
    path.relative_to(PACKAGE).as_posix()
    for path in sorted(PACKAGE.rglob("*"))
    if path.suffix in (".py", ".json", ".yaml", ".js", ".css", ".html", ".md")
    and path.relative_to(PACKAGE).parts[0] != "frameworks"
    and path.relative_to(PACKAGE).parts[:2] != ("suite", "cases")
]


def test_the_names_are_those_of_the_registry() -> None:
    assert {
        "keras",
        "tf_keras",
        "torchmetrics",
        "sklearn",
        "scikit-learn",
        "torch",
        "tensorflow",
        "jax",
    } <= NAMES


def test_nothing_but_the_packages_of_frameworks_names_one() -> None:
    numbered = ((name, *line) for name in FILES for line in enumerate(_lines(name), 1))
    assert [f"{name}:{n}: {line.strip()}" for name, n, line in numbered if _NAMED.search(line)] == []


def _lines(name: str) -> list[str]:
    return (PACKAGE / name).read_text().splitlines()


def test_the_top_level_holds_packages_and_the_plugins_entry_point_only() -> None:
    assert {path.name for path in PACKAGE.glob("*.py")} == {"__init__.py", "pytest_plugin.py"}
