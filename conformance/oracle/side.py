"""The two sides of an exchange of rules: what each really does and claims, and its rules with some of the other's."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from conformance.adapters.base import Call
from conformance.oracle.axes import AXES
from conformance.oracle.model import Behaviour, Rule
from conformance.oracle.prediction import Prediction
from conformance.oracle.resolve import Resolved
from conformance.oracle.ruleset import Rules
from conformance.oracle.stages import Defaults

#: The axis of what an implementation raises for.
REFUSAL = "refusal"

#: The axis of what a name given to compile(), or a task, becomes.
RESOLUTION = "name-resolution"

#: The axis of the parameters where a case is silent.
PARAMETERS = "default-parameter"

#: The axis of known deviations.
DEPARTURE = "departure"


@dataclass(frozen=True, eq=False)
class Side:
    """One of the two definitions, for one call.

    Attributes:
        really: resolved for the call, departures applied.
        claims: resolved for the call, departures left out.
        predicted: the outcome.
        departs: whether departures change the prediction.
        findings: ids of the findings whose departures change it.
    """

    really: Resolved
    claims: Resolved
    predicted: Prediction
    departs: bool
    findings: tuple[str, ...] = ()

    @cached_property
    def identity(self) -> str:
        """Name of the definition, and the release; together with the call they determine everything else."""
        return f"{self.really.name} {self.really.release or ''}"

    @cached_property
    def behaviours(self) -> Mapping[str, Behaviour[Any]]:
        """By axis, what it really does."""
        return {axis: rule.behaviour for axis, rule in self.really.rules.by_axis().items()}

    @property
    def name_space(self) -> tuple[str, str]:
        """The framework, and what is called there, without the brackets."""
        framework, _, path = self.really.definition.path.partition("[")[0].partition(".")
        return framework, path


def share_names(one: Side, other: Side) -> bool:
    """Whether two belong to one framework, or are called the same in two."""
    return any(mine == theirs for mine, theirs in zip(one.name_space, other.name_space, strict=True))


def differing(one: Side, other: Side) -> Iterator[str]:
    """Yield the axes on which the sides differ, in the order of `AXES`."""
    for axis in AXES:
        if axis == DEPARTURE:
            # Two that deviate by the same finding do not differ by it.
            different = one.findings != other.findings
        elif axis == RESOLUTION:
            # What differs in brackets alone is the same metric with other parameters.
            bases = {side.really.base.path.partition("[")[0] for side in (one, other)}
            different = len(bases) > 1 and bool(one.really.own_axes or other.really.own_axes)
        else:
            mine, theirs = one.behaviours[axis], other.behaviours[axis]
            different = mine is not theirs and mine != theirs
        if different:
            yield axis


def exchanged(
    axes: tuple[str, ...], side: Side, other: Side, parameters: Collection[str] | None = None
) -> Rules:
    """Return the rules of a side with the other's on some axes.

    A rule of the other may ask for a parameter that the side does not have: it then has the other's value.

    Args:
        axes: the axes.
        side: the side.
        other: the other one.
        parameters: on the axis of parameters, only these; None for all.
    """
    rules = side.claims.rules if DEPARTURE in axes else side.really.rules
    if RESOLUTION in axes:
        base = other.really.base.in_release(other.really.release)
        rules = rules.changed(*(rule for axis, rule in base.items() if axis not in side.really.own_axes))
    rules = rules.changed(*(other.really.rules.on(axis) for axis in ruled(axes)))
    own, theirs = (each.really.rules.default_parameter for each in (side, other))
    if PARAMETERS in axes and parameters is not None:
        return rules.changed(_completed(own, theirs, parameters))
    return rules.changed(_completed(rules.default_parameter, _completed(own, theirs)))


def _completed(rule: Rule[Defaults], other: Rule[Defaults], taken: Collection[str] = ()) -> Rule[Defaults]:
    """Return the rule on parameters with those of another that it lacks, and with those that are taken from it."""

    def defaults(call: Call) -> Mapping[str, Any]:
        theirs, own = other.apply(call), rule.apply(call)
        return {**theirs, **own, **{name: theirs[name] for name in taken if name in theirs}}

    named = rule.behaviour
    return Rule(
        Behaviour(named.axis, named.name, named.says, defaults), rule.basis, rule.place, rule.releases
    )


def ruled(axes: Iterable[str]) -> Iterator[str]:
    """Yield the axes that have a rule of each side; a departure and what a name becomes change several rules."""
    return (axis for axis in axes if axis not in (DEPARTURE, RESOLUTION))
