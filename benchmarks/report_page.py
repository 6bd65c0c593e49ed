"""How large the page is, when its first rows are seen, and how fast a search answers: 10,000 cases, 20 implementations.

Run it with Chromium on the PATH: `python benchmarks/report_page.py`. It is no test: it prints what it measured.
"""

from __future__ import annotations

import random
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Page, sync_playwright

from conformance.report import html

CASES, IMPLEMENTATIONS = 10_000, 20
AXES = ("decision-rule", "ties", "average", "weights", "refusal", "unit")
QUERIES = (
    "cause:ties",
    "is:diverge -cause:refusal",
    "id:case-12*",
    "number 777",
    "tag:odd framework:alpha",
    "raises:ValueError",
)

_PROGRAM = "import numpy as np\nimport {framework}\n\n{{data}}\n\nprint({framework}.metric_{number}(y_true, y_pred))\n"


def document() -> dict[str, Any]:
    """Return a document in which every case, input, outcome and trace is its own."""
    draw = random.Random(7)
    return {
        "format": 1,
        "environments": {"": {"packages": {}}},
        "implementations": [_implementation(number) for number in range(IMPLEMENTATIONS)],
        "cases": [_case(number, draw) for number in range(CASES)],
        "axes": {axis: {"title": axis, "prose": "Prose. " * 20, "agree": "Agree."} for axis in AXES},
    }


def _implementation(number: int) -> dict[str, Any]:
    framework = ("alpha", "beta", "gamma", "delta")[number % 4]
    return {
        "id": f"{framework}.metric_{number}",
        "framework": framework,
        "quantity": "accuracy",
        "definition": "How often it is right.",
        "rules": {
            axis: {"name": f"{axis}-{number % 3}", "says": f"Rule {number % 3} of {axis}."} for axis in AXES
        },
        "programs": [_PROGRAM.format(framework=framework, number=number)],
    }


def _case(number: int, draw: random.Random) -> dict[str, Any]:
    y_true = [draw.randint(0, 1) for _ in range(4)]
    y_pred = [round(draw.random(), 3) for _ in range(4)]
    letters = "ABCD"[: draw.randint(1, 4)]
    axes = draw.sample(AXES, 2) if len(letters) > 1 else []
    cells = []
    for member in range(IMPLEMENTATIONS):
        letter = letters[member % len(letters)]
        rows = [
            {"row": row, "decided": [int(p > 0.5)], "truth": [t], "hit": [draw.random() < 0.5]}
            for row, (t, p) in enumerate(zip(y_true, y_pred, strict=True))
        ]
        value = (number * 7 + ord(letter)) % 997 / 997
        outcome = (
            {"kind": "raises", "type": "ValueError", "message": f"Case {number} is invalid."}
            if letter == "D"
            else {"kind": "value", "value": value, "dtype": "float32"}
        )
        cells.append(
            {
                "implementation": f"{('alpha', 'beta', 'gamma', 'delta')[member % 4]}.metric_{member}",
                "verdict": "as-defined",
                "group": letter,
                "outcome": outcome,
                "predicted": {"kind": "value", "value": value, "exact": str(value)},
                "rows": rows if member < len(letters) else [],
                "program": {"template": 0, "data": "arrays"},
            }
        )
    return {
        "id": f"case-{number}",
        "title": f"Case number {number} of a long list",
        "task": "binary",
        "family": f"family-{number % 16}",
        "tags": ["odd"] if number % 2 else [],
        "inputs": {"y_true": y_true, "y_pred": y_pred},
        "inputs_yaml": f"task: binary\ny_true: {y_true}\ny_pred: {y_pred}",
        "verdicts": {"accuracy": "diverge" if len(letters) > 1 else "agree"},
        "causes": axes,
        "parting": [
            {
                "quantity": "accuracy",
                "groups": [letters[0], other],
                "implementations": ["alpha.metric_0", "beta.metric_1"],
                "causes": [[axis] for axis in axes],
                "says": {axis: [f"Rule 0 of {axis}.", f"Rule 1 of {axis}."] for axis in axes},
            }
            for other in letters[1:]
        ],
        "data": {"arrays": f"y_true = np.array({y_true})\ny_pred = np.array({y_pred})"},
        "cells": cells,
    }


def main() -> None:
    """Measure, and print."""
    began = time.perf_counter()
    text = html(document())
    print(
        f"rendered in {time.perf_counter() - began:.1f} s, {len(text.encode()) / 1e6:.2f} MB (to be below 10)"
    )
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "index.html"
        path.write_text(text, encoding="utf-8")
        browser = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        print(
            f"first rows after {statistics.median(_first_rows(page, path) for _ in range(3)):.2f} s (to be below 2)"
        )
        client = page.context.new_cdp_session(page)
        client.send("Performance.setTimeDomain", {"timeDomain": "threadTicks"})
        client.send("Performance.enable")
        for query in QUERIES:
            each = [_typed(page, client, query[:length]) for length in range(1, len(query) + 1)]
            for name, numbers in zip(("ms", "ms of the processor"), zip(*each, strict=True), strict=True):
                middle, slowest = statistics.median(numbers), max(numbers)
                print(
                    f"typing {query!r}: median {middle:.0f}, slowest {slowest:.0f} {name} (to be below 100)"
                )
        browser.close()


def _busy(client: CDPSession) -> float:
    """Return the milliseconds of processor time that the page has had: other processes do not count."""
    metrics = client.send("Performance.getMetrics")["metrics"]
    return 1000 * next(float(entry["value"]) for entry in metrics if entry["name"] == "TaskDuration")


def _first_rows(page: Page, path: Path) -> float:
    began = time.perf_counter()
    page.goto("about:blank")
    page.goto(f"{path.as_uri()}#view=cases")
    page.wait_for_selector(".matrix a[data-case]")
    return time.perf_counter() - began


def _typed(page: Page, client: CDPSession, text: str) -> tuple[float, float]:
    """Return milliseconds from a key to the rows that answer it, laid out, and those of the processor's."""
    before = _busy(client)
    passed = float(
        page.evaluate(
            """text => {
              const box = document.getElementById('query');
              const began = performance.now();
              box.value = text;
              box.dispatchEvent(new Event('input'));
              document.querySelector('.matrix')?.getBoundingClientRect();
              return performance.now() - began;
            }""",
            text,
        )
    )
    return passed, _busy(client) - before


if __name__ == "__main__":
    main()
