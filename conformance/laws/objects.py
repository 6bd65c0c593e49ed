"""Laws about the object and the call: copies, resets, exceptions, other forms of the same metric, inputs left alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from conformance.adapters.base import Call, Implementation
from conformance.laws.model import Axes, Variant
from conformance.laws.samples import count_samples


def used(usage: str, change: str, samples: int) -> Callable[[Call], Iterator[Variant]]:
    """Return the variants of a usage; the last update needs at least so many samples."""

    def variants(call: Call) -> Iterator[Variant]:
        if not samples or (call.updates and (count_samples(call.updates[-1]) or 0) >= samples):
            yield Variant(change, call, replace(call, usage=usage))

    return variants


def single(call: Call) -> Iterator[Variant]:
    """Yield the case itself, if it has one update."""
    if len(call.updates) == 1:
        yield Variant("forward() instead of compute()", call, call)


def plain_of(implementation: Implementation) -> tuple[str, ...]:
    """Return the name of the implementation whose forward() this is."""
    plain, found = re.subn(r"\[forward(,[^\]]*)?\]", "", implementation.id)
    return (plain,) if found else ()


def as_function(call: Call) -> Iterator[Variant]:
    """Yield the case itself, if it has one update; a function may return a value per sample."""

    def expected(value: Any, axes: Axes) -> Any:
        return _mean(value) if axes == ("position",) else value

    if len(call.updates) == 1:
        yield Variant("the class instead of the function", call, call, expected)


def _mean(value: Any) -> Any:
    entries = np.ravel(np.array(value, dtype=object)).tolist()
    return sum(entries) / len(entries) if entries else float("nan")


def function_of(implementation: Implementation) -> tuple[str, ...]:
    """Return the names that the function form of a class may have, after the custom of the frameworks."""
    path, at, environment = implementation.id.partition("@")
    module, _, name = path.rpartition(".")
    if not name[:1].isupper() or not implementation.recipe.state:
        return ()
    function = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    package, _, rest = module.partition(".")
    functional = ".".join(part for part in (package, "functional", rest) if part)
    return tuple(f"{place}.{function}{at}{environment}" for place in (module, functional))


def itself(call: Call) -> Iterator[Variant]:
    """Yield the case itself; no changed inputs are expected."""
    yield Variant("", call, call, lambda value, axes: 0)
