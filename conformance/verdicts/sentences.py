"""What each of two sides does on an axis: the name of its rule, the rule in general, and what of it holds here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.adapters.base import Call
from conformance.oracle.axes import AXES
from conformance.oracle.exchange import Exchange
from conformance.oracle.side import DEPARTURE, PARAMETERS, REFUSAL, RESOLUTION, Side

_AVERAGE = "average"


def name(side: Side, axis: str) -> str:
    """Return the name of the rule that a side follows on an axis; for what raises, the code of the reason."""
    if axis == DEPARTURE:
        return ", ".join(side.findings) if side.departs else "as-documented"
    if axis == RESOLUTION:
        return side.really.base.name
    if axis == REFUSAL:
        reason = side.predicted.reason if side.predicted.kind == "raises" else None
        return reason.code if reason is not None else "computes"
    return side.really.rules.on(axis).behaviour.name


def says(side: Side, axis: str) -> str:
    """Return the same in a sentence, which is the same wherever the name is."""
    if axis == DEPARTURE:
        if not side.departs:
            return "Follows its documentation here."
        return f"Deviates from its documentation here: {', '.join(side.findings)}."
    if axis == RESOLUTION:
        return f"{side.really.base.name}. {side.really.base.says}"
    if axis == REFUSAL:
        reason = side.predicted.reason if side.predicted.kind == "raises" else None
        return f"Raises: {reason.says}." if reason is not None else "Computes a value."
    return side.really.rules.on(axis).behaviour.says


def here(side: Side, axis: str, exchange: Exchange, parameters: tuple[str, ...] = ()) -> str:
    """Return the sentence for one call: only what matters here, with the values of parameters.

    Args:
        side: the side.
        axis: the axis.
        exchange: the exchanges of the call.
        parameters: for the axis of parameters, those that matter.
    """
    if axis == DEPARTURE and side.departs:
        titles = {entry.finding.id: entry.finding.title for entry in side.really.departures}
        shown = "; ".join(f"{titles[each]} ({each})" if each in titles else each for each in side.findings)
        return f"Deviates from its documentation here: {shown}."
    if axis == RESOLUTION:
        base = side.really.base
        return f"{f'Becomes {base.name}' if side.really.chosen else f'Is {base.name} itself'}. {base.says}"
    if axis == REFUSAL and side.predicted.kind == "raises":
        return f"Raises: {side.predicted.why}."
    if axis == PARAMETERS:
        return f"By default {_written(side, exchange.call, parameters)}."
    if axis in (DEPARTURE, REFUSAL):
        return says(side, axis)
    text = exchange.needed(side, axis).behaviour.says
    values = side.really.rules.parameters(exchange.call)
    if axis == _AVERAGE:
        text = _in_force(text, values)
    return " ".join((text, *_given(values, axis, exchange.call)))


def _written(side: Side, call: Call, parameters: tuple[str, ...]) -> str:
    values = side.really.rules.parameters(call)
    return " and ".join(
        f"{parameter}={values[parameter]!r}" if parameter in values else f"there is no {parameter}"
        for parameter in parameters
    )


def _given(values: Mapping[str, Any], axis: str, call: Call) -> Iterator[str]:
    """Yield the parameters that the rule of an axis follows, and whether they are defaults."""
    for parameter in AXES[axis].parameters:
        if values.get(parameter) is not None:
            default = "" if parameter in call.parameters else ", the default"
            yield f"Here {parameter}={values[parameter]!r}{default}."


def _in_force(text: str, values: Mapping[str, Any]) -> str:
    """Return of a sentence with a clause for each value of a parameter those on the values in force.

    A clause on a value starts with it, in small letters.
    """
    words = {value for value in values.values() if isinstance(value, str)}
    words |= {name for name, value in values.items() if value is True}
    words |= {"none"} if values.get("average", "") is None else set()
    clauses = text.rstrip(".").split("; ")
    found = [clause for clause in clauses if clause[0].isupper() or clause.split(" ")[0] in words]
    return f"{'; '.join(found or clauses)}."
