"""What compile() is given against its framework, on random calls that share a model where only values differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import cache

import made_cases
import pytest
from random_compiled_calls import random_calls_of_models
from shared_models import SHARING, WAYS
from test_against_frameworks import Numbered

from conformance.adapters.admission import reason_not_applicable
from conformance.adapters.base import Call, Implementation
from conformance.adapters.registry import installed
from conformance.adapters.reproducer import reproducer
from conformance.ask.remembered import Remembered
from conformance.calls.outcome import Outcome
from conformance.frameworks.keras.adapter import SPELLING as KERAS
from conformance.frameworks.keras_family.compile import Spelling
from conformance.frameworks.keras_family.ways import uses
from conformance.frameworks.tf_keras.adapter import SPELLING as TF_KERAS
from conformance.oracle import find, predict
from conformance.oracle.prediction import Prediction
from conformance.verdicts.verdicts import shown, shown_prediction
from conformance.workers.pool import Pool

#: At most; it takes longer to build a model than to evaluate it on a hundred calls.
CALLS_OF_A_MODEL = 200
_SHOWN = 5

INSTALLED = {
    way: entry
    for origin, ways in WAYS.items()
    if None not in installed(SHARING[origin]).values()
    for way, entry in ways.items()
}

pytestmark = pytest.mark.skipif(not INSTALLED, reason="no Keras is installed")


@dataclass(frozen=True)
class Model:
    """Calls that share a model, and by word the predictions for each: of those that give the first call a value."""

    spelling: Spelling
    calls: Sequence[Call]
    predictions: Mapping[str, Sequence[Prediction]]

    def call(self) -> Call:
        updates = tuple(update for call in self.calls for update in call.updates)
        return replace(
            self.calls[0],
            updates=updates,
            batches=tuple(len(update.y_pred) for update in updates),
            parameters={
                "steps": len(self.calls[0].updates),
                "names": list(self.predictions),
                "logged": [*map(self.spelling.logged, self.predictions)],
            },
        )

    def misses(self, outcome: Outcome) -> Iterator[tuple[str, Call, str]]:
        """Yield the string, the call, and what is wrong with its prediction."""
        if outcome.kind != "value":
            yield next(iter(self.predictions)), self.calls[0], f"no model: {shown(outcome)}"
            return
        by_call = zip(self.calls, zip(*self.predictions.values(), strict=True), outcome.value, strict=True)
        for call, predictions, (raised, *values) in by_call:
            predicted = dict(zip(self.predictions, predictions, strict=True))
            if any(prediction.kind in ("unspecified", "one-of") for prediction in predictions):
                continue
            raising = [name for name in predicted if predicted[name].kind == "raises"]
            if raised or raising:
                # One metric that raises ends the evaluation of all.
                if not (raised and raising):
                    yield (raising or list(predicted))[0], call, "raises" if raised else "does not raise"
                continue
            for (name, prediction), value in zip(predicted.items(), values, strict=True):
                seen = Outcome("value", value, "float64")
                if not prediction.holds_for(seen):
                    yield name, call, f"observed {shown(seen)}, predicted {shown_prediction(prediction)}"


@cache
def calls_of_models(size: int) -> Remembered[Sequence[Numbered]]:
    """Lists of calls of one form; what rules come to on each is kept for all words and ways to compile them."""
    lists = random_calls_of_models(26, size)
    return Remembered([Numbered(*numbered) for numbered in enumerate(calls)] for calls in lists)


def models(spelling: Spelling, entries: Mapping[str, Implementation], calls: int) -> Iterator[Model]:
    """Yield models until each word has been predicted to give a value on so many calls."""
    asked = Counter(dict.fromkeys(entries, 0))
    size = min(calls, CALLS_OF_A_MODEL)
    for of_a_model in calls_of_models(size):
        missing = {name: entry for name, entry in entries.items() if asked[name] < calls}
        if not missing:
            return
        first = of_a_model[0].call
        if reason_not_applicable(next(iter(entries.values())), first, chosen=True) is not None:
            continue
        definitions = {name: find(entry.definition or "") for name, entry in missing.items()}
        predictions = {
            name: [predict(definition, n.call, trace=False, known=n.known).predicted for n in of_a_model]
            for name, definition in definitions.items()
            if predict(definition, first, trace=False, known=of_a_model[0].known).predicted.kind == "value"
        }
        if predictions:
            asked.update(dict.fromkeys(predictions, size))
            yield Model(spelling, [n.call for n in of_a_model], predictions)


Asked = Mapping[str, Sequence[tuple[Model, Future[Outcome]]]]


def spelling_of(way: str) -> Spelling:
    return TF_KERAS if way.startswith("tf_keras") else KERAS


def groups_of(way: str) -> list[dict[str, Implementation]]:
    """Return what compile() is given in this way, in groups that a model can have at once: under names of their own."""
    groups: list[dict[str, Implementation]] = []
    logged = spelling_of(way).logged
    for word in dict.fromkeys(use.word for use in uses()):
        entry = made_cases.ENTRIES.get(way.replace("accuracy", word, 1))
        if entry is not None:
            fitting = (group for group in groups if logged(word) not in map(logged, group))
            group = next(fitting, None)
            if group is None:
                groups.append(group := {})
            group[word] = entry
    return groups


@pytest.fixture(scope="module")
def asked(pool: Pool, random_calls_of_each: int) -> Asked:
    """The models of each way; all are asked for first, so that the frameworks work at the same time."""
    return {
        way: [
            (model, pool.submit(entry, model.call()))
            for group in groups_of(way)
            for model in models(spelling_of(way), group, random_calls_of_each)
        ]
        for way, entry in INSTALLED.items()
    }


@pytest.mark.parametrize("way", INSTALLED)
def test_every_prediction_holds_for_calls_that_share_a_model(asked: Asked, way: str) -> None:
    missed = [miss for model, ticket in asked[way] for miss in model.misses(ticket.result())]
    entries = {word: entry for group in groups_of(way) for word, entry in group.items()}
    assert not missed, f"{len(missed)} predictions do not hold:\n\n" + "\n\n".join(
        f"{entries[name].id}: {wrong}\n{reproducer(entries[name], call)}"
        for name, call, wrong in missed[:_SHOWN]
    )
