"""What departures and findings have in common."""

from __future__ import annotations

from typing import Any

import pytest
from asking import BINARY, predictions
from departure_inputs import KERAS, THIRD_IN_FLOAT64

from conformance.oracle import definitions, findings


def test_a_metric_of_float64_on_torch_is_claimed_in_float64_and_predicted_in_float32() -> None:
    found = predictions(f"{KERAS}.Accuracy@torch", "binary", **THIRD_IN_FLOAT64)
    assert (found.claimed.dtype, found.predicted.dtype) == ("float64", "float32")


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
