"""How long the suite takes, compared with plain scripts that make the same calls one after the other.

    python benchmarks/pytest_against_serial.py [--rounds N]

Times, side by side in one run, (a) `pytest` over the corpus with an empty cache, laws, the table of names and reports
included, and (b) one script for each environment (Keras, Keras on torch, tf_keras, torchmetrics, scikit-learn) that
imports its framework and makes the same calls serially, with nothing of this project in it; their times are added up.
Prints both and the ratio (a)/(b), which is the figure to compare: seconds depend on the machine, the ratio hardly does.
That of the processor time says what the suite adds to the calls, however busy the machine is.
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
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from conformance.adapters.base import Adapter, Call, Implementation
from conformance.adapters.registry import adapters
from conformance.adapters.script import bindings, script
from conformance.cases import load
from conformance.laws import LAWS, Judge
from conformance.session.resolutions import table
from conformance.session.session import Session
from conformance.workers import settings

PROJECT = Path(__file__).resolve().parent.parent

#: Reads calls prepared beforehand; the same settings as in a worker come from the environment.
SERIAL = """\
import pickle, sys, warnings
warnings.simplefilter("ignore")
import numpy as np
with open(sys.argv[1], "rb") as stream:
    calls = pickle.load(stream)
for before, body, result, after, names in calls:
    names = {"__name__": "__main__", "np": np, **names}
    try:
        exec(before + "\\n" + body, names)
        np.asarray(eval(result, names))
    except Exception:
        pass
    exec(after, names)
"""

#: What a script does between models, so that they do not pile up.
CLEAR = {
    "keras": "keras.utils.clear_session(free_memory=False)",
    "tf_keras": "tf_keras.backend.clear_session()",
}


class Recording(Session):
    """A session that notes what is asked instead of asking it."""

    def __init__(self, found: tuple[Adapter, ...]) -> None:
        known = [entry.id for adapter in found for entry in adapter.implementations]
        super().__init__(load([PROJECT / "cases"], known=known), found)
        self.asked: dict[tuple[Call, str], Implementation] = {}

    def ask(self, call: Call, implementation: Implementation) -> None:
        self.asked[call, implementation.id] = implementation


def record(session: Recording) -> None:
    """Note all calls that a run of the suite makes: cells, laws, the table of names."""
    for planned in session.plan():
        if planned.reason is None:
            session.ask(planned.case.call(), planned.implementation)
    judge = Judge(session)
    for law in LAWS:
        for implementation in session.implementations:
            if judge.reason(law, implementation) is None:
                judge.submit(law, implementation)
    for row in table(session):
        for question in row.questions:
            session.ask(question.case.call(), question.implementation)


def written(session: Recording, adapter: Adapter) -> Iterator[tuple[object, ...]]:
    """Yield the calls of one environment as a script takes them."""
    for (call, _), implementation in session.asked.items():
        if session.adapter_of(implementation) is adapter:
            lines = script(implementation, call)
            after = CLEAR.get(adapter.framework, "") if ".compile[" in implementation.id else ""
            yield lines.imports, lines.body, lines.result, after, bindings(implementation, call)


class Taken(NamedTuple):
    """Seconds on the wall, and of all processors together."""

    wall: float
    processor: float

    def __str__(self) -> str:
        return f"{self.wall:.1f} s ({self.processor:.1f} s of processor time)"


def taken(command: list[str], environment: dict[str, str] | None = None) -> Taken:
    """Run a command in the project and return what it took."""
    before, start = os.times(), time.perf_counter()
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True)
    after, wall = os.times(), time.perf_counter() - start
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    return Taken(wall, processor)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3, help="how often each is run (default: 3)")
    rounds = parser.parse_args().rounds
    found = adapters()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Recording(found) as session:
            if session.missing:
                sys.exit(f"All frameworks are needed; missing: {session.missing}")
            record(session)
            for adapter in found:
                calls = list(written(session, adapter))
                (folder / f"{adapter.origin}.pickle").write_bytes(pickle.dumps(calls))
                print(f"{adapter.origin}: {len(calls)} calls", flush=True)
        (folder / "serial.py").write_text(SERIAL, encoding="utf-8")
        suite, serial = [], []
        for turn in range(rounds):
            options = [f"--conformance-{name}={folder / f'{name}-{turn}'}" for name in ("cache", "report")]
            suite.append(taken([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]))
            each = {adapter.origin: _serial(adapter, folder) for adapter in found}
            serial.append(Taken(*map(sum, zip(*each.values(), strict=True))))
            parts = ", ".join(f"{origin} {one.wall:.1f}" for origin, one in each.items())
            print(f"round {turn + 1}: pytest {suite[-1]}, serial {serial[-1]} ({parts})", flush=True)
    for name in Taken._fields:
        a, b = (statistics.median(getattr(one, name) for one in all_) for all_ in (suite, serial))
        print(f"median, {name}: (a) pytest {a:.1f} s, (b) serial {b:.1f} s, ratio (a)/(b) = {a / b:.2f}")


def _serial(adapter: Adapter, folder: Path) -> Taken:
    """Time the script of one environment, under the settings of a worker so that the same is computed."""
    environment = dict(os.environ)
    settings.apply(adapter, folder, environment)
    command = [sys.executable, str(folder / "serial.py"), str(folder / f"{adapter.origin}.pickle")]
    return taken(command, environment)


if __name__ == "__main__":
    main()
