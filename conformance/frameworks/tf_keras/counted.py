"""Metrics made of counts that are given to tf_keras.Model.compile (lines of 2.21.0)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from conformance.adapters import derive
from conformance.adapters.base import Call, Update
from conformance.frameworks.keras_family.counted import LOGS, counted
from conformance.frameworks.keras_family.counts import split
from conformance.frameworks.keras_family.errors import R
from conformance.frameworks.keras_family.f_score import WEIGHTS
from conformance.frameworks.tf_keras import shape
from conformance.frameworks.tf_keras.compile import TF_KERAS, InDtypeOfOutputs
from conformance.oracle.definition_files import definitions_in
from conformance.oracle.finding_files import findings_in
from conformance.oracle.model import Definition, Departure, Raising, Rule, parametric
from conformance.oracle.numbers import is_float
from conformance.oracle.rules import weights

_MATCHED = "tf_keras/src/engine/compile_utils.py:843-860 (match_dtype_and_rank)"


def _seen(update: Update) -> Update:
    """Return the update as metrics see it: flat targets and weights become a column, given predictions of rank 2."""
    if update.y_pred.ndim != 2:
        return update
    y_true, weight = update.y_true, update.sample_weight
    if weight is not None and weight.ndim == 1:
        weight = weight[:, np.newaxis]
    return replace(update, y_true=y_true[:, np.newaxis] if y_true.ndim == 1 else y_true, sample_weight=weight)


def _given(metric: Definition) -> Definition:
    """Return a metric as compile() gives it data: with shapes and dtypes matched first."""
    weigh = WEIGHTS if metric.path.endswith("Score") else weights.OF_ELEMENTS_OF_RANK

    def matched(departure: Departure) -> Departure:
        broadcasts = isinstance(departure.change, Rule) and departure.change.behaviour == shape.BROADCAST
        return (
            replace(departure, change=shape.MATCHED_BROADCAST.source(_MATCHED)) if broadcasts else departure
        )

    return metric.overlaid(
        metric.name,
        metric.says,
        shape.MATCHED_EQUAL.source(_MATCHED),
        parametric(weights.AXIS, InDtypeOfOutputs(weigh)).source(_MATCHED),
        departures=tuple(map(matched, metric.departures)),
    )


def _targets_not_float32(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether targets are integers or booleans, which are not cast, or become floats of 16 bits like the outputs."""
    integers = any(not is_float(update.y_true) for update in call.updates)
    return integers or derive.output_dtype(call) is not None


#: What F-scores do with targets of a graph.
_FLOAT_TARGETS = Departure(
    findings_in(__package__)["tf-keras-f-score-takes-float32-targets-only-in-compile"],
    Raising(R["targets-not-float32"]),
    _targets_not_float32,
)

DEFINITIONS = tuple(
    counted(
        replace(TF_KERAS, step=replace(TF_KERAS.step, seen=_seen)),
        map(_given, split(definitions_in(__package__).values())[1]),
        by_function=False,
        logs=(
            replace(
                LOGS[0],
                place="tf_keras/src/utils/tf_utils.py:684 (sync_to_numpy_or_python_type)",
                releases="",
            ),
        ),
        also=lambda metric: (_FLOAT_TARGETS,) if metric.path.endswith("Score") else (),
    )
)
