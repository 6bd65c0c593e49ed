"""Somebody's own metric: a function, or a class whose objects keep state."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from inspect import Parameter, signature
from typing import Any

import numpy as np

from conformance.adapters.base import IGNORABLE
from conformance.ask.arrays import untied
from conformance.calls.outcome import Outcome
from conformance.workers.runner import raised, returned

#: Targets, predictions, and weights or None, of whatever type the metric takes.
Data = tuple[Any, Any, Any]

#: What a class has that keeps state: a method for each update, and one for the result.
_METHODS = (("update", "compute"), ("update_state", "result"))


@dataclass(frozen=True)
class Metric:
    """A metric as tests call it.

    Attributes:
        function: `function(y_true, y_pred, **parameters)`, with `sample_weight` among the parameters, returns a number
            or an array of numbers. A class is called with the parameters, its `update(y_true, y_pred)` (or
            `update_state`) with the data and `sample_weight`, and its `compute()` (or `result`) returns the number.
    """

    function: Callable[..., Any]

    @property
    def name(self) -> str:
        """Its name, for messages."""
        inner = getattr(self.function, "func", self.function)
        return str(getattr(inner, "__name__", type(inner).__name__))

    @property
    def methods(self) -> tuple[str, str] | None:
        """The names of the methods of a class that keeps state; None for a function."""
        if not isinstance(self.function, type):
            return None
        return next((pair for pair in _METHODS if all(hasattr(self.function, name) for name in pair)), None)

    def takes(self, name: str) -> bool:
        """Whether it has a parameter; assumed where that cannot be known."""
        of_update = name == "sample_weight" and self.methods is not None
        where = getattr(self.function, self.methods[0]) if of_update and self.methods else self.function
        try:
            known = signature(where).parameters.values()
        except (TypeError, ValueError):
            return True
        named = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
        return any(
            one.kind is Parameter.VAR_KEYWORD or (one.name == name and one.kind in named) for one in known
        )

    def given(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Return parameters without those that are ignored where a metric does not have them, and this one has not."""
        return {
            name: value for name, value in parameters.items() if name not in IGNORABLE or self.takes(name)
        }

    def outcome(
        self, updates: Sequence[Data], parameters: Mapping[str, Any]
    ) -> tuple[Outcome, Exception | None]:
        """Return what comes of a call on copies of arrays, and the exception if it raises.

        A function has one update.
        """
        try:
            return returned(np.asarray(untied(self._value(updates, parameters)))), None
        except Exception as error:
            return raised(error), error

    def _value(self, updates: Sequence[Data], parameters: Mapping[str, Any]) -> Any:
        given = []
        for update in updates:
            y_true, y_pred, weight = (one.copy() if isinstance(one, np.ndarray) else one for one in update)
            given.append(((y_true, y_pred), {} if weight is None else {"sample_weight": weight}))
        if self.methods is None:
            ((data, weights),) = given
            return self.function(*data, **weights, **parameters)
        update_name, result = self.methods
        metric = self.function(**parameters)
        for data, weights in given:
            getattr(metric, update_name)(*data, **weights)
        return getattr(metric, result)()
