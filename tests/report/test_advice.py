"""What to do about a red cell follows from why it is red, as the verdicts really say it."""

from __future__ import annotations

from typing import get_args

import pytest
from made_cases import SEED, judged, made_case

from conformance.calls.outcome import Outcome
from conformance.report import words
from conformance.verdicts.verdicts import FAILING, Cell, Problem

BINARY = "keras.metrics.BinaryAccuracy"
RIGHT = Outcome("value", value=1.0, dtype="float32")
WRONG = Outcome("value", value=0.25, dtype="float32")

ODD = judged(made_case(**SEED), BINARY, WRONG)
FALSE_VERSION = judged(
    made_case(**SEED),
    BINARY,
    RIGHT,
    distrust="It reports a false version (keras says 4.0, installed is 3.0): reinstall the package.",
)
CHANGED = judged(
    made_case(**SEED),
    BINARY,
    Outcome("value", value=1.0, dtype="float32", changed_inputs=("y_pred",)),
)
TODO = judged(made_case(expect={BINARY: {"value": 0.25, "because": "TODO"}}, **SEED), BINARY, WRONG)
WRONG_EXPECT = judged(made_case(expect={BINARY: {"value": 0.5, "because": "x"}}, **SEED), BINARY, WRONG)
OLD_EXPECT = judged(made_case(expect={BINARY: {"value": 0.5, "because": "x"}}, **SEED), BINARY, RIGHT)


def advice(cell: Cell) -> str:
    return words.advice(words.problem(cell.verdict, cell.problem))


@pytest.mark.parametrize(
    ("cell", "verdict", "said"),
    [
        (ODD, "unexplained", "record a departure"),
        (FALSE_VERSION, "unexplained", "Reinstall the package"),
        (CHANGED, "unexplained", "look at the inputs after the call"),
        (TODO, "unexplained", "Write the reason into the `because`"),
        (WRONG_EXPECT, "unexplained", "change the `expect`"),
        (OLD_EXPECT, "stale", "remove the `expect`"),
    ],
)
def test_the_advice_fits_the_reason(cell: Cell, verdict: str, said: str) -> None:
    assert cell.verdict == verdict
    assert said in advice(cell)
    assert (cell is ODD) == ("departure" in advice(cell))


def test_every_verdict_that_fails_a_run_has_an_advice() -> None:
    assert set(words.ATTENTION) == FAILING
    assert all(words.advice(words.problem(verdict, None)) for verdict in words.ATTENTION)


def test_every_problem_has_an_advice_of_its_own() -> None:
    codes = get_args(Problem)
    assert len({words.advice(code) for code in codes}) == len(codes)
