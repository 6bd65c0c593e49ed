"""What the setup of a recipe makes serves further calls, and changes none of their outcomes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from made_cases import ADAPTERS

from conformance.adapters.base import Call, Implementation, Recipe, Update
from conformance.calls.outcome import Outcome
from conformance.workers.runner import Kept, run

#: Says how many calls it has served, and does not serve zeros.
COUNTING = Implementation(
    "counting",
    "accuracy",
    frozenset({"binary"}),
    Recipe(
        imports=("import itertools, warnings",),
        setup="calls = itertools.count(1)",
        update="number = next(calls)\n1 / int(y_true.any())\nwarnings.warn('odd') if y_true.min() < 0 else None",
        result="number",
        keeps_setup=True,
    ),
)


def call(*y_true: int, dtype: str = "int64", usage: str = "plain") -> Call:
    targets = np.array(y_true, dtype=dtype)
    return Call("binary", (Update(targets, np.zeros(len(targets))),), usage=usage)


def served(*calls: Call, entry: Implementation = COUNTING, kept: Kept | None) -> list[Any]:
    adapter = replace(ADAPTERS[0], implementations=(entry,), to_numpy=np.asarray, clean_up=None)
    return [shown(run(adapter, entry, one, kept=kept)) for one in calls]


def shown(outcome: Outcome) -> Any:
    return outcome.value if outcome.kind == "value" else outcome.type


def test_it_serves_calls_with_arrays_of_the_same_shapes_and_dtypes() -> None:
    assert served(call(1, 2), call(3, 4), call(5, 6), kept=Kept()) == [1, 2, 3]
    assert served(call(1, 2), call(1, 2, 3), call(1, 2, dtype="int32"), kept=Kept()) == [1, 1, 1]
    assert served(call(1, 2), call(1, 2, usage="again"), kept=Kept()) == [1, 1]


def test_nothing_is_kept_unless_the_recipe_and_the_worker_say_so() -> None:
    made_anew = replace(COUNTING, recipe=replace(COUNTING.recipe, keeps_setup=False))
    assert served(call(1, 2), call(3, 4), entry=made_anew, kept=Kept()) == [1, 1]
    assert served(call(1, 2), call(3, 4), kept=None) == [1, 1]


def test_it_is_made_anew_after_a_call_that_raised_or_warned() -> None:
    assert served(call(1, 2), call(0, 0), call(3, 4), kept=Kept()) == [1, "ZeroDivisionError", 1]
    assert served(call(1, 2), call(-1, 2), call(3, 4), kept=Kept()) == [1, 2, 1]


def test_the_one_used_longest_ago_makes_room() -> None:
    calls = (call(1), call(1, 2), call(1), call(1, 2, 3), call(1), call(1, 2))
    assert served(*calls, kept=Kept(limit=2)) == [1, 1, 2, 1, 3, 1]


@pytest.mark.parametrize("module", ["keras", "tf_keras"])
def test_a_model_that_has_served_a_call_gives_the_next_the_outcome_of_a_new_one(
    module: str, pool: Any
) -> None:
    ids = [f"{module}.Model.compile[{word}]" for word in ("accuracy", "weighted_metrics=accuracy")]
    entries = [entry for adapter in ADAPTERS for entry in adapter.implementations if entry.id in ids]
    assert len(entries) == 2
    y_pred = np.array([[0.9, 0.1], [0.2, 0.8], [0.7, 0.3]])
    targets = ([0, 1, 0], [1, 0, 1], [0, 9, 0], [0, 1, 1])
    for entry in entries:
        calls = [Call("multiclass", (Update(np.array(y_true), y_pred),)) for y_true in targets]
        first, second, third, fourth = (pool.submit(entry, one).result() for one in calls)
        assert [first.value, second.value, fourth.value] == pytest.approx([1.0, 0.0, 2 / 3])
        assert third.kind == "raises"
