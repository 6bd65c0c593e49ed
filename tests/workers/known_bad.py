"""Adapters that misbehave in every way the workers have to survive. NumPy only."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from conformance.adapters.base import Adapter, Call, Implementation, Recipe

__version__ = "9.9.9"


def _entry(
    name: str, result: str = "0.0", *, lines: str = "", imports: tuple[str, ...] = ()
) -> Implementation:
    return Implementation(
        id=f"bad.{name}",
        quantity="accuracy",
        tasks=frozenset({"binary"}),
        recipe=Recipe(imports=imports, update=lines, result=result),
    )


def seen(call: Call) -> str:
    """Return all of a call as text, with every bit of its arrays."""
    arrays = [
        None if array is None else (array.dtype.name, array.shape, array.tobytes(), array.flags.writeable)
        for update in call.updates
        for array in (update.y_true, update.y_pred, update.sample_weight)
    ]
    rest = (call.task, dict(call.parameters), call.batches, call.loss, call.metric_dtype, call.usage)
    return repr((arrays, rest, call.sources))


def _no_framework() -> None:
    raise ModuleNotFoundError("No module named 'framework'")


def _dies_at_import() -> None:
    os.write(2, b"the library is broken\n")
    os._exit(7)


def _is_killed_once() -> None:
    been = Path(tempfile.gettempdir()).parent / "been"
    if not been.exists():
        been.touch()
        os.kill(os.getpid(), 9)


#: Returns its process once two processes have come to the folder.
_MEETING = """\
folder = pathlib.Path(os.environ["MEETING"])
(folder / str(os.getpid())).touch()
while len(list(folder.iterdir())) < 2:
    time.sleep(0.01)"""

#: The folder that the processes of one adapter share is the parent of the folder of each.
_SLEEPS_ONCE = """\
been = pathlib.Path(tempfile.gettempdir()).parent / "slept"
if not been.exists():
    been.touch()
    time.sleep(1000)
been.unlink()"""

_FORKS = """\
child = os.fork()
if child == 0:
    time.sleep(1000)
"""

BAD = Adapter(
    framework="bad",
    path=f"{__name__}:BAD",
    distributions={"numpy": "numpy"},
    implementations=(
        _entry("good", "np.mean(y_true == y_pred)"),
        _entry("pid", "os.getpid()", imports=("import os",)),
        _entry("meets", "os.getpid()", lines=_MEETING, imports=("import os, pathlib, time",)),
        _entry("exits", lines="os.write(2, b'last words\\n')\nos._exit(3)", imports=("import os",)),
        _entry("killed", lines="os.kill(os.getpid(), 9)", imports=("import os",)),
        _entry("sleeps", lines="time.sleep(1000)", imports=("import time",)),
        _entry("late", "np.mean(y_true == y_pred)", lines="time.sleep(0.05)", imports=("import time",)),
        _entry(
            "sleeps-once",
            "np.mean(y_true == y_pred)",
            lines=_SLEEPS_ONCE,
            imports=("import pathlib, tempfile, time",),
        ),
        _entry("forks", "child", lines=_FORKS, imports=("import os, time",)),
        _entry("forks_and_exits", lines=_FORKS + "os._exit(3)", imports=("import os, time",)),
        _entry("writes_braces", lines="os.write(2, b'[[{{' * 300_000)\nos._exit(3)", imports=("import os",)),
        _entry("raises_braces", lines="raise ValueError('[[{{' * 25_000)"),
        _entry("hoards", "np.ones(10**9).sum()"),
        _entry("leaves_files", lines="tempfile.mkdtemp()", imports=("import tempfile",)),
        _entry(
            "removes_scratch",
            lines="shutil.rmtree(pathlib.Path(tempfile.gettempdir()).parents[1])\nos._exit(3)",
            imports=("import os, pathlib, shutil, tempfile",),
        ),
        _entry("hangs_up", lines="os.closerange(3, 256)", imports=("import os",)),
        _entry("raises", lines="raise FileNotFoundError('no file /usr/share/secret/name.txt at 0x7f00aa')"),
        _entry("quits", lines="raise SystemExit(2)"),
        _entry("interrupts", lines="raise KeyboardInterrupt"),
        _entry("prints", lines="print('noise')\nos.write(1, b'{\"outcome\": 1}\\n')", imports=("import os",)),
        _entry("changes", lines="y_pred[...] = 0"),
        _entry("text", "'0.75'"),
        _entry("nothing", "None"),
        _entry("mapping", "{'accuracy': 1.0}"),
        _entry("nan", "np.float32('nan')"),
        _entry("minus_zero", "-0.0"),
        _entry("vector", "y_true == y_pred"),
        _entry(
            "warns",
            lines="for text in 'bab':\n    warnings.warn(f'{text} in /usr/lib/x/y.py', UserWarning)",
            imports=("import warnings",),
        ),
        Implementation(
            id="bad.receives",
            quantity="accuracy",
            tasks=frozenset({"binary"}),
            recipe=Recipe(
                imports=(),
                setup="told = dict({arguments})['seen']",
                result="0.0",
                resolved="told",
            ),
            derived={"seen": seen},
        ),
        _entry("environment", "float(os.environ['BAD_VARIABLE'])", imports=("import os",)),
    ),
    variables={"BAD_VARIABLE": "42"},
)

BAD_TOO = Adapter(
    framework="another",
    path=f"{__name__}:BAD_TOO",
    distributions={"numpy": "numpy"},
    implementations=(
        Implementation(
            id="another.good",
            quantity="accuracy",
            tasks=frozenset({"binary"}),
            recipe=Recipe(imports=(), result="np.mean(y_true == y_pred)"),
        ),
    ),
)

LIAR = Adapter(
    framework="liar",
    path=f"{__name__}:LIAR",
    distributions={"numpy": __name__},
    implementations=(_entry("liar", "1.0"),),
)

ABSENT = Adapter(
    framework="absent",
    path=f"{__name__}:ABSENT",
    distributions={},
    implementations=(_entry("absent", "1.0"),),
    warm_up=_no_framework,
)

STILLBORN = Adapter(
    framework="stillborn",
    path=f"{__name__}:STILLBORN",
    distributions={},
    implementations=(_entry("stillborn", "1.0"),),
    warm_up=_dies_at_import,
)

KILLED_ONCE = Adapter(
    framework="killed",
    path=f"{__name__}:KILLED_ONCE",
    distributions={},
    implementations=(_entry("killed-once", "1.0"),),
    warm_up=_is_killed_once,
)
