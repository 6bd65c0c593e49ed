"""Assert that two metrics give the same on one input."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.adapters.admission import reason_not_applicable
from conformance.adapters.base import PARAMETERS, Call
from conformance.ask.arrays import AskError
from conformance.ask.question import question
from conformance.oracle.prediction import Prediction
from conformance.oracle.reasons import Reason
from conformance.testing.claims import claimed
from conformance.testing.metric import Data, Metric
from conformance.testing.pair import Claimed, Pair, Reference
from conformance.verdicts.verdicts import as_observed


def assert_same_metric(
    mine: Callable[..., Any],
    theirs: str | Callable[..., Any],
    y_true: Any,
    y_pred: Any,
    sample_weight: Any = None,
    *,
    task: str | None = None,
    **parameters: Any,
) -> None:
    """Assert that two metrics give the same; the failure says why they do not, and on which samples.

    Args:
        mine: a function, called as `mine(y_true, y_pred, **parameters)` with the data as they are given here, and with
            `sample_weight` where there are weights; or a class that keeps state, see `parametrize_with_cases`.
        theirs: the other one; or the name of an implementation, as `conformance.lookup` reads it, of which the result
            is predicted. Its framework is not imported.
        y_true: targets of shape `(N,)` or `(N, C)`: NumPy arrays, tensors, lists or Series.
        y_pred: predictions of shape `(N,)` or `(N, C)`: scores or labels.
        sample_weight: weights of shape `(N,)`, or None.
        task: `binary`, `multiclass` or `multilabel`; None for the one that the arrays look like.
        parameters: given to both; under the names of a case (`threshold`, `top_k`, `average` ...) if `theirs` is a
            name. `num_classes` and the like are given only to a function that has them.

    Raises:
        AssertionError: they do not give the same: numbers further apart than rounding explains, or only one raises.
        AskError: a ValueError that says what is wrong with the arguments.
        UnknownName, AmbiguousName: `theirs` fits no implementation, or several.
    """
    __tracebackhide__ = True
    data, metric = (y_true, y_pred, sample_weight), Metric(mine)
    call, reference, implied = (
        _of_definition(theirs, data, task, parameters)
        if isinstance(theirs, str)
        else _of_function(theirs, data, task, parameters)
    )
    pair = Pair(metric, metric.given(parameters), reference, [data], call, implied)
    pair.check(f"{pair.mine} and {pair.theirs} differ.")


def _of_definition(
    name: str, data: Data, task: str | None, parameters: Mapping[str, Any]
) -> tuple[Call, Reference, Mapping[str, Any]]:
    claim = claimed(name)
    call = _call(data, task, parameters, claim.entry.metric)
    reason = reason_not_applicable(claim.entry, call)
    if reason is not None:
        raise AskError(f"theirs: {claim.name} cannot be called on this: it {reason}.")
    return call, Claimed(claim), claim.parameters(call)


def _of_function(
    function: Callable[..., Any], data: Data, task: str | None, parameters: Mapping[str, Any]
) -> tuple[Call | None, Reference, Mapping[str, Any]]:
    call = None
    with contextlib.suppress(AskError):  # what no definition takes, two functions may
        call = _call(data, task, {name: value for name, value in parameters.items() if name in PARAMETERS})
    return call, _Function(Metric(function), parameters), {}


@dataclass(frozen=True)
class _Function:
    """Some other function."""

    metric: Metric
    parameters: Mapping[str, Any]
    claim: None = None

    @property
    def name(self) -> str:
        return self.metric.name

    def expected(self, updates: Sequence[Data], call: Call | None) -> tuple[Prediction, ...]:
        """Return the prediction that its outcome would hold for."""
        outcome, _ = self.metric.outcome(updates, self.metric.given(self.parameters))
        if outcome.kind == "raises":
            reason = Reason(outcome.type or "", outcome.message or "no message")
            return (Prediction("raises", reason=reason),)
        return (as_observed(outcome),)


def _call(data: Data, task: str | None, parameters: Mapping[str, Any], metric: str = "accuracy") -> Call:
    y_true, y_pred, sample_weight = data
    asked = question(
        y_true, y_pred, task=task, sample_weight=sample_weight, parameters=parameters, metric=metric
    )
    return asked.call()
