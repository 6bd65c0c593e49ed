"""Exchange rules between two definitions: which rules have to be the same for two implementations to agree."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from conformance.adapters.base import Call
from conformance.oracle.axes import AXES
from conformance.oracle.evaluate import evaluate
from conformance.oracle.model import Incomposable
from conformance.oracle.prediction import Prediction
from conformance.oracle.resolve import Resolved
from conformance.oracle.ruleset import Rules

#: The largest set of axes that is tried.
LARGEST = 3


@dataclass(frozen=True)
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


def causes(one: Side, other: Side, call: Call) -> tuple[tuple[str, ...], ...]:
    """Return all smallest sets of axes whose exchange removes the difference, at most `LARGEST` axes each.

    A set removes the difference if one side, following the other's rules on these axes, gives the other's
    result - in either direction. An exception for another reason is accepted only where no set gives the same one:
    rules of different frameworks easily raise. Where nothing is specified, the departure is the cause.
    """
    if "unspecified" in (one.predicted.kind, other.predicted.kind):
        return (("departure",),)
    axes = tuple(differing(one, other))
    raises = "raises" in (one.predicted.kind, other.predicted.kind)
    for same_reason in (True, False) if raises else (False,):
        for size in range(1, LARGEST + 1):
            found = tuple(
                chosen
                for chosen in itertools.combinations(axes, size)
                if _removes(chosen, one, other, call, same_reason)
                or _removes(chosen, other, one, call, same_reason)
            )
            if found:
                return found
    return ()


def differing(one: Side, other: Side) -> Iterator[str]:
    """Yield the axes on which the sides differ, in the order of `AXES`."""
    for axis in AXES:
        if axis == "departure":
            different = one.departs or other.departs
        elif axis == "name-resolution":
            different = one.really.base.path != other.really.base.path and bool(
                one.really.own_axes or other.really.own_axes
            )
        else:
            different = one.really.rules.on(axis).behaviour != other.really.rules.on(axis).behaviour
        if different:
            yield axis


def _removes(axes: tuple[str, ...], side: Side, other: Side, call: Call, same_reason: bool) -> bool:
    try:
        result = evaluate(_exchanged(axes, side, other), call)
    except Incomposable:
        # This exchange says nothing.
        return False
    return result.same_as(other.predicted) and (not same_reason or result.reason == other.predicted.reason)


def _exchanged(axes: tuple[str, ...], side: Side, other: Side) -> Rules:
    rules = side.claims.rules if "departure" in axes else side.really.rules
    if "name-resolution" in axes:
        theirs = other.really.base.in_release(other.really.release)
        rules = rules.changed(*(rule for axis, rule in theirs.items() if axis not in side.really.own_axes))
    plain = (axis for axis in axes if axis not in ("departure", "name-resolution"))
    return rules.changed(*(other.really.rules.on(axis) for axis in plain))
