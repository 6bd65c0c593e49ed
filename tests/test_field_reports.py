"""Public reports on accuracies that surprised somebody: the reason that the threads and the sources give is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from made_cases import ENTRIES, predicted_cells

from conformance.cases import Case, load
from conformance.oracle.exchange import Exchange
from conformance.report import words
from conformance.verdicts.causes import divergences
from conformance.verdicts.groups import grouped
from conformance.verdicts.verdicts import Cell

CASES = {case.id: case for case in load([Path(__file__).parent / "field"], known=list(ENTRIES))}

KERAS, TF_KERAS = "keras.metrics.", "tf_keras.metrics."
COMPILED, TF_COMPILED = "keras.Model.compile[accuracy]", "tf_keras.Model.compile[accuracy]"
TORCH, MICRO = "torchmetrics.classification.", "torchmetrics.Accuracy"
SCORE, TOP_K = "sklearn.metrics.accuracy_score", "sklearn.metrics.top_k_accuracy_score"


@dataclass(frozen=True)
class Differ:
    """Two implementations differ.

    Attributes:
        case: id of the case, without `field-`.
        pair: the two implementations that the report is about.
        causes: sets of axes, any of which is the reason; nothing else may be named.
        says: axis -> words of what is said of the first and of the second.
        reason: code of the reason for which one of them raises.
    """

    case: str
    pair: tuple[str, str]
    causes: tuple[str, ...]
    says: dict[str, tuple[str, str]] = field(default_factory=dict)
    reason: str = ""


def raises(case: str, pair: tuple[str, str], reason: str, says: str) -> Differ:
    """The second raises; the first computes a value."""
    return Differ(case, pair, ("refusal",), {"refusal": ("Computes a value.", says)}, reason)


MACRO = "macro averages the classes that occur among targets or predictions"
DEFAULT_MACRO = "Here average='macro', the default."
UNWEIGHTED = "sample_weight is not a parameter, or is not used"
WEIGHTED = "the sum of weights is the denominator"
ARGMAX, THRESHOLD = "The class with the highest score", "greater than the threshold (p > t)"
AMONG_SAMPLES = "mistakes the batch axis for the class axis"

DIFFERENT = (
    Differ(
        "tm-782-binary-as-two-classes",
        (TORCH + "MulticlassAccuracy", SCORE),
        ("average",),
        {"average": (f"{MACRO}, but not the ignored one. {DEFAULT_MACRO}", "count alike (micro)")},
    ),
    raises(
        "tf-41413-threshold-zero",
        (KERAS + "BinaryAccuracy", TORCH + "BinaryAccuracy"),
        "invalid-threshold",
        "threshold has to be a float in [0, 1]: threshold is the int 0",
    ),
    Differ(
        "tf-41413-threshold-zero-as-float",
        (KERAS + "BinaryAccuracy", TORCH + "BinaryAccuracy"),
        ("score-transform",),
        {"score-transform": ("Scores are not transformed.", "pass through a sigmoid")},
    ),
    Differ(
        "keras-12991-weighted-accuracy-in-batches",
        ("keras.Model.compile[weighted_metrics=accuracy]", COMPILED),
        ("weights",),
        {"weights": (WEIGHTED, UNWEIGHTED)},
    ),
    Differ(
        "keras-12991-weighted-accuracy-at-once",
        (SCORE + "[Binarizer]", COMPILED),
        ("weights",),
        {"weights": (WEIGHTED, UNWEIGHTED)},
    ),
    raises(
        "sklearn-21173-two-classes-seen",
        (KERAS + "SparseTopKCategoricalAccuracy", TOP_K),
        "binary-with-several-scores",
        "targets are binary and there are several columns of scores",
    ),
    raises(
        "sklearn-21568-labels-named",
        (KERAS + "SparseTopKCategoricalAccuracy", TOP_K),
        "labels-incomplete",
        "targets hold labels that `labels` does not name",
    ),
    raises(
        "sklearn-16832-multioutput-numbers",
        (KERAS + "Accuracy", SCORE),
        "targets-not-supported",
        "not supported: multiclass-multioutput",
    ),
    raises(
        "sklearn-33045-strings-and-numbers",
        (SCORE + "[FixedThresholdClassifier]", SCORE),
        "strings-and-numbers",
        "strings cannot be compared with numbers",
    ),
    raises(
        "tf-44674-accuracy-object-sparse-labels",
        ("tf_keras.Model.compile[accuracy]", TF_KERAS + "Accuracy"),
        "shapes-differ",
        "have to have the same shape",
    ),
    Differ(
        "keras-13552-sparse-labels-categorical-accuracy",
        (COMPILED, "keras.Model.compile[categorical_accuracy]"),
        ("name-resolution", "label-domain"),
        {
            "name-resolution": (
                "Becomes keras.metrics.SparseCategoricalAccuracy.",
                "Becomes keras.metrics.CategoricalAccuracy.",
            ),
            "label-domain": ("Labels are cast", "position of the largest of its one-hot targets"),
        },
    ),
    Differ(
        "autokeras-167-argmax-of-one-column",
        (KERAS + "CategoricalAccuracy", SCORE),
        ("label-domain with decision-rule",),
        {
            "label-domain": ("position of the largest of its one-hot targets", "compared as they are"),
            "decision-rule": (ARGMAX, "The prediction itself is compared with the target."),
        },
    ),
    raises(
        "keras-15939-sparse-top-k-sequence",
        (KERAS + "SparseTopKCategoricalAccuracy", TOP_K),
        "targets-not-1d",
        "targets have to be one-dimensional",
    ),
    raises(
        "keras-5364-regression-accuracy",
        (COMPILED, SCORE),
        "targets-not-supported",
        "not supported: continuous",
    ),
    raises(
        "keras-5364-regression-accuracy",
        (COMPILED, TORCH + "BinaryAccuracy"),
        "targets-other-than-0-and-1",
        "targets hold values other than 0 and 1",
    ),
    raises(
        "keras-5364-regression-accuracy-wider",
        (COMPILED, TORCH + "BinaryAccuracy"),
        "targets-other-than-0-and-1",
        "targets hold values other than 0 and 1",
    ),
    Differ(
        "tm-597-mean-of-batches",
        (KERAS + "BinaryAccuracy", "tf_keras.Model.compile[binary_accuracy]"),
        ("unit",),
        {"unit": ("", "The mean over the last axis counts.")},
    ),
    Differ(
        "pl-4732-padded-shards",
        (KERAS + "BinaryAccuracy", COMPILED),
        ("name-resolution", "departure"),
        {"departure": ("Follows its documentation", AMONG_SAMPLES)},
    ),
    Differ(
        "so-46354182-binary-and-categorical",
        (KERAS + "BinaryAccuracy", KERAS + "CategoricalAccuracy"),
        ("decision-rule",),
        {"decision-rule": (THRESHOLD, ARGMAX)},
    ),
    raises(
        "keras-9331-one-hot-and-classes",
        (KERAS + "Accuracy", SCORE),
        "mixed-targets",
        "of different types: multilabel-indicator and binary",
    ),
)

OTHERS = (
    Differ(
        "cellplm-14-macro-by-default",
        (TORCH + "MulticlassAccuracy", SCORE),
        ("average",),
        {"average": (DEFAULT_MACRO, "count alike (micro)")},
    ),
    Differ(
        "cellplm-14-macro-by-default",
        (TORCH + "MulticlassAccuracy", MICRO),
        ("default-parameter",),
        {"default-parameter": ("By default average='macro'.", "By default average='micro'.")},
    ),
    Differ(
        "keras-18796-accuracy-object",
        (KERAS + "Accuracy", COMPILED),
        ("name-resolution", "decision-rule"),
        {
            "name-resolution": ("Is keras.metrics.Accuracy itself.", "Becomes keras.metrics.BinaryAccuracy."),
            "decision-rule": ("The prediction itself is compared", THRESHOLD),
        },
    ),
    Differ(
        "tf-keras-15-accuracy-object",
        (TF_KERAS + "Accuracy", TF_COMPILED),
        ("name-resolution",),
        {
            "name-resolution": (
                "scores are compared as they are",
                "the class with the highest score is the class",
            )
        },
    ),
    raises(
        "keras-3372-hinge",
        (KERAS + "BinaryAccuracy", TORCH + "BinaryAccuracy"),
        "targets-other-than-0-and-1",
        "targets hold values other than 0 and 1",
    ),
    Differ(
        "keras-3372-hinge",
        (KERAS + "BinaryAccuracy", SCORE + "[FixedThresholdClassifier]"),
        ("decision-rule",),
        {"decision-rule": (THRESHOLD, "predicts the second of the two labels of the targets")},
    ),
    raises(
        "keras-20101-threshold-of-logits",
        (KERAS + "BinaryAccuracy", TORCH + "BinaryAccuracy"),
        "invalid-threshold",
        "a float in [0, 1]: threshold is the float 1.5",
    ),
    Differ(
        "tm-1604-logits-below-one",
        (KERAS + "BinaryAccuracy", TORCH + "BinaryAccuracy"),
        ("score-transform",),
        {"score-transform": ("Scores are not transformed.", "pass through a sigmoid")},
    ),
    Differ(
        "tm-1853-multilabel-accuracy",
        (TORCH + "MultilabelAccuracy", SCORE),
        ("unit",),
        {"unit": ("Every element counts on its own", "correct only if all its elements are (exact match)")},
    ),
    raises(
        "optuna-1604-scores-by-class",
        (SCORE + "[argmax]", SCORE),
        "mixed-targets",
        "of different types: multiclass and continuous-multioutput",
    ),
    Differ(
        "keras-1642-weights-in-metrics",
        (KERAS + "CategoricalAccuracy", COMPILED),
        ("weights",),
        {"weights": (WEIGHTED, UNWEIGHTED)},
    ),
    raises(
        "tf-35490-column-against-flat",
        (KERAS + "BinaryAccuracy", TORCH + "BinaryAccuracy"),
        "shapes-differ",
        "have to have the same shape",
    ),
    Differ(
        "tf-13005-equal-scores",
        (KERAS + "SparseTopKCategoricalAccuracy", TOP_K),
        ("ties",),
        {"ties": ("all classes that tie with the k-th", "the top k holds the last of them")},
    ),
    Differ(
        "keras-8102-top-five",
        (KERAS + "SparseTopKCategoricalAccuracy", TOP_K),
        ("default-parameter",),
        {"default-parameter": ("By default top_k=5.", "By default top_k=2.")},
    ),
    raises(
        "tm-2279-masked-away",
        (KERAS + "Accuracy", TORCH + "MulticlassAccuracy"),
        "empty-not-reshaped",
        "there are no elements",
    ),
    Differ(
        "pl-3006-one-class-of-targets",
        (TORCH + "MulticlassAccuracy", SCORE),
        ("average",),
        {"average": (f"{MACRO}, but not the ignored one. {DEFAULT_MACRO}", "count alike (micro)")},
    ),
    Differ(
        "keras-2412-several-binary-outputs",
        (KERAS + "BinaryAccuracy", COMPILED),
        ("name-resolution",),
        {
            "name-resolution": (
                "Is keras.metrics.BinaryAccuracy itself.",
                "Becomes keras.metrics.CategoricalAccuracy.",
            )
        },
    ),
    Differ(
        "so-62817223-keras-and-sklearn",
        ("keras.Model.compile[binary_accuracy]", SCORE + "[Binarizer]"),
        ("unit",),
        {"unit": ("the mean over its elements", "correct only if all its elements are (exact match)")},
    ),
)

#: Case, implementations that agree today on what the report expects, and the value.
AGREED = (
    ("tm-3068-top-k-micro", (MICRO, TORCH + "MulticlassAccuracy"), 1),
    ("tm-3020-top-k-one-row", (MICRO, TORCH + "MulticlassAccuracy[average=micro]"), Fraction(2, 3)),
    ("tm-1556-top-k-ignored-negative", (MICRO, TORCH + "MulticlassAccuracy[average=micro]"), Fraction(1, 2)),
    ("tm-782-binary-labels", (TORCH + "BinaryAccuracy", SCORE), Fraction(2, 3)),
    (
        "keras-12991-weighted-accuracy-at-once",
        (KERAS + "BinaryAccuracy", SCORE + "[Binarizer]"),
        Fraction(11, 18),
    ),
    ("sklearn-21173-labels-named", (KERAS + "SparseTopKCategoricalAccuracy", TOP_K), 1),
    ("keras-20178-booleans", (KERAS + "BinaryAccuracy", SCORE), Fraction(2, 3)),
    (
        "keras-12632-weighted-top-k",
        (KERAS + "TopKCategoricalAccuracy", TF_KERAS + "TopKCategoricalAccuracy"),
        1,
    ),
    ("tm-597-mean-of-batches", (TORCH + "BinaryAccuracy", KERAS + "BinaryAccuracy"), Fraction(4, 5)),
    ("pl-4732-padded-shards", (TORCH + "BinaryAccuracy", KERAS + "BinaryAccuracy"), Fraction(2, 3)),
)

#: Case, two implementations of different quantities with their values, and words of how these are related.
RELATED = (
    (
        "tm-3083-multilabel-exact-match-ignored",
        (TORCH + "MultilabelExactMatch", TORCH + "MultilabelAccuracy[average=micro]"),
        (Fraction(1, 2), Fraction(3, 5)),
        "for subset accuracy a sample is correct only if all its labels are",
    ),
    (
        "tm-1706-balanced-binary",
        (MICRO, "sklearn.metrics.balanced_accuracy_score"),
        (Fraction(1, 4), Fraction(1, 2)),
        "balanced accuracy is the mean of the recalls of the classes",
    ),
    (
        "sklearn-16832-multioutput-numbers",
        (TORCH + "MulticlassExactMatch", KERAS + "Accuracy"),
        (0, Fraction(2, 3)),
        "for subset accuracy a sample is correct only if all its labels are",
    ),
)


@cache
def cells_of(case: Case) -> dict[str, Cell]:
    return {cell.implementation.id: cell for cell in predicted_cells(case)}


def case_and_cells(name: str, implementations: Sequence[str]) -> tuple[Case, list[Cell]]:
    case = CASES[f"field-{name}"]
    return case, [cells_of(case)[implementation] for implementation in implementations]


def value(cell: Cell) -> object:
    assert cell.predictions is not None
    return cell.predictions.predicted.value


def test_each_report_is_gone_through() -> None:
    named = {entry.case for entry in (*DIFFERENT, *OTHERS)} | {entry[0] for entry in (*AGREED, *RELATED)}
    own = {
        "tm-1706-average-is-not-used",
        "turicreate-1407-accuracy-by-class",
        "turicreate-1407-one-against-the-rest",
    }
    assert {f"field-{name}" for name in named | own} == CASES.keys()


@pytest.mark.parametrize(
    "report", [*DIFFERENT, *OTHERS], ids=lambda report: f"{report.case}-{report.pair[1]}"
)
def test_the_reason_of_a_report_is_said_and_no_other(report: Differ) -> None:
    case, cells = case_and_cells(report.case, report.pair)
    (found,) = divergences(grouped(cells), Exchange(case.call()))
    assert {" with ".join(axes) for axes in found.causes} == set(report.causes)
    ordered = found.implementations == report.pair
    for axis, wanted in report.says.items():
        said = found.said(axis) if ordered else found.said(axis)[::-1]
        for words_wanted, text in zip(wanted, said, strict=True):
            assert words_wanted in text, (axis, said)
    codes = [
        cell.predictions.predicted.reason.code
        for cell in cells
        if cell.predictions and cell.predictions.predicted.reason
    ]
    assert codes == ([report.reason] if report.reason else [])


@pytest.mark.parametrize(
    ("name", "pair", "wanted"), AGREED, ids=[f"{entry[0]}-{entry[1][1]}" for entry in AGREED]
)
def test_what_a_report_expects_is_what_they_agree_on_today(
    name: str, pair: tuple[str, str], wanted: Fraction | int
) -> None:
    case, cells = case_and_cells(name, pair)
    assert [value(cell) for cell in cells] == [wanted, wanted]
    assert divergences(grouped(cells), Exchange(case.call())) == ()


@pytest.mark.parametrize(("name", "pair", "wanted", "says"), RELATED, ids=[entry[0] for entry in RELATED])
def test_quantities_that_share_a_word_are_related(
    name: str, pair: tuple[str, str], wanted: tuple[Fraction, Fraction], says: str
) -> None:
    _, cells = case_and_cells(name, pair)
    assert tuple(map(value, cells)) == wanted
    quantities = {cell.implementation.quantity for cell in cells}
    assert any(says in entry.differ for entry in words.ALIKE if quantities == {*entry.quantities})


def test_an_average_without_effect_is_said_to_be_without() -> None:
    _, (cell,) = case_and_cells("tm-1706-average-is-not-used", [MICRO])
    assert (value(cell), cell.without_effect) == (Fraction(1, 4), ("average",))


def test_accuracy_by_class_is_two_things_that_are_related() -> None:
    """The recall of a class in one, one against the rest in the other: nobody's error."""
    name = "turicreate-1407-{}".format
    recalls, rest = (
        case_and_cells(name(end), [MICRO]) for end in ("accuracy-by-class", "one-against-the-rest")
    )
    assert value(recalls[1][0]) == [Fraction(1, 2), 1, 0]
    assert value(rest[1][0]) == [Fraction(1, 2), Fraction(3, 4), Fraction(3, 4)]
    for case, _ in (recalls, rest):
        found = [
            entry.differ
            for entry in words.ALIKE
            if case.task in entry.tasks and case.inputs["average"] in entry.averages
        ]
        assert ["its recall" in text and "one against the rest" in text for text in found] == [True]
