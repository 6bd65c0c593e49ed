"""Deviations that depend on how a metric is used, not on the data: pickled, copied, given lists instead of arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from conformance.adapters import derive
from conformance.adapters.base import Call
from conformance.oracle.model import Finding
from conformance.oracle.prediction import Prediction


@dataclass(frozen=True)
class UsageDeparture:
    """A usage that changes the result although a law says that it does not.

    Attributes:
        finding: what describes it.
        usages: values of `Call.usage` concerned.
        really: a call with such a usage -> the plain call whose result is returned instead, or the prediction;
            None where the usage changes nothing.
        names: a regular expression; the definitions concerned are those of the catalogue in whose names it is found.
        releases: releases of the framework that deviate, a PEP 440 specifier; empty for all supported.
    """

    finding: Finding
    usages: frozenset[str]
    really: Callable[[Call], Call | Prediction | None] = field(compare=False)
    names: str
    releases: str = ""


def as_new(call: Call) -> Call:
    """Return the call of a metric that was constructed with the same arguments and never updated."""
    parameters = dict(call.parameters)
    # Classes of a Jaccard index are counted whatever the task is.
    if call.task == "multiclass" or call.metric == "jaccard":
        parameters.setdefault("num_classes", derive.num_classes(call))
    if call.task == "multilabel":
        parameters.setdefault("num_labels", derive.num_labels(call))
    return replace(call, updates=(), batches=(), usage="plain", parameters=parameters)
