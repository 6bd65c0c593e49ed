"""Other releases of one framework in a run, from wheels that a test makes and pip installs without a network."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import sys
import venv
import zipfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from beads import ABACUS, HEAD, JUST_ABOVE_ONE_HALF, NO_SAMPLES
from projects import SUITE, Project, cells, small_project

_METADATA = "Metadata-Version: 2.1\nName: abacus\nVersion: {version}\n"

#: One returns 1 for no samples in releases that are not fixed; the definition of both says so of those before 2.0.
CASES = f"""\
{HEAD}{NO_SAMPLES}\
    expect:
      abacus.share_of_hits: {{value: 1, because: the release says so, when: {{abacus: "==1.0"}}}}
{JUST_ABOVE_ONE_HALF}\
    implementations: [abacus.*]
"""

#: What a release after those that the definitions know decides, and by another rule.
_RULE, _ANOTHER = "(round(score, 2) > cutoff)", "(score > cutoff)"


def released(version: str, *, fixed: bool) -> dict[str, str]:
    """The files of a release of abacus; what came with it of this project is of no use any more."""
    module = (ABACUS / "abacus.py").read_text()
    assert "_OF_NOTHING = 1.0" in module
    assert _RULE in module
    if version == "2.1":
        module = module.replace(_RULE, _ANOTHER)
    return {
        "abacus.py": module.replace("_OF_NOTHING = 1.0", f"_OF_NOTHING = {0.0 if fixed else 1.0}"),
        "abacus_conformance/__init__.py": "raise ImportError('of another release')",
        f"abacus-{version}.dist-info/METADATA": _METADATA.format(version=version),
    }


def _hash(text: str) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
    return f"sha256={digest.decode().rstrip('=')}"


def wheel(folder: Path, version: str, *, fixed: bool) -> Path:
    """Write a wheel of abacus, as it is in a package index."""
    info = f"abacus-{version}.dist-info"
    files = {
        **released(version, fixed=fixed),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{name},{_hash(text)},{len(text)}\n" for name, text in files.items())
    record += f"{info}/RECORD,,\n"
    path = folder / f"abacus-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(name, text)
    return path


def register(project: Project) -> None:
    """Install abacus 1.0 in a project."""
    shutil.copytree(ABACUS, project.site, dirs_exist_ok=True)
    info = project.site / "abacus-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(_METADATA.format(version="1.0"))
    points = "[conformance.adapters]\nabacus = abacus_conformance.adapter:ADAPTER\n"
    (info / "entry_points.txt").write_text(points)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which pip finds two other releases of abacus."""
    folder = tmp_path_factory.mktemp("index")
    wheel(folder, "2.0", fixed=True)
    wheel(folder, "2.1", fixed=False)
    return folder


@pytest.fixture
def abacus(project: Project, tmp_path: Path, index: Path) -> Project:
    """A project of a user of abacus 1.0, with an empty cache."""
    register(project)
    project.write("cases/small.yaml", CASES)
    project.environment |= {
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(index),
    }
    return project


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, index: Path) -> tuple[Path, str]:
    """A cache into which both were installed, and what was printed meanwhile."""
    user = small_project(tmp_path_factory.mktemp("full"))
    register(user)
    cache = user.folder / "cache"
    user.environment |= {"XDG_CACHE_HOME": str(cache), "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(index)}
    done = user.conformance("environments", "install", "abacus==2", "abacus==2.1")
    assert done.returncode == 0, done.stderr
    return cache, done.stdout + done.stderr


@pytest.fixture
def releases(abacus: Project, full: tuple[Path, str]) -> Project:
    """A project with both in its cache, and no index."""
    abacus.environment |= {"XDG_CACHE_HOME": str(full[0]), "PIP_FIND_LINKS": ""}
    return abacus


def cached(project: Project) -> list[str]:
    folder = Path(project.environment["XDG_CACHE_HOME"]) / "metric-conformance" / "environments"
    return sorted(path.name for path in folder.glob("*/[!.]*"))


def run(project: Project, *arguments: str, status: int = 0) -> dict[str, Any]:
    done = project.conformance("run", "cases", "--json", *arguments)
    assert done.returncode == status, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def shown(results: Mapping[str, Any], case: str = "no-samples") -> dict[str, tuple[str, Any]]:
    return {
        implementation: (cell["verdict"], cell["outcome"].get("value"))
        for (name, implementation), cell in cells(results).items()
        if name == case
    }


def test_releases_run_side_by_side_each_by_its_own_rules(releases: Project) -> None:
    results = run(releases, "--environment", "abacus==2.0", "--environment", "abacus==2.1", status=1)
    assert shown(results) == {
        "abacus.share_of_hits": ("documented", 1.0),
        "abacus.share_of_hits@2.0": ("as-defined", 0.0),
        "abacus.share_of_hits@2.1": ("unexplained", 1.0),
    }
    packages = {name: found["packages"]["abacus"] for name, found in results["environments"].items()}
    assert packages == {"": "1.0", "2.0": "2.0", "2.1": "2.1"}
    problem = cells(results)["no-samples", "abacus.share_of_hits@2.1"]["explanation"]
    assert "abacus 2.1 is newer than 2.0" in problem
    entries = {entry["id"]: entry for entry in results["implementations"]}
    assert entries["abacus.share_of_hits@2.0"]["environment"] == "2.0"


def test_a_changed_rule_of_a_newer_release_is_red_and_named(releases: Project) -> None:
    chosen = ("case=just-*", "implementation=*@2.1", "environment=abacus==2.1")
    by_command = releases.conformance("run", "cases", *(f"--{each}" for each in chosen))
    of_pytest = (f"--conformance-{each.replace('implementation=', 'implementations=')}" for each in chosen)
    by_pytest = releases.pytest(*SUITE, "-p", "no:xdist", *of_pytest)
    for done in (by_pytest, by_command):
        said = " ".join(done.stdout.split())
        assert done.returncode == 1, done.stderr
        assert (
            "Observed 1.0 (float64), predicted 1/2 (float64). It is what another decision-rule predicts"
            in said
        )
        assert "is greater than the threshold (p > t)" in said
        assert "abacus 2.1 is newer than 2.0, the newest release that the definitions know." in said
        assert "add the new rule with `releases` to its definition" in said
        assert "definitions hold for abacus 1.0 to 2.0 (2.1 is newer)" in said


def test_an_installation_says_what_it_does_once(releases: Project, full: tuple[Path, str]) -> None:
    _, printed = full
    assert printed.startswith("@2.0: ")
    assert printed.count("installing abacus==2 into ") == 1
    assert cached(releases) == ["abacus-2.0", "abacus-2.1"]
    again = releases.conformance("environments", "install", "abacus==2.0")
    assert (again.returncode, again.stderr) == (0, "")


def test_without_an_index_what_is_not_in_the_cache_is_a_clear_error(abacus: Project) -> None:
    del abacus.environment["PIP_FIND_LINKS"]
    done = abacus.conformance("run", "cases", "--environment", "abacus==2.0")
    assert done.returncode == 2
    assert "abacus==2.0 is not in the cache and cannot be installed" in done.stderr
    assert "Traceback" not in done.stderr
    assert not cached(abacus)


def test_an_interrupted_installation_is_never_read(abacus: Project, full: tuple[Path, str]) -> None:
    cache = shutil.copytree(full[0], abacus.environment["XDG_CACHE_HOME"])
    (whole,) = Path(cache).rglob("abacus-2.0")
    shutil.rmtree(whole.with_name("abacus-2.1"))
    partial = whole.rename(whole.with_name(".abacus.of-another.partial"))
    (partial / "abacus.py").write_text("raise ImportError('half of a file')")
    assert "There are none" in abacus.conformance("environments").stdout
    # Two runs at once: one installs, the other waits.
    with ThreadPoolExecutor(2) as both:
        install = ("environments", "install", "abacus==2.0")
        done = list(both.map(lambda _: abacus.conformance(*install), range(2)))
    assert [each.returncode for each in done] == [0, 0]
    assert "".join(each.stdout + each.stderr for each in done).count("installing abacus==2.0") == 1
    assert shown(run(abacus, "--environment", "abacus==2.0"))["abacus.share_of_hits@2.0"] == (
        "as-defined",
        0.0,
    )
    assert not partial.exists()


def test_a_path_is_installed_anew_each_time(abacus: Project, tmp_path: Path, full: tuple[Path, str]) -> None:
    shutil.copytree(full[0], abacus.environment["XDG_CACHE_HOME"])
    branch = tmp_path / "branch"
    branch.mkdir()
    for fixed, expected in ((False, ("unexplained", 1.0)), (True, ("as-defined", 0.0))):
        path = wheel(branch, "2.0.post3", fixed=fixed)
        asked = f"abacus==../{path.relative_to(tmp_path)}"
        results = run(abacus, "--environment", asked, status=0 if fixed else 1)
        assert shown(results)["abacus.share_of_hits@2.0.post3"] == expected
    assert len(cached(abacus)) == 4
    listed = abacus.conformance("environments").stdout
    assert listed.count(f"abacus==2.0.post3 (from file://{path}): ") == 2


def test_a_configuration_names_releases_and_interpreters(releases: Project, tmp_path: Path) -> None:
    abacus = releases
    venv.create(tmp_path / "old", with_pip=False, symlinks=True)
    (packages,) = (tmp_path / "old" / "lib").glob("python*/site-packages")
    elsewhere = [path for path in sys.path if Path(path).name == "site-packages"]
    (packages / "dependencies.pth").write_text("\n".join(elsewhere))
    for name, text in released("1.5", fixed=False).items():
        (packages / name).parent.mkdir(exist_ok=True)
        (packages / name).write_text(text)
    abacus.write(
        "pyproject.toml",
        '[tool.conformance.environments]\nold = {python = "../old/bin/python"}\n'
        'both = {python = "../old/bin/python", requirement = "abacus==2.0"}\nnext = "abacus==2.0"\n',
    )
    arguments = [part for name in ("old", "both", "next") for part in ("--environment", name)]
    results = run(abacus, *arguments)
    assert shown(results) == {
        "abacus.share_of_hits": ("documented", 1.0),
        "abacus.share_of_hits@old": ("documented", 1.0),
        "abacus.share_of_hits@both": ("as-defined", 0.0),
        "abacus.share_of_hits@next": ("as-defined", 0.0),
    }
    packages = {name: found["packages"]["abacus"] for name, found in results["environments"].items()}
    assert packages == {"": "1.0", "old": "1.5", "both": "2.0", "next": "2.0"}
    listed = abacus.conformance("environments").stdout
    assert f"old: {abacus.folder}/../old/bin/python" in listed


def test_releases_in_the_cache_are_listed_and_removed(abacus: Project, full: tuple[Path, str]) -> None:
    shutil.copytree(full[0], abacus.environment["XDG_CACHE_HOME"])
    assert abacus.conformance("environments", "remove", "abacus==2.0").stdout == "removed abacus==2.0\n"
    lines = abacus.conformance("environments").stdout.splitlines()
    assert [line.partition(":")[0] for line in lines[:-1]] == ["abacus==2.1"]
    done = abacus.conformance("environments", "remove", "abacus==2.0")
    assert (done.returncode, "it has abacus==2.1" in done.stderr) == (2, True)


def test_pytest_installs_once_under_xdist(abacus: Project) -> None:
    done = abacus.pytest(
        *(*SUITE, "-v", "-n1", "--conformance-environment=abacus==2.0", "--conformance-report=out"),
        "--conformance-implementations=*@2.0",
    )
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("conformance: installing abacus==2.0 into") == 1
    assert "no-samples--abacus.share_of_hits@2.0" in done.stdout.replace(":2.0", "@2.0")
    assert {name.partition("@")[2] for _, name in cells(abacus.results("out"))} == {"2.0"}


def test_other_releases_do_not_overwrite_the_configured_report(releases: Project) -> None:
    done = releases.pytest(*SUITE, "-p", "no:xdist", "--conformance-environment=abacus==2.0")
    assert done.returncode == 0, done.stdout
    assert "is unchanged: the environments are not the configured ones" in done.stdout
    assert not releases.written()


def test_pytest_says_what_cannot_be_used(abacus: Project) -> None:
    done = abacus.pytest(*SUITE, "-p", "no:xdist", "--conformance-environment=abacus==3.0")
    assert done.returncode == 4
    assert "abacus==3.0 is not in the cache and cannot be installed" in done.stdout + done.stderr


def test_a_known_deviation_of_another_release_is_pinned_by_hand(releases: Project) -> None:
    # `accept` writes into case files, which it does not where CI is set.
    releases.environment["CI"] = ""
    done = releases.conformance("accept", "cases", "--environment", "abacus==2.1")
    assert done.returncode == 1
    assert (
        'write an expect for abacus.share_of_hits that holds there only, with when: {abacus: "==2.1"}'
        in done.stderr
    )


def test_accept_pins_for_the_installed_release_where_definitions_know_newer_ones(project: Project) -> None:
    register(project)
    project.environment["CI"] = ""
    module = project.site / "abacus.py"
    module.write_text(
        module.read_text().replace(_RULE, _ANOTHER).replace("_OF_NOTHING = 1.0", "_OF_NOTHING = 3")
    )
    path = project.write("cases/small.yaml", CASES)
    done = project.conformance("accept", "cases")
    assert done.returncode == 1
    pin = 'expect:\n      abacus.share_of_hits: {value: 1.0, because: TODO, when: {abacus: "==1.0"}}\n'
    assert path.read_text() == CASES.replace("[abacus.*]\n", f"[abacus.*]\n    {pin}")
    # What is there already for other releases is not lost.
    assert "no-samples, abacus.share_of_hits: its expect on line 11 is for other releases, too" in done.stderr


def test_an_expect_may_hold_for_one_of_the_releases(releases: Project) -> None:
    releases.write("cases/small.yaml", CASES.replace('when: {abacus: "==1.0"}', 'when: {abacus: "==2.1"}'))
    environments = ("--environment", "abacus==2.0", "--environment", "abacus==2.1")
    assert shown(run(releases, "--case", "no-samples", *environments)) == {
        "abacus.share_of_hits": ("documented", 1.0),
        "abacus.share_of_hits@2.0": ("as-defined", 0.0),
        "abacus.share_of_hits@2.1": ("documented", 1.0),
    }


def test_compare_calls_them_on_a_users_arrays(releases: Project) -> None:
    arrays = ("--y-true", "1 0", "--y-pred", "0.503 0.75", "--implementations", "abacus.share_of_hits")
    done = releases.conformance("compare", *arrays, "--environment", "abacus==2.0")
    assert done.returncode == 0, done.stderr
    assert "A  0.0  abacus.share_of_hits, abacus.share_of_hits@2.0" in done.stdout
