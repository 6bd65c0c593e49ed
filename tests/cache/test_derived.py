"""What earlier runs have derived from definitions alone."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from made_cases import ADAPTERS, SEED, made_case

from conformance.cache.store import Store
from conformance.oracle.exchange import Exchange
from conformance.session.judging import predicted_without_cause
from conformance.session.session import Session
from conformance.verdicts.verdicts import Cell

CASE = made_case(**SEED)


def without_cause(folder: Path, *implementations: str, changes: int = 0) -> int:
    """Return how many quantities of the case have a divergence without a cause, in a run of its own."""
    case = made_case(**{**SEED, "y_pred": [[0.51], [1], [0], [0.4 + changes]]}) if changes else CASE
    with contextlib.closing(Store(folder)) as store:
        session = Session([case], ADAPTERS, implementations=implementations, cache=store)
        return len(predicted_without_cause(session, case))


def test_a_case_of_which_every_cause_was_found_is_not_compared_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert without_cause(tmp_path) == 0

    def compared(*given: object) -> list[Cell]:
        raise AssertionError("it is compared again")

    monkeypatch.setattr(Session, "predicted_cells", compared)
    assert without_cause(tmp_path) == 0
    for other in ({"changes": 1}, {}):
        with pytest.raises(AssertionError, match="compared again"):
            without_cause(tmp_path, *([] if other else ["keras*"]), **other)


def test_a_divergence_without_a_cause_is_reported_by_every_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(Exchange, "causes", lambda *given: ())
        assert without_cause(tmp_path) > 0
        assert without_cause(tmp_path) > 0
    assert without_cause(tmp_path) == 0
