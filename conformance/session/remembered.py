"""What a run says about the outcomes that earlier runs had computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from conformance.calls.text import count
from conformance.session.session import Answer


def from_cache(answers: Iterable[Answer]) -> Iterator[str]:
    """Yield how many outcomes were not computed in this run, and how old they are; nothing if all were."""
    every = list(answers)
    made = [answer.made for answer in every if answer.made is not None]
    if made:
        oldest, newest = (f"{datetime.fromtimestamp(when(made), UTC):%Y-%m-%d %H:%M}" for when in (min, max))
        when = oldest if oldest == newest else f"{oldest} to {newest}"
        yield f"{len(made):,} of {count(len(every), 'outcome')} from the cache, computed {when} UTC"
