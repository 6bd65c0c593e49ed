"""Converts the data of a case to NumPy arrays without changing a number.

Data are a scalar or nested lists, any of which may be written short, see `notations`; or an array in a file of its own,
`{file: y_pred.npy}`. Checking them builds no array.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.cases.diagnostics import Problem, show
from conformance.cases.dtypes import dtype_of
from conformance.cases.notations import (
    MOST_ELEMENTS,
    Shape,
    check_keys,
    check_shape,
    expanded,
    leaves,
    shape_of,
)


@dataclass(frozen=True, eq=False)
class Data:
    """Checked data of a case; the array is built only when it is needed.

    Attributes:
        written: the data as written.
        shape: shape of the array.
        dtype: dtype of the array.
        path: the file that holds the array, if one does.
        code: Python expression that loads that file, in the folder of the case file.
    """

    written: Any
    shape: Shape
    dtype: np.dtype[Any]
    path: Path | None = None
    code: str | None = None

    @property
    def size(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)

    def reshaped(self, shape: Shape) -> Data:
        """Return the same data in another shape of the same size.

        Raises:
            Problem: the size is another one, or NumPy has no such shape.
        """
        if (size := math.prod(shape)) != self.size:
            raise Problem(f"shape {list(shape)} has {size} elements, the data have {self.size}")
        check_shape(shape)
        return replace(self, shape=shape, code=self.code and f"{self.code}.reshape({shape})")

    def array(self) -> NDArray[Any]:
        """Return the array, read-only; equal rows may share their memory.

        Raises:
            OSError: its file is gone.
            ValueError: its file has changed since it was checked.
        """
        if self.path is None:
            array = expanded(self.written, self.dtype)
        else:
            array = np.load(self.path, allow_pickle=False).astype(self.dtype, copy=False)
        array = array.reshape(self.shape)
        array.flags.writeable = False
        return array


def data_of(written: Any, dtype: str | None = None, folder: Path | None = None) -> Data:
    """Check data.

    A float dtype rounds to nearest, which is what naming one is for (0.7 in float32), but never to
    infinity. An integer or bool dtype must hold each value exactly.

    Args:
        written: a bool, int, float or str, or lists of them nested to any depth, any of which may be a
            mapping in one of the `NOTATIONS`; or `{file: NAME}`.
        dtype: name of a NumPy or ml_dtypes dtype; None for what `numpy.asarray` infers.
        folder: folder of the case file, for `{file: NAME}`; None for a case that no file holds.

    Raises:
        Problem: ragged lists, a mixture of text, numbers and truth values, something else than these, a value that the
            dtype would change, or too many elements; a file that holds none of these, or is not in the folder.
    """
    if isinstance(written, dict) and "file" in written:
        if dtype is not None:
            raise Problem(f"a file has a dtype of its own: remove {dtype}, or save the array in it")
        return _stored(written, folder)
    data = Data(written, shape_of(written), dtype_of(list(leaves(written)), dtype))
    check_shape(data.shape)
    if data.dtype.kind == "U" and data.size * data.dtype.itemsize > 4 * MOST_ELEMENTS:
        raise Problem(f"{data.size} texts as long as the longest have more than {MOST_ELEMENTS} characters")
    return data


def _stored(written: Mapping[str, Any], folder: Path | None) -> Data:
    """Return the array that `{file: NAME}` stands for; maps the file instead of reading it."""
    name = written["file"]
    check_keys(written, "file")
    if not isinstance(name, str) or not name:
        raise Problem(f"file: expected the name of a .npy file, got {show(name)}", "file")
    if folder is None:
        raise Problem("file: the name is relative to the case file, and this case is in none", "file")
    parts = PurePosixPath(name)
    if parts.is_absolute() or ".." in parts.parts or "\\" in name:
        raise Problem(f"file: {show(name)} has to be in the folder of the case file, or below it", "file")
    path = folder / parts
    if not path.is_file():  # what is no regular file may never end
        raise Problem(f"file: {show(name)} cannot be read: no such file", "file")
    try:
        with np.errstate(over="ignore"):  # of a size that nothing has
            array = np.lib.format.open_memmap(path, mode="r")
    except OSError as error:
        raise Problem(f"file: {show(name)} cannot be read: {error.strerror or error}", "file") from None
    except (ValueError, OverflowError) as error:
        reason = str(error).partition("\n")[0]
        raise Problem(f"file: {show(name)} is not a .npy file: {reason}", "file") from None
    if array.dtype.kind not in "biufU" or (array.dtype.kind != "U" and array.dtype.itemsize > 8):
        raise Problem(
            f"file: {show(name)} has dtype {array.dtype}: save numbers, truth values or text", "file"
        )
    if array.size > MOST_ELEMENTS:
        shape = list(array.shape)
        raise Problem(f"file: {show(name)} has shape {shape}: more than {MOST_ELEMENTS} elements", "file")
    return Data(written, array.shape, array.dtype.newbyteorder("="), path, f"np.load({name!r})")
