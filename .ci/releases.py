"""Runs the suite with other releases of the frameworks, as pyproject.toml lists them in [tool.conformance.releases].

    .ci/releases.py             every supported release but the newest, which the suite is run with anyway
    .ci/releases.py --few       of each framework the oldest and one in the middle
    .ci/releases.py torchmetrics==1.6.1 ...
    .ci/releases.py keras==3.9.2 --only 'keras.metrics.*' ...

Fails if a run does, and if nothing is predicted of a release.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]

#: So many releases are called side by side: each has processes of its own, which take memory.
AT_ONCE = 6


def supported(few: bool) -> list[str]:
    """Return what to install, the oldest release of each framework first."""
    configured = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["conformance"]["releases"]
    chosen = {
        name: sorted({0, len(releases) // 2}) if few else range(len(releases) - 1)
        for name, releases in configured.items()
    }
    return [f"{name}=={configured[name][place]}" for name, places in chosen.items() for place in places]


def run(releases: Sequence[str], only: Sequence[str], report: Path) -> bool:
    """Run the suite with these releases and no others; return whether all is as defined."""
    versions = [release.partition("==")[2] for release in releases]
    command = [
        *(sys.executable, "-m", "pytest", "-q", f"--conformance-report={report}"),
        *(f"--conformance-environment={release}" for release in releases),
        *(f"--conformance-implementations={name}@*{version}" for name in only for version in versions),
    ]
    began = time.monotonic()
    failed = subprocess.run(command, cwd=ROOT).returncode
    results = report / "results.json"
    verdicts = json.loads(results.read_text())["summary"]["verdicts"] if results.exists() else {}
    minutes = (time.monotonic() - began) / 60
    print(f"== {', '.join(releases)}: {verdicts}, {minutes:.1f} min", flush=True)
    return not failed and "undefined" not in verdicts


def main() -> None:
    """Run them some at a time, and all of them whatever fails."""
    parser = argparse.ArgumentParser()
    parser.add_argument("releases", nargs="*", metavar="NAME==RELEASE")
    parser.add_argument("--few", action="store_true")
    parser.add_argument("--only", action="append", metavar="GLOB", help="run only these implementations")
    asked = parser.parse_args()
    releases = asked.releases or supported(asked.few)
    parts = [releases[start : start + AT_ONCE] for start in range(0, len(releases), AT_ONCE)]
    with tempfile.TemporaryDirectory() as folder:
        passed = [
            run(part, asked.only or ["*"], Path(folder) / str(number)) for number, part in enumerate(parts)
        ]
    sys.exit(not all(passed))


if __name__ == "__main__":
    main()
