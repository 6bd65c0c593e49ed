"""Short Python for long arrays: rows that repeat, alternate, count or are one-hot are written by rule.

Whether two rows are the same is asked of their bits, so that NaN, -0.0 and every dtype are kept. Needs NumPy only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Arrays of more elements are looked at for a rule; so many rows are worth one.
LONG = 64
_WORTH = 16

#: Patterns of more rows are not looked for, and arrays with more rows outside of any rule are given up.
_LONGEST_PATTERN = 8
_MOST_LEFT = 200

#: Decimal places of counting floats that are tried.
_DIGITS = range(7)

Array = NDArray[Any]

#: Writes out a short array, and the dtype of any.
Written = Callable[[Array], str]


def by_rule(array: Array, literal: Written, dtype: Written) -> str | None:
    """Return an expression that makes an array of the same dtype, shape and bits, or None where none is short.

    Args:
        array: any shape and dtype.
        literal: writes out a short array.
        dtype: writes out the dtype of an array.
    """
    if array.size <= LONG:
        return literal(array)
    if len(array) <= _WORTH:
        rows = [by_rule(np.asarray(row), literal, dtype) for row in array] if array.ndim > 1 else [None]
        return None if None in rows else f"np.stack([{', '.join(map(str, rows))}])"
    parts = _parts(array, literal, dtype)
    if parts is not None:
        return parts[0] if len(parts) == 1 else f"np.concatenate([{', '.join(parts)}])"
    return _one_hot(array, literal, dtype)


def _parts(array: Array, literal: Written, dtype: Written) -> list[str] | None:
    """Return one expression for each stretch of rows; None where none, or too few, follow a rule."""
    bits = _bits(array)
    parts: list[str] = []
    position = left = 0
    while position < len(array):
        found = _pattern(array, bits, position, literal, dtype) or _counting(array, bits, position, dtype)
        if found is None:
            left += 1
            position += 1
            if left > _MOST_LEFT:
                return None
            continue
        length, text = found
        parts += _rest(array[position - left : position], literal, dtype)
        parts.append(text)
        position, left = position + length, 0
    return [*parts, *_rest(array[position - left :], literal, dtype)] if parts else None


def _rest(rows: Array, literal: Written, dtype: Written) -> Iterator[str]:
    if len(rows):
        yield (by_rule(rows, literal, dtype) if len(rows) <= _WORTH else None) or literal(rows)


def _pattern(
    array: Array, bits: Array, position: int, literal: Written, dtype: Written
) -> tuple[int, str] | None:
    """Return how many rows from `position` on repeat the first few of them, and their expression."""
    lengths = [_same(bits, position, period) for period in range(1, _LONGEST_PATTERN + 1)]
    period = int(np.argmax(lengths)) + 1
    times = lengths[period - 1] // period
    if times * period < _WORTH or times < 2:
        return None
    rows = array[position : position + period]
    text = by_rule(rows, literal, dtype) or literal(rows)
    if period == 1:
        return times, f"np.repeat({text}, {times}{', axis=0' if array.ndim > 1 else ''})"
    times_along = ", ".join(map(str, (times, *(1 for _ in array.shape[1:]))))
    return times * period, f"np.tile({text}, {f'({times_along})' if array.ndim > 1 else times_along})"


def _counting(array: Array, bits: Array, position: int, dtype: Written) -> tuple[int, str] | None:
    """Return how many numbers from `position` on are equally spaced, and their expression."""
    if array.ndim != 1 or array.dtype.kind not in "iuf" or len(array) - position < _WORTH:
        return None
    first, second = (float(number) for number in array[position : position + 2])
    for digits in _DIGITS if array.dtype.kind == "f" else (0,):
        if not np.isfinite([first * 10**digits, second * 10**digits]).all() or abs(first) > 2**53:
            return None
        start = round(first * 10**digits)
        step = round(second * 10**digits) - start
        if not step:
            continue
        numbers = start + step * np.arange(len(array) - position)
        counted = (numbers / 10**digits if digits else numbers).astype(array.dtype)
        differ = _bits(counted) != bits[position:]
        length = int(np.argmax(differ)) if differ.any() else len(counted)
        if length >= _WORTH:
            text = f"np.arange({start}, {start + step * length}, {step})"
            text = f"({text} / {10**digits})" if digits else text
            natural = np.float64 if digits else np.int64
            return length, text if array.dtype == natural else f"{text}.astype({dtype(array)})"
    return None


def _one_hot(array: Array, literal: Written, dtype: Written) -> str | None:
    if array.ndim != 2 or array.dtype.kind not in "biuf" or array.shape[1] > len(array):
        return None
    labels = array.argmax(axis=1)
    if not np.array_equal(_bits(np.eye(array.shape[1], dtype=array.dtype)[labels]), _bits(array)):
        return None
    text = by_rule(labels, literal, dtype) or literal(labels)
    return f"np.eye({array.shape[1]}, dtype={dtype(array)})[{text}]"


def _bits(array: Array) -> Array:
    """Return one unsigned integer a row, or several: shape (rows,) or (rows, some)."""
    rows = np.ascontiguousarray(array).reshape(len(array), -1)
    size = rows.shape[1] * rows.itemsize
    unit = next(unit for unit in (8, 4, 2, 1) if size % unit == 0)
    bits = rows.view(np.uint8).reshape(len(rows), size).view(f"u{unit}")
    return bits[:, 0] if bits.shape[1] == 1 else bits


def _same(bits: Array, start: int, period: int) -> int:
    """Return how many rows from `start` on equal the row `period` before them, those before included."""
    end, chunk = start + period, _WORTH
    while end < len(bits):
        stop = min(end + chunk, len(bits))
        differ = bits[end:stop] != bits[end - period : stop - period]
        if differ.ndim > 1:
            differ = differ.any(axis=1)
        if differ.any():
            return end - start + int(np.argmax(differ))
        end, chunk = stop, min(chunk * 4, 2**20)
    return min(end, len(bits)) - start
