"""Departures: amendments of one rule compose, in any order, and names and sentences follow from parameters."""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from sampling import Some
from test_every_definition import admitted, all_behaviours, does, resolutions

from conformance.adapters.base import Call, Update
from conformance.oracle import find, predict
from conformance.oracle.evaluate import evaluate
from conformance.oracle.model import Amendment, Change, Contradiction, Definition, Departure, Finding, Raising
from conformance.oracle.reasons import Reason
from conformance.oracle.resolve import Resolved, changed_by, departed, resolve
from conformance.oracle.rules import accumulation, average
from conformance.oracle.ruleset import Rules


def _departure(change: Change, place: str = "here.py:1") -> Departure:
    finding = Finding("made", "defect", "Made", "Always.", "A test.", "", place)
    return Departure(finding, change, lambda call, parameters: True)


MACRO = "torchmetrics.classification.MulticlassAccuracy"
ABSENT = _departure(Amendment.of(average.AXIS, absent=False), "absent.py:1")
IGNORED = _departure(Amendment.of(average.AXIS, ignored=True), "ignored.py:2")
CLASSES = average.CLASSES.source("classes.py:3")


def test_two_amendments_of_one_rule_both_hold_in_either_order() -> None:
    both, reversed_ = (changed_by(order, CLASSES) for order in ((ABSENT, IGNORED), (IGNORED, ABSENT)))
    assert both == reversed_
    assert both is not None
    assert (both.apply.absent, both.apply.ignored) == (False, True)
    assert both.place == "absent.py:1; ignored.py:2"
    assert both.basis == "source"


def test_name_and_sentence_follow_from_the_parameters() -> None:
    made = [
        changed_by(chosen, CLASSES) or CLASSES
        for size in range(3)
        for chosen in itertools.combinations((ABSENT, IGNORED), size)
    ]
    assert [rule.behaviour.name for rule in made] == [
        "all-classes",
        "occurring-classes",
        "all-classes-and-the-ignored-one",
        "occurring-classes-and-the-ignored-one",
    ]
    assert len({rule.behaviour.says for rule in made}) == 4


def test_a_rule_that_replaces_another_is_amended_too() -> None:
    replaced = _departure(average.POOLED.source("pooled.py:1"))
    squeezed = _departure(Amendment.of(average.AXIS, squeezed=True))
    for order in itertools.permutations((replaced, squeezed, ABSENT)):
        rule = changed_by(order, CLASSES)
        assert rule is not None
        assert rule.behaviour.name == "pooled-squeezed"


def test_changes_that_contradict_each_other_are_an_error() -> None:
    pooled, not_averaged = (
        _departure(rule.source("here.py")) for rule in (average.POOLED, average.NOT_AVERAGED)
    )
    with pytest.raises(Contradiction, match="absent of the rule on average is changed to False and True"):
        changed_by((ABSENT, _departure(Amendment.of(average.AXIS, absent=True))), CLASSES)
    with pytest.raises(Contradiction, match="several rules replace the one on average: not-averaged, pooled"):
        changed_by((pooled, not_averaged), CLASSES)


def test_departures_that_contradict_each_other_predict_nothing_and_the_run_goes_on() -> None:
    pooled, not_averaged = (
        _departure(rule.source("here.py")) for rule in (average.POOLED, average.NOT_AVERAGED)
    )
    definition = find("keras.metrics.Accuracy")
    both = replace(definition, departures=(pooled, not_averaged))
    call = Call("binary", (Update(np.array([1, 0]), np.array([1, 1])),))
    predicted = predict(both, call).predicted
    assert predicted.kind == "not-evaluated"
    assert "several rules replace the one on average" in str(predicted.why)


def test_what_raises_in_any_case_raises_whatever_the_rules_are() -> None:
    definition = find("keras.metrics.Accuracy")
    call = Call("binary", (Update(np.array([1, 0]), np.array([1, 1])),))
    rules = resolve(definition, call).rules
    raising = changed_by((_departure(Raising(Reason("made", "it is made to"), "OSError")),), rules.refusal)
    assert raising is not None
    predicted = evaluate(rules.changed(raising), call)
    assert (predicted.kind, predicted.type, predicted.why) == ("raises", "OSError", "it is made to")


def test_the_two_departures_of_the_macro_average_compose() -> None:
    """Of four classes two are absent, and one is ignored and predicted: one half and 0 are averaged."""
    call = Call(
        "multiclass",
        (Update(np.asarray([0, 0, 1]), np.asarray([0, 1, 0])),),
        {"num_classes": 4, "ignore_index": 1},
    )
    found = predict(find(MACRO), call)
    assert found.side.really.rules.average.behaviour.name == "occurring-classes-and-the-ignored-one"
    assert (found.claimed.value, found.predicted.value) == (Fraction(1, 6), Fraction(1, 4))
    assert set(found.departures) == {
        "torchmetrics-macro-counts-the-ignored-class",
        "torchmetrics-macro-leaves-absent-classes-out",
    }


def test_the_order_of_departures_does_not_matter(some: Some) -> None:
    for entry, call in some(admitted(), 4):
        resolved = resolve(find(entry.definition or ""), call)
        if len(resolved.departures) > 1:
            backwards = replace(resolved, departures=resolved.departures[::-1])
            one, other = departed(resolved, call)[0].rules, departed(backwards, call)[0].rules
            for axis, rule in one.by_axis().items():
                if axis != "refusal":
                    assert rule.behaviour == other.on(axis).behaviour, (entry.id, axis)


def test_every_amendment_fits_the_rule_of_some_definition() -> None:
    """An amendment that fits no rule is misspelt."""
    fitting: dict[Amendment, bool] = defaultdict(bool)
    for found in resolutions().values():
        rules = _rules(found)
        for departure in found.departures:
            if isinstance(departure.change, Amendment):
                rule = rules.get(departure.change.axis)
                fitting[departure.change] |= rule is not None and departure.change.fits(rule)
    assert fitting
    assert [amendment for amendment, fits in fitting.items() if not fits] == []


def _rules(found: Definition | Resolved) -> dict[str, Any]:
    return found.rules.by_axis() if isinstance(found.rules, Rules) else found.in_release()  # type: ignore[union-attr]


def test_two_behaviours_of_different_names_do_different_things() -> None:
    """Behaviours are compared by name: the same thing under two names would be a cause that is none."""
    names: dict[object, set[str]] = defaultdict(set)
    for behaviour in all_behaviours():
        if behaviour.axis not in ("refusal", "default-parameter", "name-resolution"):
            names[behaviour.axis, does(behaviour)].add(behaviour.name)
    assert [same for same in names.values() if len(same) > 1] == []


@pytest.mark.parametrize("way", ["forward", "forward,last", "gloo"])
@pytest.mark.parametrize("task", ["Binary", "Multiclass", "Multilabel"])
def test_a_way_of_use_inherits_departures_as_they_are(task: str, way: str) -> None:
    inherited, known = find(f"{_class(task)}[{way}]").departures, find(_class(task)).departures
    own = [entry for entry in inherited if isinstance(entry.change, Raising)]
    assert len(known) > 3
    assert set(inherited) - set(own) <= set(known)


def _class(name: str) -> str:
    return f"torchmetrics.classification.{name}Accuracy"


def test_shards_and_a_squeezed_result_compose() -> None:
    (rule,) = find(f"{_class('Binary')}[gloo]").on(accumulation.AXIS)
    squeezed = changed_by((_departure(Amendment.of(accumulation.AXIS, squeezed=True)),), rule)
    assert squeezed is not None
    assert (squeezed.apply.shards, squeezed.apply.squeezed) == ("ranks", True)
