"""Laws that earlier runs have tried: neither chosen for nor judged again where all is the same."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from broken_metrics import adapter, entry
from made_cases import made_case

from conformance.cache.store import Store
from conformance.cases import Case
from conformance.laws import LAWS, Judge
from conformance.session.session import Session

LABELS = made_case(y_true=[1, 0, 1], y_pred=[1, 1, 1])
SCORES = made_case(case_id="scores", y_true=[1, 0, 1], y_pred=[0.75, 0.25, 0.25])


def laws(folder: Path, metric: str, *cases: Case) -> list[str]:
    """Return what all laws come to for a metric of `broken_metrics`, called in this process, as JSON."""
    implementation = entry(metric)
    with contextlib.closing(Store(folder)) as store:
        session = Session(cases, [adapter(implementation)], inline=True, cache=store)
        judge = Judge(session)
        return [
            json.dumps(judge.cell(law, implementation).to_json())
            for law in LAWS
            if judge.reason(law, implementation) is None
        ]


def test_laws_that_held_are_neither_chosen_for_nor_judged_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = laws(tmp_path, "Accuracy", LABELS, SCORES)
    assert first

    def again(*given: object) -> Any:
        raise AssertionError("again")

    for name in ("_choose", "_judged"):
        with monkeypatch.context() as changed:
            changed.setattr(Judge, name, again)
            assert laws(tmp_path, "Accuracy", LABELS, SCORES) == first
            for cases in ((LABELS,), (LABELS, replace(SCORES, family="another"))):
                with pytest.raises(AssertionError, match="again"):
                    laws(tmp_path, "Accuracy", *cases)


def test_a_law_that_fails_is_judged_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = laws(tmp_path, "FirstRowCountsTwice", LABELS)
    assert laws(tmp_path, "FirstRowCountsTwice", LABELS) == first
    monkeypatch.setattr(Judge, "_judged", lambda *given: pytest.fail("judged"))
    with pytest.raises(pytest.fail.Exception, match="judged"):
        laws(tmp_path, "FirstRowCountsTwice", LABELS)
