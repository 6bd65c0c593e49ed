"""Arrays that a case keeps in a file of its own: `{file: y_pred.npy}`, written by `numpy.save`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from conformance.cases.diagnostics import show
from conformance.cases.notation import MOST_ELEMENTS, WHOLE, DataError

#: What it stands for; the results document repeats it for readers of its inputs.
SAYS = "{file: NAME}: the array that numpy.save wrote into NAME, in the folder of the case file or below it."

_KINDS = "biufU"
_WIDEST = 8


@dataclass(frozen=True, eq=False)
class Stored:
    """The array of a `.npy` file; only its header was read so far.

    Attributes:
        shape: its shape, or the one that the case gives it.
        dtype: dtype of the file, in the byte order of this machine.
        path: the file.
        code: Python expression that loads it, in the folder of the case file.
    """

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    path: Path
    code: str

    @property
    def size(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)

    def array(self) -> NDArray[Any]:
        """Return the array, read-only.

        Raises:
            OSError: the file is gone.
            ValueError: the file has changed since its header was read.
        """
        loaded: NDArray[Any] = np.load(self.path, allow_pickle=False)
        array = loaded.astype(self.dtype, copy=False).reshape(self.shape)
        array.flags.writeable = False
        return array

    def reshaped(self, shape: tuple[int, ...]) -> Stored:
        """Return the same array in another shape of as many elements."""
        return Stored(shape, self.dtype, self.path, f"{self.code}.reshape({shape})")


def stored(written: Mapping[str, Any], folder: Path | None) -> Stored:
    """Return the array that `{file: NAME}` stands for; reads its header only.

    Args:
        written: the mapping.
        folder: folder of the case file; None for a case that no file holds.

    Raises:
        DataError: the path leads out of the folder, the file cannot be read, or what it holds is no array of numbers,
            truth values or text.
    """
    name = written[WHOLE]
    if len(written) > 1:
        further = next(key for key in written if key != WHOLE)
        raise DataError(f"unknown key {show(further)} with {WHOLE}", further, at_key=True)
    if not isinstance(name, str) or not name:
        raise DataError(f"{WHOLE}: expected the name of a .npy file, got {show(name)}", WHOLE)
    if folder is None:
        raise DataError(f"{WHOLE}: the name is relative to the case file, and this case is in none", WHOLE)
    parts = PurePosixPath(name)
    if parts.is_absolute() or ".." in parts.parts or "\\" in name:
        raise DataError(f"{WHOLE}: {show(name)} has to be in the folder of the case file, or below it", WHOLE)
    try:
        shape, dtype = _header(folder / parts)
    except OSError as error:
        raise DataError(f"{WHOLE}: {show(name)} cannot be read: {error.strerror or error}", WHOLE) from None
    except ValueError as error:
        raise DataError(f"{WHOLE}: {show(name)} is not a .npy file: {_first_line(error)}", WHOLE) from None
    if dtype.kind not in _KINDS or (dtype.kind != "U" and dtype.itemsize > _WIDEST):
        raise DataError(f"{WHOLE}: {show(name)} has dtype {dtype}: save numbers, truth values or text", WHOLE)
    if math.prod(shape) > MOST_ELEMENTS:
        raise DataError(
            f"{WHOLE}: {show(name)} has shape {list(shape)}: more than {MOST_ELEMENTS} elements", WHOLE
        )
    return Stored(shape, dtype.newbyteorder("="), folder / parts, f"np.load({name!r})")


def _header(path: Path) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Return shape and dtype of a `.npy` file, if all of its data can be there.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no such file.
    """
    if not path.is_file():
        # What is no regular file may never end.
        raise FileNotFoundError(None, "no such file")
    with path.open("rb") as stream:
        version = npy.read_magic(stream)
        readers = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
        if version not in readers:
            raise ValueError(f"version {version} of the format is for structured arrays")
        shape, _, dtype = readers[version](stream)
        if not dtype.hasobject and path.stat().st_size < stream.tell() + math.prod(shape) * dtype.itemsize:
            raise ValueError("it is shorter than its header says")
    return shape, dtype


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
