"""The definitions against the installed frameworks, on inputs that nobody has looked at."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

import made_cases
import pytest
from random_calls import random_calls
from random_compiled_calls import random_compiled_calls
from random_shapes import random_shapes
from sampling import Some

from conformance.adapters.admission import reason_not_applicable
from conformance.adapters.base import Adapter, Call, Implementation
from conformance.adapters.registry import installed
from conformance.adapters.reproducer import reproducer
from conformance.oracle import find, predict
from conformance.verdicts.verdicts import shown, shown_prediction
from conformance.workers.pool import Pool

#: Fewer predictions than this must not hold; every miss is worth a look all the same.
_MUST_HOLD = 0.97
_SHOWN = 5

ADAPTERS: tuple[Adapter, ...] = tuple(
    adapter for adapter in made_cases.ADAPTERS if None not in installed(adapter).values()
)
ENTRIES = tuple(entry for adapter in ADAPTERS for entry in adapter.implementations)
#: Each of these builds a model and costs fifty times as much as any other.
COMPILED = tuple(entry for entry in ENTRIES if ".Model.compile[" in entry.id)
#: Metric classes and functions of both Kerases, which take whatever shape they are given.
KERAS = tuple(entry for entry in ENTRIES if "keras.metrics." in entry.id and not entry.sharded)

#: Two processes or two devices see the updates in turn.
SHARDED = tuple(entry for entry in ENTRIES if entry.sharded and entry not in COMPILED)
#: Each builds a graph for either device.
SPLIT = tuple(replace(entry, asked="always") for entry in COMPILED if entry.sharded)

pytestmark = pytest.mark.skipif(not ADAPTERS, reason="no framework is installed")


def cells(calls: Iterable[Call], entries: Iterable[Implementation]) -> list[tuple[Implementation, Call]]:
    entries = tuple(entries)
    return [(e, call) for call in calls for e in entries if reason_not_applicable(e, call) is None]


def held(pool: Pool, asked: list[tuple[Implementation, Call]]) -> tuple[float, str]:
    """Return the share of predictions that hold, and what the first others are about."""
    tickets = [pool.submit(entry, call) for entry, call in asked]
    misses = []
    for (entry, call), ticket in zip(asked, tickets, strict=True):
        predicted = predict(find(entry.definition or ""), call, trace=False).predicted
        outcome = pool.wait(ticket)
        if not predicted.holds_for(outcome):
            misses.append(
                f"{entry.id}: observed {shown(outcome)}, predicted {shown_prediction(predicted)}\n"
                f"{reproducer(entry, call)}"
            )
    head = f"{len(misses)} of {len(asked)} predictions do not hold. The first of them:"
    return 1 - len(misses) / len(asked), "\n\n".join([head, *misses[:_SHOWN]])


def test_calls_of_one_seed_are_the_same_calls() -> None:
    one, other, third = (list(islice(random_calls(seed), 20)) for seed in (1, 1, 2))
    assert [reproducible(call) for call in one] == [reproducible(call) for call in other]
    assert [reproducible(call) for call in one] != [reproducible(call) for call in third]


def reproducible(call: Call) -> list[str]:
    return [reproducer(entry, call) for entry in ENTRIES if reason_not_applicable(entry, call) is None]


def test_predictions_hold_on_random_inputs(pool: Pool, some: Some) -> None:
    entries = [entry for entry in ENTRIES if entry not in COMPILED and not entry.sharded]
    asked = cells(some(tuple(islice(random_calls(20), 60)), 5), entries)
    share, misses = held(pool, asked)
    assert share >= _MUST_HOLD, misses


@pytest.mark.thorough
@pytest.mark.skipif(not KERAS, reason="no Keras is installed")
def test_predictions_hold_where_shapes_dtypes_and_weights_hardly_fit(pool: Pool) -> None:
    asked = cells(islice(random_shapes(22), 60), KERAS)
    share, misses = held(pool, asked)
    assert share >= _MUST_HOLD, misses


@pytest.mark.thorough
@pytest.mark.skipif(not COMPILED, reason="Keras is not installed")
def test_predictions_hold_for_compiled_models_on_random_inputs(pool: Pool) -> None:
    fed = (call for call in random_calls(21) if cells([call], COMPILED))
    share, misses = held(pool, cells(islice(fed, 12), COMPILED))
    assert share >= _MUST_HOLD, misses


def compiled_cells(seed: int, count: int) -> list[tuple[Implementation, Call]]:
    """One way of compile() for each random call, so that all of them have their turn."""
    asked: list[tuple[Implementation, Call]] = []
    ways = itertools.cycle(entry for entry in COMPILED if not entry.sharded)
    for call in random_compiled_calls(seed):
        entry = next(ways)
        call = replace(call, loss=entry.fixed.get("loss", call.loss))
        if reason_not_applicable(entry, call, chosen=True) is None:
            asked.append((entry, call))
        if len(asked) == count:
            break
    return asked


@pytest.mark.thorough
@pytest.mark.skipif(not COMPILED, reason="Keras is not installed")
def test_predictions_hold_for_every_way_of_compile_with_any_loss_and_shapes(pool: Pool) -> None:
    asked = compiled_cells(25, 120)
    assert {entry.id for entry, _ in asked} == {entry.id for entry in COMPILED if not entry.sharded}
    share, misses = held(pool, asked)
    assert share >= _MUST_HOLD, misses


@pytest.mark.thorough
@pytest.mark.sharded
@pytest.mark.skipif(not SHARDED, reason="neither a Keras nor torchmetrics is installed")
def test_predictions_hold_where_updates_are_shards(pool: Pool) -> None:
    fed = (call for call in random_calls(23) if cells([call], SHARDED))
    asked = cells(islice(fed, 20), SHARDED)
    assert {entry.id.partition("[")[2] for entry, _ in asked} >= {"gloo]", "MirroredStrategy]"}
    share, misses = held(pool, asked)
    assert share >= _MUST_HOLD, misses


@pytest.mark.thorough
@pytest.mark.sharded
@pytest.mark.skipif(not SPLIT, reason="Keras is not installed")
def test_predictions_hold_where_evaluate_splits_batches(pool: Pool) -> None:
    fed = (call for call in random_calls(24) if cells([call], SPLIT))
    share, misses = held(pool, cells(islice(fed, 6), SPLIT))
    assert share >= _MUST_HOLD, misses
