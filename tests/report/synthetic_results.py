"""A results document made by hand: realistic in shape, with every status, and with hostile text in it."""

from __future__ import annotations

import copy
import math
from dataclasses import asdict
from typing import Any

from conformance.outcomes import encode_floats
from conformance.session import Missing

HEBREW = "\u05e9\u05dc\u05d5\u05dd"
HOSTILE = f"<script>alert(1)</script> \"quoted\" 'single' & ]]> {{{{ 7*7 }}}} \u202egnp.exe\u202c {HEBREW}"
LONG = "a message without end " * 450  # 10 kB
UNBROKEN = "x" * 400

DECIDES = "A score above the threshold is a positive."
EQUALS = "y_true and y_pred are compared for equality, as they are."
ARGMAX = "The first largest score is the predicted class."
_PLACES = {
    "documented": "https://example.org/documentation",
    "source": "framework/metrics.py:131",
}


def _implementation(
    identifier: str, quantity: str, sentence: str, decision: str, refusal: str, **parameters: Any
) -> dict[str, Any]:
    def rule(says: str, basis: str) -> dict[str, str]:
        return {"says": says, "basis": basis, "source": _PLACES[basis]}

    return {
        "id": identifier,
        "framework": identifier.split(".")[0],
        "environment": "",
        "quantity": quantity,
        "definition": sentence,
        "rules": {
            "decision-rule": rule(decision, "documented"),
            "unit": rule("Each element of y_true counts once.", "documented"),
            "average": rule("All units weigh the same.", "source"),
            "ties": rule("Of equal scores the first wins.", "source"),
            "refusal": rule(refusal, "source"),
        },
        "parameters": parameters,
        "takes": {
            "tasks": ["binary", "multiclass"],
            "parameters": sorted(parameters),
            "sample_weight": identifier.startswith("keras"),
            "dtype": False,
            "updates": "many" if "Accuracy" in identifier else "one",
        },
        "programs": [_PROGRAM, f"</pre>{HOSTILE}\n{{data}}\n"],
    }


#: A reproducer but for the data of the case.
_PROGRAM = (
    "import keras\nimport numpy as np\n\n{data}\n\nmetric = keras.metrics.BinaryAccuracy()\n"
    "metric.update_state(y_true, y_pred)\nprint(metric.result())\n"
)


_NEVER = "Nothing is refused."
_LABELS = "Targets that are not 0 or 1 are refused."
_SCORES = "Continuous scores are refused where labels are meant."

IMPLEMENTATIONS = [
    _implementation(
        "keras.metrics.Accuracy", "accuracy", "How often predictions equal labels.", EQUALS, _NEVER
    ),
    _implementation(
        "keras.metrics.BinaryAccuracy",
        "accuracy",
        "How often predictions match binary labels.",
        DECIDES,
        _NEVER,
        threshold=0.5,
    ),
    _implementation(
        "keras.metrics.CategoricalAccuracy",
        "accuracy",
        "How often argmax matches one-hot labels.",
        ARGMAX,
        _NEVER,
    ),
    _implementation(
        "keras.metrics.SparseCategoricalAccuracy",
        "accuracy",
        "How often argmax is the label.",
        ARGMAX,
        _NEVER,
    ),
    _implementation("keras.Model.compile[accuracy]", "accuracy", "Chosen by shape.", DECIDES, _NEVER),
    _implementation("keras.Model.compile[acc]", "accuracy", "Chosen by shape.", DECIDES, _NEVER),
    _implementation("keras.Model.compile[binary_accuracy]", "accuracy", "Binary accuracy.", DECIDES, _NEVER),
    _implementation("keras.Model.compile[accuracy,dataset]", "accuracy", "Chosen by shape.", DECIDES, _NEVER),
    _implementation(
        "torchmetrics.classification.BinaryAccuracy",
        "accuracy",
        "Accuracy of binary decisions; scores outside [0, 1] are taken for logits.",
        DECIDES,
        _LABELS,
        threshold=0.5,
    ),
    _implementation(
        "torchmetrics.classification.MulticlassAccuracy",
        "accuracy",
        "Accuracy averaged over classes.",
        ARGMAX,
        _LABELS,
        average="macro",
        top_k=1,
    ),
    _implementation(
        "torchmetrics.classification.MulticlassAccuracy[average=micro]",
        "accuracy",
        "Accuracy over samples.",
        ARGMAX,
        _LABELS,
        top_k=1,
    ),
    _implementation("torchmetrics.Accuracy", "accuracy", "By task.", DECIDES, _LABELS, average="micro"),
    _implementation(
        "torchmetrics.functional.classification.binary_accuracy",
        "accuracy",
        "Accuracy of binary decisions.",
        DECIDES,
        _LABELS,
        threshold=0.5,
    ),
    _implementation(
        "sklearn.metrics.accuracy_score", "accuracy", "Fraction of equal labels.", EQUALS, _SCORES
    ),
    _implementation(
        "sklearn.metrics.accuracy_score[Binarizer]", "accuracy", "Fraction of equal labels.", DECIDES, _LABELS
    ),
    _implementation(
        "sklearn.metrics.accuracy_score[argmax]", "accuracy", "Fraction of equal labels.", ARGMAX, _LABELS
    ),
    _implementation(
        "keras.metrics.binary_accuracy", "per-row", "Binary accuracy of each row.", DECIDES, _NEVER
    ),
    _implementation(
        "keras.metrics.categorical_accuracy", "per-row", "1 where argmax matches.", ARGMAX, _NEVER
    ),
    _implementation(
        "keras.metrics.TopKCategoricalAccuracy",
        "top-k-accuracy",
        "Label among the k best.",
        ARGMAX,
        _NEVER,
        k=5,
    ),
    _implementation(
        "sklearn.metrics.top_k_accuracy_score",
        "top-k-accuracy",
        "Label among the k best.",
        ARGMAX,
        _LABELS,
        k=2,
    ),
    _implementation(
        "sklearn.metrics.balanced_accuracy_score", "balanced-accuracy", "Mean recall.", EQUALS, _SCORES
    ),
]

BINARY = [
    "keras.metrics.BinaryAccuracy",
    "keras.Model.compile[accuracy]",
    "keras.Model.compile[acc]",
    "keras.Model.compile[binary_accuracy]",
    "keras.Model.compile[accuracy,dataset]",
    "torchmetrics.classification.BinaryAccuracy",
    "torchmetrics.Accuracy",
    "torchmetrics.functional.classification.binary_accuracy",
    "sklearn.metrics.accuracy_score[Binarizer]",
]
MULTICLASS = [
    "keras.metrics.CategoricalAccuracy",
    "keras.metrics.SparseCategoricalAccuracy",
    "torchmetrics.classification.MulticlassAccuracy",
    "torchmetrics.classification.MulticlassAccuracy[average=micro]",
    "sklearn.metrics.accuracy_score[argmax]",
]


def value(group: str, number: Any, exact: Any = None, dtype: str = "float32", **more: Any) -> dict[str, Any]:
    return {
        "verdict": "as-defined",
        "group": group,
        "outcome": {"kind": "value", "value": number, "dtype": dtype, "warnings": []},
        "predicted": {"kind": "value", "value": number, **({"exact": exact} if exact else {})},
        "rows": [],
        "because": None,
    } | more


def raises(group: str, name: str, message: str, **more: Any) -> dict[str, Any]:
    return {
        "verdict": "as-defined",
        "group": group,
        "outcome": {
            "kind": "raises",
            "type": name,
            "bases": ["Exception"],
            "message": message,
            "warnings": [],
        },
        "predicted": {"kind": "raises", "type": name},
        "rows": [],
    } | more


def not_applicable(reason: str) -> dict[str, Any]:
    return {"verdict": "not-applicable", "outcome": {"kind": "not-applicable", "reason": reason}}


def lost(kind: str, message: str) -> dict[str, Any]:
    return {
        "verdict": kind,
        "outcome": {"kind": kind, "message": message},
        "predicted": {"kind": "value", "value": 1.0, "exact": "1"},
        "explanation": f"The process {kind} while it evaluated this case.",
    }


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
        "verdict": verdicts.get("accuracy"),
        "verdicts": verdicts,
        "causes": [],
        "cells": [{"implementation": implementation, **cell} for implementation, cell in cells.items()],
    } | more


def _rows(*counted: tuple[Any, Any, bool]) -> list[dict[str, Any]]:
    return [
        {"row": row, "decided": decided, "truth": truth, "hit": hit}
        for row, (decided, truth, hit) in enumerate(counted)
    ]


def _seed() -> dict[str, Any]:
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
        parting=[
            {
                "quantity": "accuracy",
                "groups": ["A", "B"],
                "implementations": ["keras.metrics.BinaryAccuracy", "keras.metrics.Accuracy"],
                "causes": [["decision-rule"]],
                "says": {"decision-rule": [DECIDES, EQUALS]},
            },
            {
                "quantity": "accuracy",
                "groups": ["A", "C"],
                "implementations": ["keras.metrics.BinaryAccuracy", "sklearn.metrics.accuracy_score"],
                "causes": [["refusal", "ties"], ["decision-rule"]],
                "says": {"refusal": [_NEVER, _SCORES], "decision-rule": [DECIDES, EQUALS]},
            },
        ],
    )


def _threshold() -> dict[str, Any]:
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


def _hostile() -> dict[str, Any]:
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


def _others() -> list[dict[str, Any]]:
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
    cases = [_others()[0], *_others()[4:], _seed(), _threshold(), *_others()[1:4], _hostile()]
    document = {
        "format": 1,
        "generated": "2026-11-20T10:00:00+00:00",
        "complete": True,
        "unknown": {"key": "ignored"},
        "environments": {
            "": {
                "python": "3.11.7",
                "packages": {"keras": "3.15.1", "tensorflow": "2.21.0", "torchmetrics": "1.9.0"},
                "settings": {"KERAS_BACKEND": "tensorflow", "threads": 1},
            }
        },
        "implementations": IMPLEMENTATIONS,
        "cases": cases,
        "axes": {
            "decision-rule": {
                "title": "How a score becomes a decision",
                "prose": "A score can be compared with a threshold, or with the label itself.\n\n"
                "To make two agree, turn scores into labels before the metric, with `>` or `>=` on purpose.",
            },
            "refusal": {"title": "What is refused", "prose": "One raises where another computes. " * 8},
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
        "missing": [asdict(Missing("tf_keras", "", ("tf-keras", "tf-nightly")))],
        "laws": _laws(),
        "resolutions": _resolutions(),
        "summary": {},
    }
    return copy.deepcopy(encode_floats(document))
