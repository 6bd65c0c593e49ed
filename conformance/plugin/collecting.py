"""Which tests belong to the suite, and their ids."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest

from conformance.adapters.base import Implementation
from conformance.cases import Case
from conformance.laws import LAWS, Judge, Law
from conformance.session.resolutions import Row, table
from conformance.session.session import Session

#: The smallest number of cases over which laws are tried.
FEWEST_CASES = 50

#: pytest's -k takes word characters and these; everything else in an id is replaced.
_NOT_TAKEN_BY_K = re.compile(r"[^\w:+\-.\[\]\\/]")


class Key(NamedTuple):
    """The cell that a test checks."""

    case: Case
    implementation: Implementation


class LawKey(NamedTuple):
    """The law and the implementation that a test checks."""

    law: Law
    implementation: Implementation


def test_id(case: Case, implementation: Implementation) -> str:
    """Return `<case id>--<implementation id>`, with `:` instead of characters that -k does not accept."""
    return _id(case.id, implementation)


def _id(about: str, implementation: Implementation) -> str:
    return _NOT_TAKEN_BY_K.sub(":", f"{about}--{implementation.id}")


# pytest must not collect the function as a test.
test_id.__test__ = False  # type: ignore[attr-defined]


def has_laws(session: Session) -> bool:
    """Whether a run has enough cases to try laws."""
    return len(session.cases) >= FEWEST_CASES


def parametrize_laws(metafunc: pytest.Metafunc, session: Session, judge: Judge) -> None:
    """Parametrize a test that `is_meant` over the laws and the implementations for which they can be tried.

    A law is tried over many cases; a run over few has no tests of laws.
    """
    metafunc.parametrize(
        ("law", "implementation"),
        [
            pytest.param(
                law, entry, id=_id(law.id, entry), marks=[pytest.mark.sharded] if entry.sharded else []
            )
            for law in (LAWS if has_laws(session) else ())
            for entry in session.implementations
            if judge.reason(law, entry) is None
        ],
    )


def parametrize(metafunc: pytest.Metafunc, session: Session) -> None:
    """Parametrize a test that `is_meant` over the cells, the cases, or the compile() strings."""
    if "implementation" in metafunc.fixturenames:
        metafunc.parametrize(
            ("case", "implementation"),
            [
                pytest.param(
                    cell.case,
                    cell.implementation,
                    id=test_id(cell.case, cell.implementation),
                    marks=[pytest.mark.sharded] if cell.implementation.sharded else [],
                )
                for cell in session.plan()
                if cell.reason is None
            ],
        )
    elif "names" in metafunc.fixturenames:
        metafunc.parametrize(
            "names", [pytest.param(row, id=f"{row.origin}--{row.loss}") for row in table(session)]
        )
    else:
        metafunc.parametrize("case", [pytest.param(case, id=case.id) for case in session.cases])


def keys_of(item: pytest.Item | None) -> tuple[Key, ...]:
    """Return the cells whose outcomes a collected test needs."""
    callspec = getattr(item, "callspec", None)
    if callspec is None or "conformance" not in getattr(item, "fixturenames", ()):
        return ()
    case, implementation, names = (callspec.params.get(name) for name in ("case", "implementation", "names"))
    if isinstance(names, Row):
        return tuple(Key(question.case, question.implementation) for question in names.questions)
    if isinstance(case, Case) and isinstance(implementation, Implementation):
        return (Key(case, implementation),)
    return ()


def is_empty(item: pytest.Item) -> bool:
    """Whether this is pytest's placeholder for an empty parameter set."""
    callspec = getattr(item, "callspec", None)
    if callspec is None or "conformance" not in getattr(item, "fixturenames", ()):
        return False
    return ("names" in callspec.params and not keys_of(item)) or (
        "law" in callspec.params and law_of(item) is None
    )


def law_of(item: pytest.Item | None) -> LawKey | None:
    """Return the law that a collected test checks, with its implementation, or None."""
    callspec = getattr(item, "callspec", None)
    if callspec is None or "conformance" not in getattr(item, "fixturenames", ()):
        return None
    law, implementation = (callspec.params.get(name) for name in ("law", "implementation"))
    if isinstance(law, Law) and isinstance(implementation, Implementation):
        return LawKey(law, implementation)
    return None
