"""Metrics made of counts against their frameworks, on random calls that nobody has looked at."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import islice

import pytest
from random_counts import random_counts
from sampling import Some
from test_against_frameworks import ENTRIES, Numbered, applicable, misses

from conformance.adapters.base import Implementation
from conformance.ask.remembered import Remembered
from conformance.workers.pool import Pool

#: So many times as many calls are looked at as are wanted.
_CONSIDERED = 100
_SHOWN = 5

#: To build a model takes as long as a hundred other calls.
CALLS_OF_A_MODEL_THOROUGH = 24

_ALL = tuple(replace(entry, asked="always") for entry in ENTRIES if entry.metric != "accuracy")
OF_COUNTS = tuple(entry for entry in _ALL if ".Model." not in entry.id)
COMPILED = tuple(entry for entry in _ALL if ".Model." in entry.id)


# Implementations of one metric are given the same calls, so that equal rules are evaluated once.
@cache
def calls(metric: str) -> Remembered[Numbered]:
    return Remembered(Numbered(*numbered) for numbered in enumerate(random_counts(11, metric)))


@pytest.mark.parametrize("entry", OF_COUNTS, ids=lambda entry: entry.id)
def test_every_prediction_holds_on_random_calls(
    pool: Pool, entry: Implementation, random_calls_of_each: int
) -> None:
    size = random_calls_of_each
    asked = applicable(entry, islice(calls(entry.metric), _CONSIDERED * size), size)
    assert len(asked) == size
    found = misses(pool, entry, asked)
    assert not found, f"{len(found)} of {size} predictions do not hold:\n\n" + "\n\n".join(
        list(found.values())[:_SHOWN]
    )


@pytest.mark.skipif(not COMPILED, reason="no implementation that compiles a model is installed")
def test_every_prediction_holds_for_compiled_models(
    pool: Pool, some: Some, request: pytest.FixtureRequest
) -> None:
    size = CALLS_OF_A_MODEL_THOROUGH if request.config.getoption("--thorough") else 1
    found: list[str] = []
    for place, entry in enumerate(some(COMPILED, 3)):
        calls = islice(random_counts(50 + place, entry.metric), 400 * size)
        stream = (Numbered(*numbered) for numbered in enumerate(calls))
        missed = misses(pool, entry, applicable(entry, stream, size)).values()
        found += (f"{entry.id}: {text}" for text in missed)
    assert not found, f"{len(found)} predictions do not hold:\n\n" + "\n\n".join(found[:_SHOWN])
