"""Files of this framework's tensors."""

from __future__ import annotations

import pickle
import warnings
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from conformance.frameworks.torchmetrics.adapter import to_numpy


def tensor(path: Path) -> NDArray[Any]:
    """Return the tensor that `torch.save` wrote; what else is in a file is not loaded.

    Raises:
        ValueError: torch is not installed, or the file holds something else.
    """
    try:
        import torch
    except ImportError:
        raise ValueError("is read with torch, which is not installed: pip install torch.") from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            loaded = torch.load(path, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError, KeyError, ValueError, TypeError, AttributeError):
        raise ValueError(
            "holds something else than a tensor, which might run code and is not loaded: save the tensor alone."
        ) from None
    if not isinstance(loaded, torch.Tensor):
        raise ValueError(f"holds a {type(loaded).__name__}, not a tensor: save the tensor alone.")
    return to_numpy(loaded)
