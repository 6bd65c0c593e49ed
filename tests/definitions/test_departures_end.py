"""Where a known deviation changes nothing it is not named."""

from __future__ import annotations

from typing import Any

import pytest
from asking import BINARY, MULTICLASS, MULTILABEL, predictions
from departure_inputs import (
    BEYOND,
    BIG,
    BOOL,
    EMPTY,
    EXACT,
    FIRST_ALIKE,
    GRIDS,
    HALF,
    IGNORED_CLASS,
    IGNORED_LABEL,
    INTEGERS,
    KERAS,
    LABELS_EXACT,
    LOGITS,
    MASK,
    MASKED,
    NAN,
    NEIGHBOURS,
    NUMBER_A_ROW,
    ONE_CLASS,
    PADDED,
    PADDED_LOGIT,
    PERFECT,
    RANK_THREE,
    SCALAR,
    SEVEN_TENTHS,
    SINGLE,
    SUBNORMAL,
    TARGET_COLUMN,
    TF_KERAS,
    THREE_CLASSES,
    TIED,
    TOP_ONE,
    UNCHECKED,
    UNSIGNED,
    WRAPPED,
    ZEROS,
)


@pytest.mark.parametrize(
    ("definition", "task", "inputs"),
    [
        pytest.param(
            f"{KERAS}.BinaryAccuracy",
            "binary",
            SEVEN_TENTHS | {"dtype": {"y_pred": "float32"}},
            id="the score is float32 as well",
        ),
        pytest.param(
            f"{KERAS}.BinaryAccuracy",
            "binary",
            SEVEN_TENTHS | {"threshold": 0.5},
            id="float32 holds the threshold",
        ),
        pytest.param(
            f"{KERAS}.BinaryAccuracy",
            "binary",
            SEVEN_TENTHS | {"y_pred": [[0.8], [0.2]]},
            id="no score lies on the threshold",
        ),
        pytest.param(
            f"{KERAS}.SparseTopKCategoricalAccuracy",
            "multiclass",
            TOP_ONE | {"dtype": {"y_pred": "float32"}},
            id="the scores are float32",
        ),
        pytest.param(
            f"{TF_KERAS}.Accuracy", "binary", BIG | {"dtype": {"metric": "float64"}}, id="float64 holds it"
        ),
        pytest.param(
            f"{TF_KERAS}.BinaryAccuracy", "binary", SEVEN_TENTHS, id="score and threshold are rounded alike"
        ),
        pytest.param(
            "tf_keras.Model.compile[binary_accuracy]",
            "binary",
            NUMBER_A_ROW,
            id="the name cannot be misread",
        ),
        pytest.param(
            "tf_keras.Model.compile[acc]", "multiclass", TARGET_COLUMN, id="arrays keep their shapes"
        ),
        pytest.param(
            "tf_keras.Model.compile[acc,dataset]",
            "multiclass",
            TARGET_COLUMN | {"y_true": [2, 1]},
            id="ranks are enough",
        ),
        pytest.param(
            f"{TF_KERAS}.binary_accuracy",
            "binary",
            INTEGERS | {"threshold": 0.5},
            id="truncated, but not across 0",
        ),
        pytest.param(
            f"{TF_KERAS}.BinaryAccuracy",
            "binary",
            RANK_THREE | {"sample_weight": [1, 1]},
            id="one weight a row",
        ),
        pytest.param(
            f"{TF_KERAS}.SparseCategoricalAccuracy",
            "multiclass",
            {**ONE_CLASS, "y_true": [0], "y_pred": [[0.5]]},
            id="a single row is squeezed to the same",
        ),
        pytest.param(
            f"{TF_KERAS}.sparse_categorical_accuracy",
            "multiclass",
            {**THREE_CLASSES, "y_true": [1, 0]},
            id="integers hold every class",
        ),
        pytest.param(BINARY, "binary", EMPTY | {"batches": [1, 1]}, id="no batch is empty"),
        pytest.param(BINARY, "binary", NAN | {"y_pred": [float("nan"), 3.0]}, id="logits anyway"),
        pytest.param(
            EXACT, "multiclass", PADDED | {"y_true": [[0, 1], [0, -1]]}, id="no row is padding only"
        ),
        pytest.param(MULTICLASS, "multiclass", TOP_ONE, id="a guess is made"),
        pytest.param(
            MULTILABEL,
            "multilabel",
            {**SINGLE, "y_true": SINGLE["y_true"] * 2, "y_pred": SINGLE["y_pred"] * 2},
            id="there are two rows",
        ),
        pytest.param(BINARY, "binary", BOOL | {"y_true": [1, 0]}, id="targets are integers"),
        pytest.param(MULTICLASS, "multiclass", BEYOND | {"y_pred": [0, 1]}, id="labels are classes"),
        pytest.param(
            MULTICLASS,
            "multiclass",
            BEYOND | {"y_pred": [0, 3, 4], "y_true": [0, 0, 1]},
            id="too many labels",
        ),
        pytest.param(
            MULTICLASS, "multiclass", UNCHECKED | {"validate_args": False}, id="validation is switched off"
        ),
        pytest.param(
            f"{MULTICLASS}[average=micro]", "multiclass", UNCHECKED | {"ignore_index": 7}, id="7 is ignored"
        ),
        pytest.param(
            MULTICLASS,
            "multiclass",
            IGNORED_CLASS | {"y_pred": [0, 1, 1]},
            id="nobody says the ignored class",
        ),
        pytest.param(
            MULTICLASS, "multiclass", IGNORED_CLASS | {"average": "micro"}, id="micro drops the row alone"
        ),
        pytest.param(
            MULTILABEL,
            "multilabel",
            IGNORED_LABEL | {"y_true": [[1, 0], [0, -1]]},
            id="one target of the label counts",
        ),
        pytest.param(
            EXACT,
            "multiclass",
            UNSIGNED | {"dtype": {"y_pred": "int8"}},
            id="eight bits with a sign hold -1",
        ),
        pytest.param(
            LABELS_EXACT,
            "multilabel",
            GRIDS | {"updates": GRIDS["updates"][:1] * 2},
            id="all samples are of one size",
        ),
        pytest.param(
            "sklearn.metrics.accuracy_score", "binary", MASK | {"sample_weight": [1, 1]}, id="int64 holds 2"
        ),
        pytest.param("sklearn.metrics.accuracy_score", "binary", MASK | {"normalize": True}, id="a share"),
        pytest.param(
            "sklearn.metrics.top_k_accuracy_score", "binary", TIED | {"y_pred": [0.6, 0.2]}, id="no tie"
        ),
        pytest.param(
            "sklearn.metrics.balanced_accuracy_score",
            "binary",
            PERFECT | {"y_true": [0, 1], "y_pred": [0, 1]},
            id="two classes",
        ),
        pytest.param(
            "sklearn.metrics.accuracy_score[FixedThresholdClassifier]",
            "binary",
            HALF | {"threshold": 0.5},
            id="the threshold is named",
        ),
        pytest.param(BINARY, "binary", LOGITS | {"batches": [4]}, id="one batch of logits"),
        pytest.param(
            "torchmetrics.MetricCollection[BinaryAccuracy,two thresholds]",
            "binary",
            FIRST_ALIKE | {"y_pred": [0.6, 0.9]},
            id="the first update tells the thresholds apart",
        ),
        pytest.param(
            f"{BINARY}[gloo]",
            "binary",
            {"y_true": [[1, 0], [1, 1]], "y_pred": [[1, 0], [1, 0]], "batches": [1, 1]}
            | {"multidim_average": "samplewise"},
            id="both ranks have a single row",
        ),
        pytest.param(f"{BINARY}[forward,last]", "binary", LOGITS, id="the last batch alone is asked for"),
        pytest.param(
            BINARY, "binary", PADDED_LOGIT | {"y_pred": [0.2, 0.9, 0.3]}, id="no logit at the ignored target"
        ),
        pytest.param(
            f"{KERAS}.BinaryAccuracy", "binary", SCALAR | {"batches": [3]}, id="one batch, one weight"
        ),
        pytest.param(
            f"{KERAS}.Accuracy",
            "multiclass",
            WRAPPED | {"dtype": {"y_pred": "int16"}},
            id="16 bits hold 257",
        ),
        pytest.param(
            f"{KERAS}.SparseCategoricalAccuracy",
            "multiclass",
            NEIGHBOURS | {"dtype": {"y_pred": "float16"}},
            id="float16 tells 256 from 257",
        ),
        pytest.param(
            f"{KERAS}.SparseTopKCategoricalAccuracy",
            "multiclass",
            MASKED | {"y_pred": [[-1e30, 0.9], [0.8, 0.1]]},
            id="masked with a finite number",
        ),
        pytest.param(
            f"{KERAS}.SparseCategoricalAccuracy",
            "multiclass",
            ZEROS | {"y_pred": [[0.0, -0.0], [0.1, 0.2]]},
            id="the first zero has no sign",
        ),
        pytest.param(
            f"{KERAS}.BinaryAccuracy", "binary", SUBNORMAL | {"y_pred": [1e-30, 0.5]}, id="a normal number"
        ),
    ],
)
def test_a_departure_is_not_named_where_it_changes_nothing(
    definition: str, task: str, inputs: dict[str, Any]
) -> None:
    found = predictions(definition, task, **inputs)
    assert found.departures == ()
    assert found.claimed.same_as(found.predicted)


def test_what_compile_resolves_to_does_not_bring_its_departures_where_feeding_undoes_them() -> None:
    # The model hands float32 scores to the metric, so that rounding the threshold is no deviation there.
    found = predictions(
        "keras.Model.compile[accuracy,dataset]", "binary", **SEVEN_TENTHS | {"threshold": 0.5}
    )
    assert found.departures == ()
