"""Each law is broken by a metric that is made to break it, and kept by a good one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from broken_metrics import adapter, entry
from made_cases import ADAPTERS, ENTRIES, made_case
from shipped_cases import CASES as SHIPPED

from conformance.cases import Case
from conformance.cases.ordinary import oddities
from conformance.frameworks.sklearn import adapter as sklearn
from conformance.laws import LAWS, Judge, Law, LawCell
from conformance.laws.generated import TIES, generated
from conformance.laws.trials import MOST_VALUES, Trials
from conformance.oracle import find
from conformance.oracle.model import Behaviour
from conformance.plugin.explain import law_failure
from conformance.session.session import Session

#: From the smallest on; the good metric keeps every law on all of them.
CASES = (
    made_case(case_id="one-wrong-of-two", y_true=[1, 1], y_pred=[1, 0]),
    made_case("multiclass", case_id="three-classes", y_true=[0, 1, 2], y_pred=[0, 2, 1]),
    made_case(case_id="scores", y_true=[1, 0, 1], y_pred=[0.75, 0.25, 0.25]),
    made_case(case_id="weights", y_true=[1, 0, 0], y_pred=[1, 1, 0], sample_weight=[1, 3, 2]),
    made_case(case_id="batches", y_true=[1, 0, 0, 0], y_pred=[1, 1, 1, 0], batches=[1, 3]),
    made_case(
        case_id="narrow-scores", y_true=[1, 0, 1], y_pred=[0.75, 0.25, 0.625], dtype={"y_pred": "float32"}
    ),
    made_case(case_id="no-repeated-row", y_true=[1, 0, 1, 0], y_pred=[1, 1, 0, 0]),
)

#: Law -> a metric that breaks it, the smallest of these cases on which it does, and how that case was changed.
BROKEN = {
    "row-order": ("FirstRowCountsTwice", "one-wrong-of-two", "the samples in reverse order"),
    "splitting": (
        "MeanOfBatchMeans",
        "generated: 5 samples of binary scores",
        "the samples in updates of 4 and 1",
    ),
    "repetition": ("Smoothed", "narrow-scores", "all samples twice"),
    "unit-weights": ("HalvesOnlyWhatIsWeighted", "one-wrong-of-two", "a weight of 1 for each sample"),
    "integer-weights": ("RepeatedRowsCountOnce", "one-wrong-of-two", "a weight instead of repeated"),
    "zero-weight": ("ZeroWeightIsNoWeight", "one-wrong-of-two", "a weight of 0 for the last sample"),
    "weight-scale": ("DividesByTheNumberOfRows", "one-wrong-of-two", "all weights doubled"),
    "class-names": ("ClassZeroIsLeftOut", "three-classes", "the labels that occur in reverse order"),
    "label-flip": ("OnlyPositivesAreHits", "one-wrong-of-two", "0 and 1 exchanged"),
    "perfect": ("NeverPerfect", "one-wrong-of-two", "perfect predictions"),
    "unit-interval": ("InPercent", "one-wrong-of-two", "50.0"),
    "data-form": ("ListsAreWrong", "narrow-scores", "nested lists"),
    "float-width": ("Float32HasAnotherThreshold", "narrow-scores", "y_pred as float64 instead of float32"),
    "column": ("BroadcastsAColumn", "narrow-scores", "y_true of shape (N, 1)"),
    "class-function": ("ClassIsNotItsFunction", "one-wrong-of-two", "the class instead of the function"),
    "forward-compute": (
        "ForwardForgetsOneRow[forward]",
        "one-wrong-of-two",
        "forward() instead of compute()",
    ),
    "reset": ("ResetKeepsTheState", "one-wrong-of-two", "another sample and a reset before"),
    "after-exception": ("ExceptionHarmsTheState", "one-wrong-of-two", "a further update that raises"),
    "pickle": ("CannotBePickled", "one-wrong-of-two", "pickling and loading"),
    "deepcopy": ("CopySharesTheState", "one-wrong-of-two", "a deep copy"),
    "same-twice": ("AskingCounts", "one-wrong-of-two", "a second call of it"),
    "inputs-unchanged": ("WritesIntoItsInput", "one-wrong-of-two", "y_pred changed in place"),
}
FUNCTIONS = {"Accuracy": "accuracy", "ClassIsNotItsFunction": "class_is_not_its_function"}


def law(name: str) -> Law:
    return next(law for law in LAWS if law.id == name)


def tried(name: str, metric: str, *cases: Case, definition: str | None = None) -> LawCell:
    """What a law comes to for a metric of `broken_metrics`, called in this process."""
    bare = metric.removesuffix("[forward]")
    names = [metric, *([bare] if bare != metric else ()), *([FUNCTIONS[bare]] if bare in FUNCTIONS else ())]
    entries = [entry(other, definition=definition) for other in names]
    with Session(cases or CASES, [adapter(*entries)], inline=True) as session:
        return Judge(session).cell(law(name), entries[0])


def test_there_is_a_broken_metric_for_every_law() -> None:
    assert list(BROKEN) == [law.id for law in LAWS]


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_metric_fails_its_law_on_the_smallest_case(name: str) -> None:
    metric, case, change = BROKEN[name]
    found = tried(name, metric)
    assert found.verdict == "fails-undocumented"
    message = law_failure(found)
    assert f"fails undocumented: {name}: broken_metrics.{metric}: " in message
    assert f".yaml:1: {case}: " in message or f".py:1: {case}: " in message
    assert change in message


@pytest.mark.parametrize("name", BROKEN)
def test_the_good_metric_keeps_the_law(name: str) -> None:
    found = tried(name, "Accuracy[forward]" if name == "forward-compute" else "Accuracy")
    assert (found.verdict, found.shown_by) == ("holds", None)
    assert found.tried >= 1


@pytest.mark.parametrize(
    ("name", "metric"), [("data-form", "TensorsAreWrong"), ("pickle", "PickleLosesTheState")]
)
def test_a_law_is_broken_in_more_than_one_way(name: str, metric: str) -> None:
    assert tried(name, metric).verdict == "fails-undocumented"


@pytest.mark.parametrize("name", ["row-order", "repetition", "splitting"])
def test_a_mean_of_means_is_refuted_although_no_case_shows_it(name: str) -> None:
    case = made_case(case_id="three", y_true=[1, 0, 1], y_pred=[0.9, 0.2, 0.1])
    alone = made_case(case_id="one", y_true=[1], y_pred=[0.9])
    assert tried(name, "MeanOfPairs", alone).verdict == "fails-undocumented"
    assert tried(name, "MeanOfPairs", case).verdict == "fails-undocumented"


def test_generated_inputs_are_the_same_in_every_run_and_have_odd_sizes_uneven_batches_and_ties() -> None:
    program = "from conformance.laws.generated import generated; print([case.inputs for case in generated()])"
    alone = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert alone == f"{[case.inputs for case in generated()]}\n"
    calls = [case.call() for case in generated()]
    assert all(sum(len(update.y_true) for update in call.updates) % 2 for call in calls)
    batched = [call.batches for call in calls if call.batches]
    assert batched
    assert all(len(set(batches)) > 1 for batches in batched)
    tied = [case.call().updates[0].y_pred for case in generated() if TIES in case.tags]
    assert any(
        len(set(scores)) < len(scores) for array in tied if array.ndim == 2 for scores in array.tolist()
    )


def test_the_order_of_the_cases_does_not_decide_which_is_the_smallest() -> None:
    forth = tried("row-order", "FirstRowCountsTwice")
    back = tried("row-order", "FirstRowCountsTwice", *reversed(CASES))
    assert forth.to_json() == back.to_json()


def test_a_case_beyond_the_size_of_laws_is_not_tried() -> None:
    rows = MOST_VALUES // 2 + 1
    large = made_case(case_id="large", y_true=[1] * rows, y_pred=[1] * (rows - 1) + [0])
    with_another, alone = (
        tried("row-order", "FirstRowCountsTwice", *cases) for cases in ((large, CASES[-1]), (large,))
    )
    assert with_another.tried == alone.tried + 1


def test_it_is_no_excuse_to_claim_a_definition_that_keeps_the_law() -> None:
    found = tried("weight-scale", "DividesByTheNumberOfRows", definition="sklearn.metrics.accuracy_score")
    assert found.verdict == "fails-undocumented"
    assert found.shown_by is not None
    assert "Predicted: " in str(found.shown_by.explanation)


@pytest.mark.parametrize("name", ["row-order", "perfect", "inputs-unchanged"])
def test_two_calls_that_raise_are_no_evidence(name: str) -> None:
    unknown = tried(name, "Raises")
    assert (unknown.verdict, unknown.tried) == ("not-applicable", 0)
    assert unknown.reason == "has no case in this run that says anything about the law"
    predicted = tried(name, "Raises", definition="sklearn.metrics.accuracy_score")
    assert predicted.verdict == "fails-undocumented"
    assert predicted.shown_by is not None
    assert "so that the law is not tried. Predicted: " in str(predicted.shown_by.explanation)


COUNTED = made_case(case_id="counted", y_true=[1, 0, 1], y_pred=[1, 0, 0], normalize=False)


@pytest.fixture
def counted() -> Iterator[Session]:
    with Session([COUNTED], [sklearn.ADAPTER], inline=True) as session:
        yield session


@pytest.mark.parametrize(
    ("name", "verdict"),
    [("repetition", "fails-as-defined"), ("perfect", "fails-as-defined"), ("row-order", "holds")],
)
def test_a_count_of_scikit_learn_fails_where_its_definition_says_so(
    counted: Session, name: str, verdict: str
) -> None:
    accuracy_score = next(e for e in counted.implementations if e.id == "sklearn.metrics.accuracy_score")
    found = Judge(counted).cell(law(name), accuracy_score)
    assert (found.verdict, found.fails) == (verdict, False)
    if found.shown_by is not None:
        shown = found.to_json()
        assert shown["case"] == "counted"
        assert shown["observed"]["changed"]["value"] == float(shown["predicted"]["changed"]["exact"])


def test_a_definition_that_fails_makes_its_laws_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*ignored: object) -> object:
        raise IndexError("a bug")

    name = "sklearn.metrics.accuracy_score"
    bug = Behaviour("decision-rule", "a-bug", "It fails.", fails).source("tests")
    broken = find(name).overlaid(name, "It fails.", bug)
    monkeypatch.setattr("conformance.session.session.find", lambda _: broken)
    cell = tried("row-order", "Accuracy", definition=name)
    assert cell.verdict == "fails-undocumented"
    assert cell.shown_by is not None
    assert "IndexError: a bug" in (cell.shown_by.explanation or "")


def test_a_failure_is_shown_on_the_plainest_input() -> None:
    (law,) = (law for law in LAWS if law.id == "splitting")
    binary = ENTRIES["torchmetrics.classification.BinaryAccuracy"]
    trials = Trials(Session(SHIPPED, ADAPTERS))
    failures = [one for one in trials.chosen(law, binary) if trials.predictions(one).law == "fails"]
    assert failures
    assert oddities(failures[0].case) == 0
