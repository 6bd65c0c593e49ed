"""How long the suite takes, beside a plain script that makes the same calls one after the other.

    python benchmarks/pytest_against_serial.py [--rounds N]

Times, side by side in one run, (a) `pytest` over the corpus, reports included, and (b) a script that imports the
frameworks and makes the same metric calls serially, with nothing of this project in it. Prints both and the ratio
(a)/(b), which is the figure to compare: seconds depend on the machine, the ratio hardly does.
"""

from __future__ import annotations

import argparse
import os
import pickle
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from conformance.adapters.registry import adapters
from conformance.adapters.script import bindings, script
from conformance.cases import load
from conformance.session import Session
from conformance.workers import settings

PROJECT = Path(__file__).resolve().parent.parent

#: Reads calls prepared beforehand; the same settings as in a worker come from the environment.
SERIAL = """\
import pickle, sys, warnings
warnings.simplefilter("ignore")
import numpy as np
import keras, tensorflow, torch, torchmetrics.classification, torchmetrics.functional.classification
import sklearn.metrics, sklearn.model_selection, sklearn.preprocessing
with open(sys.argv[1], "rb") as stream:
    calls = pickle.load(stream)
for imports, body, result, names in calls:
    names = {"np": np, **names}
    try:
        exec(imports + "\\n" + body, names)
        np.asarray(eval(result, names))
    except Exception:
        pass
"""


def prepare(path: Path) -> int:
    """Write the calls of all applicable cells to a file and return how many there are."""
    found = adapters()
    known = [entry.id for adapter in found for entry in adapter.implementations]
    with Session(load([PROJECT / "cases"], known=known), found) as session:
        if session.missing:
            sys.exit(f"All frameworks are needed; missing: {session.missing}")
        calls = []
        for planned in session.plan():
            if planned.reason is None:
                call = planned.case.call()
                lines = script(planned.implementation, call)
                names = bindings(planned.implementation, call)
                calls.append((lines.imports, lines.body, lines.result, names))
    path.write_bytes(pickle.dumps(calls))
    return len(calls)


def seconds(command: list[str], environment: dict[str, str] | None = None) -> float:
    """Run a command in the project and return its wall time."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return time.perf_counter() - start


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3, help="how often each is run (default: 3)")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        calls, plain = Path(folder, "calls.pickle"), Path(folder, "serial.py")
        count = prepare(calls)
        plain.write_text(SERIAL, encoding="utf-8")
        environment = _environment(Path(folder))
        print(f"{count} calls, {rounds} rounds", flush=True)
        suite, serial = [], []
        for turn in range(rounds):
            report = ["--conformance-report", str(Path(folder, "report"))]
            suite.append(seconds([sys.executable, "-m", "pytest", "-q", *report]))
            serial.append(seconds([sys.executable, str(plain), str(calls)], environment))
            print(f"round {turn + 1}: pytest {suite[-1]:.1f} s, serial {serial[-1]:.1f} s", flush=True)
    a, b = statistics.median(suite), statistics.median(serial)
    print(f"median: (a) pytest {a:.1f} s, (b) serial {b:.1f} s, ratio (a)/(b) = {a / b:.2f}")


def _environment(scratch: Path) -> dict[str, str]:
    """Return the environment of a worker: the same settings, so that the same is computed."""
    environment = dict(os.environ)
    for adapter in adapters():
        settings.apply(adapter, scratch, environment)
    return environment


if __name__ == "__main__":
    main()
