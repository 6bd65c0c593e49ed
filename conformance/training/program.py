"""What programs that train have in common: how their data are written. Needs NumPy only."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from numpy.typing import NDArray

from conformance.training.run import Dense


def array(values: NDArray[Any], dtype: str = "") -> str:
    """Return the expression that makes an array; a dtype that NumPy would infer need not be named."""
    named = f', dtype="{dtype}"' if dtype else ""
    # The shortest decimals that give the same float32.
    numbers = [str(value) for value in values.ravel()]
    text = _nested(numbers, values.shape)
    return f"np.array({text}{named})"


def weights_of(layer: Dense) -> str:
    """Return the expressions of the kernel and the bias of a layer that names its weights."""
    bias = layer.bias if layer.bias is not None else (0.0,) * layer.units
    return f"np.array({nested(layer.kernel)}), np.array({nested(bias)})"


def mapping(texts: Mapping[str, str]) -> str:
    """Return a dict, given the text of each value."""
    return "{" + ", ".join(f'"{name}": {text}' for name, text in texts.items()) + "}"


def labelled(weights: Mapping[str, float]) -> str:
    """Return the weights of integer labels, which are text in a case file."""
    return "{" + ", ".join(f"{label}: {weight}" for label, weight in weights.items()) + "}"


def quoted(names: Sequence[str]) -> str:
    """Return a list of names."""
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"


def indented(lines: str, levels: int) -> str:
    """Return lines, further to the right."""
    return textwrap.indent(lines.rstrip("\n"), "    " * levels)


def filtered(text: str) -> str:
    """Return a program without more than two empty lines in a row, and with one at its end."""
    return re.sub(r"\n{4,}", "\n\n\n", text).strip("\n") + "\n"


def _nested(numbers: list[str], shape: tuple[int, ...]) -> str:
    if len(shape) <= 1:
        return f"[{', '.join(numbers)}]"
    size = len(numbers) // shape[0] if shape[0] else 0
    rows = [_nested(numbers[place * size : (place + 1) * size], shape[1:]) for place in range(shape[0])]
    return f"[{', '.join(rows)}]"


def nested(value: Any) -> str:
    """Return nested tuples as nested lists."""
    return f"[{', '.join(map(nested, value))}]" if isinstance(value, tuple) else repr(value)
