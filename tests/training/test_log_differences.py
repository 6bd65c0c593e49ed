"""Why two numbers of a log differ: the smallest set of what went in, and of rules, that makes them the same."""

from __future__ import annotations

from typing import Any

import pytest
from made_runs import KERAS, METRIC, RIGHT, WRONG, after, epoch, judged, logged, made_run, predicted, recorded

from conformance.training.differences import causes, differences, texts
from conformance.training.recording import Recording, WentIn
from conformance.training.run import Run
from conformance.training.trainer import Kind

_ALL = (RIGHT,) * 5
_ONE_WRONG = (RIGHT, RIGHT, RIGHT, RIGHT, WRONG)


def _cause(
    recording: Recording,
    one: WentIn,
    other: WentIn,
    values: tuple[float, float],
    kinds: tuple[Kind, Kind] = ("epoch", "evaluate"),
    implementations: tuple[str, str] = (METRIC, METRIC),
) -> tuple[tuple[str, ...], ...]:
    found = judged(
        recording,
        [
            logged(f"{kind}-{place}", kind, value, went_in, implementation)
            for place, (kind, value, went_in, implementation) in enumerate(
                zip(kinds, values, (one, other), implementations, strict=True)
            )
        ],
    )
    assert [number.cell.verdict for number in found] == ["as-defined", "as-defined"]
    return causes(recording, *found, predicted)


def test_the_weights_moved() -> None:
    recording = recorded(made_run(), _ONE_WRONG, _ONE_WRONG, _ALL)
    assert _cause(recording, epoch(), after(), (0.8, 1.0)) == (("moving-weights",),)


def test_dropout_is_off_in_inference_mode() -> None:
    recording = recorded(made_run(modes=True), _ONE_WRONG, _ALL, _ALL)
    assert _cause(recording, epoch(), after(), (0.8, 1.0)) == (("training-mode",),)


def test_the_weights_moved_of_a_model_with_dropout_that_makes_no_difference() -> None:
    recording = recorded(made_run(modes=True), _ONE_WRONG, _ONE_WRONG, _ALL)
    assert _cause(recording, epoch(), after(), (0.8, 1.0)) == (("moving-weights",),)


def test_both_are_needed_where_neither_is_enough() -> None:
    two_wrong = (RIGHT, RIGHT, RIGHT, WRONG, WRONG)
    recording = recorded(made_run(modes=True), two_wrong, _ONE_WRONG, _ALL)
    assert _cause(recording, epoch(), after(), (0.6, 1.0)) == (("moving-weights", "training-mode"),)


def test_other_samples_are_validated() -> None:
    recording = recorded(made_run(), _ALL, _ALL, _ALL, validation=(RIGHT, WRONG))
    validation = after(data="validation", batches=((0, 1),))
    assert _cause(recording, epoch(), validation, (1.0, 0.5)) == (("validation-samples",),)


@pytest.mark.parametrize(
    ("inputs", "code"), [({"class_weight": {"1": 2}}, "class-weight"), ({}, "sample-weight")]
)
def test_weights_go_into_one_number_only(inputs: dict[str, Any], code: str) -> None:
    recording = recorded(made_run(**inputs), _ONE_WRONG, _ONE_WRONG, _ONE_WRONG, weights=(1, 1, 1, 1, 4))
    found = _cause(
        recording, epoch(weighted=True), epoch(), (0.5, 0.8), ("epoch", "own"), implementations=(KERAS, KERAS)
    )
    assert found == ((code,),)


def test_a_remainder_was_dropped() -> None:
    order = ((0, 1), (2, 3))
    recording = recorded(made_run(), _ALL[:4], _ALL[:4], _ONE_WRONG, order=order)
    assert _cause(recording, epoch(batches=order), after(), (1.0, 0.8)) == (("dropped-remainder",),)


def test_a_sampler_repeated_samples() -> None:
    recording = recorded(made_run(), _ALL, _ALL, (WRONG, RIGHT, RIGHT, RIGHT, RIGHT))
    repeated = after(batches=((0, 2, 4), (1, 3, 0)))
    found = _cause(recording, after(), repeated, (0.8, 2 / 3), ("evaluate", "validation"))
    assert found == (("repeated-samples",),)


def test_batches_were_still_to_come() -> None:
    recording = recorded(made_run(), _ONE_WRONG, _ONE_WRONG, _ONE_WRONG)
    running = epoch(batches=((0, 1), (2, 3)))
    assert _cause(recording, running, epoch(), (1.0, 0.8), ("running", "epoch")) == (("batches-so-far",),)
    assert _cause(recording, running, epoch(), (1.0, 0.8), ("batch", "epoch")) == (("other-batches",),)


def test_another_threshold() -> None:
    between = (RIGHT, RIGHT, RIGHT, RIGHT, 0.6)
    recording = recorded(made_run(), between, between, between)
    own = after(parameters={"threshold": 0.7})
    assert _cause(recording, after(), own, (1.0, 0.8), ("evaluate", "own")) == (("threshold",),)


def test_a_rule_where_the_same_went_in() -> None:
    """A score on the threshold is above it for nobody; one label more than a rule of equality accepts is an error."""
    on_it = (RIGHT, RIGHT, RIGHT, RIGHT, 0.5)
    recording = recorded(made_run(), on_it, on_it, on_it)
    found = _cause(
        recording, after(), after(), (0.8, 0.0), ("evaluate", "own"), (METRIC, "keras.metrics.Accuracy")
    )
    assert found
    assert all("decision-rule" in codes for codes in found)


def test_equal_numbers_are_no_difference() -> None:
    recording = recorded(made_run(), _ALL, _ALL, _ALL)
    found = judged(recording, [logged("a", "epoch", 1.0, epoch()), logged("b", "evaluate", 1.0, after())])
    assert differences(recording, found, predicted) == ()


def test_a_mean_of_batches_where_one_is_smaller() -> None:
    recording = recorded(made_run(), _ONE_WRONG, _ONE_WRONG, _ALL)
    ways = (f"{METRIC}[mean of forward]", METRIC)
    found = _cause(recording, epoch(), epoch(), (2 / 3, 0.8), ("mean", "epoch"), ways)
    assert found == (("smaller-batch",),)


def test_each_code_has_a_text() -> None:
    codes = {
        "moving-weights",
        "training-mode",
        "validation-samples",
        "class-weight",
        "sample-weight",
        "threshold",
    }
    codes |= {
        "dropped-remainder",
        "repeated-samples",
        "batches-so-far",
        "other-batches",
        "batches",
        "smaller-batch",
    }
    assert texts().keys() == codes | {"mask"}
    assert all(text.keys() >= {"title", "says"} for text in texts().values())


def test_a_changed_output_makes_a_number_unexplained() -> None:
    run: Run = made_run()
    number = [logged("accuracy", "epoch", 0.8, epoch())]
    (found,) = judged(recorded(run, _ONE_WRONG, _ONE_WRONG, _ALL), number)
    assert found.cell.verdict == "as-defined"
    (found,) = judged(recorded(run, _ALL, _ONE_WRONG, _ALL), number)
    assert found.cell.verdict == "unexplained"
