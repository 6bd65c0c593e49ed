"""Precision and recall are each other's mirror image, and one number where each sample has one label.

F lies between them, nearer to recall for a greater beta.
"""

from __future__ import annotations

import numpy as np
import pytest
from asking import value

PAIRS = [
    ("sklearn.metrics.precision_score", "sklearn.metrics.recall_score"),
    ("torchmetrics.classification.MulticlassPrecision", "torchmetrics.classification.MulticlassRecall"),
    (
        "torchmetrics.functional.classification.multiclass_precision",
        "torchmetrics.functional.classification.multiclass_recall",
    ),
]
RANDOM = np.random.default_rng(5)
LABELS = [RANDOM.integers(0, 3, (2, size)).tolist() for size in (3, 5, 8, 13) for _ in range(8)]


@pytest.mark.parametrize("average", ["macro", "micro", None])
@pytest.mark.parametrize(("precision", "recall"), PAIRS, ids=[pair[0] for pair in PAIRS])
def test_precision_is_the_recall_of_predictions_as_targets(
    precision: str, recall: str, average: str | None
) -> None:
    for y_true, y_pred in LABELS:
        named = {"average": average, "num_classes": 3}
        mine = value(precision, "multiclass", y_true=y_true, y_pred=y_pred, **named)
        assert mine == value(recall, "multiclass", y_true=y_pred, y_pred=y_true, **named)


@pytest.mark.parametrize("name", [name for pair in PAIRS for name in pair])
def test_pooled_over_classes_it_is_the_accuracy(name: str) -> None:
    for y_true, y_pred in LABELS:
        data = {"y_true": y_true, "y_pred": y_pred}
        accuracy = value("sklearn.metrics.accuracy_score", "multiclass", **data)
        assert value(name, "multiclass", average="micro", num_classes=3, **data) == accuracy


@pytest.mark.parametrize("module", ["keras", "tf_keras"])
def test_labels_of_zero_and_one_may_be_exchanged_with_predictions(module: str) -> None:
    for y_true, y_pred in (np.minimum(LABELS[-1], 1).tolist(), np.minimum(LABELS[0], 1).tolist()):
        mine = value(f"{module}.metrics.Precision", "binary", y_true=y_true, y_pred=y_pred)
        assert mine == value(f"{module}.metrics.Recall", "binary", y_true=y_pred, y_pred=y_true)


@pytest.mark.parametrize(
    "name",
    [
        "sklearn.metrics.matthews_corrcoef",
        "torchmetrics.MatthewsCorrCoef",
        "sklearn.metrics.cohen_kappa_score",
        "torchmetrics.CohenKappa",
    ],
)
def test_the_names_of_classes_do_not_matter(name: str) -> None:
    for y_true, y_pred in LABELS:
        values = {
            value(
                name,
                "multiclass",
                num_classes=3,
                y_true=names[y_true].tolist(),
                y_pred=names[y_pred].tolist(),
            )
            for names in map(np.array, ([0, 1, 2], [2, 0, 1], [1, 0, 2]))
        }
        assert len(values) == 1


TRIPLES = [
    ("sklearn.metrics.precision_score", "sklearn.metrics.recall_score", "sklearn.metrics.fbeta_score"),
    (
        "torchmetrics.classification.MulticlassPrecision",
        "torchmetrics.classification.MulticlassRecall",
        "torchmetrics.classification.MulticlassFBetaScore",
    ),
]


@pytest.mark.parametrize(("precision", "recall", "fbeta"), TRIPLES, ids=[each[2] for each in TRIPLES])
def test_f_lies_between_precision_and_recall_and_nearer_to_recall_for_a_greater_beta(
    precision: str, recall: str, fbeta: str
) -> None:
    for y_true, y_pred in LABELS:
        named = {"average": None, "num_classes": 3, "y_true": y_true, "y_pred": y_pred}
        of_each = (
            value(precision, "multiclass", **named),
            *(value(fbeta, "multiclass", beta=beta, **named) for beta in (0.5, 1.0, 2.0)),
            value(recall, "multiclass", **named),
        )
        for values in zip(*of_each, strict=True):
            assert list(values) in (sorted(values), sorted(values, reverse=True))


@pytest.mark.parametrize("module", ["sklearn", "torchmetrics"])
@pytest.mark.parametrize("average", ["macro", "micro", "weighted", None])
def test_f_with_a_beta_of_one_is_f1_and_does_not_mind_which_of_both_are_targets(
    module: str, average: str | None
) -> None:
    fbeta, f1 = {
        "sklearn": ("sklearn.metrics.fbeta_score", "sklearn.metrics.f1_score"),
        "torchmetrics": ("torchmetrics.FBetaScore", "torchmetrics.F1Score"),
    }[module]
    for y_true, y_pred in LABELS:
        named = {"average": average, "num_classes": 3}
        mine = value(f1, "multiclass", y_true=y_true, y_pred=y_pred, **named)
        assert mine == value(fbeta, "multiclass", beta=1.0, y_true=y_true, y_pred=y_pred, **named)
        if average != "weighted":
            assert mine == value(f1, "multiclass", y_true=y_pred, y_pred=y_true, **named)


@pytest.mark.parametrize(
    ("jaccard", "f1"),
    [
        ("sklearn.metrics.jaccard_score", "sklearn.metrics.f1_score"),
        ("torchmetrics.JaccardIndex", "torchmetrics.F1Score"),
    ],
)
@pytest.mark.parametrize("average", ["micro", None])
def test_a_jaccard_index_is_f_over_two_less_f(jaccard: str, f1: str, average: str | None) -> None:
    for y_true, y_pred in LABELS:
        named = {"average": average, "num_classes": 3, "y_true": y_true, "y_pred": y_pred}
        of_union, of_f = (np.ravel(value(name, "multiclass", **named)).tolist() for name in (jaccard, f1))
        assert of_union == [f / (2 - f) for f in of_f]
