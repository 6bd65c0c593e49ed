"""Implementations with their rules, each said once."""

from __future__ import annotations

from typing import Any

from synthetic_results.texts import ARGMAX, DECIDES, EQUALS, HOSTILE, LABELS, NEVER, SCORES

_PLACES = {
    "documented": "https://example.org/documentation",
    "source": "framework/metrics.py:131",
}

#: Framework -> its distribution, where the names differ.
_DISTRIBUTIONS = {"sklearn": "scikit-learn"}


def _implementation(
    identifier: str, quantity: str, sentence: str, decision: str, refusal: str, **parameters: Any
) -> dict[str, Any]:
    def rule(says: str, basis: str) -> dict[str, str]:
        return {"says": says, "basis": basis, "source": _PLACES[basis]}

    return {
        "id": identifier,
        "framework": identifier.split(".")[0],
        "environment": "",
        "packages": [_DISTRIBUTIONS.get(identifier.split(".")[0], identifier.split(".")[0]), "numpy"],
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


IMPLEMENTATIONS = [
    _implementation(
        "keras.metrics.Accuracy", "accuracy", "How often predictions equal labels.", EQUALS, NEVER
    ),
    _implementation(
        "keras.metrics.BinaryAccuracy",
        "accuracy",
        "How often predictions match binary labels.",
        DECIDES,
        NEVER,
        threshold=0.5,
    ),
    _implementation(
        "keras.metrics.CategoricalAccuracy",
        "accuracy",
        "How often argmax matches one-hot labels.",
        ARGMAX,
        NEVER,
    ),
    _implementation(
        "keras.metrics.SparseCategoricalAccuracy",
        "accuracy",
        "How often argmax is the label.",
        ARGMAX,
        NEVER,
    ),
    _implementation("keras.Model.compile[accuracy]", "accuracy", "Chosen by shape.", DECIDES, NEVER),
    _implementation("keras.Model.compile[acc]", "accuracy", "Chosen by shape.", DECIDES, NEVER),
    _implementation("keras.Model.compile[binary_accuracy]", "accuracy", "Binary accuracy.", DECIDES, NEVER),
    _implementation("keras.Model.compile[accuracy,dataset]", "accuracy", "Chosen by shape.", DECIDES, NEVER),
    _implementation(
        "torchmetrics.classification.BinaryAccuracy",
        "accuracy",
        "Accuracy of binary decisions; scores outside [0, 1] are taken for logits.",
        DECIDES,
        LABELS,
        threshold=0.5,
    ),
    _implementation(
        "torchmetrics.classification.MulticlassAccuracy",
        "accuracy",
        "Accuracy averaged over classes.",
        ARGMAX,
        LABELS,
        average="macro",
        top_k=1,
    ),
    _implementation(
        "torchmetrics.classification.MulticlassAccuracy[average=micro]",
        "accuracy",
        "Accuracy over samples.",
        ARGMAX,
        LABELS,
        top_k=1,
    ),
    _implementation("torchmetrics.Accuracy", "accuracy", "By task.", DECIDES, LABELS, average="micro"),
    _implementation(
        "torchmetrics.functional.classification.binary_accuracy",
        "accuracy",
        "Accuracy of binary decisions.",
        DECIDES,
        LABELS,
        threshold=0.5,
    ),
    _implementation(
        "sklearn.metrics.accuracy_score", "accuracy", "Fraction of equal labels.", EQUALS, SCORES
    ),
    _implementation(
        "sklearn.metrics.accuracy_score[Binarizer]", "accuracy", "Fraction of equal labels.", DECIDES, LABELS
    ),
    _implementation(
        "sklearn.metrics.accuracy_score[argmax]", "accuracy", "Fraction of equal labels.", ARGMAX, LABELS
    ),
    _implementation(
        "keras.metrics.binary_accuracy", "per-row", "Binary accuracy of each row.", DECIDES, NEVER
    ),
    _implementation(
        "keras.metrics.categorical_accuracy", "per-row", "1 where argmax matches.", ARGMAX, NEVER
    ),
    _implementation(
        "keras.metrics.TopKCategoricalAccuracy",
        "top-k-accuracy",
        "Label among the k best.",
        ARGMAX,
        NEVER,
        k=5,
    ),
    _implementation(
        "sklearn.metrics.top_k_accuracy_score",
        "top-k-accuracy",
        "Label among the k best.",
        ARGMAX,
        LABELS,
        k=2,
    ),
    _implementation(
        "sklearn.metrics.balanced_accuracy_score", "balanced-accuracy", "Mean recall.", EQUALS, SCORES
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
