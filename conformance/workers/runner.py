"""Run one implementation on one case in this process. Standard library and NumPy only."""

from __future__ import annotations

import random
import traceback
import warnings
from collections.abc import Hashable, Iterator
from dataclasses import replace
from functools import lru_cache
from types import CodeType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.adapters.base import Adapter, AdapterError, Call, Implementation, Update
from conformance.adapters.script import Script, bindings, script
from conformance.calls.outcome import Outcome
from conformance.calls.record import written
from conformance.workers.messages import clean

#: The names under which the parts of a script are compiled.
_SETUP, _BODY, _RESULT, _RESOLVED = "<recipe.setup>", "<recipe>", "<recipe.result>", "<recipe.resolved>"


class Kept:
    """What setups made, for further calls with the same lines and arrays of the same shapes and dtypes.

    Args:
        limit: how many to keep; the one that was used longest ago goes first.
    """

    def __init__(self, limit: int = 128) -> None:
        self._limit = limit
        self._made: dict[Hashable, dict[str, Any]] = {}

    def take(self, key: Hashable) -> dict[str, Any] | None:
        """Remove and return the names of a setup, or None: what a call leaves half done is not kept."""
        return self._made.pop(key, None)

    def keep(self, key: Hashable, names: dict[str, Any]) -> None:
        """Keep the names of a setup after a call that ended well."""
        self._made[key] = names
        if len(self._made) > self._limit:
            del self._made[next(iter(self._made))]


def run(
    adapter: Adapter,
    implementation: Implementation,
    call: Call,
    *,
    interruptible: bool = False,
    kept: Kept | None = None,
) -> Outcome:
    """Call an implementation on private copies of the data and return the outcome.

    Args:
        adapter: the adapter of the implementation.
        implementation: what to call.
        call: the case, as data; never modified.
        interruptible: whether a KeyboardInterrupt is the user's and passed on, rather than an outcome.
        kept: what setups of earlier calls made, where it may be used again; the outcome is the same without.

    Returns:
        A `value` or `raises` outcome. A result that is not numeric, such as a string, None or a dict, is a
        `TypeError` outcome: a caller gets one when computing with it.

    Raises:
        AdapterError: the lines of the recipe cannot be run; what they call may raise what it likes.
    """
    lines = _lines(adapter, implementation, call)
    given = bindings(implementation, _copy(call))
    key = (implementation.id, lines, _signature(given)) if kept is not None and lines.kept else None
    made = kept.take(key) if kept is not None and key else None
    random.seed(0)
    np.random.seed(0)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            names = {"__name__": "__main__", "np": np, **given}
            if made is None:
                before = frozenset(names)
                exec(_compiled(_texts(lines)[_SETUP], _SETUP, "exec"), names)
                made = {name: value for name, value in names.items() if name not in before}
            else:
                names |= made
            outcome = _execute(adapter, lines, names, is_program=bool(call.program))
            # A warning of the setup would be missing from the next outcome.
            if kept is not None and key and not caught:
                kept.keep(key, made)
        except BaseException as error:
            if interruptible and isinstance(error, KeyboardInterrupt):
                raise
            if (wrong := _own_error(error, _texts(lines))) is not None:
                raise _recipe_error(adapter, implementation, wrong) from error
            outcome = raised(error)
    if adapter.clean_up is not None and implementation.recipe.leaves_session:
        adapter.clean_up()
    return replace(
        outcome,
        warnings=tuple(sorted({f"{item.category.__name__}: {clean(str(item.message))}" for item in caught})),
        changed_inputs=_changed(bindings(implementation, call), given),
    )


def _signature(value: Any) -> Hashable:
    """Return the shapes and dtypes of arrays, however they are nested."""
    if isinstance(value, dict):
        return tuple((name, _signature(item)) for name, item in value.items())
    if isinstance(value, (list, tuple)):
        return tuple(map(_signature, value))
    return None if value is None else (value.dtype.str, value.dtype.name, value.shape)


def _copy(call: Call) -> Call:
    def copied(array: NDArray[Any] | None) -> Any:
        return None if array is None else array.copy()

    updates = [
        Update(
            copied(update.y_true), copied(update.y_pred), copied(update.sample_weight), copied(update.mask)
        )
        for update in call.updates
    ]
    return replace(call, updates=tuple(updates))


def _lines(adapter: Adapter, implementation: Implementation, call: Call) -> Script:
    try:
        lines = script(implementation, call)
        for name, text in _texts(lines).items():
            _compiled(text, name, "exec" if name in (_SETUP, _BODY) else "eval")
    except (Exception, SystemExit) as error:
        wrong = f"it gives no lines for this call: {type(error).__name__}: {error}"
        raise _recipe_error(adapter, implementation, wrong) from error
    return lines


def _texts(lines: Script) -> dict[str, str]:
    """Return the file name under which each part of a script is compiled -> its lines; parts without any are absent."""
    texts = {
        _SETUP: f"{lines.imports}\n{lines.kept}",
        _BODY: lines.body.removeprefix(lines.kept),
        _RESULT: lines.result,
        _RESOLVED: lines.resolved,
    }
    return {name: text for name, text in texts.items() if text}


def _recipe_error(adapter: Adapter, implementation: Implementation, wrong: str) -> AdapterError:
    return AdapterError(
        f"The recipe of {implementation.id} ({adapter.path}) is wrong: {clean(wrong)}."
        " Correct it in the adapter."
    )


def _own_error(error: BaseException, texts: dict[str, str]) -> str | None:
    """Return what is wrong with the recipe that raised, or None where it called something that raised."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    (place,) = traceback.extract_tb(trace)
    if trace is None or place.filename not in texts or place.lineno is None:
        return None
    code = texts[place.filename].splitlines()[place.lineno - 1][place.colno : place.end_colno]
    if isinstance(error, NameError):
        return f"{code} reads a name that nothing has bound: {error}"
    if isinstance(error, (KeyError, IndexError)) and code.endswith("]"):
        indexed = code.rpartition("[")[0]
        names = {**trace.tb_frame.f_globals, **trace.tb_frame.f_locals}
        shown = f"; {indexed} is {names[indexed]!r:.200}" if indexed in names else ""
        return (
            f"{code} raises {type(error).__name__}: {error}{shown}. A recipe has to lead to the result, or to what"
            " was returned instead"
        )
    return None


def _execute(adapter: Adapter, lines: Script, names: dict[str, Any], is_program: bool) -> Outcome:
    """Run a script and return its result, and what a metric string became, if the recipe asks for it."""
    texts = _texts(lines)
    exec(_compiled(texts.get(_BODY, ""), _BODY, "exec"), names)
    outcome = Outcome("value")
    if is_program:
        return Outcome("value", value=written(eval(_compiled(lines.result, _RESULT, "eval"), names)))
    if lines.result:
        outcome = returned(adapter.to_numpy(eval(_compiled(lines.result, _RESULT, "eval"), names)))
    if outcome.kind == "value" and lines.resolved:
        resolved = eval(_compiled(lines.resolved, _RESOLVED, "eval"), names)
        if resolved is None:
            return raised(TypeError("the string became no class or function"))
        outcome = replace(outcome, resolved=str(resolved))
    return outcome


# The same few lines serve most cases: only the data differ.
@lru_cache(maxsize=512)
def _compiled(text: str, name: str, mode: str) -> CodeType:
    return compile(text, name, mode)


def returned(result: NDArray[Any]) -> Outcome:
    """Return the outcome of a call that returned; a TypeError where that is no number."""
    if result.dtype.kind not in "biuf" and not _is_extended_float(result.dtype):
        shown = repr(result[()]) if result.ndim == 0 else f"an array of {result.dtype.name}"
        return raised(TypeError(f"the result is not a number, but {shown}"))
    return Outcome(kind="value", value=result.astype(np.float64).tolist(), dtype=result.dtype.name)


def _is_extended_float(dtype: np.dtype[Any]) -> bool:
    # The dtypes of ml_dtypes have the kind "V", as do structured ones.
    return dtype.isbuiltin == 2


def raised(error: BaseException) -> Outcome:
    """Return the outcome of a call that raised."""
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
