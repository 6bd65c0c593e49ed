"""How much longer `conformance compare` takes than the frameworks themselves, on many samples.

    python benchmarks/compare_arrays.py [--samples N] [--classes N] [--rounds N] [--only NAME]

For binary scores and for scores of several classes, with weights and without, this prints the seconds of the command,
those of plain calls, their difference and their ratio: once as wall time, once as processor time. Plain calls are
the lines that the command has its workers run, without anything around them: a fresh process for each framework, all
at once, imports it under the same settings, loads the same files and runs the lines. Each is the median of some rounds.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

_SUITE = (
    "import sys; from conformance.cli import main; main()",
    "import sys; sys.path.insert(0, sys.argv.pop(1)); from compare_arrays import plain_calls; plain_calls()",
)


def write(folder: Path, samples: int, classes: int) -> dict[str, list[str]]:
    """Write arrays into a folder; return name -> the options of the command that reads them."""
    random = np.random.default_rng(0)
    data = {
        "bits": random.integers(0, 2, samples),
        "scores": random.random(samples).astype("float32").round(3),
        "labels": random.integers(0, classes, samples),
        "rows": random.dirichlet(np.ones(classes), samples).astype("float32"),
        "weights": random.random(samples).astype("float32"),
    }
    for name, array in data.items():
        np.save(folder / f"{name}.npy", array)

    def options(task: str, *arrays: str) -> list[str]:
        names = ("--y-true", "--y-pred", "--sample-weight")
        given = [(name, f"{folder / array}.npy") for name, array in zip(names, arrays, strict=False)]
        return ["--task", task, *(part for pair in given for part in pair)]

    tasks = {"binary": ("bits", "scores"), "multiclass": ("labels", "rows")}
    plain = {task: options(task, *arrays) for task, arrays in tasks.items()}
    return plain | {f"{task}, weighted": options(task, *arrays, "weights") for task, arrays in tasks.items()}


def plain_calls() -> None:
    """Run the lines of every implementation of one framework, whose origin is the first argument."""
    import click

    from conformance.adapters.registry import adapters
    from conformance.adapters.script import bindings, script
    from conformance.ask.question import question
    from conformance.cli.options import arrays
    from conformance.session.session import Session
    from conformance.workers import settings

    @click.command()
    @click.argument("origin")
    @arrays()
    def run(origin: str, **given: object) -> None:
        (adapter,) = (one for one in adapters() if one.origin == origin)
        asked = question(**given)  # type: ignore[arg-type]
        settings.apply(adapter, Path(tempfile.mkdtemp()), os.environ)
        if adapter.warm_up is not None:
            adapter.warm_up()
        for planned in Session([asked], [adapter]).plan():
            entry = planned.implementation
            if planned.reason is None and entry.quantity not in ("per-row", "string-resolution"):
                lines = script(entry, asked.call())
                names = {"np": np, **bindings(entry, asked.call())}
                try:
                    exec(f"{lines.imports}\n{lines.body}", names)
                    adapter.to_numpy(eval(lines.result, names))
                except Exception:
                    pass  # an implementation may raise for this data

    run()


def seconds(programs: Sequence[Sequence[str]]) -> tuple[float, float]:
    """Return the wall time and the processor time of Python processes that run at once."""
    before, start = os.times(), time.perf_counter()
    running = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", *one], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for one in programs
    ]
    codes = [process.wait() for process in running]
    wall, after = time.perf_counter() - start, os.times()
    assert not any(codes), codes
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return wall, used


def main() -> None:
    """Measure, in turn, and print all."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--samples", type=int, default=1_000_000)
    parser.add_argument("--classes", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    from conformance.adapters.registry import adapters, installed

    origins = [one.origin for one in adapters() if None not in installed(one).values()]
    here = str(Path(__file__).parent)
    with tempfile.TemporaryDirectory() as folder:
        for name, options in write(Path(folder), asked.samples, asked.classes).items():
            if not name.startswith(asked.only):
                continue
            found = []
            for _ in range(asked.rounds):
                command = seconds([(_SUITE[0], "compare", *options)])
                plain = seconds([(_SUITE[1], here, origin, *options) for origin in origins])
                found.append([*command, *plain])
            wall, used, plain_wall, plain_used = (
                statistics.median(column) for column in zip(*found, strict=True)
            )
            print(
                f"{name}: wall {wall:.1f} s against {plain_wall:.1f} s, {wall - plain_wall:+.1f} s,"
                f" {wall / plain_wall:.2f}; processor {used:.1f} s against {plain_used:.1f} s,"
                f" {used - plain_used:+.1f} s, {used / plain_used:.2f}"
            )


if __name__ == "__main__":
    main()
