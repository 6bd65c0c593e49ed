"""Questions about precision and recall: the cause is named, and what is written instead gives the number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from made_cases import ADAPTERS
from mistakes import CLASSES, LABELS, ONE_HOT, PROBABILITIES, SCORES, Mistake
from mistakes_of_counts import COUNTS, DECIDED

import conformance
from conformance.ask.arrays import AskError
from conformance.ask.compare import answer
from conformance.ask.comparison import Comparison
from conformance.ask.explained import Explained
from conformance.ask.question import Number, question
from conformance.cli import main
from conformance.session.session import Session

#: Ordinary calls of both metrics.
IMPLEMENTATIONS = (
    "keras.metrics.Precision",
    "keras.metrics.Recall",
    "torchmetrics.classification.*Precision*",
    "torchmetrics.classification.*Recall*",
    "sklearn.metrics.*_score",
)


def _explained(value: Any, mistake: Mistake) -> Explained:
    given = {name: what for name, what in mistake.given.items() if name != "parameters"}
    return conformance.explain(value, **given, **mistake.given.get("parameters", {}))


@pytest.mark.parametrize("name", COUNTS)
def test_the_mistake_is_named_and_following_the_advice_gives_the_number(name: str) -> None:
    sklearn = pytest.importorskip("sklearn.metrics") and __import__("sklearn.metrics")
    mistake = COUNTS[name]
    found = _explained(f"{mistake.value():.6f}", mistake)
    likely = [one for one in found.explanations[:3] if one.axis in mistake.axes]
    one = next((one for one in likely if mistake.instead in one.code), None)
    assert one is not None, found
    assert mistake.instead in mistake.correct
    arrays = {key: mistake.given.get(key) for key in ("y_true", "y_pred", "sample_weight")}
    value = eval(one.code, {"np": np, "sklearn": sklearn, **arrays})
    assert value == pytest.approx(one.without, rel=1e-6)
    assert value == pytest.approx(mistake.value(mistake.correct), rel=1e-6)
    assert value != pytest.approx(mistake.value(), rel=1e-6)


@pytest.fixture(scope="module")
def comparisons() -> Iterator[Callable[..., Comparison]]:
    """Compares what a mistake gives with what the frameworks give."""
    asked = {name: question(**mistake.given, name=name) for name, mistake in COUNTS.items()}
    with Session(list(asked.values()), ADAPTERS, implementations=IMPLEMENTATIONS) as session:
        yield lambda name: answer(session, asked[name], COUNTS[name].value())


@pytest.mark.parametrize("name", COUNTS)
def test_frameworks_give_the_number_of_what_is_written_instead(
    comparisons: Callable[..., Comparison], name: str
) -> None:
    mistake, comparison = COUNTS[name], comparisons(name)
    assert {one.axis for one in comparison.explanations} & {*mistake.axes}, comparison
    (value,) = (r.value for r in comparison.results if r.implementation == mistake.other)
    assert Number.of(f"{mistake.value(mistake.correct):.6f}").is_near(value)  # type: ignore[union-attr]
    assert {result.quantity for result in comparison.results} == {mistake.given["metric"]}
    assert str(comparison).startswith(f"Task {comparison.task}, {mistake.given['metric']}\n")
    assert f", {mistake.given['metric']}.</p>" in comparison.page()


def test_an_implementation_and_a_number_of_another_metric_can_be_mine() -> None:
    mine = "torchmetrics.classification.MulticlassPrecision"
    found = conformance.compare(
        CLASSES[:100],
        DECIDED[:100],
        metric="precision",
        mine=mine,
        implementations="torchmetrics.Precision",
    )
    assert {r.implementation for r in found.results} == {"torchmetrics.Precision", mine}
    (difference,) = found.differences
    assert "Pass average='micro' to both, or average='macro' to both." in difference.causes[0].instead


def test_a_number_of_another_metric_is_named_where_nothing_else_gives_it() -> None:
    recall = np.mean(SCORES[LABELS == 1] > 0.5)
    found = conformance.explain(recall, LABELS, SCORES, metric="precision")
    (one,) = (one for one in found.explanations if one.axis == "statistic")
    assert one.says.startswith("recall is computed, as ")
    assert one.instead.startswith("precision, not recall: sklearn.metrics.precision_score(")


def test_where_no_accuracy_gives_the_number_the_metric_that_does_is_noted() -> None:
    decided = PROBABILITIES > 0.5
    precision = np.sum(ONE_HOT[decided]) / np.sum(decided)
    found = conformance.explain(precision, ONE_HOT, PROBABILITIES)
    assert (found.matches, found.explanations) == ((), ())
    (note,) = found.notes
    assert (
        note
        == f"{precision:.6g} is the precision of keras.metrics.Precision: ask for it with metric='precision'."
    )
    assert conformance.explain(precision, ONE_HOT, PROBABILITIES, metric="precision").matches


@pytest.mark.parametrize("ask", [conformance.explain, conformance.compare])
@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"metric": "precison"}, "metric: 'precison' is none of accuracy, precision, recall"),
        ({"metric": "precision", "adjusted": True}, "No precision takes adjusted: taken are threshold, "),
        ({"metric": "recall", "clas_id": 1}, "There is no parameter clas_id (did you mean 'class_id'?)"),
        ({"zero_division": 1}, "No accuracy takes zero_division: taken are threshold, "),
    ],
)
def test_bad_input_gets_a_sentence(ask: Callable[..., Any], given: dict[str, Any], message: str) -> None:
    value = (0.5,) if ask is conformance.explain else ()
    with pytest.raises(AskError, match=re.escape(message)):
        ask(*value, [0, 1], [0, 1], **given)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--metric", "precison"), "'precison' is not one of 'accuracy', 'precision'"),
        (("--metric", "precision", "--adjusted"), "No precision takes adjusted: taken are threshold, "),
    ],
)
@pytest.mark.parametrize("command", ["compare", "explain"])
def test_bad_input_of_a_command_is_exit_code_2(
    command: str, arguments: tuple[str, ...], message: str
) -> None:
    value = ("--value", "0.5") if command == "explain" else ()
    done = CliRunner().invoke(main, [command, *value, "--y-true", "0 1", "--y-pred", "0 1", *arguments])
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr
