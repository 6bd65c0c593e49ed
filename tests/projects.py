"""A project to run pytest and the command line in, and other people's packages to run them against."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from forked import Server

from conformance.adapters.registry import adapters

SUITE = ("--pyargs", "conformance.suite")

#: Two cases for the package good_metrics; `implementations` makes a run over them a full one.
CASES = """\
format: 1
theme: Small
cases:
  - id: on-the-threshold
    title: A score on the threshold is not above it
    task: binary
    y_true: [1, 0, 1, 1]
    y_pred: [0.5, 0.2, 0.9, 0.8]
    implementations: [good_metrics.binary_accuracy]
  - id: two-classes
    title: Labels of two classes
    task: multiclass
    y_true: [0, 0, 0, 1]
    y_pred: [0, 0, 1, 1]
    implementations: [good_metrics.multiclass_accuracy]
"""

_THIRD_PARTY = Path(__file__).parent / "third_party"

#: Distribution name -> its entry points in the group of the adapters.
_ADAPTERS: Mapping[str, Mapping[str, str]] = {
    "good-metrics": {"good_metrics": "good_metrics:ADAPTER"},
    "wrong-recipes": {"wrong_recipes": "wrong_recipes:ADAPTER"},
    "broken-metrics": {"broken_metrics": "broken_metrics:ADAPTER"},
    "bad-metrics": {"bad_metrics": "bad_metrics:ADAPTER", "false_version": "bad_metrics:FALSE_VERSION"},
    "twin-metrics": {
        "twin": "twin_metrics:ADAPTER",
        "twin_long": "twin_metrics:LONG",
        "twin_gone": "twin_metrics:GONE",
    },
}


@dataclass
class Project:
    """A folder with a pytest configuration and cases, and a folder of packages in addition to the installed ones.

    Attributes:
        folder: the project.
        site: where `install` puts packages; the metadata there are found as those of any installed package.
        interpreter: the Python that runs it.
        environment: further environment variables.
    """

    folder: Path
    site: Path
    interpreter: Path = Path(sys.executable)
    environment: dict[str, str] = field(default_factory=dict)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def install(self, distribution: str) -> None:
        """Install a package of `third_party` as an installer would: its module and its metadata."""
        module = distribution.replace("-", "_")
        info = self.site / f"{module}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
        points = "".join(f"{name} = {value}\n" for name, value in _ADAPTERS[distribution].items())
        (info / "entry_points.txt").write_text(f"[conformance.adapters]\n{points}")
        (self.site / f"{module}.py").write_text((_THIRD_PARTY / f"{module}.py").read_text())

    def variables(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        # Nothing that another test has computed.
        inherited["XDG_CACHE_HOME"] = str(self.site.parent / "cache")
        return {**inherited, "PYTHONPATH": str(self.site), "COLUMNS": "200", **self.environment}

    def python(self, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.interpreter, *arguments],
            cwd=cwd or self.folder,
            env=self.variables(),
            capture_output=True,
            text=True,
            timeout=300,
        )

    def pytest(self, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        # pytest warns of a plugin's package that is there before it.
        program = "import pytest, sys; sys.modules.pop('conformance', None); sys.exit(pytest.console_main())"
        return self._run(program, arguments, cwd)

    def conformance(self, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        return self._run("from conformance.cli import main; main()", arguments, cwd)

    def _run(
        self, program: str, arguments: tuple[str, ...], cwd: Path | None
    ) -> subprocess.CompletedProcess[str]:
        if str(self.interpreter) != sys.executable:
            return self.python("-c", program, *arguments, cwd=cwd)
        folder = cwd or self.folder
        return _server().run(program, arguments, folder=folder, variables=self.variables(), timeout=300)

    def results(self, folder: str = "reports", name: str = "results.json") -> dict[str, Any]:
        document: dict[str, Any] = json.loads((self.folder / folder / name).read_text())
        return document

    def written(self, folder: str = "reports") -> dict[str, bytes]:
        """Return name -> content of every file below a folder; empty if there is none."""
        files = (path for path in (self.folder / folder).rglob("*") if path.is_file())
        return {str(path.relative_to(self.folder / folder)): path.read_bytes() for path in sorted(files)}


@cache
def _server() -> Server:
    """A process that has imported what pytest and the command line need, which takes longer than most runs.

    The plugin itself is left to pytest, which loads it. Tests of what is imported start with nothing: `python`.
    """
    modules = (
        "cli.accept",
        "coverage",
        "laws",
        "plugin.collecting",
        "plugin.fixture",
        "report.publish",
    )
    named = (name.partition(":")[0] for each in adapters() for name in (each.path, each.definitions) if name)
    imports = ["import pytest", *(f"import conformance.{name}" for name in modules)]
    return Server("\n".join([*imports, *(f"import {name}" for name in named)]), os.environ)


def small_project(folder: Path) -> Project:
    """Return a project with the package good_metrics, two cases, and a report configured."""
    made = Project(folder / "project", folder / "site")
    made.write("pytest.ini", "[pytest]\nconformance-cases = cases\nconformance-report = reports\n")
    made.write("cases/small.yaml", CASES)
    made.install("good-metrics")
    return made


def cells(results: Mapping[str, Any]) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Return (case, implementation) -> cell, of those that were run."""
    return {(case["id"], cell["implementation"]): cell for case in results["cases"] for cell in case["cells"]}


def comparable(results: Mapping[str, Any]) -> dict[str, Any]:
    """Return a results document without what may differ between two runs."""
    return {key: value for key, value in results.items() if key not in ("generated", "environments")}
