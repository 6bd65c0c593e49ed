"""Crossentropies of Keras 3, as metrics and as losses, on either backend (lines are of 3.15.1)."""

from __future__ import annotations

from collections.abc import Mapping

from conformance.frameworks.keras import definitions as keras
from conformance.frameworks.keras.graph import Kind
from conformance.oracle.model import Definition, Rule
from conformance.oracle.rules import label_domain, log_loss, shape, unit, weights

_LOSSES = "keras/src/losses/losses.py"
_REDUCTION = "keras/src/losses/loss.py"
_NN = "keras/src/backend/tensorflow/nn.py"
_TORCH = "keras/src/backend/torch/nn.py"
_TRAINER = "keras/src/backend/*/trainer.py test_step (the loss of a batch counts for its rows)"
_DOCS = "https://keras.io/api/metrics/probabilistic_metrics/"

_SAYS: Mapping[Kind, str] = {
    "binary": "The mean cost of scores beside targets of 0 and 1.",
    "categorical": "The mean cost of rows of scores beside one-hot targets.",
    "sparse": "The mean cost of rows of scores beside class numbers.",
}
TENSORFLOW: Mapping[Kind, Rule] = {
    "binary": log_loss.BINARY.source(f"{_NN}:1484-1489, {_LOSSES}:2415"),
    "categorical": log_loss.CATEGORICAL.source(f"{_NN}:1372-1378"),
    "sparse": log_loss.SPARSE.source(f"{_NN}:1432-1440"),
}
TORCH: Mapping[Kind, Rule] = {
    "binary": log_loss.BINARY_WITHOUT_ROUNDING.source(f"{_TORCH}:955-956, {_LOSSES}:2415"),
    "categorical": log_loss.CATEGORICAL.source(f"{_TORCH}:869-872"),
    "sparse": log_loss.SPARSE_SHARES.source(f"{_TORCH}:914-917"),
}
_LABELS: Mapping[Kind, Rule] = {
    "binary": label_domain.IN_DTYPE_OF_PREDICTIONS.source(f"{_LOSSES}:2410"),
    "categorical": label_domain.IN_DTYPE_OF_PREDICTIONS.source(f"{_LOSSES}:2190"),
    "sparse": label_domain.CUT_OFF.source(f"{_NN}:1407"),
}
_METRIC_SHAPE: Mapping[Kind, Rule] = {
    "binary": shape.SAME_SHAPE.source(f"{_NN}:1460-1472"),
    "categorical": shape.SAME_SHAPE.source(f"{_NN}:1346-1358"),
    "sparse": shape.CLASS_NUMBERS.source(f"{_NN}:1409-1430"),
}
_LOSS_SHAPE: Mapping[Kind, Rule] = {
    "binary": shape.SQUEEZED_RANK.source(f"{_LOSSES}:29, {_REDUCTION}:119"),
    "categorical": shape.SQUEEZED_RANK.source(f"{_LOSSES}:29, {_REDUCTION}:119"),
    "sparse": shape.CLASS_NUMBERS_OF_SAME_RANK.source(f"{_LOSSES}:29, {_NN}:1409-1430"),
}
_METRIC_NAME: Mapping[Kind, str] = {
    "binary": "BinaryCrossentropy",
    "categorical": "CategoricalCrossentropy",
    "sparse": "SparseCategoricalCrossentropy",
}
_LOSS_NAME: Mapping[Kind, str] = {
    "binary": "binary_crossentropy",
    "categorical": "categorical_crossentropy",
    "sparse": "sparse_categorical_crossentropy",
}


KINDS: tuple[Kind, ...] = ("binary", "sparse", "categorical")


def metrics(like: Definition, decisions: Mapping[Kind, Rule]) -> Mapping[Kind, Definition]:
    """Return the metric classes that have all but these rules in common with another metric of the backend."""
    return {
        kind: like.overlaid(
            f"keras.metrics.{_METRIC_NAME[kind]}",
            _SAYS[kind],
            decisions[kind],
            _LABELS[kind],
            _METRIC_SHAPE[kind],
            departures=(),
        )
        for kind in KINDS
    }


def losses(like: Definition, decisions: Mapping[Kind, Rule]) -> Mapping[Kind, Definition]:
    """Return the losses, which squeeze shapes first and know no sum of weights."""
    return {
        kind: like.overlaid(
            f"keras.losses.{_LOSS_NAME[kind]}",
            _SAYS[kind],
            decisions[kind],
            _LABELS[kind],
            _LOSS_SHAPE[kind],
            weights.BESIDE_VALUES.source(f"{_REDUCTION}:186-195"),
            unit.BATCH_MEAN.source(f"{_REDUCTION}:146-170, {_TRAINER}"),
            departures=(),
        )
        for kind in KINDS
    }


METRICS = metrics(keras.ACCURACY, TENSORFLOW)
LOSSES = losses(keras.ACCURACY, TENSORFLOW)
