"""The project works with scikit-learn alone, and from a wheel."""

from __future__ import annotations

import re
import subprocess
import sys
import venv
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from projects import CASES, SUITE, Project

ROOT = Path(__file__).parents[2]


#: A case that scikit-learn alone brings nothing for.
IN_BFLOAT16 = """\
  - id: in-bfloat16
    title: Scores of bfloat16
    task: binary
    y_true: [1, 0]
    y_pred: [1, 0]
    dtype: {y_pred: bfloat16}
"""


def needed_by(name: str, extra: str, found: dict[str, metadata.Distribution]) -> None:
    """Add an installed distribution and all it requires to `found`."""
    distribution = metadata.distribution(name)
    found[distribution.name] = distribution
    for text in distribution.requires or ():
        requirement = Requirement(text)
        wanted = requirement.marker is None or requirement.marker.evaluate({"extra": extra})
        if wanted and requirement.name not in found:
            needed_by(requirement.name, next(iter(requirement.extras), ""), found)


@pytest.fixture(scope="module")
def sklearn_alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter in whose environment nothing is installed but `metric-conformance[sklearn]`."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True, with_pip=False)
    site = next(folder.glob("lib/python*/site-packages"))
    found: dict[str, metadata.Distribution] = {}
    needed_by("metric-conformance", "sklearn", found)
    for distribution in found.values():
        tops = {path.parts[0] for path in distribution.files or ()} - {"..", "__pycache__"}
        for top in tops:
            (site / top).symlink_to(Path(str(distribution.locate_file(top))))
    return folder / "bin" / "python"


@pytest.fixture
def alone(project: Project, sklearn_alone: Path) -> Project:
    project.interpreter = sklearn_alone
    cases = re.sub(r"    implementations:.*\n", "", CASES).replace("0.5, 0.2", "0.5, 0.25")
    project.write("cases/small.yaml", cases + IN_BFLOAT16)
    return project


def test_with_scikit_learn_alone_the_others_are_reported_as_not_installed(alone: Project) -> None:
    done = alone.pytest(*SUITE, "--conformance-report", "out")
    assert done.returncode == 0, done.stdout
    assert "; not installed: keras, tensorflow, torch, tf_keras, torchmetrics, lightning" in done.stdout
    assert (
        "not installed: keras, keras@torch, tf_keras, torchmetrics, lightning, bfloat16 (pip install keras "
        "tensorflow torch tf_keras torchmetrics lightning ml_dtypes)"
        in " ".join(done.stdout.split("= conformance =")[1].split())
    )
    results = alone.results("out")
    assert results["complete"] is False
    missing = [(entry["framework"], entry["environment"]) for entry in results["missing"]]
    assert missing == [
        ("keras", ""),
        ("keras", "torch"),
        ("tf_keras", ""),
        ("torchmetrics", ""),
        ("lightning", ""),
        ("bfloat16", ""),
    ]
    assert [case["id"] for case in results["cases"]] == ["on-the-threshold", "two-classes"]
    assert {entry["framework"] for entry in results["implementations"]} == {"sklearn", "good_metrics"}


def test_a_run_that_lacks_a_framework_leaves_the_report_as_it_was(alone: Project) -> None:
    done = alone.pytest(*SUITE)
    assert done.returncode == 0, done.stdout
    assert (
        "the report in reports is unchanged: not installed: keras, keras@torch, tf_keras, torchmetrics, lightning"
        in done.stdout
    )
    assert alone.written() == {}


def test_a_framework_that_is_required_and_missing_fails_the_run(alone: Project) -> None:
    done = alone.pytest(*SUITE, "--conformance-require=sklearn", "--conformance-require=torchmetrics")
    assert done.returncode == 1, done.stdout
    assert "required, but not installed: torchmetrics (pip install torchmetrics torch)" in done.stdout
    assert alone.pytest(*SUITE, "--conformance-require=sklearn").returncode == 0


def test_asking_for_a_missing_framework_alone_says_how_to_get_it(alone: Project) -> None:
    done = alone.pytest(*SUITE, "--conformance-implementations=torchmetrics.*")
    assert done.returncode == 4
    assert (
        "not installed: keras (pip install keras tensorflow); keras@torch (pip install keras torch); tf_keras"
        in done.stderr
    )
    assert "; torchmetrics (pip install torchmetrics torch)" in done.stderr


def test_a_case_with_bfloat16_says_what_it_needs(alone: Project) -> None:
    done = alone.conformance("run", "cases", "--case=in-bfloat16")
    assert done.returncode == 2
    assert "Nothing to run: not installed: " in done.stderr
    assert "; bfloat16 (pip install ml_dtypes)." in done.stderr
    pair = ("sklearn.metrics.accuracy_score", "keras.metrics.Accuracy")
    done = alone.conformance("explain", "in-bfloat16", *pair, "--cases=cases")
    assert done.returncode == 2
    assert (
        "in-bfloat16: NumPy has bfloat16 only with the package ml_dtypes: pip install ml_dtypes"
        in done.stderr
    )


def test_the_command_line_works_with_scikit_learn_alone(alone: Project) -> None:
    done = alone.conformance("run", "cases")
    assert done.returncode == 0, done.stderr
    assert "sklearn.metrics.accuracy_score[Binarizer]" in done.stdout
    assert "not installed: keras, keras@torch, tf_keras, torchmetrics" in done.stdout


def test_a_wheel_ships_the_cases_and_runs_from_anywhere(tmp_path: Path) -> None:
    pytest.importorskip("hatchling")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    installed = Project(elsewhere, site)
    shipped = len(list((ROOT / "cases").rglob("*.yaml")))
    checked = installed.conformance("check").stdout
    assert f" in {shipped} files are well-formed." in checked
    done = installed.pytest(
        *SUITE,
        "-v",
        "--conformance-case=seed-*",
        "--conformance-implementations=sklearn.*",
        "--conformance-report=out",
    )
    assert done.returncode == 0, done.stdout
    where = installed.python("-c", "import conformance; print(conformance.__file__)").stdout
    assert Path(where).is_relative_to(site)
    assert installed.results("out")["cases"][0]["file"].startswith("cases/")
