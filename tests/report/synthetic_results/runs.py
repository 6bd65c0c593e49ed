"""A training run with two numbers that differ, in two frameworks; one of them raises."""

from __future__ import annotations

from typing import Any

from synthetic_results.texts import HOSTILE

CAUSES = {
    "moving-weights": {
        "title": "The weights moved",
        "says": "Each batch was seen with other weights.",
        "asks": "Why is my training accuracy lower?",
        "instead": "Call `evaluate()` after the epoch.",
    }
}


def _number(
    name: str, kind: str, value: float, scores: list[float], batch: int | None = None
) -> dict[str, Any]:
    moving = kind in ("running", "epoch")
    return {
        "name": name,
        "kind": kind,
        "shown_as": f"history['{name}'][0]",
        "metric": "accuracy",
        "output": "",
        "epoch": 1,
        "batch": batch,
        "implementation": "keras.Model.compile[accuracy]",
        "went_in": {
            "data": "training",
            "batches": [list(range(len(scores)))],
            "weights": "moving" if moving else "final",
            "mode": "training" if moving else "inference",
            "weighted": False,
            "parameters": {},
        },
        "inputs": {"y_true": [[1], [0], [1]][: len(scores)], "y_pred": [[score] for score in scores]},
        "verdict": "as-defined",
        "outcome": {"kind": "value", "value": value, "dtype": "float64"},
        "predicted": {"kind": "value", "value": value, "exact": {0.0: "0", 0.5: "1/2", 1.0: "1"}[value]},
    }


def runs() -> list[dict[str, Any]]:
    """Return `runs` of a results document."""
    numbers = [
        _number("running-accuracy-1", "running", 0.0, [0.2], batch=1),
        _number("running-accuracy-2", "running", 0.5, [0.2, 0.3], batch=2),
        _number("accuracy-epoch-1", "epoch", 0.5, [0.2, 0.3, 0.7]),
        _number("evaluate-accuracy", "evaluate", 1.0, [0.8, 0.3, 0.7]),
    ]
    log = {
        "framework": "keras",
        "environment": "",
        "verdict": "as-defined",
        "code": "import keras\n",
        "numbers": numbers,
    }
    pair = {"numbers": ["accuracy-epoch-1", "evaluate-accuracy"], "causes": [["moving-weights"]]}
    raising = {"framework": "keras", "environment": "torch", "verdict": "as-defined", "explanation": HOSTILE}
    return [
        {
            "id": "moving",
            "title": f"An epoch {HOSTILE}",
            "because": "`fit()` moves the weights.",
            "inputs_yaml": "epochs: 1",
            "logs": [
                {**log, "outcome": {"kind": "value"}, "differences": [pair]},
                {**raising, "outcome": {"kind": "raises", "type": "ValueError"}},
            ],
            "not_applicable": [{"reason": "has no epochs", "frameworks": ["sklearn"]}],
        }
    ]
