"""refusal: what MultiOutputClassifier.score checks, which makes no labels of its targets (multioutput.py)."""

from __future__ import annotations

from conformance.adapters.base import Call, Update
from conformance.frameworks.sklearn.errors import AXIS
from conformance.frameworks.sklearn.targets import R
from conformance.oracle.reasons import raise_if
from conformance.oracle.rules.wording import shared
from conformance.oracle.stages import Checks, Parameters


def _nothing(parameters: Parameters, call: Call) -> None:
    """Accept any parameters."""


def _columns(update: Update, parameters: Parameters, call: Call) -> None:
    raise_if(update.y_true.ndim == 1, R["targets-without-columns"], "ValueError")
    raise_if(update.y_true.shape[1] != update.y_pred.shape[1], R["label-counts-differ"], "ValueError")
    raise_if(not update.y_pred.shape[1], R["no-outputs"], "IndexError")
    # NumPy compares one sample with all.
    samples = {len(update.y_true), len(update.y_pred)} - {1}
    raise_if(len(samples) > 1, R["lengths-differ"])


COLUMNS = shared(AXIS, "sklearn-multi-output", Checks(_nothing, _columns), __package__)
