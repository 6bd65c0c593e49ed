"""Exchange rules between two definitions: which rules have to be the same for two implementations to agree."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Mapping, MutableMapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cached_property, partial

from conformance.adapters.base import Call
from conformance.oracle.model import Rule
from conformance.oracle.rearranged import rearranged
from conformance.oracle.rules.wording import Worded
from conformance.oracle.sharing import Evaluations, Numbers
from conformance.oracle.side import (
    DEPARTURE,
    PARAMETERS,
    REFUSAL,
    RESOLUTION,
    Side,
    differing,
    exchanged,
    ruled,
    share_names,
)

#: The largest set of axes that is tried.
LARGEST = 3

#: A set that removes the difference in none of so many arrangements of the samples does it by coincidence.
ENOUGH = 2


#: Sets of axes, any of which is a cause.
Causes = tuple[tuple[str, ...], ...]

#: Identities of two sides -> why they differ on one call.
Known = MutableMapping[tuple[str, str], Causes]


@dataclass(frozen=True, eq=False)
class _Profile:
    """All of a side that the search for causes depends on, as numbers; equal keys have equal causes."""

    side: Side
    really: Numbers
    claims: Numbers
    base: Numbers
    predicted: int | None
    key: Hashable


class _Exchanges:
    """The exchanges on one call: what was evaluated for one pair of sides serves many others."""

    def __init__(self, call: Call) -> None:
        self._evaluations = Evaluations(call)
        self._profiles: dict[Side, _Profile] = {}
        self._parameters: dict[Hashable, int] = {}

    def removes(
        self, axes: tuple[str, ...], side: Side, other: Side, parameters: tuple[str, ...] | None = None
    ) -> bool:
        """Whether a side that follows the other's rules on these axes gives the other's result: see `exchanged`."""
        numbers = self._numbers(axes, side, other, parameters)
        found = self._evaluations.result(numbers, lambda: exchanged(axes, side, other, parameters))
        return found is not None and found == self.profile(other).predicted

    def alike(self, axes: tuple[str, ...], side: Side, other: Side) -> bool:
        """Whether a side that follows the other's rules on these axes gives its result for the same samples.

        Where the two have different numbers of elements, the result alone decides.
        """
        if not self.removes(axes, side, other):
            return False
        numbers = self._numbers(axes, side, other, None)
        mine = self._evaluations.correct(numbers, lambda: exchanged(axes, side, other))
        theirs = self._evaluations.correct(self.profile(other).really, lambda: other.really.rules)
        return mine is None or theirs is None or mine[0] != theirs[0] or mine == theirs

    def _numbers(
        self, axes: tuple[str, ...], side: Side, other: Side, parameters: tuple[str, ...] | None
    ) -> Numbers:
        mine, theirs = self.profile(side), self.profile(other)
        numbers = {**(mine.claims if DEPARTURE in axes else mine.really)}
        if RESOLUTION in axes:
            own = side.really.own_axes
            numbers.update((axis, number) for axis, number in theirs.base.items() if axis not in own)
        for axis in ruled(axes):
            numbers[axis] = theirs.really[axis]
        # What parameters are depends on these numbers alone, which most pairs share with others.
        key = numbers[PARAMETERS], mine.really[PARAMETERS], theirs.really[PARAMETERS], parameters
        if key not in self._parameters:
            rule = exchanged(axes, side, other, parameters).default_parameter
            self._parameters[key] = self._evaluations.numbered((rule,))[PARAMETERS]
        numbers[PARAMETERS] = self._parameters[key]
        return numbers

    def needed(self, side: Side, axis: str) -> Rule:
        """Return the rule of a side on an axis without those of its last sentences that play no part in the result."""
        rule, profile = side.really.rules.on(axis), self.profile(side)
        if not (is_dataclass(rule.apply) and isinstance(rule.apply, Worded)):
            return rule
        for parameter in reversed(fields(rule.apply)):
            if parameter.default is not MISSING:
                plain = rule.amended(**{parameter.name: parameter.default})
                numbers = {**profile.really, **self._evaluations.numbered((plain,))}
                rules = partial(side.really.rules.changed, plain)
                shorter = rule.behaviour.says.startswith(plain.behaviour.says)
                if shorter and self._evaluations.result(numbers, rules) == profile.predicted:
                    rule = plain
        return rule

    def profile(self, side: Side) -> _Profile:
        """Return the profile of a side."""
        found = self._profiles.get(side)
        if found is None:
            found = self._profiles[side] = self._profile(side)
        return found

    def _profile(self, side: Side) -> _Profile:
        numbered = self._evaluations.numbered
        really, claims = (numbered(each.rules.by_axis().values()) for each in (side.really, side.claims))
        base = numbered(side.really.base.in_release(side.really.release).values())
        predicted = self._predicted(side, really)
        key = (
            *really.values(),
            side.really.rules.default_parameter.behaviour,
            tuple(claims.values()) if side.departs else None,
            tuple(base.values()),
            side.really.base.path,
            side.really.own_axes,
            side.name_space,
            predicted,
        )
        return _Profile(side, really, claims, base, predicted, key)

    def _predicted(self, side: Side, really: Numbers) -> int | None:
        return self._evaluations.number_of(side.predicted)


class _Rearranged(_Exchanges):
    """The exchanges on another call than the one that the sides were resolved for: what they give is evaluated."""

    def _predicted(self, side: Side, really: Numbers) -> int | None:
        return self._evaluations.result(really, lambda: side.really.rules)


class Exchange:
    """The exchanges between the sides of one call.

    Implementations share most of their rules, so that what was evaluated for one pair serves many others.

    Args:
        call: the call.
        known: causes that were found before on this call, between sides of which no two have the same identity; new
            ones are added. None: the identity of a side says nothing, as where variants of a definition are compared.

    Attributes:
        call: the call.
    """

    def __init__(self, call: Call, known: Known | None = None) -> None:
        self._known = known
        self.call = call
        self._exchanges = _Exchanges(call)
        self._causes: dict[Hashable, Causes] = {}

    def causes(self, one: Side, other: Side) -> Causes:
        """Return why the outcomes of two implementations differ, as sets of axes, any of which is a cause.

        Where one of them raises, the cause is what it raises for: no exchange can tell more, and rules of different
        frameworks easily raise together. Between two values, all smallest sets of axes whose exchange removes the
        difference: one side, following the other's rules on these axes, gives the other's result, in either direction.
        Of several sets, those are kept that remove it most often, and for the same samples, where targets meet the
        predictions of other samples; sets that never do it there do it here by coincidence, if one larger set always
        does. What a name becomes is a
        cause between names of one framework, or where nothing else removes the difference. Where nothing is
        specified, the departure is the cause.

        Returns:
            At most `LARGEST` axes in each set; more only where no such set removes the difference, then one set. Empty
            if even an exchange of all axes does not.
        """
        if "unspecified" in (one.predicted.kind, other.predicted.kind):
            return ((DEPARTURE,),)
        if "raises" in (one.predicted.kind, other.predicted.kind):
            return ((REFUSAL,),)
        if self.call.outputs and (one.departs or other.departs):
            # Which output's data a metric sees is no rule that could be exchanged.
            return ((DEPARTURE,),)
        if self._known is None:
            return self._between(one, other)
        key = one.identity, other.identity
        if key not in self._known:
            self._known[key] = self._known[key[::-1]] = self._between(one, other)
        return self._known[key]

    def removes(self, axes: tuple[str, ...], one: Side, other: Side) -> bool:
        """Whether one side, following the other's rules on these axes, gives its result, in either direction."""
        return any(self._exchanges.removes(axes, *both) for both in ((one, other), (other, one)))

    def needed(self, side: Side, axis: str) -> Rule:
        """Return the rule of a side on an axis, without what plays no part in its result."""
        return self._exchanges.needed(side, axis)

    def parameters(self, axes: tuple[str, ...], one: Side, other: Side) -> tuple[str, ...]:
        """Return which parameters matter where these axes, one of which is that of parameters, are exchanged.

        Returns:
            Those that differ and are not named by the case, each of which removes the difference alone; all that
            differ if none does.
        """
        both = [side.really.rules.default_parameter.apply(self.call) for side in (one, other)]
        names = [name for name in {**both[0], **both[1]} if name not in self.call.parameters]
        shared = [name for name in names if all(name in each for each in both)]
        different = [name for name in shared or names if both[0].get(name) != both[1].get(name)]
        ways = (one, other), (other, one)
        alone = [
            name
            for name in different
            if any(self._exchanges.removes(axes, *way, parameters=(name,)) for way in ways)
        ]
        return tuple(alone or different)

    def _between(self, one: Side, other: Side) -> Causes:
        key = self._exchanges.profile(one).key, self._exchanges.profile(other).key
        if key not in self._causes:
            self._causes[key] = self._causes[key[::-1]] = self._searched(one, other)
        return self._causes[key]

    def _searched(self, one: Side, other: Side) -> Causes:
        every = tuple(axis for axis in differing(one, other) if axis != REFUSAL)
        if RESOLUTION in every and not share_names(one, other):
            ordinary = tuple(axis for axis in every if axis != RESOLUTION)
            return self._smallest(ordinary, one, other) or self._smallest(every, one, other)
        return self._smallest(every, one, other)

    def _smallest(self, axes: tuple[str, ...], one: Side, other: Side) -> Causes:
        """Return the smallest sets that last; those that do not, where there is not one larger set that always does."""
        coincident: Causes = ()
        for size in range(1, LARGEST + 1):
            found = tuple(
                chosen for chosen in itertools.combinations(axes, size) if self.removes(chosen, one, other)
            )
            if not found:
                continue
            times, arrangements = self._times(found, one, other)
            most, _ = best = max(times.values())
            lasting = tuple(chosen for chosen in found if times[chosen] == best)
            if not coincident and (most or arrangements < ENOUGH):
                return lasting
            if coincident and most == arrangements and len(lasting) == 1:
                return lasting
            coincident = coincident or lasting
        if coincident or not axes or not self.removes(axes, one, other):
            return coincident
        return (_fewest(axes, lambda fewer: self.removes(fewer, one, other)),)

    def _times(
        self, found: Causes, one: Side, other: Side
    ) -> tuple[Mapping[tuple[str, ...], tuple[int, bool]], int]:
        """Return how often each set gives the result for the same samples; in how many arrangements.

        How often: in the arrangements in which both sides give a value, and whether it does so in the call.
        """
        both = (one, other), (other, one)
        ways = {axes: [way for way in both if self._exchanges.removes(axes, *way)] for axes in found}
        valued = [
            exchanges
            for exchanges in self._arrangements
            if None not in (exchanges.profile(one).predicted, exchanges.profile(other).predicted)
        ]

        def alike(exchanges: _Exchanges, axes: tuple[str, ...]) -> bool:
            return any(exchanges.alike(axes, *way) for way in ways[axes])

        times = {
            axes: (sum(alike(each, axes) for each in valued), alike(self._exchanges, axes)) for axes in found
        }
        return times, len(valued)

    @cached_property
    def _arrangements(self) -> tuple[_Exchanges, ...]:
        return tuple(map(_Rearranged, rearranged(self.call)))


def causes(one: Side, other: Side, call: Call) -> Causes:
    """Return why the outcomes of two implementations differ on a call: `Exchange.causes` for one pair alone."""
    return Exchange(call).causes(one, other)


def _fewest(axes: tuple[str, ...], removes: Callable[[tuple[str, ...]], bool]) -> tuple[str, ...]:
    """Return a set of axes of which none can be left out."""
    for axis in axes:
        fewer = tuple(other for other in axes if other != axis)
        axes = fewer if removes(fewer) else axes
    return axes
