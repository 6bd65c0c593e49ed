from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
from made_cases import ADAPTERS, SEED, made_case

from conformance.cases import Case
from conformance.session.session import Session

#: NaN, infinity and minus zero as inputs; `made_document` has them as outcomes, too.
_SPECIAL = {"y_true": [[1.0], [0.0], [1.0]], "y_pred": [[math.nan], [-0.0], [math.inf]]}


@pytest.fixture(scope="session")
def cases() -> tuple[Case, ...]:
    return (
        made_case(case_id="seed", **SEED),
        made_case(case_id="special", **_SPECIAL),
        made_case(case_id="departing", y_true=[[1], [0]], y_pred=[[0.7], [0.2]], threshold=0.7),
        made_case("multiclass", case_id="classes", y_true=[0, 0, 0, 1], y_pred=[0, 0, 0, 0]),
    )


@pytest.fixture(scope="session")
def session(cases: tuple[Case, ...]) -> Iterator[Session]:
    with Session(cases, ADAPTERS) as session:
        yield session
