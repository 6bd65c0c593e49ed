"""What is said of a cause: what matters in the case, and nothing that plays no part."""

from __future__ import annotations

from typing import Any

from compared import COMPILED, EQUALITY, FIXED, MACRO, SCORE, THRESHOLD, TORCH, UNEQUAL
from made_cases import SEED, judged, made_case

from conformance.oracle.exchange import Exchange
from conformance.verdicts.causes import divergences
from conformance.verdicts.groups import grouped


def said(one: str, other: str, task: str = "binary", **inputs: Any) -> dict[str, tuple[str, str]]:
    """What is said of each axis of a cause, of one implementation and of the other."""
    case = made_case(task, **inputs)
    cells = [judged(case, one), judged(case, other)]
    (found,) = divergences(grouped(cells), Exchange(case.call()))
    ordered = found.implementations == (one, other)
    return {axis: found.said(axis) if ordered else found.said(axis)[::-1] for axis in found.says}


def test_of_the_parameters_only_those_are_said_that_matter() -> None:
    assert said(MACRO, "torchmetrics.Accuracy", "multiclass", **UNEQUAL) == {
        "default-parameter": ("By default average='macro'.", "By default average='micro'.")
    }


def test_of_an_average_only_the_one_in_force_is_said() -> None:
    found = said(MACRO, SCORE, "multiclass", **UNEQUAL)["average"]
    assert found == (
        "macro averages the classes that occur among targets or predictions, but not the ignored one."
        " Here average='macro', the default.",
        "All elements or samples count alike (micro).",
    )


def test_of_a_rule_only_what_plays_a_part_is_said() -> None:
    rows = {"y_true": [[1], [0], [1]], "y_pred": [[1], [1], [1]]}
    weighs = "Weights are broadcast to the matches and multiply them; the sum of weights is the denominator."
    assert said(THRESHOLD, COMPILED, **rows, sample_weight=[1, 0, 1])["weights"][0] == weighs
    batches = said(THRESHOLD, f"tf_{THRESHOLD}", **rows, sample_weight=2.0, batches=[2, 1])["weights"][0]
    assert batches == f"{weighs} A scalar weighs the mean of its update."


def test_a_parameter_that_the_case_names_is_said_to_be_no_default() -> None:
    half = {"y_true": [[1], [0]], "y_pred": [[0.5], [0.2]], "threshold": 0.5}
    assert all(
        text.endswith("Here threshold=0.5.") for text in said(THRESHOLD, FIXED, **half)["decision-rule"]
    )


def test_a_string_becomes_a_metric_and_a_metric_is_itself() -> None:
    found = said(EQUALITY, COMPILED, **SEED)["name-resolution"]
    assert found[0].startswith(f"Is {EQUALITY} itself. How often predictions equal targets")
    assert found[1].startswith(f"Becomes {THRESHOLD}. The share of elements with a score above the threshold")


def test_what_raises_says_what_is_given() -> None:
    assert said(THRESHOLD, SCORE, **SEED)["refusal"] == (
        "Computes a value.",
        "Raises: targets and predictions are of different types: binary and continuous.",
    )
    whole = {"y_true": [0], "y_pred": [-1.0], "threshold": 0}
    assert said(THRESHOLD, TORCH, **whole)["refusal"][1].endswith("threshold is the int 0.")


def test_a_departure_is_said_with_the_title_of_its_finding() -> None:
    tenths = {"y_true": [[1], [0]], "y_pred": [[0.7], [0.2]], "threshold": 0.7}
    found = said(THRESHOLD, TORCH, **tenths)["departure"]
    assert found[0].startswith("Deviates from its documentation here: BinaryAccuracy rounds its threshold")
