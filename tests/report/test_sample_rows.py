"""The samples of a case as the page shows them."""

from __future__ import annotations

from conformance.report.case import Case
from conformance.report.rows import table


def test_a_sample_shows_its_weight_and_its_mask() -> None:
    inputs = {
        "y_true": [[1, 0], [1, 1]],
        "y_pred": [[0.9, 0.2], [0.3, 0.8]],
        "sample_weight": [2.0, 1.0],
        "mask": [[True, False], [True, True]],
    }
    found, _ = table(Case(id="masked", inputs=inputs))
    assert found["columns"] == ["y_true", "y_pred", "sample_weight", "mask"]
    assert found["rows"] == [
        ["[1, 0]", "[0.9, 0.2]", "2.0", "[True, False]"],
        ["[1, 1]", "[0.3, 0.8]", "1.0", "[True, True]"],
    ]
