"""Which rules a case tests: those that cannot be exchanged for another rule of their axis without another result."""

from __future__ import annotations

from collections.abc import Iterable

from conformance.adapters.base import Call, Implementation
from conformance.oracle import Predictions
from conformance.oracle.axes import AXES
from conformance.oracle.resolve import Resolved
from conformance.oracle.rules.accumulation import Summed
from conformance.oracle.sharing import Evaluations
from conformance.oracle.side import REFUSAL
from conformance.oracle.variants import Variant, named_variants
from conformance.testing.fit import fits

#: What raises is the result; a deviation and a name are no rule of an axis.
_NOT_VARIED = frozenset({REFUSAL, "departure", "name-resolution"})


def variants_of(entry: Implementation, known: Iterable[Implementation]) -> tuple[Variant, ...]:
    """Return the rules that may replace one of an implementation: those of others, and plausible mistakes."""
    return tuple(v for v in named_variants(entry, known).values() if v.axis not in _NOT_VARIED)


def axes_tested(predictions: Predictions, variants: Iterable[Variant], call: Call) -> tuple[str, ...]:
    """Return the axes on which another rule gives another value; `refusal` where an exception is predicted.

    Args:
        predictions: what the definition predicts for the call.
        variants: the rules that are tried.
        call: the call.
    """
    predicted, resolved = predictions.predicted, predictions.side.really
    if predicted.kind == "raises":
        return (REFUSAL,)
    if predicted.says_nothing:
        return ()
    evaluations = Evaluations(call)
    found, another = set[str](), dict[int, bool]()
    for variant in variants:
        changed = None if variant.axis in found else variant.change(resolved, call)
        if changed is None or (len(call.updates) == 1 and _lists(changed) != _lists(resolved)):
            continue
        number = _number(changed, evaluations)
        if number is None:
            continue
        if number not in another:
            outcomes = evaluations.prediction(number).outcomes()
            another[number] = not any(fits(predicted, outcome) for outcome in outcomes)
        if another[number]:
            found.add(variant.axis)
    return tuple(axis for axis in AXES if axis in found)


def _lists(resolved: Resolved) -> bool:
    """Return whether one value per update is returned: of a single update it is the value, in another shape."""
    rule = resolved.rules.accumulation.behaviour.apply
    return isinstance(rule, Summed) and rule.reported in ("running", "each")


def _number(resolved: Resolved, evaluations: Evaluations) -> int | None:
    """Return the number of the value that rules give; None where they raise, or cannot work together."""
    numbers = evaluations.numbered(resolved.rules.by_axis().values())
    return evaluations.result(numbers, lambda: resolved.rules)
