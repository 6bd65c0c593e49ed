"""Every implementation against its framework, on random calls that nobody has looked at.

A call that a definition predicts incorrectly is listed in `known_misses.yaml` with its reason. A miss that is not
listed fails, and so does a listed one that is predicted correctly by now.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import count, cycle, islice
from pathlib import Path
from typing import Any

import made_cases
import numpy as np
import pytest
import yaml
from random_calls import random_calls
from random_compiled_calls import random_compiled_calls
from random_shapes import random_shapes

from conformance.adapters.admission import reason_not_applicable
from conformance.adapters.base import Call, Implementation
from conformance.adapters.registry import installed
from conformance.adapters.releases import absence
from conformance.adapters.reproducer import reproducer
from conformance.cases import matches
from conformance.cases.calls import build
from conformance.oracle import find, predict
from conformance.oracle.resolve import Evaluated
from conformance.session.session import Session
from conformance.verdicts.verdicts import shown, shown_prediction
from conformance.workers.pool import Pool

#: compile() builds a model for each call and shards start two processes: hundreds of times as slow. Many calls of each
#: string are in `test_compiled_models.py`; here each implementation is called by its own lines.
CALLS_OF_A_MODEL = 1
CALLS_OF_A_MODEL_THOROUGH = 24
#: A Trainer takes ten times as long as a metric alone.
_SLOWER = 10
MISSES = Path(__file__).with_name("known_misses.yaml")
_SHOWN = 5

#: Knows the installed releases.
SESSION = Session([], made_cases.ADAPTERS)
ENTRIES = tuple(
    entry
    for adapter in made_cases.ADAPTERS
    if None not in installed(adapter).values()
    for entry in adapter.implementations
    if absence(entry.releases, SESSION.release_of(entry)) is None
)
#: What is only given to compile(), without a parameter, is tried in test_compiled_models.py.
COMPILED = tuple(
    entry
    for entry in ENTRIES
    if ".Model." in entry.id
    and entry.metric == "accuracy"
    and not (entry.sharded or entry.outputs)
    and (entry.asked != "named" or entry.parameters)
)
SHARDED = tuple(replace(entry, asked="always") for entry in ENTRIES if entry.sharded)
CHEAP = tuple(
    replace(entry, asked="always")
    for entry in ENTRIES
    if ".Model." not in entry.id and not entry.sharded and entry.metric == "accuracy"
)

pytestmark = pytest.mark.skipif(not ENTRIES, reason="no framework is installed")


@dataclass(frozen=True, eq=False)
class Numbered:
    """A random call and its number in the stream, by which `known_misses.yaml` names it.

    What rules come to is kept for the other implementations that have them.
    """

    number: int
    call: Call
    known: Evaluated = field(default_factory=dict)


def mixed() -> Iterator[Call]:
    """Two calls of the kind people make, then one whose shapes, dtypes and weights often do not fit."""
    people, misfits = random_calls(600), random_shapes(601)
    while True:
        yield from (next(people), next(people), next(misfits))


@cache
def calls(size: int) -> tuple[Numbered, ...]:
    return tuple(Numbered(*numbered) for numbered in zip(count(), islice(mixed(), size), strict=False))


def applicable(entry: Implementation, candidates: Iterable[Numbered], size: int) -> list[Numbered]:
    release = SESSION.release_of(entry)
    fed = (Numbered(n.number, _with_masks(entry, n.call)) if entry.masks else n for n in candidates)
    found = (n for n in fed if reason_not_applicable(entry, n.call, release=release) is None)
    return list(islice(found, size))


LISTED = yaml.safe_load(MISSES.read_text(encoding="utf-8"))


@cache
def known_misses() -> dict[int, tuple[str, ...]]:
    """Number of a call -> globs of the implementations that are known to be predicted incorrectly."""
    return {number: tuple(miss["implementations"]) for miss in LISTED for number in miss.get("calls", ())}


def is_known(entry: Implementation, number: int) -> bool:
    return any(matches(pattern, entry.id) for pattern in known_misses().get(number, ()))


def misses(pool: Pool, entry: Implementation, asked: list[Numbered]) -> dict[int, str]:
    """Return the calls on which the prediction does not hold, each with a program that shows it."""
    tickets = [pool.submit(entry, numbered.call) for numbered in asked]
    found = {}
    for numbered, ticket in zip(asked, tickets, strict=True):
        definition, release = find(entry.definition or ""), SESSION.release_of(entry)
        predictions = predict(definition, numbered.call, False, release, numbered.known)
        predicted = predictions.predicted
        outcome = ticket.result()
        if not predicted.holds_for(outcome):
            found[numbered.number] = (
                f"call {numbered.number}: observed {shown(outcome)}, predicted {shown_prediction(predicted)}\n"
                f"{reproducer(entry, numbered.call)}"
            )
    return found


def test_the_calls_of_a_seed_are_the_same_calls() -> None:
    one, other, third = (list(islice(random_calls(seed), 20)) for seed in (1, 1, 2))
    assert [reproducible(call) for call in one] == [reproducible(call) for call in other]
    assert [reproducible(call) for call in one] != [reproducible(call) for call in third]


def reproducible(call: Call) -> list[str]:
    return [reproducer(entry, call) for entry in ENTRIES if reason_not_applicable(entry, call) is None]


@pytest.mark.parametrize("entry", CHEAP, ids=lambda entry: entry.id)
def test_every_prediction_holds_on_random_calls(
    pool: Pool, entry: Implementation, random_calls_of_each: int
) -> None:
    # Few calls have several updates, or several labels and no parameter.
    several = entry.updates in ("several", "folds")
    size = random_calls_of_each // 4 if several else random_calls_of_each
    size = random_calls_of_each // _SLOWER if ".LightningModule." in entry.id else size
    asked = applicable(entry, calls(25 * random_calls_of_each), size)
    assert len(asked) >= min(size, random_calls_of_each // 4)
    found = misses(pool, entry, asked)
    unknown = [text for number, text in found.items() if not is_known(entry, number)]
    assert not unknown, f"{len(unknown)} of {len(asked)} predictions do not hold:\n\n" + "\n\n".join(
        unknown[:_SHOWN]
    )
    fixed = [n.number for n in asked if is_known(entry, n.number) and n.number not in found]
    assert not fixed, f"predicted correctly by now, remove from {MISSES.name}: {fixed}"


@pytest.mark.parametrize(
    "miss", [miss for miss in LISTED if "inputs" in miss], ids=lambda miss: miss["reason"]
)
def test_a_listed_input_is_still_predicted_incorrectly(pool: Pool, miss: dict[str, Any]) -> None:
    inputs = dict(miss["inputs"])
    call = Numbered(0, build(inputs.pop("task"), inputs))
    for name in miss["implementations"]:
        assert misses(pool, made_cases.ENTRIES[name], [call]), f"predicted correctly by now: {name}"


def _values(entry: Implementation) -> Iterator[dict[str, Any]]:
    """Yield values of the parameters of an object without end."""
    chosen = {"threshold": (0.7, 0.3), "top_k": (1, 2)}
    return cycle([{name: value} for name in entry.parameters for value in chosen[name]] or [{}])


def _class_weights(entry: Implementation) -> Iterator[dict[int, float] | None]:
    """Yield weights of classes without end, for some calls of what trains."""
    chosen = ({0: 1, 1: 3, 2: 0.5, 3: 2}, None, {0: 0.25, 1: 1}, None, {1: 2.5, 2: 4, 0: 0})
    return cycle(chosen if entry.class_weight else (None,))


def _with_masks(entry: Implementation, call: Call) -> Call:
    """Return the call with masks, for what is about them and has a dimension to leave for columns."""
    if not entry.masks or any(update.y_pred.ndim < 2 for update in call.updates):
        return call
    updates = (replace(update, mask=_mask(update.y_pred.shape[:-1])) for update in call.updates)
    return replace(call, updates=tuple(updates))


def _mask(shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    return np.arange(math.prod(shape)).reshape(shape) % 3 != 1


@pytest.fixture
def calls_of_a_model(request: pytest.FixtureRequest) -> int:
    return CALLS_OF_A_MODEL_THOROUGH if request.config.getoption("--thorough") else CALLS_OF_A_MODEL


@pytest.mark.skipif(not COMPILED, reason="no implementation that compiles a model is installed")
def test_every_prediction_holds_for_compiled_models(pool: Pool, calls_of_a_model: int) -> None:
    stream = random_compiled_calls(25)
    found: list[str] = []
    for entry in COMPILED:
        fed = (
            replace(
                _with_masks(entry, call),
                loss=entry.fixed.get("loss", call.loss),
                parameters=values,
                class_weight=weights,
            )
            for call, values, weights in zip(stream, _values(entry), _class_weights(entry), strict=False)
        )
        fitting = (call for call in fed if reason_not_applicable(entry, call, chosen=True) is None)
        asked = [Numbered(*numbered) for numbered in enumerate(islice(fitting, calls_of_a_model))]
        found += misses(pool, entry, asked).values()
    assert not found, "\n\n".join(found[:_SHOWN])


@pytest.mark.thorough
@pytest.mark.sharded
@pytest.mark.skipif(not SHARDED, reason="no implementation that shards its updates is installed")
def test_every_prediction_holds_where_updates_are_shards(pool: Pool) -> None:
    stream = [Numbered(*numbered) for numbered in enumerate(islice(random_calls(23), 4000))]
    found: list[str] = []
    for entry in SHARDED:
        found += misses(pool, entry, applicable(entry, stream, 3)).values()
    assert not found, "\n\n".join(found[:_SHOWN])
