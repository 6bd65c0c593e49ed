"""What the document of a shard says of the whole run, and whether the documents of shards make up one run."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from conformance.calls.outcome import encode
from conformance.cases import Case
from conformance.laws import LAWS
from conformance.session.resolutions import whole_table
from conformance.session.session import Session

#: What makes two cases the same question, asked in the same place.
_OF_CASE = (
    "id",
    "file",
    "line",
    "title",
    "task",
    "metric",
    "inputs",
    "expect",
    "implementations",
    "because",
    "see",
)


def stamp(session: Session, *, complete: bool) -> dict[str, Any]:
    """Return `shard` of the results document.

    Args:
        session: the run, of which this is one part.
        complete: whether nothing was left out of this part, and nothing of the whole run.
    """
    shard = session.shard
    assert shard is not None
    own = {case.id for case in session.own_cases}
    return {
        "index": shard.index,
        "of": shard.of,
        "plan": _digest(session),
        "complete": complete,
        # Places in the whole run, by which a merge puts them in order.
        "cases": {case.id: place for place, case in enumerate(session.cases) if case.id in own},
        "names": [[row.origin, row.loss] for row in whole_table(session)],
    }


def _digest(session: Session) -> str:
    """Return what is the same for all shards of a run, and differs between runs over other cases or releases."""
    plan = {
        "cases": [_told(case) for case in session.cases],
        "implementations": [entry.id for entry in session.implementations],
        "laws": [law.id for law in LAWS],
        "versions": dict(session.versions),
    }
    return hashlib.sha256(json.dumps(plan, sort_keys=True).encode()).hexdigest()[:16]


def _told(case: Case) -> Any:
    return encode([getattr(case, name) for name in _OF_CASE])
