"""Which tests belong to the suite, their ids, and what they need."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from conformance.adapters.base import Implementation
from conformance.cases import Case
from conformance.laws import LAWS, Judge, Law
from conformance.session import logs
from conformance.session.logs import PlannedLog
from conformance.session.resolutions import Row
from conformance.session.session import Session
from conformance.session.shard import part

#: The smallest number of cases over which laws are tried.
FEWEST_CASES = 50

#: pytest's -k takes word characters and these; everything else in an id is replaced.
_NOT_TAKEN_BY_K = re.compile(r"[^\w:+\-.\[\]\\/]")


def test_id(about: Case | Law, implementation: Implementation) -> str:
    """Return `<case id>--<implementation id>`, with `:` instead of characters that -k does not accept."""
    return _NOT_TAKEN_BY_K.sub(":", f"{about.id}--{implementation.id}")


# pytest must not collect the function as a test.
test_id.__test__ = False  # type: ignore[attr-defined]


def laws(session: Session, judge: Judge) -> tuple[tuple[Law, Implementation], ...]:
    """Return the laws that a run or its shard tries, with the implementations; a run over few cases tries none.

    Each is tried on cases of the whole run.
    """
    tried = [
        (law, entry)
        for law in (LAWS if len(session.cases) >= FEWEST_CASES else ())
        for entry in session.implementations
        if judge.reason(law, entry) is None
    ]
    return part(session.shard, tried, itertools.repeat(1, len(tried)))


def parametrize(
    metafunc: pytest.Metafunc, session: Session, judge: Judge, names: Callable[[], Sequence[Row]]
) -> None:
    """Parametrize a test that is meant over laws, cells, logs, the compile() strings, or cases."""
    if "law" in metafunc.fixturenames:
        metafunc.parametrize(
            ("law", "implementation"), [_parameters(*tried) for tried in laws(session, judge)]
        )
    elif "log" in metafunc.fixturenames:
        planned = [one for one in logs.plan(session) if one.reason is None]
        metafunc.parametrize("log", planned, ids=[f"{one.run.id}--{one.adapter.origin}" for one in planned])
    elif "implementation" in metafunc.fixturenames:
        cells = [cell for cell in session.plan() if cell.reason is None]
        metafunc.parametrize(
            ("case", "implementation"), [_parameters(cell.case, cell.implementation) for cell in cells]
        )
    elif "names" in metafunc.fixturenames:
        metafunc.parametrize("names", names(), ids=lambda row: f"{row.origin}--{row.loss}")
    else:
        metafunc.parametrize("case", session.own_cases, ids=lambda case: case.id)


def _parameters(about: Case | Law, implementation: Implementation) -> Any:
    marks = [pytest.mark.sharded] if implementation.sharded else []
    return pytest.param(about, implementation, id=test_id(about, implementation), marks=marks)


def submit(item: pytest.Item | None, session: Session, judge: Judge) -> None:
    """Have the outcomes computed that a test of the suite needs; other tests need none."""
    match _given(item):
        case {"law": Law() as law, "implementation": Implementation() as entry}:
            judge.submit(law, entry)
        case {"names": Row() as row}:
            for question in row.questions:
                session.ask(question.case.call(), question.implementation)
        case {"log": PlannedLog() as planned}:
            logs.ask(session, planned)
        case {"case": Case() as case, "implementation": Implementation() as entry}:
            session.ask(case.call(), entry)


def origin_of(item: pytest.Item, session: Session) -> str | None:
    """Return the origin of the adapter whose framework a test calls; None for a test that calls none."""
    match _given(item):
        case {"implementation": Implementation() as entry}:
            return session.adapter_of(entry).origin
        case {"names": Row() as row}:
            return row.origin
        case {"log": PlannedLog() as planned}:
            return planned.adapter.origin
    return None


def is_empty(item: pytest.Item) -> bool:
    """Whether this is pytest's placeholder for an empty parameter set."""
    given = _given(item)
    kinds = {"law": Law, "names": Row, "log": PlannedLog, "case": Case}
    return any(name in given and not isinstance(given[name], kind) for name, kind in kinds.items())


def _given(item: pytest.Item | None) -> Mapping[str, Any]:
    """Return the parameters of a test of the suite; none of another test."""
    if "conformance" not in getattr(item, "fixturenames", ()):
        return {}
    callspec = getattr(item, "callspec", None)
    return {} if callspec is None else callspec.params
