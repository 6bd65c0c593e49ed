"""What a usage adds to a recipe is part of the one text that is run and shown."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from made_cases import ENTRIES

from conformance.adapters.base import Adapter, Call, Implementation, Recipe, Update
from conformance.adapters.reproducer import reproducer
from conformance.adapters.script import script
from conformance.adapters.usage import ACCEPTED, USAGES
from conformance.workers.runner import run

#: A metric in plain Python that counts hits, so that what happened to it can be read from its result.
COUNTER = Implementation(
    "counter",
    "accuracy",
    frozenset({"binary"}),
    Recipe(
        imports=("import fractions",),
        setup="class Counter:\n    hits, rows, asked = 0, 0, 0\n\n\ncounter = Counter()",
        update="counter.hits += ({y_true} == {y_pred}).sum()\ncounter.rows += len({y_true})",
        result="counter.hits / counter.rows",
        state="counter",
        reset="counter.hits, counter.rows = 0, 0",
    ),
)


def call(usage: str, rows: int = 4) -> Call:
    y_true, y_pred = np.array([1, 0, 1, 1]), np.array([0, 0, 1, 1])
    return Call("binary", (Update(y_true[:rows], y_pred[:rows]),), usage=usage)


def body(name: str, usage: str) -> str:
    return script(ENTRIES[name], call(usage)).body


def test_a_plain_call_is_the_recipe_alone() -> None:
    assert body("torchmetrics.classification.BinaryAccuracy", "plain") == (
        "metric = torchmetrics.classification.BinaryAccuracy()\n"
        "metric.update(torch.from_numpy(y_pred), torch.from_numpy(y_true))"
    )


def test_a_reset_comes_after_the_updates_and_one_row_more_and_before_the_updates_again() -> None:
    assert body("keras.metrics.BinaryAccuracy", "reset").splitlines() == [
        "metric = keras.metrics.BinaryAccuracy()",
        "metric.update_state(y_true, y_pred)",
        "metric.update_state(y_true[:1], y_pred[:1])",
        "metric.reset_state()",
        "metric.update_state(y_true, y_pred)",
    ]


def test_a_copy_is_taken_before_one_row_more_is_added_to_the_original() -> None:
    lines = script(ENTRIES["torchmetrics.classification.BinaryAccuracy"], call("pickle"))
    assert "import pickle" in lines.imports
    assert lines.body.splitlines()[2:] == [
        "kept = pickle.loads(pickle.dumps(metric))",
        "metric.update(torch.from_numpy(y_pred[:1]), torch.from_numpy(y_true[:1]))",
        "metric = kept",
    ]


def test_an_update_that_should_raise_and_does_not_is_an_outcome_of_its_own() -> None:
    harmless = replace(COUNTER, recipe=replace(COUNTER.recipe, update="counter.rows = counter.hits = 1"))
    outcome = run(Adapter("counter", "", {}, ()), harmless, call("exception"))
    assert outcome.type == ACCEPTED


def test_weights_are_cut_to_the_first_row_too() -> None:
    weighted = replace(call("reset"), updates=(replace(call("plain").updates[0], sample_weight=np.ones(4)),))
    lines = script(ENTRIES["keras.metrics.Accuracy"], weighted).body
    assert "metric.update_state(y_true[:1], y_pred[:1], sample_weight=sample_weight[:1])" in lines


@pytest.mark.parametrize(
    ("name", "form", "expected"),
    [
        ("keras.metrics.Accuracy", "list", "metric.update_state(y_true.tolist(), y_pred.tolist())"),
        ("keras.metrics.Accuracy", "tensor", "keras.ops.convert_to_tensor(y_true)"),
        ("sklearn.metrics.accuracy_score", "list", "accuracy_score(y_true.tolist(), y_pred.tolist())"),
    ],
)
def test_a_form_changes_how_the_arrays_are_handed_over(name: str, form: str, expected: str) -> None:
    lines = script(ENTRIES[name], call(form))
    assert expected in f"{lines.body}\n{lines.result}"


def test_a_function_that_is_asked_again_is_called_twice() -> None:
    lines = script(ENTRIES["sklearn.metrics.accuracy_score"], call("again"))
    assert lines.body == lines.result == "sklearn.metrics.accuracy_score(y_true, y_pred)"


def test_an_object_that_is_asked_again_is_fed_once() -> None:
    lines = script(ENTRIES["keras.metrics.Accuracy"], call("again"))
    assert lines.body.count("update_state") == 1
    assert lines.body.splitlines()[-1] == lines.result == "metric.result()"


@pytest.mark.parametrize(
    ("usage", "expected"),
    # The counter adds the first row, a miss, wherever an update with it is not undone.
    [("plain", 3 / 4), ("again", 3 / 4), ("reset", 3 / 4), ("deepcopy", 3 / 4), ("exception", 3 / 4)],
)
def test_a_metric_that_keeps_its_state_in_order_gives_the_same_whatever_is_done(
    usage: str, expected: float
) -> None:
    assert run(Adapter("counter", "", {}, ()), COUNTER, call(usage)).value == expected


def test_a_reset_that_does_nothing_is_seen() -> None:
    idle = replace(COUNTER, recipe=replace(COUNTER.recipe, reset="pass"))
    assert run(Adapter("counter", "", {}, ()), idle, call("reset")).value == 6 / 9


@pytest.mark.parametrize("usage", USAGES)
def test_the_reproducer_of_a_usage_runs_by_itself(usage: str) -> None:
    entry = COUNTER if USAGES[usage].of_state else ENTRIES["sklearn.metrics.accuracy_score"]
    text = reproducer(entry, call(usage))
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    assert done.stdout == "0.75\n"
