"""What masks do to metrics and losses: they become weights, which multiply sample_weight."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.frameworks.keras_family.conditions import WEIGHTED, always
from conformance.frameworks.keras_family.errors import AXIS
from conformance.frameworks.keras_family.masked import ALONE, COMPILED, key
from conformance.frameworks.keras_family.strings import StepChecks
from conformance.oracle.model import (
    Amendment,
    Behaviour,
    Definition,
    Departure,
    Finding,
    Rule,
    laid_over,
    parametric,
)
from conformance.oracle.numbers import Array, cast, without_subnormals
from conformance.oracle.reasons import R, Raises
from conformance.oracle.rules import threshold_precision, weights
from conformance.oracle.stages import Parameters, Precision, Weigh

#: Mask and sample_weight -> both arrays, brought to ranks in which they are multiplied.
Ranks = Callable[[Array, Array], tuple[Array, Array]]


def leading(mask: Array, weight: Array) -> tuple[Array, Array]:
    """Let the leading dimensions of both meet: a weight of a sample is that of all its timesteps."""
    rank = max(mask.ndim, weight.ndim)
    return (
        mask.reshape(mask.shape + (1,) * (rank - mask.ndim)),
        weight.reshape(weight.shape + (1,) * (rank - weight.ndim)),
    )


@dataclass(frozen=True, eq=False)
class Masks:
    """What one Keras does with masks.

    Attributes:
        place: where the source multiplies weights by a mask.
        ranks: brings mask and weights to ranks in which they are really multiplied.
        weigh: how weights weigh a compiled metric; None for what its own rule is.
        departures: known deviations of metrics that use the mask.
        in_place: whether weights are multiplied in place, so that they keep their shape.
        mask: gives the mask of an update that has one.
        layer: the layer that makes the mask of values; empty where it is given.
    """

    place: str
    ranks: Ranks = leading
    weigh: Rule[Weigh] | None = None
    departures: tuple[Departure, ...] = ()
    in_place: bool = False
    mask: Callable[[Update], Array] = lambda update: np.asarray(update.mask)
    layer: str = ""

    def weights(self, update: Update, *, really: bool, scaled: bool = False) -> Array | None:
        """Return sample_weight times the mask, or the mask alone.

        Args:
            update: has a mask.
            really: whether they are multiplied as they really are.
            scaled: whether they are also multiplied by the number of elements over that of those that count.

        Raises:
            Raises: they cannot be multiplied.
        """
        if update.mask is None:
            return update.sample_weight
        whole = self.mask(update)
        if update.sample_weight is None:
            return whole.astype("float32")
        ranks = self.ranks if really else leading
        mask, weight = ranks(whole, cast(update.sample_weight, "float32"))
        try:
            shape = np.broadcast_shapes(mask.shape, weight.shape)
        except ValueError:
            raise Raises(R["weights-not-broadcast"]) from None
        if really and self.in_place and shape != weight.shape:
            raise Raises(R["weights-not-broadcast"])
        factor = np.float32(whole.size) / np.float32(max(1, whole.sum())) if scaled else np.float32(1)
        return np.asarray(weight * (mask * factor).astype("float32"))


@dataclass(frozen=True)
class Masked:
    """A mask weighs as sample_weight does, and multiplies it.

    Attributes:
        weigh: what weights do.
        masks: what this Keras does with masks.
        weighted: whether sample_weight is used, besides the mask.
        really_masked: whether weights of another shape than the mask are multiplied as they really are.
        only_weighted: whether the mask is used only where sample_weight is.
        scaled: whether the loss has scaled the weights before.
    """

    weigh: Behaviour[Weigh]
    masks: Masks
    weighted: bool
    really_masked: bool = False
    only_weighted: bool = False
    scaled: bool = False

    @property
    def name(self) -> str:
        """Name of the behaviour."""
        flags = "-really" * self.really_masked + "-if-weighted" * self.only_weighted + "-scaled" * self.scaled
        by = f"-by-{self.masks.layer.lower()}" if self.masks.layer else ""
        return f"{self.weigh.name}-masked{by}{'' if self.weighted else '-alone'}{flags}"

    @property
    def says(self) -> str:
        """What is done."""
        used = "multiplied by the mask" if self.weighted else "not used"
        only = " The mask is used only where sample_weight is." if self.only_weighted else ""
        really = " Their shapes are broadcast from the last dimension on." if self.really_masked else ""
        scaled = (
            " Weights of a batch are scaled by its elements over those that count." if self.scaled else ""
        )
        by = "What is 0 in all features is masked, too. " if self.masks.layer else ""
        return (
            f"{by}What is masked has the weight 0, everything else 1. "
            f"sample_weight is {used}.{really}{only}{scaled} {self.weigh.says}"
        )

    def __call__(self, shape: tuple[int, ...], update: Update, call: Call) -> Array | None:
        """Return the weights of the hits, as `weigh` does."""
        given = update if self.weighted else replace(update, sample_weight=None)
        if not (self.only_weighted and given.sample_weight is None):
            given = replace(given, sample_weight=self._masked(given))
        else:
            given = replace(given, sample_weight=None)
        return self.weigh.apply(shape, given, call)

    def _masked(self, update: Update) -> Array | None:
        return self.masks.weights(update, really=self.really_masked, scaled=self.scaled)


@dataclass(frozen=True)
class MaskedChecks(StepChecks):
    """The checks of a step whose loss and metric are weighted by a mask, too."""

    masks: Masks | None = None
    really_masked: bool = False

    @property
    def name(self) -> str:
        """Name of the rule."""
        return f"{super().name}-masked{'-really' if self.really_masked else ''}"

    def before(self, parameters: Parameters, call: Call) -> None:
        """Check what is fed, and trace a step."""
        self.feeding.fits(call)
        for checks, given in self._parts():
            StepChecks.before(checks, parameters, _with(call, given))

    def each(self, update: Update, parameters: Parameters, call: Call) -> None:
        """Check a batch."""
        for checks, given in self._parts():
            StepChecks.each(checks, given(update), parameters, _with(call, given))

    def _parts(self) -> Iterator[tuple[MaskedChecks, Callable[[Update], Update]]]:
        """Yield the checks of the loss, and those of a metric that is weighted by the mask alone."""
        yield self, self._weighed
        if self.role == "metrics":
            yield (
                replace(self, role="weighted_metrics"),
                lambda update: self._weighed(replace(update, sample_weight=None)),
            )

    def _weighed(self, update: Update) -> Update:
        assert self.masks is not None
        return replace(update, sample_weight=self.masks.weights(update, really=self.really_masked))


def meeting(finding: Finding) -> tuple[Departure, ...]:
    """Return the departures that hold where weights have another shape than the mask."""

    def holds_for(call: Call, parameters: Mapping[str, Any]) -> bool:
        pairs = [(update.mask, update.sample_weight) for update in call.updates]
        return any(
            mask is not None and weight is not None and mask.shape != weight.shape for mask, weight in pairs
        )

    amendments = (Amendment.of(axis, really_masked=True) for axis in (weights.AXIS, AXIS))
    return tuple(Departure(finding, amendment, holds_for) for amendment in amendments)


def _with(call: Call, given: Callable[[Update], Update]) -> Call:
    return replace(call, updates=tuple(map(given, call.updates)))


def masked(definitions: Iterable[Definition], masks: Masks) -> Iterator[Definition]:
    """Yield the definitions of compiled strings of a model whose outputs carry a mask.

    Args:
        definitions: those of all ways to compile a string.
        masks: what this Keras does with masks.
    """
    known = {definition.name: definition for definition in definitions}
    module = next(iter(known)).partition(".")[0]
    for by, role, word in COMPILED:
        way = f"{role}={word}" if role == "weighted_metrics" else word
        base = known[f"{module}.Model.compile[{way}]"]
        found = _masked(base, masks) if by == "mask" else _by_masking(base, masks)
        yield replace(found, name=f"{module}.Model.compile[{key(by, role, word)}]")


def _masked(definition: Definition, masks: Masks) -> Definition:
    (checks,) = definition.on(AXIS)
    given = {entry.name: getattr(checks.apply, entry.name) for entry in fields(StepChecks)}
    really = parametric(AXIS, MaskedChecks(**given, masks=masks)).source(f"{checks.place}, {masks.place}")
    weighted = checks.apply.role == "weighted_metrics"
    chosen = definition.resolves_to
    assert chosen is not None

    def rule(weigh: Rule[Weigh]) -> Rule[Weigh]:
        behaviour = parametric(weights.AXIS, Masked(weigh.behaviour, masks, weighted))
        return behaviour.source(f"{masks.place}, {weigh.place}")

    def resolves_to(call: Call) -> Definition:
        metric = chosen(call)
        if masks.weigh is not None:
            return metric
        departures = (
            replace(entry, holds_for=always) if entry.holds_for is WEIGHTED else entry
            for entry in metric.departures
        )
        return metric.overlaid(
            metric.name, metric.says, rule(*metric.on(weights.AXIS)), departures=tuple(departures)
        )

    kept = tuple(entry for entry in definition.rules if entry.axis not in (AXIS, weights.AXIS))
    own = () if masks.weigh is None else (rule(masks.weigh),)
    return replace(
        definition,
        says=f"{definition.says.removesuffix('.')}; what is masked does not count.",
        rules=(*kept, *own, really),
        departures=(*definition.departures, *masks.departures),
        resolves_to=resolves_to,
    )


def _by_masking(definition: Definition, masks: Masks) -> Definition:
    """Return the definition of a model with a Masking layer, which also masks what is 0 without being masked."""
    found = _masked(definition, replace(masks, mask=_not_zero, layer="Masking"))
    (precision,) = definition.on(threshold_precision.AXIS)
    return replace(
        found, rules=laid_over(found.rules, replace(precision, behaviour=_zeroing(precision.behaviour)))
    )


@cache
def _zeroing(precision: Behaviour[Precision]) -> Behaviour[Precision]:
    """Return the same after a Masking layer; one behaviour for all ways that follow it."""
    apply = precision.apply

    def prepare(update: Update, call: Call) -> Update:
        return apply.prepare(replace(update, y_pred=_zeroed(update)), call)

    return replace(
        precision,
        name=f"{precision.name}-zeroed",
        says=f"Predictions that are masked are 0. {precision.says}",
        apply=replace(apply, prepare=prepare),
    )


def _zeroed(update: Update) -> Array:
    mask = np.asarray(update.mask)
    mask = mask.reshape(mask.shape + (1,) * (update.y_pred.ndim - mask.ndim))
    return np.where(mask, update.y_pred, np.zeros((), update.y_pred.dtype))


def _not_zero(update: Update) -> Array:
    """Return the mask of a Masking layer: what has a feature other than 0, as float32 (core/masking.py)."""
    return np.asarray((without_subnormals(cast(_zeroed(update), "float32")) != 0).any(axis=-1))


def alone(metrics: Iterable[Definition], masks: Masks | None) -> Iterator[Definition]:
    """Yield the definitions of metric classes that are given predictions with a mask.

    Args:
        metrics: those of the classes.
        masks: what the classes do with masks; None where they ignore them.
    """
    for metric in (entry for entry in metrics if entry.path.rpartition(".")[2] in ALONE):
        says = f"{metric.says.removesuffix('.')}; the mask is ignored."
        rules: tuple[Rule, ...] = ()
        if masks is not None:
            says = f"{metric.says.removesuffix('.')}; what is masked does not count."
            (weigh,) = metric.on(weights.AXIS)
            behaviour = parametric(weights.AXIS, Masked(weigh.behaviour, masks, weighted=True))
            rules = (behaviour.source(f"{masks.place}, {weigh.place}"),)
        found = metric.overlaid(metric.name.replace(metric.path, f"{metric.path}[mask]"), says, *rules)
        yield replace(found, departures=(*found.departures, *(masks.departures if masks else ())))
