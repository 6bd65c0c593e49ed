"""Known deviations, where they hold: what is claimed, and what is predicted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from asking import BINARY, forecast
from known_departures import KNOWN
from known_departures.entry import Known
from known_departures.inputs import KERAS, THIRD_IN_FLOAT64

from conformance.cases.calls import build
from conformance.oracle import definitions, find, findings, predict
from conformance.oracle.prediction import Prediction


def shown(prediction: Prediction) -> Any:
    """The value, the exception type of a framework's own check, or the reason why a backend raises."""
    if prediction.kind == "unspecified":
        return prediction.kind
    if prediction.reason is not None:
        return prediction.type or prediction.reason.code
    return "nan" if prediction.value != prediction.value else prediction.value


@pytest.mark.parametrize("entry", KNOWN, ids=lambda entry: f"{entry.finding}--{entry.definition}")
def test_a_departure_changes_what_is_predicted_and_leaves_what_is_claimed(entry: Known) -> None:
    found = forecast(entry.definition, entry.task, **entry.inputs)
    assert (shown(found.claimed), shown(found.predicted)) == (entry.claimed, entry.predicted)
    assert found.departures == (entry.finding,)


def test_a_metric_of_float64_on_torch_is_claimed_in_float64_and_predicted_in_float32() -> None:
    found = forecast(f"{KERAS}.Accuracy@torch", "binary", **THIRD_IN_FLOAT64)
    assert (found.claimed.dtype, found.predicted.dtype) == ("float64", "float32")


def test_every_finding_of_a_definition_is_met_here() -> None:
    carried = {finding.id for definition in definitions() for finding in definition.findings}
    assert {entry.finding for entry in KNOWN} == carried


@pytest.mark.parametrize("entry", KNOWN, ids=lambda entry: f"{entry.finding}--{entry.definition}")
def test_a_definition_without_that_departure_follows_its_claim(entry: Known) -> None:
    bare = replace(find(entry.definition), departures=(), unspecified=())
    found = predict(bare, build(entry.task, entry.inputs))
    assert shown(found.predicted) == entry.claimed
    assert found.departures == ()


def test_a_function_departs_as_its_class_does() -> None:
    departing = {d.name: {finding.id for finding in d.findings} for d in definitions()}
    functions = "torchmetrics.functional.classification"
    assert departing[f"{functions}.binary_accuracy"] == departing[BINARY]
    assert departing[f"{KERAS}.binary_accuracy"] == departing[f"{KERAS}.BinaryAccuracy"]


@pytest.mark.parametrize("finding", findings(), ids=lambda finding: finding.id)
def test_a_finding_says_when_what_instead_of_what_and_where(finding: Any) -> None:
    for name in ("title", "condition", "says", "claims", "place"):
        assert getattr(finding, name).strip(), name
    assert finding.claims.count('"') >= 2 or finding.kind == "limitation", "what is claimed is quoted"
    assert "/" in finding.place
    assert all(link.startswith("https://") for link in finding.see)
