"""A user's own data as NumPy arrays: objects, files and text. Nothing is unpickled, and nothing is executed."""

from __future__ import annotations

import importlib
import re
import warnings
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import numpy as np

from conformance.adapters.registry import adapters
from conformance.calls.text import count
from conformance.cases.arrays import data_of
from conformance.cases.diagnostics import Problem
from conformance.cases.nodes import compose
from conformance.cases.notations import MOST_ELEMENTS
from conformance.oracle.numbers import Array, is_float

#: Types of Arrow whose missing values are NaN.
_WITH_NAN = ("halffloat", "float", "double")


#: What files have in place of the comma -> its name.
_SEPARATORS = {";": "semicolons", "\t": "tabs", " ": "spaces"}


class AskError(ValueError):
    """A question cannot be answered. The message says what is wrong, where, and what to do."""


def array_of(value: Any, name: str) -> Array:
    """Return an array, a list, a Series, or the tensor of a framework as a NumPy array; nothing is rounded.

    Args:
        value: numbers, truth values or text of any shape `(N, ...)`.
        name: what messages call it, such as `y_true`.

    Raises:
        AskError: it holds something else, lists are ragged, values are masked, or there are no samples.
    """
    try:
        given = untied(value)
        array = np.asarray(given)
    except (TypeError, ValueError, RuntimeError) as error:
        why = str(error).partition("\n")[0].rstrip(".")
        raise AskError(
            f"{name} is no array: {why}. Give every row the same length, or convert it to float32."
        ) from None
    if np.ma.is_masked(given):
        raise AskError(f"{name} has masked values: remove these samples, or fill them.")
    array = _plain(array, name) if array.dtype == object else array
    if array.dtype.kind not in "biufU" and not is_float(array):
        raise AskError(f"{name} has the dtype {array.dtype}: give numbers, truth values or text.")
    if array.dtype.kind == "U" and isinstance(given, (list, tuple)):
        _written(given, name)  # NumPy makes text of numbers among text.
    if array.dtype.kind != "U" and array.dtype.itemsize > 8:
        raise AskError(f"{name} has the dtype {array.dtype}, of more than 64 bits: convert it to float64.")
    if not array.ndim:
        raise AskError(
            f"{name} is the single value {array}: give one for each sample, for example [{array}]."
        )
    if array.size == 0:
        raise AskError(f"{name} is empty: its shape is {array.shape}. There has to be at least one sample.")
    if array.size > MOST_ELEMENTS:
        raise AskError(f"{name} has {count(array.size, 'element')}, more than {MOST_ELEMENTS:,} (2^25).")
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def untied(value: Any) -> Any:
    """Return a tensor, a Series or a column of Arrow as a NumPy array, and everything else as it is."""
    value = value.detach().cpu() if hasattr(value, "detach") else value
    if getattr(value, "null_count", 0) and str(value.type) not in _WITH_NAN:
        return np.array(value.to_pylist(), dtype=object)
    converter = next((known for known in ("to_numpy", "numpy") if hasattr(value, known)), None)
    try:
        return value if converter is None else getattr(value, converter)()
    except ValueError:
        return np.asarray(value)  # A column of Arrow that has to be copied is converted only so.


def _plain(array: Array, name: str) -> Array:
    """Return an array of Python objects as one of numbers, truth values or text.

    Raises:
        AskError: it has others, or some are missing; says where.
    """
    kinds = {type(entry) for entry in array.flat}
    if kinds == {str}:
        return array.astype(str)
    for place, entry in np.ndenumerate(array):
        where = f"{name}[{', '.join(map(str, place))}]"
        missing = entry is None or type(entry).__name__ in ("NAType", "NaTType")
        if missing or (str in kinds and isinstance(entry, float) and np.isnan(entry)):
            raise AskError(f"{where} is missing: remove this sample, or give it a value.")
        if not isinstance(entry, (str, bool, int, float, np.number, np.bool)):
            kind = type(entry).__name__
            raise AskError(f"{where} is of the type {kind}: give numbers, truth values or text.")
    return _written(array.tolist(), name)


def read(source: str, name: str) -> Array:
    """Return the array that a command line names: a file, or the values themselves.

    Args:
        source: the path of a file whose ending is one of `readers`, or text such as `0 1 1`, `0,1,1` or
            `[[.1, .9], [.8, .2]]`.
        name: what messages call it, such as `y_true`.

    Raises:
        AskError: there is no such file, or it holds no such data; says in which line, if in one.
    """
    known, path = readers(), Path(source)
    suffix = path.suffix.lower()
    if suffix not in known or source.lstrip()[:1] == "[":
        if path.suffix and path.is_file():
            endings = ", ".join(known)
            raise AskError(f"{name}: {source} ends in {path.suffix}. Files that can be read: {endings}.")
        return _text(source, name)
    if not path.is_file():
        raise AskError(f"{name}: {source} is no file.")
    if not path.stat().st_size:
        raise AskError(f"{name}: {source} is an empty file.")
    try:
        return array_of(known[suffix](path), name)
    except AskError as error:
        raise AskError(f"{source}: {error}") from None
    except ValueError as error:
        raise AskError(f"{name}: {source}{'' if str(error).startswith(',') else ' '}{error}") from None
    except OSError as error:
        raise AskError(f"{name}: {source} cannot be read: {error.strerror or error}.") from None


@cache
def readers() -> Mapping[str, Callable[[Path], Any]]:
    """Return ending of a file's name -> what reads it; adapters bring those of their frameworks."""
    brought = {ending: _by(where) for adapter in adapters() for ending, where in adapter.files.items()}
    return {".npy": _npy, ".csv": _csv, ".parquet": _parquet, **brought}


def _by(where: str) -> Callable[[Path], Any]:
    return lambda path: resolve_name(where)(path)


def _npy(path: Path) -> Array:
    with path.open("rb") as file:
        start = file.read(6)
    if start != b"\x93NUMPY":
        pickled = (
            "a pickle, which would run code and is not loaded" if start[:1] == b"\x80" else "something else"
        )
        raise ValueError(f"is no .npy file, but {pickled}: write it with numpy.save.")
    try:
        with np.errstate(over="ignore"):  # of a size that nothing has
            mapped = np.lib.format.open_memmap(path, mode="r")
    except (ValueError, OverflowError) as error:
        if "Python objects" in str(error):
            raise ValueError(
                "holds Python objects, a pickle, which would run code and is not loaded: save numbers or text."
            ) from None
        raise ValueError(f"is a broken .npy file: {str(error).partition(chr(10))[0]}.") from None
    if mapped.size > MOST_ELEMENTS:
        raise ValueError(f"has the shape {mapped.shape}, more than {MOST_ELEMENTS:,} elements (2^25).")
    return np.array(mapped)


def _csv(path: Path) -> Array:
    """Return the numbers of a file, `(N,)` for one column and `(N, C)` for several; each line is a sample."""
    for dtype in (np.int64, np.float64):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                array = np.loadtxt(path, dtype, comments=None, delimiter=",", ndmin=2, encoding="utf-8-sig")
        except (ValueError, OverflowError, Warning):
            continue
        return array[:, 0] if array.shape[1] == 1 else array
    raise ValueError(_wrong_line(path))


def _wrong_line(path: Path) -> str:
    """Say in which line something else than numbers stands."""
    columns = 0
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        for line, text in enumerate(file, start=1):
            fields = text.strip().split(",")
            if not text.strip():
                continue
            wrong = next((field.strip() for field in fields if not _is_number(field)), None)
            if wrong is not None:
                other = next((sign for sign in _SEPARATORS if _are_numbers(text, sign)), None)
                if other is not None:
                    return f", line {line}: fields are separated by {_SEPARATORS[other]}: write commas."
                hint = "give numbers" if columns else "a header? Remove the line"
                return f", line {line}: {wrong[:40]!r} is not a number: {hint}."
            if columns and len(fields) != columns:
                return f", line {line}: {count(len(fields), 'column')}, and the lines before have {columns}."
            columns = len(fields)
    return "has no line with numbers."


def _are_numbers(text: str, separator: str) -> bool:
    """Whether a line holds several numbers between separators; a decimal comma is one of a number."""
    fields = text.strip().split(None if separator == " " else separator)
    return len(fields) > 1 and all(_is_number(field.replace(",", ".")) for field in fields)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text


def _parquet(path: Path) -> Array:
    """Return the columns of a file, `(N,)` for one and `(N, C)` for several."""
    for module, attribute in (("pyarrow.parquet", "read_table"), ("pandas", "read_parquet")):
        try:
            reader = getattr(importlib.import_module(module), attribute)
        except ImportError:
            continue
        try:
            table = reader(path)
        except Exception as error:
            why = str(error).partition("\n")[0].rstrip(".")
            raise ValueError(f"cannot be read: {why}.") from None
        # What pandas adds for its index is no column of the data.
        metadata = getattr(getattr(table, "schema", None), "pandas_metadata", None) or {}
        names = getattr(table, "column_names", table)
        kept = [name for name in names if name not in metadata.get("index_columns", ())]
        columns = [array_of(table[name], f"column {name!r}") for name in kept]
        if not columns:
            raise ValueError("has no columns.")
        if len({column.dtype.kind == "U" for column in columns}) > 1:
            raise ValueError("has columns of numbers and columns of text: keep those of one kind.")
        return columns[0] if len(columns) == 1 else np.column_stack(columns)
    raise ValueError("is read with pyarrow or pandas, and neither is installed: pip install pyarrow.")


def _text(source: str, name: str) -> Array:
    written = source.strip()
    if "," not in written and "[" in written:  # as NumPy prints arrays
        written = re.sub(r"(?<=[^\s\[])\s+(?=[^\s\]])", ", ", written)
    if not written.startswith("["):
        written = f"[{', '.join(written.replace(',', ' ').split())}]"
    if written.count("[") != written.count("]"):
        raise AskError(
            f"{name}: {source[:60]!r} has {written.count('[')} [ and {written.count(']')} ]: close each."
        )
    node, wrong = compose(written, name)
    if wrong or node is None or not isinstance(node.value, list):
        raise AskError(f"{name}: {source[:60]!r} is neither a file nor a list of values such as '0 1 1'.")
    array = _written(node.value, name)
    if array.dtype.kind == "U" and array.size == 1:
        raise AskError(f"{name}: {source[:60]!r} is no file, and a single text is no data.")
    return array_of(array, name)


def _written(values: Any, name: str) -> Array:
    try:
        return data_of(list(values)).array()
    except Problem as problem:
        place = "".join(f"[{step}]" for step in problem.path)
        raise AskError(f"{name}{place}: {problem.message}.") from None
