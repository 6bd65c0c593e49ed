"""A run and what was recorded of it, made in memory: no framework is needed."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from made_cases import ENTRIES

from conformance.adapters.base import Call, Implementation
from conformance.calls.outcome import Outcome
from conformance.cases import Case
from conformance.oracle import Predictions, find, predict
from conformance.training.numbers import Number, numbers
from conformance.training.recording import Recording, WentIn
from conformance.training.run import ONLY, Dense, Dropout, Run, Samples
from conformance.training.trainer import Kind, Logged
from conformance.verdicts.verdicts import Cell, judge

METRIC = "torchmetrics.classification.BinaryAccuracy"
KERAS = "keras.metrics.BinaryAccuracy"

#: Right for all but the last sample, and the other way round.
RIGHT, WRONG = 0.9, 0.1
Y_TRUE = np.array([[1], [1], [1], [1], [1]])


def made_run(*, modes: bool = False, **inputs: Any) -> Run:
    """A run of five positive samples, two for validation."""
    x = np.arange(5, dtype="float32").reshape(5, 1)
    layers = (Dropout(0.5), Dense(1, "sigmoid")) if modes else (Dense(1, "sigmoid"),)
    return Run(
        id="made",
        title="Made for a test",
        task="binary",
        theme="Tests",
        file="cases/made.yaml",
        inputs={"batch_size": 2, "epochs": 1, "loss": "binary_crossentropy", **inputs},
        inputs_yaml="",
        samples=Samples(x, {ONLY: Y_TRUE}),
        layers=(),
        heads={ONLY: layers},
        validation_data=Samples(x[:2] + 10, {ONLY: Y_TRUE[:2]}),
    )


def recorded(
    run: Run,
    training: Sequence[float],
    inference: Sequence[float],
    after: Sequence[float],
    validation: Sequence[float] = (RIGHT, RIGHT),
    weights: Sequence[float] | None = None,
    order: Sequence[Sequence[int]] = ((0, 1), (2, 3), (4,)),
) -> Recording:
    """What was recorded of one epoch: one score for each sample, batch by batch as `order` says."""
    steps, place = [], itertools.count()
    for batch in order:
        places = [next(place) for _ in batch]
        steps.append(
            {
                "epoch": 1,
                "x": run.samples.x[list(batch)],
                "y_true": Y_TRUE[list(batch)],
                "training": column([training[at] for at in places]),
                "inference": column([inference[at] for at in places]),
                **({} if weights is None else {"sample_weight": column([weights[at] for at in batch])}),
            }
        )
    epoch = {"training": column(after), "validation": column(validation)}
    return Recording.of(run, {"steps": steps, "epochs": [epoch], "log": {}})


def column(scores: Sequence[float]) -> Any:
    return np.array(scores, dtype="float32").reshape(-1, 1)


def logged(name: str, kind: Kind, value: float, went_in: WentIn, implementation: str = METRIC) -> Logged:
    return Logged(name, kind, name, "accuracy", np.float32(value), implementation, went_in)


def judged(recording: Recording, found: Sequence[Logged]) -> tuple[Number, ...]:
    """The numbers with their verdicts."""

    def judge_one(case: Case, implementation: Implementation, outcome: Outcome) -> Cell:
        return judge(case, implementation, outcome, predicted(implementation, case.call()), {})

    return tuple(numbers(recording, found, ENTRIES, judge_one))


def predicted(implementation: Implementation, call: Call) -> Predictions:
    return predict(find(implementation.definition or ""), call)


def epoch(**changed: Any) -> WentIn:
    """What goes into the value of the epoch, but for some fields."""
    plain: Mapping[str, Any] = {
        "data": "training",
        "batches": ((0, 1), (2, 3), (4,)),
        "weights": "moving",
        "mode": "training",
        "epoch": 1,
    }
    return WentIn(**{**plain, **changed})


def after(**changed: Any) -> WentIn:
    """What goes into an evaluation after it, but for some fields."""
    return epoch(**{"weights": "final", "mode": "inference", **changed})
