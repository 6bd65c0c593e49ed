"""default-parameter: what holds where the case is silent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from conformance.adapters.base import Call
from conformance.oracle.model import Behaviour
from conformance.oracle.stages import Defaults

AXIS = "default-parameter"


def defaults(
    derived: Callable[[Call], Mapping[str, Any]] | None = None, /, **values: Any
) -> Behaviour[Defaults]:
    """Return the rule that the parameters are `values` where the case is silent.

    Args:
        derived: parameters taken from the data (num_classes), where an implementation insists on one.
        values: the implementation's own defaults.
    """

    def apply(call: Call) -> Mapping[str, Any]:
        return {**values, **(derived(call) if derived else {})}

    shown = ", ".join(f"{name}={value!r}" for name, value in values.items())
    return Behaviour[Defaults](
        AXIS, shown or "none", f"Defaults: {shown}." if shown else "There are no defaults.", apply
    )


def with_more(behaviour: Behaviour[Defaults], /, **values: Any) -> Behaviour[Defaults]:
    """Return the rule with further defaults."""
    added = defaults(**values)
    name = f"{added.name}, {behaviour.name}"
    return Behaviour[Defaults](
        AXIS, name, f"Defaults: {name}.", lambda call: {**added.apply(call), **behaviour.apply(call)}
    )
