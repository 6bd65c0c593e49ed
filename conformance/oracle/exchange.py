"""Exchange rules between two definitions: which rules have to be the same for two implementations to agree."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Iterable, Iterator, MutableMapping
from dataclasses import dataclass

from conformance.adapters.base import Call
from conformance.oracle.axes import AXES
from conformance.oracle.prediction import Prediction
from conformance.oracle.resolve import Resolved
from conformance.oracle.ruleset import Rules
from conformance.oracle.sharing import Evaluations, Numbers

#: The axis of what an implementation raises for.
REFUSAL = "refusal"

#: The axis of what a name given to compile(), or a task, becomes.
RESOLUTION = "name-resolution"

#: The largest set of axes that is tried.
LARGEST = 3


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


#: Sets of axes, any of which is a cause.
Causes = tuple[tuple[str, ...], ...]

#: Two sides -> why they differ.
Known = MutableMapping[tuple["Side", "Side"], Causes]


@dataclass(frozen=True, eq=False)
class _Profile:
    """All of a side that the search for causes depends on, as numbers; equal keys have equal causes."""

    side: Side
    really: Numbers
    claims: Numbers
    base: Numbers
    predicted: int
    key: Hashable


class Exchange:
    """The exchanges between the sides of one call.

    Implementations share most of their rules, so that what was evaluated for one pair serves many others.

    Args:
        call: the call.
        known: causes that were found before on this call; new ones are added.
    """

    def __init__(self, call: Call, known: Known | None = None) -> None:
        self._known: Known = {} if known is None else known
        self._evaluations = Evaluations(call)
        self._profiles: dict[Side, _Profile] = {}
        self._causes: dict[Hashable, Causes] = {}

    def causes(self, one: Side, other: Side) -> Causes:
        """Return why the outcomes of two implementations differ, as sets of axes, any of which is a cause.

        Where one of them raises, the cause is what it raises for: no exchange can tell more, and rules of different
        frameworks easily raise together. Between two values, all smallest sets of axes whose exchange removes the
        difference: one side, following the other's rules on these axes, gives the other's result, in either direction.
        What a name becomes is a cause between names of one framework, or where nothing else removes the difference.
        Where nothing is specified, the departure is the cause.

        Returns:
            At most `LARGEST` axes in each set; more only where no such set removes the difference, then one set. Empty
            if even an exchange of all axes does not.
        """
        if "unspecified" in (one.predicted.kind, other.predicted.kind):
            return (("departure",),)
        if "raises" in (one.predicted.kind, other.predicted.kind):
            return ((REFUSAL,),)
        if (one, other) not in self._known:
            self._known[one, other] = self._known[other, one] = self._between(one, other)
        return self._known[one, other]

    def removes(self, axes: tuple[str, ...], one: Side, other: Side) -> bool:
        """Whether one side, following the other's rules on these axes, gives its result, in either direction."""
        mine, theirs = self._profile(one), self._profile(other)
        return self._removes(axes, mine, theirs) or self._removes(axes, theirs, mine)

    def _between(self, one: Side, other: Side) -> Causes:
        pair = self._profile(one), self._profile(other)
        key = pair[0].key, pair[1].key
        if key not in self._causes:
            self._causes[key] = self._causes[key[::-1]] = self._searched(*pair)
        return self._causes[key]

    def _searched(self, one: _Profile, other: _Profile) -> Causes:
        def removes(axes: tuple[str, ...]) -> bool:
            return self._removes(axes, one, other) or self._removes(axes, other, one)

        every = tuple(axis for axis in differing(one.side, other.side) if axis != REFUSAL)
        if RESOLUTION in every and not _share_names(one.side, other.side):
            ordinary = tuple(axis for axis in every if axis != RESOLUTION)
            return _smallest(ordinary, removes) or _smallest(every, removes)
        return _smallest(every, removes)

    def _removes(self, axes: tuple[str, ...], side: _Profile, other: _Profile) -> bool:
        """Whether a side that follows the other's rules on these axes gives the other's result."""
        numbers = {**(side.claims if "departure" in axes else side.really)}
        if RESOLUTION in axes:
            own = side.side.really.own_axes
            numbers.update((axis, number) for axis, number in other.base.items() if axis not in own)
        numbers.update((axis, other.really[axis]) for axis in _plain(axes))
        found = self._evaluations.result(numbers, lambda: exchanged(axes, side.side, other.side))
        return found == other.predicted

    def _profile(self, side: Side) -> _Profile:
        found = self._profiles.get(side)
        if found is None:
            numbered = self._evaluations.numbered
            really, claims = (numbered(each.rules.by_axis().values()) for each in (side.really, side.claims))
            base = numbered(side.really.base.in_release(side.really.release).values())
            predicted = self._evaluations.number_of(side.predicted)
            key = (
                *really.values(),
                side.really.rules.default_parameter.behaviour,
                tuple(claims.values()) if side.departs else None,
                tuple(base.values()),
                side.really.base.path,
                side.really.own_axes,
                _name_space(side),
                predicted,
            )
            found = self._profiles[side] = _Profile(side, really, claims, base, predicted, key)
        return found


def causes(one: Side, other: Side, call: Call) -> Causes:
    """Return why the outcomes of two implementations differ on a call: `Exchange.causes` for one pair alone."""
    return Exchange(call).causes(one, other)


def _smallest(axes: tuple[str, ...], removes: Callable[[tuple[str, ...]], bool]) -> Causes:
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


def _name_space(side: Side) -> tuple[str, str]:
    """Return the framework and what is called there, without the brackets."""
    framework, _, path = side.really.definition.path.partition("[")[0].partition(".")
    return framework, path


def _share_names(one: Side, other: Side) -> bool:
    """Whether two belong to one framework, or are called the same in two."""
    return any(mine == theirs for mine, theirs in zip(_name_space(one), _name_space(other), strict=True))


def differing(one: Side, other: Side) -> Iterator[str]:
    """Yield the axes on which the sides differ, in the order of `AXES`."""
    for axis in AXES:
        if axis == "departure":
            different = one.departs or other.departs
        elif axis == RESOLUTION:
            different = one.really.base.path != other.really.base.path and bool(
                one.really.own_axes or other.really.own_axes
            )
        else:
            different = one.really.rules.on(axis).behaviour != other.really.rules.on(axis).behaviour
        if different:
            yield axis


def exchanged(axes: tuple[str, ...], side: Side, other: Side) -> Rules:
    """Return the rules of a side with the other's on some axes."""
    rules = side.claims.rules if "departure" in axes else side.really.rules
    if RESOLUTION in axes:
        theirs = other.really.base.in_release(other.really.release)
        rules = rules.changed(*(rule for axis, rule in theirs.items() if axis not in side.really.own_axes))
    return rules.changed(*(other.really.rules.on(axis) for axis in _plain(axes)))


def _plain(axes: Iterable[str]) -> Iterator[str]:
    return (axis for axis in axes if axis not in ("departure", RESOLUTION))
