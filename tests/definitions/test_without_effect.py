"""Parameters that a case names and that have no effect on what a definition predicts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from made_cases import ENTRIES, judged, made_case
from sampling import Some
from shipped_cases import CASES

from conformance.adapters.admission import reason_not_applicable
from conformance.adapters.base import Call
from conformance.oracle import find, predict
from conformance.oracle.prediction import Prediction
from conformance.oracle.stages import Parameters

#: Valid values of what a case may name.
VALUES: dict[str, tuple[Any, ...]] = {
    "threshold": (0.25, 0.5, 0.75),
    "top_k": (1, 2),
    "average": ("micro", "macro", "weighted", "none"),
    "ignore_index": (0, 1, -1),
    "multidim_average": ("global", "samplewise"),
    "num_classes": (3, 4),
    "num_labels": (3, 4),
    "normalize": (True, False),
}


def given(call: Call, name: str, value: Any) -> Call:
    return replace(call, parameters={**call.parameters, name: value})


def unread(call: Call) -> Iterator[tuple[str, str, Prediction]]:
    """Yield the definitions that a call is admitted to, each with a parameter that it does not read."""
    for name, (value, *_) in VALUES.items():
        asked = given(call, name, value)
        for entry in ENTRIES.values():
            if entry.definition is None or name not in entry.parameters:
                continue
            if reason_not_applicable(entry, asked, chosen=False) is None:
                predicted = predict(find(entry.definition), asked, trace=False).predicted
                if name in predicted.unread:
                    yield entry.definition, name, predicted


def test_what_is_not_read_can_be_anything_or_left_out(some: Some) -> None:
    found = 0
    for case in some([case for case in CASES if case.task != "multiclass"], 12):
        call = case.call()
        for definition, name, predicted in unread(call):
            found += 1
            others = [given(call, name, value) for value in VALUES[name]]
            others.append(replace(call, parameters={**call.parameters}))
            for other in others:
                assert predict(find(definition), other, trace=False).predicted.same_as(predicted), (
                    case.id,
                    definition,
                    name,
                )
    assert found


def test_the_binary_task_ignores_the_average() -> None:
    case = made_case("binary", y_true=[0, 1], y_pred=[0, 0], average="weighted")
    assert judged(case, "torchmetrics.Accuracy").without_effect == ("average",)


def test_the_multiclass_task_does_not() -> None:
    case = made_case("multiclass", y_true=[0, 1], y_pred=[0, 0], average="weighted", num_classes=2)
    assert judged(case, "torchmetrics.Accuracy").without_effect == ()


def test_of_an_exception_nothing_is_said() -> None:
    case = made_case("binary", y_true=[0, 2], y_pred=[0, 0], average="weighted")
    assert judged(case, "torchmetrics.Accuracy").without_effect == ()


def test_a_parameter_that_the_implementation_does_not_have_is_not_its_concern() -> None:
    case = made_case("multiclass", y_true=[0, 1], y_pred=[0, 0], num_classes=2)
    assert judged(case, "sklearn.metrics.accuracy_score").without_effect == ()


def test_a_copy_of_parameters_counts_as_a_look_at_all_of_them() -> None:
    for copied in (dict, lambda parameters: {**parameters}, lambda parameters: parameters | {}):
        parameters = Parameters({"average": "micro", "top_k": 1})
        copied(parameters)
        assert parameters.read == {"average", "top_k"}


def test_a_changed_copy_notes_what_is_read_where_the_original_does() -> None:
    parameters = Parameters({"average": "micro", "top_k": 1})
    assert parameters.changed(top_k=2)["top_k"] == 2
    assert parameters.read == {"top_k"}
