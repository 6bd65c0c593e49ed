"""Metrics made of counts against their frameworks, on random calls that nobody has looked at."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import pytest
from random_counts import random_counts
from test_against_frameworks import ENTRIES, Numbered, applicable, misses

from conformance.adapters.base import Implementation
from conformance.workers.pool import Pool

CALLS = 320
CALLS_THOROUGH = 2400
_SHOWN = 5

OF_COUNTS = tuple(replace(entry, asked="always") for entry in ENTRIES if entry.metric != "accuracy")


@pytest.mark.parametrize("entry", OF_COUNTS, ids=lambda entry: entry.id)
def test_every_prediction_holds_on_random_calls(
    pool: Pool, entry: Implementation, request: pytest.FixtureRequest
) -> None:
    size = CALLS_THOROUGH if request.config.getoption("--thorough") else CALLS
    calls = islice(random_counts(11, entry.metric), 25 * size)
    stream = (Numbered(*numbered) for numbered in enumerate(calls))
    asked = applicable(entry, stream, size // 4)
    assert len(asked) == size // 4
    found = misses(pool, entry, asked)
    assert not found, f"{len(found)} of {size} predictions do not hold:\n\n" + "\n\n".join(
        list(found.values())[:_SHOWN]
    )
