"""Cases of every verdict, the one of the founding question among them."""

from __future__ import annotations

import math
from typing import Any

from synthetic_results.cells import lost, not_applicable, raises, value
from synthetic_results.implementations import BINARY, IMPLEMENTATIONS, MULTICLASS
from synthetic_results.texts import DECIDES, EQUALS, HOSTILE, LONG, NEVER, SCORES, UNBROKEN


def _case(
    identifier: str, title: str, task: str, inputs: dict[str, Any], cells: dict[str, Any], **more: Any
) -> dict[str, Any]:
    yaml = "\n".join(f"{name}: {entry}" for name, entry in {"task": task, **inputs}.items())
    groups: dict[str, list[str]] = {}
    quantities = {entry["id"]: entry["quantity"] for entry in IMPLEMENTATIONS}
    for implementation, cell in cells.items():
        if "group" in cell:
            groups.setdefault(quantities[implementation], []).append(cell["group"])
    verdicts = {
        quantity: "diverge" if len(set(letters)) > 1 else "agree" if len(letters) > 1 else None
        for quantity, letters in groups.items()
    }
    return {
        "id": identifier,
        "title": title,
        "file": f"cases/{more.get('family', 'other')}.yaml",
        "line": 5,
        "task": task,
        "metric": "accuracy",
        "family": "other",
        "tags": [],
        "inputs": inputs,
        "inputs_yaml": yaml,
        "verdict": next((verdict for verdict in ("diverge", "agree") if verdict in verdicts.values()), None),
        "verdicts": verdicts,
        "causes": [],
        "cells": [{"implementation": implementation, **cell} for implementation, cell in cells.items()],
    } | more


def _rows(*counted: tuple[Any, Any, bool]) -> list[dict[str, Any]]:
    return [
        {"row": row, "decided": decided, "truth": truth, "hit": hit}
        for row, (decided, truth, hit) in enumerate(counted)
    ]


def seed() -> dict[str, Any]:
    decided = _rows(([1], [1], [True]), ([1], [1], [True]), ([0], [0], [True]), ([0], [0], [True]))
    equal = _rows((0.51, 1, False), (1, 1, True), (0, 0, True), (0.4, 0, False))
    program = {"template": 0, "data": "arrays"}
    cells: dict[str, Any] = {name: value("A", 1.0, "1", rows=decided, program=program) for name in BINARY}
    cells |= {
        "keras.metrics.Accuracy": value("B", 0.5, "1/2", rows=equal, program=program),
        "sklearn.metrics.accuracy_score": raises(
            "C", "ValueError", "Classification metrics can't handle a mix of binary and continuous targets"
        ),
        "keras.metrics.CategoricalAccuracy": not_applicable("task binary is not one it is asked about"),
        "keras.metrics.binary_accuracy": value("A", [1.0, 1.0, 1.0, 1.0], ["1", "1", "1", "1"]),
    }
    return _case(
        "seed-accuracy-is-not-binary-accuracy",
        "Accuracy compares values, BinaryAccuracy compares decisions",
        "binary",
        {"y_true": [[1], [1], [0], [0]], "y_pred": [[0.51], [1], [0], [0.4]]},
        cells,
        family="equality",
        because="The question that started the project: `compile` shows one number, `Accuracy()` another.",
        see=["https://example.org/questions/1"],
        data={
            "arrays": "y_true = np.array([[1], [1], [0], [0]])\n"
            "y_pred = np.array([[0.51], [1.0], [0.0], [0.4]])"
        },
        curves={
            "at": [0.0, 0.4, 0.51, 1.0],
            "curves": [
                {
                    "quantity": "accuracy",
                    "implementations": BINARY[:5],
                    "at": [0.75, 1.0, 0.75, 0.5],
                    "between": [0.75, 1.0, 0.75],
                },
                {
                    "quantity": "accuracy",
                    "implementations": BINARY[8:],
                    "at": [0.5, 0.75, 1.0, None],
                    "between": [0.75, 1.0, 0.75],
                },
            ],
        },
        causes=["decision-rule", "refusal"],
        pairs={
            "accuracy": {
                "behaviours": [
                    ["keras.metrics.BinaryAccuracy", "torchmetrics.classification.BinaryAccuracy"],
                    ["keras.metrics.Accuracy"],
                ],
                "causes": [[0, 1, 0]],
            }
        },
        parting=[
            {
                "quantity": "accuracy",
                "groups": ["A", "B"],
                "implementations": ["keras.metrics.BinaryAccuracy", "keras.metrics.Accuracy"],
                "causes": [["decision-rule"]],
                "rules": {"decision-rule": ["above", "equality"]},
                "says": {"decision-rule": [DECIDES, EQUALS]},
            },
            {
                "quantity": "accuracy",
                "groups": ["A", "C"],
                "implementations": ["keras.metrics.BinaryAccuracy", "sklearn.metrics.accuracy_score"],
                "causes": [["refusal", "ties"], ["decision-rule"]],
                "rules": {"refusal": ["computes", "mixed-targets"], "decision-rule": ["above", "equality"]},
                "says": {"refusal": [NEVER, SCORES], "decision-rule": [DECIDES, EQUALS]},
            },
        ],
    )


def threshold() -> dict[str, Any]:
    cells = {name: value("A", 0.75, "3/4") for name in BINARY[:5]}
    cells |= {name: value("B", 0.750001, "3/4") for name in BINARY[5:8]}
    cells["torchmetrics.Accuracy"] |= {
        "verdict": "unexplained",
        "explanation": "The value is 0.750001 where the definition says 3/4.",
    }
    cells["sklearn.metrics.accuracy_score[Binarizer]"] = value(
        "C",
        0.5,
        "1/2",
        "float64",
        verdict="documented",
        departures=["binarizer-rounds"],
        claimed={"kind": "value", "value": 0.75, "exact": "3/4"},
    )
    return _case(
        "threshold-in-float64",
        "A score of 0.7 on a threshold of 0.7",
        "binary",
        {"y_true": [1, 1, 0, 1], "y_pred": [0.7, 0.9, 0.2, 0.7], "threshold": 0.7},
        cells,
        family="threshold",
        causes=["threshold-precision"],
        parting=[
            {"quantity": "accuracy", "groups": ["A", "B"], "implementations": BINARY[4:6], "causes": []},
        ],
    )


def hostile() -> dict[str, Any]:
    return _case(
        "hostile-text",
        f"{HOSTILE} {UNBROKEN}",
        "binary",
        {"y_true": ["cat", "<b>"], "y_pred": ["cat", "\u202edog"]},
        {
            "keras.metrics.Accuracy": raises("A", "Error" + UNBROKEN, HOSTILE + LONG),
            "keras.metrics.BinaryAccuracy": raises("A", HOSTILE, LONG + UNBROKEN),
            "sklearn.metrics.accuracy_score": value(
                "B",
                0.5,
                HOSTILE,
                because=HOSTILE,
                explanation=HOSTILE,
                program={"template": 1, "data": "arrays"},
                verdict="stale",
                rows=_rows((HOSTILE, 1, False), ("| a | table |", "<b>", True)),
            ),
        },
        family="labels",
        data={"arrays": 'y_true = np.array(["cat", "<b>"])'},
        because=f"</style></details>{HOSTILE} `{HOSTILE}` \ud800",
        see=["javascript:alert(1)", 'https://example.org/"onmouseover="x', "http://[broken", HOSTILE],
        causes=["label-domain", "refusal"],
        tags=["<i>"],
    )


def others() -> list[dict[str, Any]]:
    third = 1 / 3
    return [
        _case(
            "macro-or-micro",
            "MulticlassAccuracy averages over classes unless told otherwise",
            "multiclass",
            {
                "y_true": [0, 0, 0, 2],
                "y_pred": [[0.9, 0.1, 0.0], [0.2, 0.5, 0.3], [0.8, 0.1, 0.1], [0.1, 0.2, 0.7]],
            },
            {
                **{name: value("A", 0.75, "3/4") for name in MULTICLASS},
                "torchmetrics.classification.MulticlassAccuracy": value("B", 0.8333333, "5/6"),
                "keras.metrics.CategoricalAccuracy": not_applicable("y_true has rank 1; it takes rank 2"),
                "keras.metrics.categorical_accuracy": value("A", [1.0, 0.0, 1.0, 1.0]),
                "sklearn.metrics.balanced_accuracy_score": value("A", 5 / 6, "5/6", "float64"),
            },
            family="averages",
            causes=["average", "default-parameter"],
        ),
        _case(
            "nan-in-a-prediction",
            "NaN is neither above nor below a threshold",
            "binary",
            {"y_true": [1, 0], "y_pred": [math.nan, math.inf]},
            {
                **{name: value("A", 0.5, "1/2") for name in BINARY[:6]},
                "torchmetrics.Accuracy": value("B", math.nan),
                "torchmetrics.functional.classification.binary_accuracy": value("B", math.nan),
                "sklearn.metrics.accuracy_score[Binarizer]": raises("C", "ValueError", "Input contains NaN."),
                "sklearn.metrics.accuracy_score": value("D", 0.0, "0", "float64"),
                "keras.metrics.Accuracy": value("E", -0.0, "0"),
            },
            family="special-values",
            causes=["special-values", "refusal"],
        ),
        _case(
            "default-k",
            "k is 5, 2 or 1 where nobody says it",
            "multiclass",
            {"y_true": [2, 1], "y_pred": [[0.5, 0.3, 0.2], [0.1, 0.1, 0.8]]},
            {
                "keras.metrics.TopKCategoricalAccuracy": value("A", 1.0, "1"),
                "sklearn.metrics.top_k_accuracy_score": value("B", 0.5, "1/2", "float64"),
                "torchmetrics.classification.MulticlassAccuracy": value("A", 0.0, "0"),
            },
            family="ties",
            causes=["default-parameter"],
        ),
        _case(
            "logits-in-batches",
            "A sigmoid is applied when any value of that update lies outside [0, 1]",
            "binary",
            {"y_true": [0, 0, 1, 1], "y_pred": [0.3, 0.4, 0.2, 3], "batches": [3, 1]},
            {
                **{
                    name: value(
                        "A", 0.75, "3/4", rows=_rows((0, 0, True), (0, 0, True), (0, 1, False), (1, 1, True))
                    )
                    for name in BINARY[:5]
                },
                "torchmetrics.classification.BinaryAccuracy": value(
                    "B", third, "1/3", verdict="documented", because="pinned by the case"
                ),
                "torchmetrics.functional.classification.binary_accuracy": not_applicable("it keeps no state"),
                "sklearn.metrics.accuracy_score[Binarizer]": value(
                    "A", 0.75, "3/4", "float64", verdict="undefined", predicted=None
                ),
            },
            family="logits",
            causes=["score-transform", "accumulation"],
        ),
        _case(
            "killed",
            "A process that dies costs its own cell",
            "binary",
            {"updates": [{"y_true": [1], "y_pred": [1]}, {"y_true": [0, 1], "y_pred": [0, 0]}]},
            {
                "keras.metrics.BinaryAccuracy": lost("crashed", "Segmentation fault"),
                "torchmetrics.Accuracy": lost("timed-out", "no answer in 60 s"),
                "keras.metrics.Accuracy": value("A", third, "1/3"),
                "sklearn.metrics.accuracy_score": value("A", third, "1/3", "float64"),
            },
            family="state",
        ),
        *(
            _case(
                f"plain-{number}",
                f"Nothing special, {number} right of 3",
                "binary",
                {"y_true": [1, 0, 1], "y_pred": [0.9, 0.1, 0.8]},
                {name: value("A", number / 3, f"{number}/3") for name in BINARY},
                family="threshold",
            )
            for number in (1, 2)
        ),
        _case(
            "alone",
            "Only one implementation takes strings",
            "multiclass",
            {"y_true": ["a"], "y_pred": ["b"]},
            {"sklearn.metrics.accuracy_score": value("A", 0.0, "0")},
        ),
    ]
