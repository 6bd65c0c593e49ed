"""The samples of long cases on which implementations differ."""

from __future__ import annotations

from typing import Any

from made_cases import ADAPTERS, made_case, predicted_cells

from conformance.report.case import Case as ReadCase
from conformance.results import build
from conformance.results.disputed import disputed
from conformance.session.judging import CaseResult, case_result
from conformance.session.session import Session

GREATER, AT_LEAST = "keras.metrics.BinaryAccuracy", "sklearn.metrics.metric_at_thresholds[accuracy_score]"


def result_of(scores: list[float], *names: str, **inputs: Any) -> tuple[Session, CaseResult]:
    """Return a case whose samples are positive but for the second one, judged for some implementations."""
    case = made_case(y_true=[1, 0, *[1] * (len(scores) - 2)], y_pred=scores, **inputs)
    session = Session((case,), ADAPTERS)
    cells = [
        cell for cell in predicted_cells(case) if cell.implementation.id in (names or (GREATER, AT_LEAST))
    ]
    return session, case_result(session, case, cells)


def test_the_disputed_samples_of_a_long_case_are_traced_wherever_they_are() -> None:
    scores = [0.9, 0.1, *[0.8] * 1198]
    scores[600] = scores[1100] = 0.5
    found = disputed(result_of(scores)[1])
    assert found is not None
    assert (found.counted, found.differing) == (1200, 2)
    for name, hit in ((GREATER, False), (AT_LEAST, True)):
        assert [(each.number, each.hit) for each in found.traces[name]] == [(600, hit), (1100, hit)]


def test_samples_are_numbered_over_all_updates() -> None:
    scores = [1.0, 0.0, *[1.0] * 1198]
    scores[1100] = 0.9
    _, result = result_of(scores, GREATER, "keras.metrics.Accuracy", batches=[700, 500])
    found = disputed(result)
    assert found is not None
    assert [each.number for each in found.traces[GREATER]] == [1100]


def test_where_nothing_is_disputed_the_first_samples_stay_traced() -> None:
    found = disputed(result_of([0.9, 0.1, *[0.8] * 1198])[1])
    assert found is not None
    assert (found.differing, found.traces) == (0, {})


def test_many_disputed_samples_are_counted_and_the_first_of_them_traced() -> None:
    _, result = result_of([0.9, 0.1, *[0.8, 0.5] * 700])
    found = disputed(result)
    assert found is not None
    assert found.differing == 700
    assert [sample.number for sample in found.traces[GREATER]] == list(range(3, 103, 2))


def test_all_samples_of_a_short_case_are_traced_anyway() -> None:
    assert disputed(result_of([0.9, 0.1, *[0.5] * 900])[1]) is None


def test_the_results_document_has_their_traces_and_number() -> None:
    scores = [0.9, 0.1, *[0.8] * 1198]
    scores[1100] = 0.5
    session, result = result_of(scores)
    (entry,) = build.document([result], session, {}, complete=True)["cases"]
    read = ReadCase.model_validate(entry)
    assert read.disputed == {"counted": 1200, "differing": 1}
    assert [[sample["row"] for sample in trace] for trace in read.traces] == [[1100], [1100]]
