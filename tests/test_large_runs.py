"""What a run of many cases keeps in memory."""

from __future__ import annotations

import contextlib
import gc
import tracemalloc
import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path
from unittest.mock import Mock

import pytest
from made_cases import ADAPTERS, SEED, made_case

from conformance.cache.store import Store
from conformance.calls.text import all_visible
from conformance.cases import Case
from conformance.oracle import predict
from conformance.report.document import read
from conformance.results.build import document
from conformance.session.judging import CaseResult, case_result
from conformance.session.session import Session


def made(number: int) -> list[Case]:
    scores = [[index / 100, 1 - index / 100, 0.5, 0.25] for index in range(number)]
    return [made_case(case_id=f"made-{n}", y_true=[0, 1, 1, 0], y_pred=y) for n, y in enumerate(scores)]


@pytest.fixture
def session() -> Iterator[Session]:
    with Session(made(50), ADAPTERS, implementations=["sklearn*"]) as session:
        yield session


def results(session: Session, cases: Sequence[Case]) -> Iterator[CaseResult]:
    for case in cases:
        yield case_result(session, case, session.predicted_cells(case))


def test_predictions_and_causes_of_earlier_cases_are_forgotten(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conformance.session.kept.MOST", 50)
    for case in session.cases:
        case.call()
    tracemalloc.start()
    try:
        held = []
        for some in (session.cases[:25], session.cases[25:]):
            for _ in results(session, some):
                pass
            gc.collect()
            held.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    # Those of one case take 25 kB.
    assert held[1] - held[0] < 100_000


def test_what_is_forgotten_is_predicted_anew(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conformance.session.kept.MOST", 1)
    first, second, *_ = session.cases
    before = [cell.outcome for cell in session.predicted_cells(first)]
    session.predicted_cells(second)
    assert [cell.outcome for cell in session.predicted_cells(first)] == before


def test_a_second_pass_over_the_cases_finds_what_the_first_has_kept(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conformance.session.kept.MOST", 150)
    predicted: list[int] = []
    for _ in range(2):
        with monkeypatch.context() as counted:
            made = Mock(side_effect=predict)
            counted.setattr("conformance.session.session.predict", made)
            for case in session.cases:
                session.predicted_cells(case)
        predicted.append(made.call_count)
    assert predicted[0] > 300
    assert predicted[1] < predicted[0] - 100


def test_causes_that_are_forgotten_are_kept_for_later_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conformance.session.kept.MOST", 1)
    seed, other = (
        made_case(case_id=f"made-{n}", **{**SEED, "y_pred": [[0.51], [1], [0], [n]]}) for n in (0, 1)
    )
    with contextlib.closing(Store(tmp_path)) as store:
        session = Session([seed, other], ADAPTERS, cache=store)
        found = session.kept.causes(seed.call())
        assert case_result(session, seed, session.predicted_cells(seed)).causes
        assert found
        session.predicted_cells(other)
        assert session.kept.causes(seed.call()) is not found
        assert session.kept.causes(seed.call()) == found


def test_a_document_keeps_no_result(session: Session) -> None:
    alive: weakref.WeakSet[CaseResult] = weakref.WeakSet()

    def followed() -> Iterator[CaseResult]:
        for result in results(session, few):
            alive.add(result)
            yield result
            del result
            gc.collect()
            assert len(alive) <= 1

    few = session.cases[:8]
    assert len(document(followed(), session, {}, complete=True)["cases"]) == len(few)


def test_a_document_that_is_read_takes_little_more_than_it_holds(session: Session) -> None:
    made = document(results(session, session.cases), session, {}, complete=True)
    tracemalloc.start()
    try:
        report = read(made)
        gc.collect()
        held = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    # It was 3.5 kB, before equal parts were shared and those that are empty were one.
    assert held / sum(len(case.cells) for case in report.cases) < 2_000


def test_what_is_visible_already_is_not_copied() -> None:
    plain = {"a": ["text", {"b": 1.0}]}
    assert all_visible(plain) is plain
    assert all_visible({"a": ["\u202e", 1]}) == {"a": ["\\u202e", 1]}
