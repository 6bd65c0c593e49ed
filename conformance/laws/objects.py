"""Laws about the object and the call: copies, resets, exceptions, other forms of the same metric, inputs left alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from conformance.adapters.base import Call, Implementation
from conformance.laws.model import Axes, Law, Variant
from conformance.laws.samples import count_samples


def _used(usage: str, change: str, samples: int) -> Callable[[Call], Iterator[Variant]]:
    """Return the variants of a usage; the last update needs at least so many samples."""

    def variants(call: Call) -> Iterator[Variant]:
        if not samples or (call.updates and (count_samples(call.updates[-1]) or 0) >= samples):
            yield Variant(change, call, replace(call, usage=usage))

    return variants


def _stateless(implementation: Implementation) -> str | None:
    return None if implementation.recipe.state else "is no object that keeps state"


def _single(call: Call) -> Iterator[Variant]:
    if len(call.updates) == 1:
        yield Variant("forward() instead of compute()", call, call)


def _plain_of(implementation: Implementation) -> tuple[str, ...]:
    plain, found = re.subn(r"\[forward(,[^\]]*)?\]", "", implementation.id)
    return (plain,) if found else ()


def _as_function(call: Call) -> Iterator[Variant]:
    def expected(value: Any, axes: Axes) -> Any:
        return _mean(value) if axes == ("position",) else value

    if len(call.updates) == 1:
        yield Variant("the class instead of the function", call, call, expected)


def _mean(value: Any) -> Any:
    leaves = list(_leaves(value))
    return sum(leaves) / len(leaves) if leaves else float("nan")


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


def _function_of(implementation: Implementation) -> tuple[str, ...]:
    """Return the names that the function form of a class may have, after the custom of the frameworks."""
    path, at, environment = implementation.id.partition("@")
    module, _, name = path.rpartition(".")
    if not name[:1].isupper() or not implementation.recipe.state:
        return ()
    function = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    package, _, rest = module.partition(".")
    functional = ".".join(part for part in (package, "functional", rest) if part)
    return tuple(f"{place}.{function}{at}{environment}" for place in (module, functional))


def _itself(call: Call) -> Iterator[Variant]:
    yield Variant("", call, call, lambda value, axes: 0)


LAWS = (
    Law(
        "class-function",
        "Class = function",
        "The class returns the same value as its function.",
        _as_function,
        partners=_function_of,
    ),
    Law(
        "forward-compute",
        "forward = compute",
        "For a single update, forward() returns the same value as compute().",
        _single,
        partners=_plain_of,
    ),
    Law(
        "reset",
        "Reset = new",
        "After a reset, a metric behaves like a new one.",
        _used("reset", "another sample and a reset before", 1),
        lacks=_stateless,
    ),
    Law(
        "after-exception",
        "State after an exception",
        "An update that raises does not change the state.",
        _used("exception", "a further update that raises", 2),
        lacks=_stateless,
    ),
    Law(
        "pickle",
        "Pickling",
        "A pickled and loaded metric continues with the state of the original.",
        _used("pickle", "pickling and loading", 1),
        lacks=_stateless,
    ),
    Law(
        "deepcopy",
        "Deep copy",
        "A deep copy continues with the state of the original, independently of it.",
        _used("deepcopy", "a deep copy", 1),
        lacks=_stateless,
    ),
    Law(
        "same-twice",
        "Same value twice",
        "Computing the value again returns the same value.",
        _used("again", "a second call of it", 0),
    ),
    Law(
        "inputs-unchanged",
        "Inputs unchanged",
        "A call does not change its inputs.",
        _itself,
        about="inputs",
    ),
)
