"""Programs on the page of the whole corpus, run where nothing but imports was done, give the outcome it shows.

The page is the one of the suite's last complete run, `reports/results.json`; CI has one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from forked import importing
from reading_pages import island_of
from sampling import Some

from conformance.report import html
from conformance.results.store import read

RESULTS = Path(__file__).parents[2] / "reports" / "results.json"

#: Frameworks print four digits or more.
_PRINTED = 1e-4

#: So many programs share a process.
_AT_ONCE = 1500

#: Runs programs one after the other, each with fresh names, and says what each printed or raised.
_RUN_ALL = """
import contextlib, io, json, sys
answers = []
for program in json.load(open(sys.argv[1])):
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            exec(program, {"__name__": "__main__"})
        answers.append(["value", printed.getvalue()])
    except Exception as error:
        answers.append(["raises", type(error).__name__])
    for name in ("keras", "tf_keras"):  # as the suite does: models are never freed otherwise
        if ".compile(" in program and name in sys.modules:
            sys.modules[name].backend.clear_session()
print(json.dumps(answers))
"""


@dataclass(frozen=True)
class Shown:
    """A program on the page, and the outcome that it shows; `value` is None where it raises."""

    case: str
    implementation: str
    origin: str
    program: str
    kind: str
    whole: str
    value: Any
    resolved: str | None

    @property
    def process(self) -> tuple[str, bool]:
        """What the programs of one process have in common: the environment, and whether they set up devices."""
        return self.origin, "gloo" in self.implementation or "MirroredStrategy" in self.implementation

    @property
    def slow(self) -> bool:
        """Whether it compiles a model, or starts processes or replicas: as long as fifty others."""
        return ".compile(" in self.program or self.process[1]


def shown_on(page: str, results: Mapping[str, Any]) -> Iterator[Shown]:
    data = island_of(page)
    values = {
        (case["id"], cell["implementation"]): cell["outcome"].get("value")
        for case in results["cases"]
        for cell in case["cells"]
    }
    for case in data["cases"]:
        programs = {number: rest for number, *rest in data["programs"][case["programs"]]}
        for comparison in case.get("compared", {}).values():
            for _, _, *bundles in comparison["groups"]:
                for record, *members in bundles:
                    found = data["records"][record]
                    for number in members:
                        template, kind = programs[number]
                        entry = data["implementations"][number]
                        yield Shown(
                            case["id"],
                            entry["id"],
                            entry["origin"],
                            entry["programs"][template].replace("{data}", case["data"][kind], 1),
                            found["kind"],
                            found["whole"],
                            values[case["id"], entry["id"]],
                            found.get("resolved"),
                        )


@pytest.fixture(scope="module")
def shown() -> list[Shown]:
    if not RESULTS.exists():
        pytest.skip("reports/results.json is not there: run pytest first")
    results = read(RESULTS)
    return list(shown_on(html(results), results))


def run(origin: str, programs: list[str], folder: Path) -> list[list[str]]:
    written = folder / "programs.json"
    written.write_text(json.dumps(programs))
    done = importing(origin).run(
        f"import warnings; warnings.simplefilter('ignore')\n{_RUN_ALL}", (str(written),), timeout=1500
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answers: list[list[str]] = json.loads(done.stdout.splitlines()[-1])
    return answers


def test_programs_on_the_page_give_the_outcome_beside_them(
    shown: list[Shown], some: Some, tmp_path: Path
) -> None:
    assert len(shown) > 10_000
    by_process: dict[tuple[str, bool], list[Shown]] = {}
    for entry in sampled(shown, some):
        by_process.setdefault(entry.process, []).append(entry)
    wrong = [
        f"{entry.case} {entry.implementation}: shown {entry.whole}, got {text[:200]}"
        for (origin, _), entries in by_process.items()
        for batch in (entries[start : start + _AT_ONCE] for start in range(0, len(entries), _AT_ONCE))
        for entry, (kind, text) in zip(
            batch, run(origin, [entry.program for entry in batch], tmp_path), strict=True
        )
        if not gives(entry, kind, text)
    ]
    assert not wrong, f"{len(wrong)} of {len(shown)}: " + "; ".join(wrong[:10])


def sampled(shown: list[Shown], some: Some) -> list[Shown]:
    """Some programs of each implementation, fewer of those that take long."""
    kept: dict[str, list[Shown]] = {}
    for entry in shown:
        kept.setdefault(entry.implementation, []).append(entry)
    slow = [entries for entries in kept.values() if entries[0].slow]
    quick = [entries for entries in kept.values() if not entries[0].slow]
    return [
        *(entry for entries in some(slow, 12) for entry in some(entries, 1024)),
        *(entry for entries in quick for entry in some(entries, 120)),
    ]


def gives(entry: Shown, kind: str, text: str) -> bool:
    """Whether what a program printed or raised is the outcome that is shown."""
    if kind != entry.kind:
        return False
    if kind == "raises":
        return text == entry.whole
    if entry.resolved is not None:
        text, _, resolved = text.strip().rpartition("\n")
        if resolved != entry.resolved:
            return False
    if "..." in text:  # cut by its framework
        return True
    return alike(numbers(text), flat(entry.value))


def alike(one: list[float], other: list[float]) -> bool:
    return len(one) == len(other) and all(
        left == right
        or abs(left - right) <= _PRINTED * max(1, abs(right))
        or (left != left and right != right)
        for left, right in zip(one, other, strict=True)
    )


def numbers(printed: str) -> list[float]:
    """Return the numbers in the text of a float, an array, a torch tensor or a TensorFlow tensor."""
    inner = re.sub(r", (shape|size|dtype|device|grad_fn)=.*", "", printed, flags=re.DOTALL)
    inner = re.sub(r"\b(tf\.)?[tT]ensor|array|np\.float\d+", " ", inner)
    inner = inner.replace("True", "1").replace("False", "0")
    return [float(item) for item in inner.translate(str.maketrans("[](),", "     ")).split()]


def flat(value: Any) -> list[float]:
    if isinstance(value, list):
        return [item for part in value for item in flat(part)]
    return [float(value["float"]) if isinstance(value, Mapping) else float(value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.5", [0.5]),
        ("tensor([0.5000, nan])", [0.5, {"float": "nan"}]),
        ("tf.Tensor(\n[[1.]\n [0.]], shape=(2, 1), dtype=float32)", [[1.0], [0.0]]),
        ("tensor(-inf, dtype=torch.float64)", {"float": "-inf"}),
        ("[0.5 1. ]", [0.5, 1.0]),
    ],
)
def test_what_frameworks_print_is_read(text: str, value: Any) -> None:
    assert alike(numbers(text), flat(value))
    assert not alike(numbers(text), [0.25])


def test_a_program_that_gives_something_else_is_noticed(tmp_path: Path) -> None:
    half = Shown("case", "ours.metric", "ours", "print(0.5)", "value", "0.5", 0.5, None)
    raising = Shown("case", "ours.metric", "ours", "", "raises", "ValueError", None, None)
    programs = ["print(0.5)", "print(0.75)", "raise ValueError", "raise KeyError(1)"]
    answers = run("sklearn", programs, tmp_path)
    assert [gives(half, *answer) for answer in answers] == [True, False, False, False]
    assert [gives(raising, *answer) for answer in answers] == [False, False, True, False]
