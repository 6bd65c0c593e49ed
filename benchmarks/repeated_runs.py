"""How long `pytest` takes once its outcomes are kept, compared with the first run.

    python benchmarks/repeated_runs.py [--implementations GLOB ...]

Runs the suite over a copy of the corpus three times, reports included: with an empty cache, with nothing changed, and
after one case was edited. Prints the wall time and the processor time (of all processes together) of each run, both
divided by those of the first, and whether the second wrote the same results document as the first, but for when.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent

#: What is edited: a score of one case.
_FILE, _OLD, _NEW = "threshold/threshold.yaml", "[[0.51], [1], [0], [0.4]]", "[[0.52], [1], [0], [0.4]]"


def run(folder: Path, implementations: list[str]) -> tuple[float, float, dict[str, Any]]:
    """Run the suite and return its wall time, its processor time and its results document."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += [f"--conformance-{name}={folder / name}" for name in ("cases", "cache", "report")]
    command += [f"--conformance-implementations={glob}" for glob in implementations]
    before, start = os.times(), time.perf_counter()
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    after, wall = os.times(), time.perf_counter() - start
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    results: dict[str, Any] = json.loads((folder / "report" / "results.json").read_text(encoding="utf-8"))
    results.pop("generated")
    return wall, processor, results


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--implementations", action="append", default=[], help="as the option of the suite")
    implementations = parser.parse_args().implementations
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(PROJECT / "cases", folder / "cases")
        first = _measured("first run", folder, implementations)
        second = _measured("nothing changed", folder, implementations, first)
        edited = folder / "cases" / _FILE
        text = edited.read_text(encoding="utf-8")
        if _OLD not in text:
            sys.exit(f"{_FILE} has {_OLD} no longer: name another score to be edited.")
        edited.write_text(text.replace(_OLD, _NEW, 1), encoding="utf-8")
        _measured("one case edited", folder, implementations, first)
    same = json.dumps(first[2]) == json.dumps(second[2])
    print(f"The documents of the first and the second run are {'the same' if same else 'DIFFERENT'}.")
    sys.exit(not same)


def _measured(
    what: str, folder: Path, implementations: list[str], first: tuple[float, float, Any] | None = None
) -> tuple[float, float, Any]:
    found = run(folder, implementations)
    ratios = f": {found[0] / first[0]:.2f} and {found[1] / first[1]:.2f} of the first" if first else ""
    print(f"{what}: {found[0]:.1f} s, {found[1]:.1f} s of processor time{ratios}", flush=True)
    return found


if __name__ == "__main__":
    main()
