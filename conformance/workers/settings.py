"""The settings of a worker: environment variables before its framework is imported, and a record of them after.

Standard library only, so that it works in any interpreter that has the framework.
"""

from __future__ import annotations

import importlib
import locale
import os
import platform
import re
from collections.abc import Mapping, MutableMapping
from importlib import metadata
from pathlib import Path
from typing import Any

from conformance.adapters.base import Adapter
from conformance.calls.outcome import encode

#: Environment variables of every worker; None unsets one.
VARIABLES: Mapping[str, str | None] = {
    "CUDA_VISIBLE_DEVICES": "",
    "LC_ALL": "C.UTF-8",
    "MKL_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONWARNINGS": None,
}

#: How versions in development are spelt -> how packaging spells them in metadata.
_SPELT = {"alpha": "a", "beta": "b", "c": "rc", "pre": "rc", "preview": "rc", "rev": "post", "r": "post"}


def apply(adapter: Adapter, scratch: Path, environment: MutableMapping[str, str]) -> None:
    """Set the variables of every worker and those of one adapter in `environment`."""
    for name, value in {**VARIABLES, **adapter.variables}.items():
        if value is None:
            environment.pop(name, None)
        else:
            environment[name] = value.replace("{scratch}", str(scratch))


def record(adapter: Adapter) -> dict[str, Any]:
    """Return `python`, `packages` and `settings` as they are in this process.

    A version is the `__version__` of the imported module. If the metadata of its distribution have another one,
    `version_mismatch` has both: the module reports a false version, or two installations overlap.
    """
    packages: dict[str, str | None] = {}
    mismatch: dict[str, dict[str, str]] = {}
    for distribution, module in (*adapter.distributions.items(), *adapter.optional.items()):
        try:
            listed = metadata.version(distribution)
        except metadata.PackageNotFoundError:
            if distribution in adapter.optional:
                continue
            listed = None
        said = getattr(importlib.import_module(module), "__version__", listed)
        # A class of the framework's own would be imported with all of it where the record is received.
        packages[distribution] = said = None if said is None else str(said)
        if said and listed and _parts(said) != _parts(listed):
            mismatch[distribution] = {"module": said, "distribution": listed}
    settings: dict[str, Any] = {
        "locale": locale.setlocale(locale.LC_CTYPE),
        "variables": {
            name: os.environ.get(name)
            for name, value in sorted({**VARIABLES, **adapter.variables}.items())
            if value is None or "{scratch}" not in value
        },
    }
    if adapter.settings is not None:
        settings |= encode(adapter.settings())
    document: dict[str, Any] = {
        "python": platform.python_version(),
        "packages": packages,
        "settings": settings,
    }
    if mismatch:
        document["version_mismatch"] = mismatch
    return document


def _parts(version: str) -> list[str]:
    """Return what a version says, however it is spelt: 2.0dev is 2.0.dev0, and 2.13.0+cpu is 2.13.0."""
    found = re.findall(r"[a-z]+|[0-9]+", version.partition("+")[0].lower())
    if found and found[-1].isalpha():
        found.append("0")
    return [_SPELT.get(part, part) for part in found]
