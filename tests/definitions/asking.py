"""What the definitions say about inputs written as in a case file."""

from __future__ import annotations

from typing import Any

from packaging.version import Version

from conformance.cases.calls import build
from conformance.oracle import Predictions, find, predict
from conformance.oracle.prediction import Prediction

BINARY = "torchmetrics.classification.BinaryAccuracy"
MULTICLASS = "torchmetrics.classification.MulticlassAccuracy"
MULTILABEL = "torchmetrics.classification.MultilabelAccuracy"


def predictions(definition: str, task: str, **inputs: Any) -> Predictions:
    return predict(find(definition), build(task, inputs))


def predicted(definition: str, task: str, **inputs: Any) -> Prediction:
    return predictions(definition, task, **inputs).predicted


def predicted_in(definition: str, release: str, task: str = "multiclass", **inputs: Any) -> Prediction:
    return predict(find(definition), build(task, inputs), release=Version(release)).predicted


def value(definition: str, task: str, **inputs: Any) -> Any:
    """The exact value; fails where a refusal or several values are predicted."""
    prediction = predicted(definition, task, **inputs)
    assert prediction.kind == "value", prediction
    return prediction.value
