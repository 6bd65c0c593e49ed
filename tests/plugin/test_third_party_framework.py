"""A package outside the repository brings a framework: adapter, definitions, a rule, a departure and a reason."""

from __future__ import annotations

import json
import shutil
import site
import subprocess
import sys
import venv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from beads import ABACUS, HEAD, JUST_ABOVE_ONE_HALF, NO_SAMPLES
from projects import SUITE, Project, cells

ROOT = Path(__file__).parents[2]

#: Laws are tried in runs of fifty cases or more.
_MORE = """
  - id: more-{number}
    title: One of many
    task: binary
    y_true: [1, 0, 1]
    y_pred: [0.{number}, 0.25, 0.75]
    implementations: [abacus.share_of_hits]
"""

CASES = f"""\
{HEAD}{JUST_ABOVE_ONE_HALF}\
    implementations: [abacus.share_of_hits, "sklearn.metrics.accuracy_score[FixedThresholdClassifier]"]
{NO_SAMPLES}\
  - id: a-label-of-two-digits
    title: A label of two digits
    task: multiclass
    y_true: [10, 1]
    y_pred: [10, 1]
    implementations: [abacus.share_of_labels, sklearn.metrics.accuracy_score]
""" + "".join(_MORE.format(number=number) for number in range(10, 60))


def pip(interpreter: Path, *wheels: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        interpreter,
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
    ]
    subprocess.run([*command, "--force-reinstall", *wheels], check=True, capture_output=True)


def built(source: Path, folder: Path) -> Path:
    """Build a wheel, without an environment of its own to build it in: that would need a network."""
    folder.mkdir()
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=source, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


class Environment:
    """A fresh environment with the wheel of this project, in which abacus can be installed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        venv.create(folder / "venv", symlinks=True, with_pip=False)
        self.interpreter = folder / "venv" / "bin" / "python"
        (packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
        # Behind the environment's own packages, so that the wheel is what is found.
        elsewhere = [path for path in sys.path if Path(path).name == "site-packages"] + site.getsitepackages()
        (packages / "dependencies.pth").write_text("\n".join(dict.fromkeys(elsewhere)))
        pip(self.interpreter, built(ROOT, folder / "wheel"))

    def install(self, version: str, *, fixed: bool) -> None:
        """Install abacus of a version, with or without its defect."""
        source = self._folder / f"abacus-{version}"
        shutil.copytree(ABACUS, source)
        self._change(source / "pyproject.toml", 'version = "1.0"', f'version = "{version}"')
        if fixed:
            self._change(source / "abacus.py", "_OF_NOTHING = 1.0", "_OF_NOTHING = 0.0")
        pip(self.interpreter, built(source, self._folder / f"wheel-{version}"))

    def _change(self, path: Path, old: str, new: str) -> None:
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    pytest.importorskip("hatchling")
    pytest.importorskip("pip")
    return Environment(tmp_path_factory.mktemp("abacus"))


@pytest.fixture(scope="module")
def first(
    environment: Environment, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Project, Mapping[str, Any]]:
    """The project of a user of abacus 1.0, and the report of a run with pytest."""
    environment.install("1.0", fixed=False)
    folder = tmp_path_factory.mktemp("user")
    project = Project(folder / "project", folder / "site", environment.interpreter)
    project.write("pytest.ini", "[pytest]\nconformance-cases = cases\n")
    project.write("cases/beads.yaml", CASES)
    done = project.pytest(*SUITE, "--conformance-report=out", "-p", "no:xdist")
    assert done.returncode == 0, done.stdout
    return project, project.results("out")


def case(results: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return next(case for case in results["cases"] if case["id"] == name)


def test_the_wheel_is_what_runs(first: tuple[Project, Mapping[str, Any]]) -> None:
    project, results = first
    where = project.python("-c", "import conformance; print(conformance.__file__)").stdout
    assert Path(where).is_relative_to(project.interpreter.parents[1])
    assert results["environments"][""]["packages"]["abacus"] == "1.0"


def test_outcomes_are_as_its_definitions_say(first: tuple[Project, Mapping[str, Any]]) -> None:
    found = cells(first[1])
    cell = found["just-above-one-half", "abacus.share_of_hits"]
    assert (cell["verdict"], cell["outcome"]["value"]) == ("as-defined", 0.5)
    assert cell["predicted"]["exact"] == "1/2"
    cell = found["a-label-of-two-digits", "abacus.share_of_labels"]
    assert (cell["verdict"], cell["outcome"]["type"]) == ("as-defined", "ValueError")


def test_the_cause_names_its_rule(first: tuple[Project, Mapping[str, Any]]) -> None:
    (divergence,) = case(first[1], "just-above-one-half")["divergences"]
    assert divergence["causes"] == [["decision-rule"]]
    assert (
        "A score is rounded to hundredths, and positive above the threshold."
        in divergence["says"]["decision-rule"]
    )


def test_the_cause_names_its_reason(first: tuple[Project, Mapping[str, Any]]) -> None:
    (divergence,) = case(first[1], "a-label-of-two-digits")["divergences"]
    assert divergence["causes"] == [["refusal"]]
    assert any("there are rods for the labels 0 to 9 only" in says for says in divergence["says"]["refusal"])


def test_its_departure_is_documented_with_its_finding(first: tuple[Project, Mapping[str, Any]]) -> None:
    cell = cells(first[1])["no-samples", "abacus.share_of_hits"]
    assert (cell["verdict"], cell["outcome"]["value"]) == ("documented", 1.0)
    (finding,) = [entry for entry in first[1]["findings"] if entry["id"].startswith("abacus-")]
    assert finding["implementations"] == ["abacus.share_of_hits", "abacus.share_of_labels"]
    assert finding["case"] == "no-samples"


def test_laws_are_tried_on_it(first: tuple[Project, Mapping[str, Any]]) -> None:
    verdicts = {
        (entry["law"], cell["implementation"]): cell["verdict"]
        for entry in first[1]["laws"]
        for cell in entry["cells"]
    }
    assert not verdicts["row-order", "abacus.share_of_hits"].startswith("fails")


def test_the_page_shows_it(first: tuple[Project, Mapping[str, Any]]) -> None:
    assert "abacus.share_of_hits" in (first[0].folder / "out" / "index.html").read_text()


@pytest.mark.parametrize(
    ("version", "fixed", "verdict", "status"),
    # After the fix, releases that keep to it or do not are in `test_other_releases.py`.
    [("1.5", True, "stale", 1), ("0.9", False, "undefined", 0)],
)
def test_a_departure_holds_for_the_releases_that_it_names(
    first: tuple[Project, Mapping[str, Any]],
    environment: Environment,
    version: str,
    fixed: bool,
    verdict: str,
    status: int,
) -> None:
    project, _ = first
    environment.install(version, fixed=fixed)
    done = project.conformance("run", "cases", "--case", "no-samples", "--json")
    assert done.returncode == status, done.stderr
    results = json.loads(done.stdout)
    assert cells(results)["no-samples", "abacus.share_of_hits"]["verdict"] == verdict
