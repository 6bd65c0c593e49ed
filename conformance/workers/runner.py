"""Run one implementation on one case in this process. Standard library and NumPy only."""

from __future__ import annotations

import random
import warnings
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from types import CodeType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.adapters.base import Adapter, Call, Implementation
from conformance.adapters.script import bindings, script
from conformance.calls.outcome import Outcome
from conformance.workers.messages import clean

#: The result of a recipe that asks for none.
_NOTHING = object()


def run(
    adapter: Adapter, implementation: Implementation, call: Call, *, interruptible: bool = False
) -> Outcome:
    """Call an implementation on private copies of the data and return the outcome.

    Args:
        adapter: the adapter of the implementation.
        implementation: what to call.
        call: the case, as data; never modified.
        interruptible: whether a KeyboardInterrupt is the user's and passed on, rather than an outcome.

    Returns:
        A `value` or `raises` outcome. A result that is not numeric, such as a string, None or a dict, is a
        `TypeError` outcome: a caller gets one when computing with it.
    """
    given = bindings(implementation, _copy(call))
    random.seed(0)
    np.random.seed(0)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result, resolved = _execute(implementation, call, given)
            outcome = Outcome("value") if result is _NOTHING else _outcome(adapter.to_numpy(result))
            outcome = replace(outcome, resolved=resolved)
        except BaseException as error:
            if interruptible and isinstance(error, KeyboardInterrupt):
                raise
            outcome = _raised(error)
    if adapter.clean_up is not None:
        adapter.clean_up(implementation)
    return replace(
        outcome,
        warnings=tuple(sorted({f"{item.category.__name__}: {clean(str(item.message))}" for item in caught})),
        changed_inputs=_changed(bindings(implementation, call), given),
    )


def _copy(call: Call) -> Call:
    return replace(
        call,
        updates=tuple(
            replace(
                update,
                y_true=update.y_true.copy(),
                y_pred=update.y_pred.copy(),
                sample_weight=None if update.sample_weight is None else update.sample_weight.copy(),
            )
            for update in call.updates
        ),
    )


def _execute(implementation: Implementation, call: Call, given: dict[str, Any]) -> tuple[Any, str | None]:
    """Return the result, and the class or function that a metric string became, if the recipe asks for it."""
    lines = script(implementation, call)
    names = {"__name__": "__main__", "np": np, **given}
    exec(_compiled(f"{lines.imports}\n{lines.body}", "exec"), names)
    result = eval(_compiled(lines.result, "eval"), names) if lines.result else _NOTHING
    return result, str(eval(_compiled(lines.resolved, "eval"), names)) if lines.resolved else None


# The same few lines serve most cases: only the data differ.
@lru_cache(maxsize=512)
def _compiled(text: str, mode: str) -> CodeType:
    return compile(text, "<reproducer>", mode)


def _outcome(result: NDArray[Any]) -> Outcome:
    if result.dtype.kind not in "biuf" and not _is_extended_float(result.dtype):
        kind = (
            type(result[()]).__name__.rstrip("_") if result.ndim == 0 else f"an array of {result.dtype.name}"
        )
        return _raised(TypeError(f"the result is not a number, but {kind}"))
    return Outcome(kind="value", value=result.astype(np.float64).tolist(), dtype=result.dtype.name)


def _is_extended_float(dtype: np.dtype[Any]) -> bool:
    # The dtypes of ml_dtypes have the kind "V", as do structured ones.
    return dtype.isbuiltin == 2


def _raised(error: BaseException) -> Outcome:
    try:
        message = clean(str(error))
    except Exception as another:
        message = f"(its message cannot be read: {type(another).__name__})"
    bases = tuple(base.__name__ for base in type(error).__mro__[1:-1])
    return Outcome(kind="raises", type=type(error).__name__, bases=bases, message=message)


def _changed(before: dict[str, Any], after: dict[str, Any]) -> tuple[str, ...]:
    changed = {
        name
        for (name, old), (_, new) in zip(_arrays(before), _arrays(after), strict=True)
        if (old.dtype, old.shape, old.tobytes()) != (new.dtype, new.shape, new.tobytes())
    }
    return tuple(sorted(changed))


def _arrays(names: dict[str, Any]) -> Iterator[tuple[str, NDArray[Any]]]:
    for update in names.get("updates", [names.values()]):
        for name, array in zip(("y_true", "y_pred", "sample_weight"), update, strict=False):
            if array is not None:
                yield name, array
