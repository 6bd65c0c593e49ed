"""What changes from one release of a framework to another, on cases or on a user's own arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from conformance.adapters.base import Adapter
from conformance.cases import Case
from conformance.environments.model import Environment, only_there
from conformance.report.changes import compared
from conformance.results.build import document
from conformance.session.judging import judged
from conformance.session.session import Answer, Session

#: Has all cells of a session computed.
Answering = Callable[[Session], dict[tuple[str, str], Answer]]

#: What the outcome has no part in.
_NOT_ITS_OWN = ("definition", "group")


def upgrade(
    cases: Sequence[Case],
    adapters: Sequence[Adapter],
    old: Environment,
    new: Environment,
    answering: Answering,
    **options: Any,
) -> dict[str, Any]:
    """Return which outcomes differ between two environments, as `report.changes.compared` does for two documents.

    Args:
        cases: the inputs.
        adapters: all adapters; those whose framework both environments have are called.
        old: the environment before.
        new: the environment after.
        answering: has the cells of a session computed.
        options: `chosen_cases`, `implementations`, `timeout`, `memory` and `cache` of the sessions.

    Raises:
        PlaceError: an environment has none of the frameworks.
    """
    documents = []
    for environment in (old, new):
        with Session(cases, only_there(adapters, environment), **options) as session:
            results = judged(session, answering(session))
            failures = session.failures()
            documents.append(
                document(results, session, session.environments(), complete=not failures, failures=failures)
            )
    found = compared(*reversed(documents))
    changed = [
        cell | {"groups": [None, None]} for cell in found["changed"] if cell["why"] not in _NOT_ITS_OWN
    ]
    return found | {
        "changed": changed,
        "unchanged": found["unchanged"] + len(found["changed"]) - len(changed),
    }
