"""Read YAML files that a Python package contains."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import yaml

#: The loader of libyaml is ten times as fast.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(package: str, name: str) -> Any:
    """Return what a file says.

    Args:
        package: import path of the package, usually `__package__` of the module that asks.
        name: name of the file.
    """
    return yaml.load((files(package) / name).read_text(encoding="utf-8"), _LOADER)
