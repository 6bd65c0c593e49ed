"""The model of the question that started this project, really trained, in each Keras in a process of its own.

A Dense(250, relu), Dense(1, sigmoid) model compiled with `accuracy` and `binary_accuracy` shows one number for both,
epoch after epoch - because both compare with one half. Whoever thresholds predict() elsewhere gets another number.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from forked import importing

EPOCHS = 6

#: Labels that follow one feature, more or less: many scores then lie between one half and seven tenths.
TRAINING = """
import json
import sys

import numpy as np
import {module} as keras

keras.utils.set_random_seed(7)
random = np.random.default_rng(7)
x = random.normal(size=(240, 8)).astype("float32")
y = (x[:, :1] + random.normal(size=(240, 1)) > 0).astype("float32")

model = keras.Sequential([
    keras.Input(shape=(8,)),
    keras.layers.Dense(250, activation="relu"),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.compile(
    optimizer="adam",
    loss="binary_crossentropy",
    metrics=["accuracy", "binary_accuracy", keras.metrics.BinaryAccuracy(name="above_seven_tenths", threshold=0.7)],
)
history = model.fit(x[:160], y[:160], validation_data=(x[160:], y[160:]), epochs={epochs}, verbose=0)
evaluated = model.evaluate(x[160:], y[160:], verbose=0, return_dict=True)
predicted = model.predict(x[160:], verbose=0)
json.dump(
    {{"history": history.history, "evaluated": evaluated, "predicted": predicted.tolist(), "y": y[160:].tolist()}},
    sys.stdout,
    default=float,
)
"""


@dataclass(frozen=True)
class Training:
    """What a run gave: metrics of each epoch, evaluate() and predict() of the rows that were held out."""

    history: Mapping[str, list[float]]
    evaluated: Mapping[str, float]
    predicted: np.ndarray[Any, Any]
    y: np.ndarray[Any, Any]

    def share_right(self, threshold: float) -> float:
        """The accuracy of predict() with one's own threshold, computed without Keras."""
        decided = self.predicted > np.float32(threshold)
        return float(np.mean(decided == (self.y == 1)))


#: Framework, and environment -> what has to be installed, the module first.
KERASES: Mapping[str, tuple[str, ...]] = {
    "keras": ("keras", "tensorflow"),
    "keras@torch": ("keras", "torch"),
    "tf_keras": ("tf_keras", "tensorflow"),
}


@pytest.fixture(scope="module", params=KERASES)
def training(request: pytest.FixtureRequest) -> Training:
    needed = KERASES[request.param]
    lacking = [name for name in needed if importlib.util.find_spec(name) is None]
    if lacking:
        pytest.skip(f"not installed: {', '.join(lacking)}")
    return train(request.param, needed[0])


def train(origin: str, module: str) -> Training:
    done = importing(origin).run(TRAINING.format(module=module, epochs=EPOCHS), timeout=300)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    return Training(
        found["history"],
        found["evaluated"],
        np.array(found["predicted"], dtype="float32"),
        np.array(found["y"]),
    )


def test_accuracy_is_binary_accuracy_in_every_epoch(training: Training) -> None:
    for prefix in ("", "val_"):
        accuracy = training.history[f"{prefix}accuracy"]
        assert len(accuracy) == EPOCHS
        assert accuracy == training.history[f"{prefix}binary_accuracy"]


def test_the_model_learns_so_that_there_is_something_to_compare(training: Training) -> None:
    assert training.history["loss"][-1] < training.history["loss"][0]
    assert len(set(training.history["accuracy"])) > 1


def test_a_threshold_of_seven_tenths_beside_it_says_something_else_in_every_epoch(training: Training) -> None:
    for prefix in ("", "val_"):
        pairs = zip(
            training.history[f"{prefix}accuracy"],
            training.history[f"{prefix}above_seven_tenths"],
            strict=True,
        )
        assert all(one != other for one, other in pairs)


def test_evaluate_decides_at_one_half(training: Training) -> None:
    assert training.evaluated["accuracy"] == training.evaluated["binary_accuracy"]
    assert training.evaluated["accuracy"] == float(np.float32(training.share_right(0.5)))


def test_predict_with_a_threshold_of_ones_own_gives_the_other_number(training: Training) -> None:
    own = float(np.float32(training.share_right(0.7)))
    assert own == training.evaluated["above_seven_tenths"]
    assert own != training.evaluated["accuracy"]
