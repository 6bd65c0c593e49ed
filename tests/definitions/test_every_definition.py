"""What holds for all definitions: they are complete, sourced, consistently named, and share nothing mutable."""

from __future__ import annotations

import copy
import itertools
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from made_cases import ADAPTERS
from sampling import Some
from shipped_cases import CASES

from conformance.adapters.admission import reason_not_applicable
from conformance.adapters.base import Call, Implementation
from conformance.oracle import definitions, find, predict
from conformance.oracle.axes import AXES
from conformance.oracle.model import Behaviour, Definition, Rule
from conformance.oracle.prediction import Prediction
from conformance.oracle.reasons import Raises
from conformance.oracle.resolve import Resolved, changed_by, resolve

ENTRIES: tuple[Implementation, ...] = tuple(
    entry for adapter in ADAPTERS for entry in adapter.implementations
)

#: The name that a string or `task` stands for is chosen before rules are applied; departures replace rules.
_NOT_RULES = {"name-resolution", "departure"}


@cache
def admitted() -> tuple[tuple[Implementation, Call], ...]:
    asked = ((entry, case.call()) for case, entry in itertools.product(CASES, ENTRIES))
    return tuple((entry, call) for entry, call in asked if reason_not_applicable(entry, call) is None)


@cache
def resolutions() -> dict[str, Definition | Resolved]:
    """Every definition, and what those that stand for others stand for somewhere in the corpus."""
    found: dict[str, Definition | Resolved] = {definition.name: definition for definition in definitions()}
    for entry, call in admitted():
        definition = find(entry.definition or "")
        if definition.resolves_to is not None:
            try:
                resolved = resolve(definition, call)
            except Raises:
                continue
            found[f"{definition.name} as {resolved.base.name}"] = resolved
    return found


def rules_of(definition: Definition | Resolved) -> tuple[Rule, ...]:
    rules = definition.rules
    return rules if isinstance(rules, tuple) else tuple(rules.by_axis().values())


def changed_rules(definition: Definition | Resolved) -> Iterator[Rule]:
    """What each departure alone makes of the rule on its axis."""
    rules = {rule.axis: rule for rule in rules_of(definition)}
    for departure in definition.departures:
        rule = changed_by([departure], rules.get(departure.change.axis))
        if rule is not None:
            yield rule


def all_rules() -> Iterator[tuple[str, Rule]]:
    for name, definition in resolutions().items():
        yield from ((name, rule) for rule in rules_of(definition))
        yield from ((name, rule) for rule in changed_rules(definition))


def all_behaviours() -> Iterator[Behaviour]:
    yield from (rule.behaviour for _, rule in all_rules())


def test_every_implementation_has_a_definition() -> None:
    for entry in ENTRIES:
        assert entry.definition is not None, entry.id
        assert find(entry.definition).name == entry.definition


def test_every_definition_belongs_to_an_implementation() -> None:
    assert {definition.name for definition in definitions()} == {entry.definition for entry in ENTRIES}


def test_an_unknown_name_is_no_definition() -> None:
    with pytest.raises(KeyError):
        find("keras.metrics.Inaccuracy")


def test_a_definition_says_what_it_computes_in_a_sentence() -> None:
    for definition in definitions():
        assert definition.says.endswith("."), definition.name
        assert len(definition.says.split()) > 4, definition.name


def test_every_axis_has_one_rule_once_the_name_is_resolved() -> None:
    for name, definition in resolutions().items():
        axes = {rule.axis for rule in rules_of(definition)}
        if isinstance(definition, Resolved) or definition.resolves_to is None:
            assert set(AXES) - axes <= _NOT_RULES, name
        assert axes <= set(AXES), name


def test_every_rule_has_a_basis_and_a_place_where_it_was_read() -> None:
    for rule in {rule for one in definitions() for rule in (*one.rules, *changed_rules(one))}:
        assert rule.basis in ("documented", "source"), rule
        assert rule.behaviour.says.endswith("."), rule
        place = rule.place.strip()
        assert "/" in place or ".py" in place or "numpy." in place or "torch." in place or len(place) > 20, (
            rule
        )


def test_a_documented_rule_names_the_page_or_the_sentence() -> None:
    for rule in {rule for definition in definitions() for rule in definition.rules}:
        if rule.basis == "documented":
            assert "http" in rule.place or '"' in rule.place, rule


def test_two_different_behaviours_on_one_axis_never_share_a_name() -> None:
    """Behaviours are compared by name, so what is applied must be one thing a name, or a cause is missed."""
    applied: dict[tuple[str, str], set[object]] = defaultdict(set)
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    for behaviour in all_behaviours():
        applied[behaviour.axis, behaviour.name].add(does(behaviour))
        said[behaviour.axis, behaviour.name].add(behaviour.says)
    assert {key: says for key, says in said.items() if len(says) > 1} == {}
    assert [key for key, things in applied.items() if len(things) > 1 and key[0] in _SHARED_AXES] == []


#: On the other axes a behaviour is made anew for each definition: defaults, and the refusals of functions and
#: of ways of feeding. They are compared by what they do instead, below.
_SHARED_AXES = frozenset(AXES) - {"default-parameter", "refusal", "name-resolution"}


def does(behaviour: Behaviour) -> object:
    """What a behaviour does: a function, or a value object with all its parts."""
    apply = behaviour.apply
    if is_dataclass(apply) and not isinstance(apply, type):
        return type(apply), tuple(getattr(apply, item.name) for item in fields(apply))
    return apply


def test_defaults_of_one_name_are_the_same_defaults_on_every_case() -> None:
    by_name: dict[str, list[Rule]] = defaultdict(list)
    for definition in resolutions().values():
        for rule in rules_of(definition):
            if rule.axis == "default-parameter":
                by_name[rule.behaviour.name].append(rule)
    for name, same in by_name.items():
        for case in CASES:
            given = [_defaults(rule, case.call()) for rule in same]
            assert all(defaults == given[0] for defaults in given), (name, case.id)


def _defaults(rule: Rule, call: Call) -> dict[str, object]:
    everything = {**rule.apply(call), **call.parameters}
    # num_classes and num_labels follow from the data: no default, and no difference between implementations.
    return {key: item for key, item in everything.items() if key not in ("num_classes", "num_labels")}


def test_every_axis_in_use_is_known_and_every_known_axis_has_prose() -> None:
    assert {behaviour.axis for behaviour in all_behaviours()} <= set(AXES)
    for name, axis in AXES.items():
        assert axis.title, name
        assert len(axis.prose.split()) >= 15, name


def test_every_axis_but_departure_tells_two_definitions_apart() -> None:
    """An axis with one behaviour for all could never be a cause."""
    names: dict[str, set[str]] = defaultdict(set)
    for behaviour in all_behaviours():
        names[behaviour.axis].add(behaviour.name)
    assert [axis for axis in AXES if axis != "departure" and len(names[axis]) < 2] == []


def test_every_finite_number_that_is_predicted_is_a_fraction(some: Some) -> None:
    for entry, call in some(admitted(), 5):
        for number in _numbers(predict(find(entry.definition or ""), call, trace=False).predicted):
            assert isinstance(number, Fraction) or not math.isfinite(number), (entry.id, number)


def _numbers(prediction: Prediction) -> Iterator[Any]:
    for option in prediction.options:
        yield from _numbers(option)
    pending = [prediction.value] if prediction.kind == "value" else []
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending += value
        else:
            yield value


def test_predictions_in_another_order_are_the_same() -> None:
    """Nothing that one evaluation leaves behind reaches the next."""
    pairs = [(find(entry.definition or ""), call) for entry, call in admitted()[::7]]
    forwards = [predict(definition, call, trace=False) for definition, call in pairs]
    backwards = [predict(definition, call, trace=False) for definition, call in reversed(pairs)]
    for (definition, _), one, other in zip(pairs, forwards, reversed(backwards), strict=True):
        assert one.predicted.same_as(other.predicted), definition.name
        assert one.departures == other.departures, definition.name


def test_what_defaults_hand_out_can_be_changed_without_changing_the_definition() -> None:
    definition, call = find("torchmetrics.classification.BinaryAccuracy"), CASES[0].call()
    handed: dict[str, object] = definition.parameters(call)
    handed["threshold"] = 0.9
    assert definition.parameters(call)["threshold"] == 0.5


def test_predicting_leaves_the_arrays_of_the_call_as_they_were(some: Some) -> None:
    for case in some(CASES, 4):
        _predict_and_compare(case.call())


def _predict_and_compare(call: Call) -> None:
    # The arrays of a case are read-only; these could be changed.
    writable = replace(call, updates=copy.deepcopy(call.updates), parameters=dict(call.parameters))
    for entry in ENTRIES:
        if reason_not_applicable(entry, writable) is None:
            predict(find(entry.definition or ""), writable)
    assert writable.parameters == call.parameters
    for before, after in zip(call.updates, writable.updates, strict=True):
        for name in ("y_true", "y_pred", "sample_weight"):
            one, other = getattr(before, name), getattr(after, name)
            assert (one is None) == (other is None)
            if one is not None:
                assert one.dtype == other.dtype
                assert one.shape == other.shape
                assert one.tobytes() == other.tobytes(), name
