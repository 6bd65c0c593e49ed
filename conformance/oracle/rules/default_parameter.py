"""default-parameter: what holds where the case is silent."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from conformance.adapters.base import Call
from conformance.oracle.model import Behaviour
from conformance.oracle.stages import Defaults

AXIS = "default-parameter"


def defaults(
    derived: Callable[[Call], Mapping[str, Any]] | None = None, given: Collection[str] = (), /, **values: Any
) -> Behaviour[Defaults]:
    """Return the rule that the parameters are `values` where the case is silent.

    Args:
        derived: parameters taken from the data (num_classes), where an implementation insists on one.
        given: names of those of `values` that the way of use gives, and that are no defaults.
        values: the implementation's own defaults, and what is given.
    """

    def apply(call: Call) -> Mapping[str, Any]:
        return {**values, **(derived(call) if derived else {})}

    written = {name: f"{name}={value!r}" for name, value in values.items()}
    said = {
        "Given": [text for name, text in written.items() if name in given],
        "Defaults": [text for name, text in written.items() if name not in given],
    }
    says = " ".join(f"{what}: {', '.join(texts)}." for what, texts in said.items() if texts)
    name = ", ".join(written.values()) or "none"
    return Behaviour[Defaults](AXIS, name, says or "There are no defaults.", apply)


def with_more(behaviour: Behaviour[Defaults], /, **values: Any) -> Behaviour[Defaults]:
    """Return the rule with further defaults."""
    added = defaults(**values)
    return Behaviour[Defaults](
        AXIS,
        f"{added.name}, {behaviour.name}",
        f"{added.says} {behaviour.says}",
        lambda call: {**added.apply(call), **behaviour.apply(call)},
    )
