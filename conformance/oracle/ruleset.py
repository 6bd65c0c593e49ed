"""The rules of one definition for one call: one typed field per axis."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, fields

from conformance.adapters.base import Call
from conformance.oracle import stages, sums
from conformance.oracle.model import Definition, Rule
from conformance.oracle.rules.accumulation import Summed

#: Chooses what a string becomes; None if another part of the definition does.
Resolution = Callable[[Call], Definition] | None


@dataclass(frozen=True)
class Rules:
    """One rule per axis. A field has the name of its axis, with underscores.

    Only name-resolution is optional: most implementations are no strings.
    """

    default_parameter: Rule[stages.Defaults]
    refusal: Rule[stages.Checking]
    threshold_precision: Rule[stages.Precision]
    score_transform: Rule[stages.Transform]
    label_domain: Rule[stages.ReadTargets]
    decision_rule: Rule[stages.Decide]
    ties: Rule[stages.Ties]
    special_values: Rule[stages.Special]
    shape: Rule[stages.Alignment]
    exclusion: Rule[stages.Exclusion]
    weights: Rule[stages.Weigh]
    unit: Rule[stages.MakeUnits]
    statistic: Rule[sums.Statistic]
    average: Rule[sums.Average]
    accumulation: Rule[Summed]
    undefined_value: Rule[sums.Undefined]
    name_resolution: Rule[Resolution] | None = None

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> Rules:
        """Return the rules by axis; a later one takes the place of an earlier one.

        Raises:
            TypeError: an axis has no rule, or there is no such axis.
        """
        return cls(**{_FIELDS[rule.axis]: rule for rule in rules})

    def on(self, axis: str) -> Rule:
        """Return the rule of an axis.

        Raises:
            LookupError: there is none.
        """
        rule: Rule | None = getattr(self, _FIELDS.get(axis, ""), None)
        if rule is None:
            raise LookupError(f"there is no rule on {axis}")
        return rule

    def by_axis(self) -> dict[str, Rule]:
        """Return axis -> rule."""
        found = (getattr(self, entry.name) for entry in fields(self))
        return {rule.axis: rule for rule in found if rule is not None}

    def changed(self, *rules: Rule) -> Rules:
        """Return the rules with others in the place of those on their axes."""
        # A tenth of the time of `replace`, which is most of what a search for causes would spend.
        made = object.__new__(type(self))
        made.__dict__.update(self.__dict__, **{_FIELDS[rule.axis]: rule for rule in rules})
        return made

    def parameters(self, call: Call) -> stages.Parameters:
        """Return the parameters of a call: those the case names over the implementation's defaults."""
        return stages.Parameters({**self.default_parameter.apply(call), **call.parameters})

    def essence(self, call: Call) -> Hashable:
        """Return what is equal for rules that evaluate a call alike, wherever they were read."""
        others = (getattr(self, name) for name in _EVALUATED)
        parameters = {**self.default_parameter.apply(call), **call.parameters}
        return repr(sorted(parameters.items())), *((rule.behaviour, rule.apply) for rule in others)

    @property
    def comparison(self) -> stages.Comparison:
        """How scores are compared, as the decision rule and the reading of targets need it."""
        return stages.Comparison(self.threshold_precision.apply, self.ties.apply, self.special_values.apply)


#: Axis -> the name of its field.
_FIELDS = {entry.name.replace("_", "-"): entry.name for entry in fields(Rules)}

#: The fields whose rules are evaluated as they are; the values of default-parameter are looked at instead.
_EVALUATED = tuple(name for name in _FIELDS.values() if name not in ("default_parameter", "name_resolution"))
