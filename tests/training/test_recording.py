"""What went into a number, from what was recorded: the samples, and the outputs that the model gave for them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_runs import RIGHT, WRONG, after, epoch, made_run, recorded

from conformance.calls.record import read, written
from conformance.training.recording import Recording, RecordingError
from conformance.training.run import ONLY

_TRAINING = (0.1, 0.2, 0.3, 0.4, 0.5)
_INFERENCE = (0.6, 0.7, 0.8, 0.9, 1.0)
_AFTER = (0.15, 0.25, 0.35, 0.45, 0.55)


def _scores(recording: Recording, **changed: object) -> list[float] | None:
    inputs = recording.inputs(epoch(**changed))
    return None if inputs is None else [round(score, 6) for (score,) in inputs["y_pred"]]


def test_outputs_are_those_of_the_mode_and_of_the_weights() -> None:
    recording = recorded(made_run(), _TRAINING, _INFERENCE, _AFTER)
    assert _scores(recording) == list(_TRAINING)
    assert _scores(recording, mode="inference") == list(_INFERENCE)
    assert _scores(recording, mode="inference", weights="final") == list(_AFTER)


def test_shuffled_samples_are_found_again() -> None:
    order = ((3, 0), (4, 1), (2,))
    recording = recorded(made_run(), _TRAINING, _INFERENCE, _AFTER, order=order)
    assert recording.batches(1) == order
    assert _scores(recording, batches=order) == list(_TRAINING)
    assert _scores(recording) == [0.2, 0.4, 0.5, 0.1, 0.3]


def test_a_sample_that_was_seen_twice_has_two_outputs() -> None:
    order = ((0, 1), (2, 3), (4, 0))
    scores = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
    recording = recorded(made_run(), scores, scores, _AFTER, order=order)
    assert _scores(recording, batches=order) == list(scores)


def test_what_was_never_computed_is_not_there() -> None:
    recording = recorded(made_run(), _TRAINING[:4], _INFERENCE[:4], _AFTER, order=((0, 1), (2, 3)))
    assert _scores(recording) is None
    assert _scores(recording, weights="final") is None
    assert _scores(recording, data="validation", batches=((0, 1),)) is None
    assert recording.inputs(after(data="validation", batches=((0, 1),))) is not None


def test_weights_and_masks_are_those_of_the_output_where_each_has_its_own() -> None:
    recording = recorded(made_run(), _TRAINING, _INFERENCE, _AFTER, weights=(1, 2, 3, 4, 5))
    steps = [
        replace(
            step,
            sample_weight={ONLY: step.sample_weight, "other": None},
            mask={ONLY: step.inference[ONLY] > 0.6},
        )
        for step in recording.steps
    ]
    inputs = replace(recording, steps=tuple(steps)).inputs(epoch(weighted=True, masked=True))
    assert inputs is not None
    assert inputs["sample_weight"] == [1, 2, 3, 4, 5]
    assert inputs["mask"] == [[False], [True], [True], [True], [True]]


def test_a_mask_of_validation_is_that_of_its_own_samples() -> None:
    recording = recorded(made_run(), _TRAINING, _INFERENCE, _AFTER)
    went_in = after(data="validation", batches=((0, 1),), masked=True)
    assert recording.inputs(went_in) is None
    (known,) = recording.epochs
    known = replace(known, validation_mask=np.array([[True], [False]]))
    inputs = replace(recording, epochs=(known,)).inputs(went_in)
    assert inputs is not None
    assert inputs["mask"] == [[True], [False]]


def test_inputs_are_those_of_a_case() -> None:
    recording = recorded(made_run(), _TRAINING, _INFERENCE, _AFTER, weights=(1, 2, 3, 4, 5))
    inputs = recording.inputs(epoch(weighted=True, parameters={"threshold": 0.7}))
    assert inputs is not None
    assert inputs["batches"] == [2, 2, 1]
    assert inputs["dtype"] == {"y_true": "int64", "y_pred": "float32", "sample_weight": "float32"}
    assert inputs["sample_weight"] == [1, 2, 3, 4, 5]
    assert inputs["threshold"] == 0.7


def test_a_sample_that_is_none_of_the_run_is_an_error() -> None:
    run = made_run()
    step = {
        "epoch": 1,
        "x": run.samples.x[:1] + 100,
        "y_true": [[1]],
        "training": [[RIGHT]],
        "inference": [[WRONG]],
    }
    with pytest.raises(RecordingError, match=r"trained on \[100.0\], which is none of its samples"):
        Recording.of(run, {"steps": [step], "epochs": [], "log": {}})


def test_a_record_that_lacks_something_is_an_error() -> None:
    with pytest.raises(RecordingError, match="the record of made cannot be read: KeyError: 'steps'"):
        Recording.of(made_run(), {"log": {}})


@pytest.mark.parametrize("dtype", ["float32", "int64", "bool", "float16", "bfloat16"])
def test_arrays_travel_with_their_dtype(dtype: str) -> None:
    if dtype == "bfloat16":
        pytest.importorskip("ml_dtypes")
    from conformance.adapters.derive import dtype as named

    array = np.array([[0, 1], [1, 0]]).astype(named(dtype))
    back = read(written({"a": [array, None, 0.5, "text"]}))["a"]
    assert back[0].dtype == array.dtype
    assert (back[0] == array).all()
    assert back[1:] == [None, 0.5, "text"]


def test_special_floats_travel_as_json() -> None:
    array = np.array([np.nan, np.inf, -0.0], dtype="float32")
    assert np.array_equal(read(written(array)), array, equal_nan=True)
