"""How much longer `conformance explain --value` takes than to load the arrays and compute one accuracy of them.

    python benchmarks/explain_arrays.py [--samples N] [--classes N] [--rounds N]

For binary scores and for scores of several classes, with weights and without, this prints the processor time of the
command, that of a process that imports NumPy, loads the same files and computes one accuracy, and the ratio of both.
Each is the median of some rounds. Nothing gives the number that is asked about, so that everything is tried.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

from compare_arrays import seconds, write

_COMMAND = "from conformance.cli import main; main()"
_PASS = """
import sys
import numpy as np
y_true, y_pred = (np.load(sys.argv[sys.argv.index(name) + 1]) for name in ("--y-true", "--y-pred"))
print(np.mean((y_pred.argmax(axis=1) if y_pred.ndim > 1 else y_pred > 0.5) == y_true))
"""


def main() -> None:
    """Measure, in turn, and print all."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--samples", type=int, default=1_000_000)
    parser.add_argument("--classes", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name, options in write(Path(folder), asked.samples, asked.classes).items():
            used = [
                [
                    seconds([(_COMMAND, "explain", "--value", "0.98765432", *options)]),
                    seconds([(_PASS, *options)]),
                ]
                for _ in range(asked.rounds)
            ]
            command, plain = (statistics.median(one[place][1] for one in used) for place in (0, 1))
            print(f"{name}: {command:.1f} s against {plain:.1f} s, {command / plain:.1f}")


if __name__ == "__main__":
    main()
