"""Exchange rules between two definitions: which rules have to be the same for two implementations to agree."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from conformance.adapters.base import Call
from conformance.oracle.axes import AXES
from conformance.oracle.evaluate import evaluate
from conformance.oracle.model import Incomposable
from conformance.oracle.prediction import Prediction
from conformance.oracle.resolve import Resolved
from conformance.oracle.ruleset import Rules

#: The axis of what an implementation raises for.
REFUSAL = "refusal"

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
    """Return why the outcomes of two implementations differ on a call, as sets of axes, any of which is a cause.

    Where one of them raises, the cause is what it raises for: no exchange can tell more, and rules of different
    frameworks easily raise together. Between two values, all smallest sets of axes whose exchange removes the
    difference: one side, following the other's rules on these axes, gives the other's result, in either direction.
    Where nothing is specified, the departure is the cause.

    Returns:
        At most `LARGEST` axes in each set; more only where no such set removes the difference, then one set. Empty
        if even an exchange of all axes does not.
    """
    if "unspecified" in (one.predicted.kind, other.predicted.kind):
        return (("departure",),)
    if "raises" in (one.predicted.kind, other.predicted.kind):
        return ((REFUSAL,),)

    def removes(axes: tuple[str, ...]) -> bool:
        return _removes(axes, one, other, call) or _removes(axes, other, one, call)

    axes = tuple(axis for axis in differing(one, other) if axis != REFUSAL)
    for size in range(1, LARGEST + 1):
        found = tuple(chosen for chosen in itertools.combinations(axes, size) if removes(chosen))
        if found:
            return found
    return (_fewest(axes, removes),) if axes and removes(axes) else ()


def _fewest(axes: tuple[str, ...], removes: Callable[[tuple[str, ...]], bool]) -> tuple[str, ...]:
    """Return a set of axes of which none can be left out."""
    for axis in axes:
        fewer = tuple(other for other in axes if other != axis)
        axes = fewer if removes(fewer) else axes
    return axes


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


def _removes(axes: tuple[str, ...], side: Side, other: Side, call: Call) -> bool:
    try:
        return evaluate(_exchanged(axes, side, other), call).same_as(other.predicted)
    except Incomposable:
        # This exchange says nothing.
        return False


def _exchanged(axes: tuple[str, ...], side: Side, other: Side) -> Rules:
    rules = side.claims.rules if "departure" in axes else side.really.rules
    if "name-resolution" in axes:
        theirs = other.really.base.in_release(other.really.release)
        rules = rules.changed(*(rule for axis, rule in theirs.items() if axis not in side.really.own_axes))
    plain = (axis for axis in axes if axis not in ("departure", "name-resolution"))
    return rules.changed(*(other.really.rules.on(axis) for axis in plain))
