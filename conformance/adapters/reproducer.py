"""Stand-alone programs that repeat one call without this project."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.adapters.base import Call, Implementation
from conformance.adapters.script import bound, script

#: Longer arrays are checked for a repeated block of at most so many samples.
_LONG = 64
_LONGEST_BLOCK = 8


#: Precedes arrays that a case keeps in files.
_FOLDER = "# Run this in the folder of the case file."


def reproducer(implementation: Implementation, call: Call, data: str | None = None) -> str:
    """Return a program that prints the result of one implementation on one case, and what a name became.

    It needs NumPy, the framework, and ml_dtypes where the case has bfloat16 data.

    Args:
        implementation: what is called.
        call: the case, as data.
        data: text to put in the place of the lines that make the arrays; None for these lines.
    """
    lines = script(implementation, call)
    arrays = data_lines(implementation, call)
    imports = sorted({"import numpy as np", *lines.imports.splitlines()})
    imports.sort(key=lambda line: line.startswith("from"))
    if "ml_dtypes." in arrays:
        imports.insert(0, "import ml_dtypes")
    told = [f"print({expression})" for expression in (lines.result, lines.resolved) if expression]
    parts = [
        implementation.recipe.before,
        "\n".join(imports),
        arrays if data is None else data,
        lines.body,
        "\n".join(told),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def data_lines(implementation: Implementation, call: Call) -> str:
    """Return the lines of a reproducer that make the arrays of the case."""
    return _data_lines(call, implementation.recipe.data)


# An array looks the same to every implementation, and a long one takes its time.
@lru_cache(maxsize=4)
def _data_lines(call: Call, form: str) -> str:
    code = {id(source.array): source.code for source in call.sources}

    def written(array: NDArray[Any] | None) -> str:
        return code.get(id(array)) or array_literal(array)

    lines = []
    for name, value in bound(form, call).items():
        if name == "updates":
            updates = "".join(f"    ({', '.join(map(written, update))}),\n" for update in value)
            lines.append(f"updates = [\n{updates}]" if updates else "updates = []")
        elif form == "joined" and call.sources and len(call.updates) > 1:
            parts = ", ".join(written(getattr(update, name)) for update in call.updates)
            lines.append(f"{name} = np.concatenate([{parts}])")
        else:
            lines.append(f"{name} = {written(value)}")
    return "\n".join([_FOLDER, *lines] if any("np.load(" in line for line in lines) else lines)


def array_literal(array: NDArray[Any] | None) -> str:
    """Python text that makes an equal array: same shape, same dtype, same bits (NaN payloads apart).

    A long array that repeats a block of rows, as `repeat` in a case does, is written with `np.tile`.

    >>> array_literal(np.array([[0.5, float("nan")]], dtype="float32"))
    'np.array([[0.5, np.nan]], dtype=np.float32)'
    """
    if array is None:
        return "None"
    if not array.size:
        return f"np.zeros({array.shape}, dtype={_dtype_literal(array)})"
    block = _repeated_block(array) if array.size > _LONG else None
    if block is None:
        return _written_out(array)
    times = len(array) // len(block)
    return f"np.tile({_written_out(block)}, {(times, *(1 for _ in array.shape[1:]))})"


def _repeated_block(array: NDArray[Any]) -> NDArray[Any] | None:
    """Return the first rows of an array that only repeats them bit for bit, or None if there are none."""
    for rows in range(1, _LONGEST_BLOCK + 1):
        repeats = len(array) > rows and len(array) % rows == 0
        if repeats and array[rows:].tobytes() == array[:-rows].tobytes():
            return array[:rows]
    return None


def _written_out(array: NDArray[Any]) -> str:
    values, dtype = _nested(array), _dtype_literal(array)
    # Left out where NumPy infers it, which is what the case did.
    inferred = (
        array.dtype in (np.dtype(np.float64), np.dtype(np.int64), np.dtype(bool)) or array.dtype.kind == "U"
    )
    return f"np.array({values})" if inferred else f"np.array({values}, dtype={dtype})"


def _dtype_literal(array: NDArray[Any]) -> str:
    dtype = array.dtype
    if dtype.name == "bfloat16":
        return "ml_dtypes.bfloat16"
    if dtype.kind in "US":
        return repr(dtype.str)
    return "bool" if dtype.kind == "b" else f"np.{dtype.name}"


def _nested(array: NDArray[Any]) -> str:
    if array.ndim == 0:
        return _scalar(array[()])
    if array.ndim > 1:
        return f"[{', '.join(map(_nested, array))}]"
    # As Python numbers where these say the same: a million of them take their time.
    values = array.tolist() if array.dtype == np.float64 or array.dtype.kind in "biuU" else array
    return f"[{', '.join(map(_scalar, values))}]"


def _scalar(value: Any) -> str:
    if isinstance(value, (bool, int, np.bool_, np.integer, str, bytes)):
        return repr(value.item() if isinstance(value, np.generic) else value)
    number = float(value)
    if math.isnan(number):
        return "np.nan"
    if math.isinf(number):
        return "np.inf" if number > 0 else "-np.inf"
    # 0.7 rather than 0.699999988079071 for a float32, as long as it means the same number.
    short = str(value)
    return short if "e" not in short and float(type(value)(float(short))) == number else repr(number)
