"""Where a framework is installed: here, in a folder before this environment's packages, or for another interpreter.

Standard library only.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

#: What another interpreter needs to have. NumPy is among the distributions of every adapter.
OLDEST_PYTHON = (3, 11)

_LISTING = """\
import json, platform, sys, sysconfig
from importlib import metadata
found = {}
for each in metadata.distributions():
    found.setdefault(each.metadata["Name"] or "", each.version)
tag = f"{sys.implementation.cache_tag}-{sysconfig.get_platform()}"
told = {"python": platform.python_version(), "version": sys.version_info[:2], "tag": tag, "distributions": found}
told["path"] = [each for each in sys.path if each]
print(json.dumps(told))
"""


class PlaceError(Exception):
    """A place cannot be used; the message says which, why, and what to do."""


@dataclass(frozen=True)
class Place:
    """Where an adapter's packages are.

    Attributes:
        folder: a folder whose packages are found before all others; empty for none.
        interpreter: path of the Python that has the packages; empty for the one that runs this.
    """

    folder: str = ""
    interpreter: str = ""

    @property
    def executable(self) -> str:
        """The interpreter to start."""
        return self.interpreter or sys.executable

    def variables(self, environment: Mapping[str, str]) -> dict[str, str]:
        """Return the environment variables of a process there, given those of this process.

        What was set for this interpreter is not for another one.

        Raises:
            PlaceError: the folder is gone: another release would be found.
        """
        if self.folder and not Path(self.folder).is_dir():
            raise PlaceError(f"{self.folder} is gone: run again, and it is installed anew.")
        own = ("PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__") if self.interpreter else ()
        found = {name: value for name, value in environment.items() if name not in own}
        if self.folder:
            path = (self.folder, found.get("PYTHONPATH", ""))
            found["PYTHONPATH"] = os.pathsep.join(filter(None, path))
        return found

    def version(self, distribution: str) -> str | None:
        """Return the version of a distribution by its metadata, None for one that is not there; nothing is imported.

        Raises:
            PlaceError: the interpreter cannot be started, or is too old.
        """
        if self.interpreter:
            found: Mapping[str, str] = _asked(self)["distributions"]
            return found.get(normal(distribution))
        found_there = metadata.distributions(name=distribution, path=list(self.path))
        return next((found.version for found in found_there), None)

    @property
    def path(self) -> tuple[str, ...]:
        """The folders in which its packages are looked for, in this order.

        Raises:
            PlaceError: the interpreter cannot be started, or is too old.
        """
        return tuple(_asked(self)["path"]) if self.interpreter else (*filter(None, [self.folder]), *sys.path)

    @property
    def python(self) -> str:
        """The version of its interpreter; raises as `path`."""
        return str(_asked(self)["python"]) if self.interpreter else platform.python_version()

    @property
    def tag(self) -> str:
        """Name of the interpreter's kind: what is built for one serves all of the same kind.

        Raises:
            PlaceError: the interpreter cannot be started, or is too old.
        """
        if self.interpreter:
            return str(_asked(self)["tag"])
        return f"{sys.implementation.cache_tag}-{sysconfig.get_platform()}"


#: This interpreter, and nothing before its packages.
HERE = Place()


def normal(name: str) -> str:
    """Return the name of a distribution as all its spellings have it."""
    return re.sub(r"[-_.]+", "-", name).lower()


# One interpreter is asked once, not once for each package.
@cache
def _asked(place: Place) -> Mapping[str, Any]:
    """Return what another interpreter says of itself: `tag`, and `distributions`: name -> version."""
    try:
        done = subprocess.run(
            [place.interpreter, "-c", _LISTING],
            # A module in the working directory must not be found.
            env={**place.variables(os.environ), "PYTHONSAFEPATH": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        told = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise PlaceError(
            f"{place.interpreter} cannot be used as an interpreter ({error}): name the python of an environment."
        ) from error
    if tuple(told["version"]) < OLDEST_PYTHON:
        raise PlaceError(
            f"{place.interpreter} is Python {told['python']}:"
            f" workers need {'.'.join(map(str, OLDEST_PYTHON))} or newer."
        )
    return {
        **told,
        "distributions": {normal(name): version for name, version in told["distributions"].items()},
    }
