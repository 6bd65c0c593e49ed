"""refusal: what torchmetrics checks, and that self.log() takes one number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from conformance.adapters.base import Call, Update
from conformance.frameworks.torchmetrics.errors import AXIS, Validation
from conformance.oracle.model import Rule, parametric
from conformance.oracle.reasons import raise_if, reasons_in
from conformance.oracle.stages import Parameters

R = reasons_in(__package__)


@dataclass(frozen=True)
class Logged(Validation):
    """What torchmetrics checks of a metric or a value that is logged.

    Attributes:
        one_number: whether a value of several numbers raises.
    """

    one_number: bool = True

    @property
    def _of_metric(self) -> Validation:
        return Validation(**{field.name: getattr(self, field.name) for field in fields(Validation)})

    @property
    def name(self) -> str:
        """Name of the behaviour."""
        return f"{self._of_metric.name}{'-logged' if self.one_number else ''}"

    @property
    def says(self) -> str:
        """What is done."""
        return (
            f"{self._of_metric.says}{' A value of several numbers is not logged.' if self.one_number else ''}"
        )

    def each(self, update: Update, parameters: Parameters, call: Call) -> None:
        """Check an update, and its value."""
        super().each(update, parameters, call)
        several = not self.of.startswith("binary") and several_numbers(call, parameters)
        # torch has raised for an empty update.
        raise_if(self.one_number and several and update.y_pred.size, R["several-numbers"], "ValueError")


def several_numbers(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether a metric of several classes or labels has a number for each."""
    return parameters.get("average") in ("none", None)


def logged(rule: Rule[Validation]) -> Rule[Logged]:
    """Return a rule of torchmetrics with what self.log() checks; arrays become tensors before the model is made."""
    given = {field.name: getattr(rule.apply, field.name) for field in fields(Validation)}
    behaviour = parametric(AXIS, Logged(**{**given, "tensors_first": True}))
    return Rule(behaviour, rule.basis, rule.place, rule.releases)
