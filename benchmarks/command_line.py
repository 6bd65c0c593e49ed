"""How long commands take that call no framework, as ratios to what they cannot do without.

    python benchmarks/command_line.py [--cases N] [--rounds N]

Prints the processor time of `check` over a file of N cases, divided by that of parsing the file with PyYAML; those of
help and of `lookup`, divided by that of importing NumPy, jsonschema and yaml; and that of importing `conformance` after
NumPy, divided by that of NumPy alone. Each is the median of some rounds; seconds depend on the machine, the ratios
hardly do.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

_CASE = "  - {{id: case-{0}, title: A case, task: binary, y_true: [1, 0, 1], y_pred: [0.{0}, 0.2, 0.9]}}\n"
_MAIN = "from conformance.cli import main; main()"
_PARSE = "import sys, yaml; yaml.load(open(sys.argv[1]), getattr(yaml, 'CSafeLoader', yaml.SafeLoader))"
_IMPORTS = "import numpy, jsonschema, yaml"


def seconds(*arguments: str) -> float:
    """Return the processor time of a Python process."""
    before = os.times()
    subprocess.run([sys.executable, "-c", *arguments], check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def main() -> None:
    """Measure, in turn, and print both ratios."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "cases.yaml")
        cases = "".join(map(_CASE.format, range(asked.cases)))
        file.write_text(f"format: 1\ntheme: t\ncases:\n{cases}", encoding="utf-8")
        for name, measured, base in (
            ("check / parse", (_MAIN, "check", str(file)), (_PARSE, str(file))),
            ("help / imports", (_MAIN, "--help"), (_IMPORTS,)),
            ("help of compare / imports", (_MAIN, "compare", "--help"), (_IMPORTS,)),
            ("lookup / imports", (_MAIN, "lookup", "accuracy_score"), (_IMPORTS,)),
            ("NumPy and conformance / NumPy", ("import numpy, conformance",), ("import numpy",)),
        ):
            both = [(seconds(*measured), seconds(*base)) for _ in range(asked.rounds)]
            ratio = statistics.median(one / other for one, other in both)
            print(f"{name}: {ratio:.2f} ({statistics.median(one for one, _ in both):.2f} s)")


if __name__ == "__main__":
    main()
