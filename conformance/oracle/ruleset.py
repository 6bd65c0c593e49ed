"""The rules of one definition for one call: one typed field per axis."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace

from conformance.adapters.base import Call
from conformance.oracle.model import Definition, Rule
from conformance.oracle.rules.accumulation import Summed
from conformance.oracle.stages import (
    Alignment,
    Checking,
    Comparison,
    Decide,
    Defaults,
    Exclusion,
    MakeUnits,
    Parameters,
    Precision,
    ReadTargets,
    Special,
    Ties,
    Transform,
    Weigh,
)
from conformance.oracle.sums import Average, Statistic, Undefined

#: Chooses what a string becomes; None if another part of the definition does.
Resolution = Callable[[Call], Definition] | None


@dataclass(frozen=True)
class Rules:
    """One rule per axis. A field has the name of its axis, with underscores.

    Only name-resolution is optional: most implementations are no strings.
    """

    default_parameter: Rule[Defaults]
    refusal: Rule[Checking]
    threshold_precision: Rule[Precision]
    score_transform: Rule[Transform]
    label_domain: Rule[ReadTargets]
    decision_rule: Rule[Decide]
    ties: Rule[Ties]
    special_values: Rule[Special]
    shape: Rule[Alignment]
    exclusion: Rule[Exclusion]
    weights: Rule[Weigh]
    unit: Rule[MakeUnits]
    statistic: Rule[Statistic]
    average: Rule[Average]
    accumulation: Rule[Summed]
    undefined_value: Rule[Undefined]
    name_resolution: Rule[Resolution] | None = None

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> Rules:
        """Return the rules by axis; a later one takes the place of an earlier one.

        Raises:
            TypeError: an axis has no rule, or there is no such axis.
        """
        return cls(**{_field(rule.axis): rule for rule in rules})

    def on(self, axis: str) -> Rule:
        """Return the rule of an axis.

        Raises:
            LookupError: there is none.
        """
        rule: Rule | None = getattr(self, _field(axis), None)
        if rule is None:
            raise LookupError(f"there is no rule on {axis}")
        return rule

    def by_axis(self) -> dict[str, Rule]:
        """Return axis -> rule."""
        found = (getattr(self, entry.name) for entry in fields(self))
        return {rule.axis: rule for rule in found if rule is not None}

    def changed(self, *rules: Rule) -> Rules:
        """Return the rules with others in the place of those on their axes."""
        return replace(self, **{_field(rule.axis): rule for rule in rules})

    def parameters(self, call: Call) -> Parameters:
        """Return the parameters of a call: those the case names over the implementation's defaults."""
        return Parameters({**self.default_parameter.apply(call), **call.parameters})

    @property
    def comparison(self) -> Comparison:
        """How scores are compared, as the decision rule and the reading of targets need it."""
        return Comparison(self.threshold_precision.apply, self.ties.apply, self.special_values.apply)


def _field(axis: str) -> str:
    return axis.replace("-", "_")
