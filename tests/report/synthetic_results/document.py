"""The document around the cases."""

from __future__ import annotations

import copy
from dataclasses import asdict
from typing import Any

from conformance.calls.outcome import encode
from conformance.calls.tables import Table
from conformance.session.session import Missing
from synthetic_results.cases import hostile, others, seed, threshold
from synthetic_results.implementations import BINARY, IMPLEMENTATIONS
from synthetic_results.runs import CAUSES, runs
from synthetic_results.texts import HOSTILE


def _laws() -> list[dict[str, Any]]:
    half, most = ({"kind": "value", "value": number, "dtype": "float32"} for number in (0.5, 0.75))
    fails = {
        "tried": 3,
        "case": "logits-in-batches",
        "change": "in one update",
        "observed": {"base": half, "changed": most},
        "predicted": {"base": {"kind": "value", "value": 0.5, "exact": "1/2"}},
        "explanation": f"A sigmoid sees one update. {HOSTILE}",
        "reproducers": {"base": "print(0.5)\n"},
    }
    return [
        {
            "law": "batches",
            "title": "Splitting into updates does not matter",
            "says": "One update or several give the same.",
            "cells": [
                {"implementation": "keras.metrics.BinaryAccuracy", "verdict": "holds", "tried": 12},
                {
                    "implementation": "torchmetrics.classification.BinaryAccuracy",
                    "verdict": "fails-as-defined",
                    **fails,
                },
                {
                    "implementation": "torchmetrics.Accuracy",
                    "verdict": "fails-undocumented",
                    **fails,
                    "finding": "binarizer-rounds",
                },
                {"implementation": "sklearn.metrics.accuracy_score", "verdict": "not-applicable", "tried": 0},
            ],
        }
    ]


def _resolutions() -> list[dict[str, Any]]:
    def entry(string: str, loss: str, columns: int, became: str | None) -> dict[str, Any]:
        return {
            "framework": "keras",
            "environment": "",
            "string": string,
            "loss": loss,
            "y_true": [None],
            "y_pred": [None, columns],
            "resolved": became,
            "raises": None if became else "ValueError",
            "agrees": True,
        }

    return [
        entry("accuracy", "mse", 1, "BinaryAccuracy"),
        entry("accuracy", "mse", 3, "SparseCategoricalAccuracy"),
        entry("acc", "mse", 3, None),
    ]


def build() -> dict[str, Any]:
    """Return a new document; special floats are encoded as in results.json."""
    cases = [others()[0], *others()[4:], seed(), threshold(), *others()[1:4], hostile()]
    document = {
        "format": 2,
        "generated": "2026-11-20T10:00:00+00:00",
        "complete": True,
        "unknown": {"key": "ignored"},
        "environments": {
            "": {
                "python": "3.11.7",
                "packages": {
                    "keras": "3.15.1",
                    "tensorflow": "2.21.0",
                    "torchmetrics": "1.9.0",
                    "scikit-learn": "1.9.1",
                },
                "settings": {"KERAS_BACKEND": "tensorflow", "threads": 1},
            }
        },
        "implementations": IMPLEMENTATIONS,
        "cases": cases,
        "axes": {
            "decision-rule": {
                "title": "Decision rule",
                "prose": "A score can be compared with a threshold, or with the label itself.\n\n"
                "To make two agree, turn scores into labels before the metric, with `>` or `>=` on purpose.",
                "frameworks": {"Keras": "It compares with `>`.", "torchmetrics": "It compares with `>`."},
            },
            "refusal": {"title": "Input validation", "prose": "One raises where another computes. " * 8},
            "average": {"title": "What is averaged", "prose": "Over samples or over classes. " * 6},
            "threshold-precision": {"title": "In which dtype", "prose": "0.7 is not 0.7. " * 9},
            "weights": {"title": "What a weight does", "prose": "Weights."},
        },
        "findings": [
            {
                "id": "binarizer-rounds",
                "kind": "undocumented",
                "title": "Binarizer casts the threshold",
                "says": "The threshold is rounded to the dtype of the scores.",
                "condition": "scores are float32",
                "rule": "threshold-precision",
                "source": "framework/preprocessing.py:7",
                "implementations": ["sklearn.metrics.accuracy_score[Binarizer]"],
                "see": ["https://example.org/issues/1"],
            }
        ],
        "questions": [
            {"asks": "Why do `A` and `B` differ?", "implementations": [*BINARY[:1], *BINARY[5:6]]},
            {"asks": "Which call matches mine?", "implementations": BINARY[:1]},
            {"asks": "Is `acc` the same as `accuracy`?", "strings": ["acc", "accuracy"]},
            {"asks": "Why is it 0.5 and 1.0?", "case": "seed-accuracy-is-not-binary-accuracy"},
        ],
        "equal_calls": {
            "torchmetrics.classification.MulticlassAccuracy": [
                {
                    "task": "multiclass",
                    "implementation": "sklearn.metrics.balanced_accuracy_score",
                    "call": "sklearn.metrics.balanced_accuracy_score(...)",
                    "inputs": ["labels"],
                    "unlike": [],
                    "equal": 2,
                    "of": 3,
                    "differences": [{"axes": ["average"], "cases": 1, "case": "plain"}],
                }
            ]
        },
        "missing": [asdict(Missing("tf_keras", "", ("tf-keras", "tf-nightly")))],
        "laws": _laws(),
        "resolutions": _resolutions(),
        "runs": runs(),
        "log_causes": CAUSES,
        "summary": {},
    }
    return _with_tables(copy.deepcopy(encode(document)))


def _with_tables(document: dict[str, Any]) -> dict[str, Any]:
    """Write traces, rules and reasons where format 2 has them."""
    absent = Table()
    for case in document["cases"]:
        traces, reasons, cells = Table(), dict[str, list[str]](), []
        for cell in case["cells"]:
            if cell["outcome"]["kind"] == "not-applicable":
                reasons.setdefault(cell["outcome"]["reason"], []).append(cell["implementation"])
                continue
            if rows := cell.pop("rows", None):
                cell["trace"] = traces.number(rows)
            cells.append(cell)
        case |= {
            "cells": cells,
            "traces": traces.entries,
            "divergences": case.pop("parting", []),
            "not_applicable": [
                absent.number({"reason": reason, "implementations": names})
                for reason, names in reasons.items()
            ],
        }
    return {**document, "not_applicable": absent.entries, "cause_sets": [[["decision-rule"]]]}
