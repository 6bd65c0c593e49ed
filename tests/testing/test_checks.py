"""A metric is checked against a definition, once for each case that applies."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import own_metrics
import pytest
from projects import Project

import conformance
from conformance.ask.arrays import AskError
from conformance.ask.lookup import UnknownName
from conformance.session.corpus import SelectionError
from conformance.testing.checks import Check

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

_LABELS = {"claims": "sklearn.metrics.accuracy_score", "errors": False}
_SCORES = {"claims": "keras.metrics.BinaryAccuracy", "errors": False, "task": "binary"}

#: Cases whose batches are not equally large.
_UNEVEN = ["last-batch-is-smaller", "uneven-batches"]


def _checks(metric: Callable[..., Any], **options: Any) -> Iterator[tuple[str, Check]]:
    """Yield the ids of cases, and the checks."""
    for parameter in conformance.parametrize_with_cases(metric, **options).args[1]:
        yield parameter.id, parameter.values[0]


def _failure(check: Callable[[], None]) -> str:
    try:
        check()
    except AssertionError as error:
        return str(error)
    return ""


def _failures(metric: Callable[..., Any], **options: Any) -> dict[str, str]:
    return {name: told for name, check in _checks(metric, **options) if (told := _failure(check))}


def test_a_right_metric_passes_every_case() -> None:
    assert not _failures(own_metrics.accuracy, **_LABELS)
    assert len(list(_checks(own_metrics.accuracy, **_LABELS))) > 50


def test_shapes_that_a_metric_is_not_written_for_can_be_left_out() -> None:
    def plain(y_true: Any, y_pred: Any, threshold: float = 0.5) -> float:
        return float(((y_pred > threshold) == y_true).mean())

    assert {"zero-rows", "flat-targets-and-column-scores"} <= _failures(plain, **_SCORES).keys()
    assert not _failures(plain, **_SCORES, odd_shapes=False)
    left = {name for name, _ in _checks(plain, **_SCORES, odd_shapes=False)}
    assert {"exactly-one-half"} <= left < {name for name, _ in _checks(plain, **_SCORES)}


@pytest.mark.parametrize(
    ("metric", "case", "says"),
    [
        (own_metrics.macro, "macro-and-micro-on-unequal-classes", "They differ by average."),
        (own_metrics.unweighted, "integer-weights-repeat-rows", "but the weights are left out (weights)."),
    ],
)
def test_a_wrong_metric_fails_and_is_told_why(metric: Callable[..., Any], case: str, says: str) -> None:
    failures = _failures(metric, **_LABELS, ids=case)
    assert says in failures[case]


def test_a_claim_of_another_metric_is_checked_on_cases_of_that_metric() -> None:
    def precision(y_true: Any, y_pred: Any) -> float:
        return float(np.mean(y_true[y_pred > 0.5]))

    def at_least(y_true: Any, y_pred: Any) -> float:
        return float(np.mean(y_true[y_pred >= 0.5]))

    options = {
        "claims": "keras.metrics.Precision",
        "task": "binary",
        "ids": "precision-of-a-score-on-the-threshold",
    }
    assert not _failures(precision, **options)
    (told,) = _failures(at_least, **options).values()
    assert "but a score is positive where y_pred >= 0.5 (decision-rule)." in told
    for claim in ("sklearn.metrics.precision_score", "torchmetrics.classification.MulticlassRecall"):
        metrics = {check.case.metric for _, check in _checks(precision, claims=claim)}
        assert metrics == {check.claim.entry.metric for _, check in _checks(precision, claims=claim)}


def test_the_failure_names_the_values_the_rule_the_advice_and_the_sample() -> None:
    failures = _failures(own_metrics.at_least, **_SCORES, ids="negative-target-on-one-half")
    assert failures["negative-target-on-one-half"].splitlines() == [
        "negative-target-on-one-half: A score of exactly 0.5 at a negative target",
        "  y_true: [[0], [1]] (int64)",
        "  y_pred: [[0.5], [0.9]] (float64)",
        "  at_least gives 0.5, keras.metrics.BinaryAccuracy gives 1.0.",
        "  Like keras.metrics.BinaryAccuracy, but a score is positive where y_pred >= 0.5 (decision-rule).",
        "  Write instead: y_pred > 0.5, or a threshold that no score equals: np.mean((y_pred > 0.5) == y_true)",
        "  1 sample decides: its score equals the threshold.",
        "  1 sample of 2 is enough to differ:",
        "    [0] y_true [0], y_pred [0.5]",
        "  There at_least gives 0.0, keras.metrics.BinaryAccuracy gives 1.0.",
    ]


def test_an_explanation_that_fits_this_input_alone_is_not_given() -> None:
    (told,) = _failures(own_metrics.at_least, **_SCORES, ids="three-quarters-on-its-threshold").values()
    assert "y_pred >= 0.75" in told
    assert "threshold=0.75 is left out" not in told


def test_a_class_is_given_successive_updates() -> None:
    assert not _failures(own_metrics.Pooled, **_SCORES, ids=_UNEVEN)
    told = _failures(own_metrics.MeanOfBatches, **_SCORES, ids=_UNEVEN)
    assert list(told) == _UNEVEN
    assert "The values of all updates are averaged, whatever their sizes" in told["uneven-batches"]
    with pytest.raises(AskError, match="is left for above"):
        list(_checks(own_metrics.above, **_SCORES, ids=_UNEVEN))


def test_cases_with_parameters_that_a_metric_does_not_take_are_left_out() -> None:
    taking = dict(_checks(own_metrics.above, **_SCORES))
    without = dict(_checks(lambda y_true, y_pred: own_metrics.above(y_true, y_pred), **_SCORES))
    assert {"exactly-one-half", "three-quarters-on-its-threshold"} <= taking.keys()
    assert "exactly-one-half" in without
    assert "three-quarters-on-its-threshold" not in without


def test_a_parameter_may_have_the_name_that_the_implementation_gives_it() -> None:
    def among_first(y_true: Any, y_pred: Any, k: int = 5) -> Any:
        return np.mean(
            [target in row.argsort()[::-1][:k] for target, row in zip(y_true, y_pred, strict=True)]
        )

    options = {"claims": "sklearn.metrics.top_k_accuracy_score", "errors": False}
    (name, check), *_ = (
        one for one in _checks(among_first, **options) if "top_k" in one[1].case.call().parameters
    )
    assert check.parameters["k"] == check.case.call().parameters["top_k"], name


def test_a_metric_has_to_raise_where_the_definition_does() -> None:
    case = "negative-target-on-one-half"
    (told,) = _failures(own_metrics.accuracy, claims="sklearn.metrics.accuracy_score", ids=case).values()
    assert "accuracy gives 0.0, sklearn.metrics.accuracy_score raises: targets and predictions" in told
    assert "If it need not raise, errors=False leaves out all cases in which the definition does." in told

    def raising(y_true: Any, y_pred: Any) -> None:
        raise ArithmeticError("no such labels")

    assert not _failures(raising, claims="sklearn.metrics.accuracy_score", ids=case)
    (told,) = _failures(raising, **_SCORES, ids=case).values()
    assert "raising raises ArithmeticError: no such labels. keras.metrics.BinaryAccuracy gives 1.0." in told


def test_a_result_may_be_of_a_coarser_dtype_and_not_less_precise() -> None:
    case = "macro-and-micro-on-unequal-classes"

    def single(y_true: Any, y_pred: Any) -> Any:
        return own_metrics.accuracy(y_true[:3], y_pred[:3]).astype("float32")

    def imprecise(y_true: Any, y_pred: Any) -> float:
        return float(np.float32(own_metrics.accuracy(y_true, y_pred)))

    thirds = "class-predicted-and-never-true"
    assert not _failures(lambda y_true, y_pred: np.float32(2 / 3), **_LABELS, ids=thirds)
    (told,) = _failures(imprecise, **_LABELS, ids=thirds).values()
    assert "is the expected value in float32: compute it in float64." in told
    assert _failures(single, **_LABELS, ids=case)


def test_a_metric_cannot_change_the_input_of_the_next() -> None:
    def changing(y_true: Any, y_pred: Any) -> Any:
        value = own_metrics.accuracy(y_true, y_pred)
        y_true[:] = 0
        y_pred[:] = 1
        return value

    ids = ["class-predicted-and-never-true"]
    assert not _failures(changing, **_LABELS, ids=ids)
    assert not _failures(changing, **_LABELS, ids=ids)


def test_cases_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "cases" / "own.yaml"
    path.parent.mkdir()
    path.write_text(
        "format: 1\ntheme: Own\ncases:\n  - {id: own-case, title: Own, task: binary, y_true: [1], y_pred: [0.5]}\n"
    )
    assert list(_failures(own_metrics.at_least, **_SCORES, cases=path.parent)) == ["own-case"]


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"claims": "acuracy_score"}, UnknownName, "did you mean 'accuracy_score'"),
        ({**_LABELS, "task": "binar"}, AskError, "did you mean 'binary'"),
        ({**_LABELS, "ids": "exactly-one-halve*"}, SelectionError, "No case matches"),
        (
            {**_LABELS, "expected_failed": {"balanced-binary-label": "a reason"}},
            AskError,
            "did you mean 'balanced-binary-labels'",
        ),
    ],
)
def test_bad_arguments_are_said(options: dict[str, Any], error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        list(_checks(own_metrics.accuracy, **options))


def test_the_readme_shows_a_test_and_what_it_says(project: Project) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```(python|console)\n(.*?)```", readme, flags=re.DOTALL)
    (test,) = (text for kind, text in blocks if kind == "python" and "parametrize_with_cases" in text)
    ((command, shown),) = (
        text.split("\n", 1) for kind, text in blocks if kind == "console" and "test_mine.py" in text
    )
    project.write("test_mine.py", test)
    arguments = command.removeprefix("$ .venv/bin/pytest ").removesuffix(" | grep ^E")
    done = project.pytest(*arguments.split())
    assert [line for line in done.stdout.splitlines() if line.startswith("E")] == shown.splitlines()
    assert project.pytest("-q", "test_mine.py", "-k", "zero-rows").returncode == 0


_TESTS = """\
import conformance


def at_least(y_true, y_pred, threshold=0.5):
    return ((y_pred >= threshold) == y_true).mean()


@conformance.parametrize_with_cases(
    at_least,
    claims="keras.metrics.BinaryAccuracy",
    ids=["exactly-one-half", "seed-accuracy-is-not-binary-accuracy", "zero-scores-at-threshold-zero"],
    expected_failed={"exactly-one-half": "a tie is positive", "seed-accuracy-is-not-binary-accuracy": "it is not"},
)
def test_at_least(check):
    check()
"""


def test_pytest_shows_ids_of_cases_and_fails_expected_failures_that_pass(project: Project) -> None:
    project.write("test_own.py", _TESTS)
    done = project.pytest("test_own.py", "-rA", "-p", "no:cacheprovider")
    assert done.returncode == 1
    assert "XFAIL test_own.py::test_at_least[exactly-one-half] - a tie is positive" in done.stdout
    assert "FAILED test_own.py::test_at_least[seed-accuracy-is-not-binary-accuracy]" in done.stdout
    assert "[XPASS(strict)] it is not" in done.stdout
    assert "zero-scores-at-threshold-zero: Probabilities of 0.0 at threshold 0.0" in done.stdout
    assert "2 failed, 1 xfailed" in done.stdout
    assert "pair.py" not in done.stdout  # the frames of this package are hidden
