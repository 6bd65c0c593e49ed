"""What the document of a shard says of the whole run, and whether the documents of shards make up one run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from conformance.calls.outcome import encode
from conformance.cases import Case
from conformance.laws import LAWS
from conformance.results.store import ResultsError
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
        "runs": [run.id for run in session.runs],
        "names": [[row.origin, row.loss] for row in whole_table(session)],
    }


def _digest(session: Session) -> str:
    """Return what is the same for all shards of a run, and differs between runs over other cases or releases."""
    plan = {
        "cases": [_told(case) for case in session.cases],
        "runs": [[run.id, encode(run.inputs)] for run in session.runs],
        "implementations": [entry.id for entry in session.implementations],
        "laws": [law.id for law in LAWS],
        "versions": dict(session.versions),
    }
    return hashlib.sha256(json.dumps(plan, sort_keys=True).encode()).hexdigest()[:16]


def _told(case: Case) -> Any:
    return encode([getattr(case, name) for name in _OF_CASE])


def check_shards(documents: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return the documents with the shards of a run next to each other and in order, each run where its first one was.

    Args:
        documents: name -> document, of a shard or not.

    Raises:
        ResultsError: a shard is missing or given twice, or is of another run; names it.
    """
    runs: dict[str, dict[int, str]] = {}
    for name, document in documents.items():
        stamp = document.get("shard")
        run = name if stamp is None else f"{stamp['plan']} in {stamp['of']}"
        index = 1 if stamp is None else stamp["index"]
        other = runs.setdefault(run, {}).setdefault(index, name)
        if other != name:
            raise ResultsError(
                f"{name}: is shard {index} of {stamp and stamp['of']}, as {other} is. Give each shard once."
            )
    for found in runs.values():
        first = next(iter(found.values()))
        of = documents[first].get("shard", {}).get("of", 1)
        lacking = [str(index) for index in range(1, of + 1) if index not in found]
        if lacking:
            shards = "shard" if len(lacking) == 1 else "shards"
            others = [name for name in documents if name not in found.values()]
            said = (
                f" {others[0]} is of another run: over other cases, implementations or releases, or in another"
                " number of shards."
                if others
                else ""
            )
            raise ResultsError(
                f"{first}: its run lacks {shards} {' and '.join(lacking)} of {of}.{said} Run what is missing, and"
                " name its results.json, too."
            )
    return {found[index]: documents[found[index]] for found in runs.values() for index in sorted(found)}
