"""The workflow that users copy: its commands are run as they stand there."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml
from projects import CASES, Project

_FILE = Path(__file__).parent.parent / "examples" / "conformance.yml"

#: The second case pins an outcome that it does not have.
_STALE = CASES + "    expect: {good_metrics.multiclass_accuracy: {value: 0.1, because: once}}\n"


def _commands(job: str) -> list[str]:
    """Return the commands of the steps of a job but for installing."""
    jobs: dict[str, Any] = yaml.safe_load(_FILE.read_text())["jobs"]
    return [step["run"] for step in jobs[job]["steps"] if "run" in step and step["name"] != "Install"]


def test_shards_are_run_and_put_together_as_the_workflow_says(project: Project) -> None:
    project.write("cases/small.yaml", _STALE)
    (run,) = _commands("run")
    assert '"$SHARD/3"' in run
    for shard, code in (("1", 0), ("2", 1)):
        command = run.replace("$SHARD/3", f"{shard}/2").replace("$EXTRA", "good_metrics")
        program, *arguments = shlex.split(command)
        assert program == "pytest"
        done = project.pytest(*arguments)
        assert done.returncode == code, done.stdout
        results = project.folder / "shards" / f"shard-{shard}" / "results.json"
        results.parent.mkdir(parents=True)
        (project.folder / "results" / "results.json").rename(results)
    (report,) = _commands("report")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-e", "-c", report],
        cwd=project.folder,
        env={**project.variables(), "PATH": path, "GITHUB_STEP_SUMMARY": "summary.md"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    (annotation,) = (line for line in done.stdout.splitlines() if line.startswith("::"))
    assert annotation.startswith("::error file=cases/small.yaml,line=10,title=")
    assert "The expected value on line 16 does not match" in (project.folder / "summary.md").read_text()
    assert {"index.html", "results.json"} <= project.written("report").keys()
