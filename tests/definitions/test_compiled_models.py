"""Every string of compile() against its framework, on random calls that share a model where only values differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import made_cases
import pytest
from random_compiled_calls import random_calls_of_models
from shared_models import SHARING

from conformance.adapters.admission import reason_not_applicable
from conformance.adapters.base import Call, Implementation
from conformance.adapters.registry import installed
from conformance.adapters.reproducer import reproducer
from conformance.calls.outcome import Outcome
from conformance.frameworks.keras_family.compile import METRICS
from conformance.oracle import find, predict
from conformance.oracle.prediction import Prediction
from conformance.verdicts.verdicts import shown, shown_prediction
from conformance.workers.pool import Pool

#: Calls of each string. Keras takes 50 ms to evaluate a model, however small.
CALLS = 40
CALLS_THOROUGH = 600
CALLS_OF_A_MODEL = 40
_SHOWN = 5

ADAPTERS = tuple(adapter for adapter in SHARING.values() if None not in installed(adapter).values())
WAYS = tuple(entry for adapter in ADAPTERS for entry in adapter.implementations)

pytestmark = pytest.mark.skipif(not WAYS, reason="no Keras is installed")


@pytest.fixture(scope="module")
def sharing() -> Iterator[Pool]:
    one_each = {adapter.origin: 1 for adapter in ADAPTERS}
    # A cell evaluates a model on many calls.
    with Pool(ADAPTERS, timeout=600, processes=one_each) as started:
        yield started


@dataclass(frozen=True)
class Model:
    """Calls that share a model, and by string the predictions for each: of those that give the first call a value."""

    calls: Sequence[Call]
    predictions: Mapping[str, Sequence[Prediction]]

    def call(self) -> Call:
        updates = tuple(update for call in self.calls for update in call.updates)
        return replace(
            self.calls[0],
            updates=updates,
            batches=tuple(len(update.y_pred) for update in updates),
            parameters={"steps": len(self.calls[0].updates), "names": list(self.predictions)},
        )

    def misses(self, outcome: Outcome) -> Iterator[tuple[str, Call, str]]:
        """Yield the string, the call, and what is wrong with its prediction."""
        if outcome.kind != "value":
            yield next(iter(self.predictions)), self.calls[0], f"no model: {shown(outcome)}"
            return
        by_call = zip(*self.predictions.values(), strict=True)
        for call, predictions, (raised, *values) in zip(self.calls, by_call, outcome.value, strict=True):
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


def models(entries: Mapping[str, Implementation], calls: int) -> Iterator[Model]:
    """Yield models until each string has been predicted to give a value on so many calls."""
    asked = Counter(dict.fromkeys(entries, 0))
    stream = random_calls_of_models(26, CALLS_OF_A_MODEL)
    while min(asked.values()) < calls:
        of_a_model = next(stream)
        if reason_not_applicable(entries["accuracy"], of_a_model[0], chosen=True) is not None:
            continue
        predictions = {
            name: [predict(find(entry.definition or ""), call, trace=False).predicted for call in of_a_model]
            for name, entry in entries.items()
        }
        valued = {name: found for name, found in predictions.items() if found[0].kind == "value"}
        if valued:
            asked.update(dict.fromkeys(valued, CALLS_OF_A_MODEL))
            yield Model(of_a_model, valued)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.id)
def test_every_prediction_holds_for_calls_that_share_a_model(
    sharing: Pool, way: Implementation, request: pytest.FixtureRequest
) -> None:
    entries = {name: made_cases.ENTRIES[way.id.replace("accuracy", name, 1)] for name in METRICS}
    calls = CALLS_THOROUGH if request.config.getoption("--thorough") else CALLS
    asked = [(model, sharing.submit(way, model.call())) for model in models(entries, calls)]
    missed = [miss for model, ticket in asked for miss in model.misses(ticket.result())]
    assert not missed, f"{len(missed)} predictions do not hold:\n\n" + "\n\n".join(
        f"{entries[name].id}: {wrong}\n{reproducer(entries[name], call)}"
        for name, call, wrong in missed[:_SHOWN]
    )
