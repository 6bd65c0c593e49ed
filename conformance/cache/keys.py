"""Keys of what is kept: digests of everything that can change it."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import platform
from collections.abc import Iterable, Iterator, Mapping
from email.parser import HeaderParser
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import conformance
from conformance.adapters.base import Adapter, Call, Implementation
from conformance.adapters.places import normal
from conformance.adapters.script import bindings, script

_PACKAGE = Path(conformance.__file__).parent

#: Beginnings of the names of environment variables that say where, when and by whom a process was started.
_OF_A_TERMINAL = (
    *(
        "_",
        "COLUMNS",
        "COLORTERM",
        "DBUS_",
        "DISPLAY",
        "GPG_",
        "LINES",
        "LOGNAME",
        "LS_COLORS",
        "MAIL",
        "OLDPWD",
    ),
    *("PWD", "PYTEST", "SHLVL", "SSH_", "TERM", "TMUX", "USER", "WAYLAND", "WINDOWID", "XAUTHORITY", "XDG_"),
)


def outcome_key(surroundings: str, implementation: Implementation, call: Call) -> str:
    """Return the key of an outcome: of the lines that are run, the data, and what surrounds them.

    Args:
        surroundings: digest of the environment; see `surroundings_key`.
        implementation: what is called.
        call: with what.
    """
    lines = script(implementation, call)
    texts = (implementation.recipe.before, lines.imports, lines.body, lines.result, lines.resolved)
    return digest(["outcome", surroundings, *texts, *_of_data(bindings(implementation, call))])


def call_key(call: Call) -> str:
    """Return the digest of a call: of all that definitions may depend on."""
    given = (
        call.task,
        call.parameters,
        call.batches,
        call.loss,
        call.class_weight,
        call.outputs,
        call.metric_dtype,
        call.usage,
    )
    updates = [(update.y_true, update.y_pred, update.sample_weight, update.mask) for update in call.updates]
    return digest([*_of_data(given), *_of_data(updates)])


def surroundings_key(adapter: Adapter, memory: int) -> str | None:
    """Return the digest of the environment in which an adapter is called; None where it may change without a trace.

    It covers the contents of the adapter's own packages as their installer recorded them, the versions of all others,
    the interpreter, the environment variables, the processor, and the code that turns a call into an outcome. Packages
    in development, which are read from where they are edited, have no such record.

    Args:
        adapter: the adapter.
        memory: bytes of data that a worker may allocate.
    """
    own = {normal(name) for name in adapter.distributions}
    listed: dict[str, str] = {}
    for name, (version, found) in _distributions(adapter.place.path).items():
        listed[name] = version
        if name in own:
            record = found.read_text("RECORD")
            if record is None or '"dir_info"' in (found.read_text("direct_url.json") or ""):
                return None
            listed[name] += digest([record])
    variables = {name: value for name, value in os.environ.items() if not name.startswith(_OF_A_TERMINAL)} | {
        name: str(value) for name, value in adapter.variables.items()
    }
    return digest(
        [
            "surroundings",
            _code_of_adapter(adapter.path.partition(":")[0]),
            f"{adapter.place.tag} {adapter.place.python} {memory}",
            _processor(),
            *(f"{name}=={version}" for name, version in sorted(listed.items())),
            *(f"{name}={value}" for name, value in sorted(variables.items())),
        ]
    )


def code_of(adapters: Iterable[Adapter]) -> str:
    """Return the digest of all code and data that adapters and their definitions are made of, and run with."""
    modules = {name.partition(":")[0] for each in adapters for name in (each.path, each.definitions) if name}
    others = {module.partition(".")[0] for module in modules} - {_PACKAGE.name}
    versions = f"{platform.python_version()} {np.__version__}"
    return digest([versions, _code(_PACKAGE), *(_code(_root(name)) for name in sorted(others))])


def digest(parts: Iterable[str | bytes]) -> str:
    """Return a digest of parts; the same text in other parts has another one."""
    found = hashlib.blake2b(digest_size=20)
    for part in parts:
        data = part.encode(errors="surrogatepass") if isinstance(part, str) else part
        found.update(f"{len(data)}:".encode())
        found.update(data)
    return found.hexdigest()


def _code_of_adapter(module: str) -> str:
    """Return the digest of what turns a call into an outcome, given the module of an adapter."""
    own = [_code(_PACKAGE / name) for name in ("adapters", "calls", "workers")]
    top = module.partition(".")[0]
    found = _code(_PACKAGE / "frameworks") if top == _PACKAGE.name else _code(_root(top))
    return digest([*own, found])


def _root(module: str) -> Path:
    """Return the folder of a package, or the file of a module, without importing it."""
    spec = importlib.util.find_spec(module)
    origin = Path(spec.origin if spec is not None and spec.origin else "")
    return origin.parent if origin.name == "__init__.py" else origin


# Most adapters are in one place, and to read what all its distributions say of themselves takes its time.
@cache
def _distributions(path: tuple[str, ...]) -> Mapping[str, tuple[str, metadata.Distribution]]:
    """Return name -> version and distribution, of those that are imported from some folders."""
    listed: dict[str, tuple[str, metadata.Distribution]] = {}
    for found in metadata.distributions(path=list(path)):
        # `found.metadata` parses the whole description, which takes most of a short run.
        text = found.read_text("METADATA") or found.read_text("PKG-INFO") or ""
        said = HeaderParser().parsestr(text.partition("\n\n")[0])
        # The first one is imported.
        listed.setdefault(normal(said["Name"] or ""), (said["Version"] or "", found))
    return listed


@cache
def _code(path: Path) -> str:
    """Return the digest of a file, or of the code and the data in a folder."""
    wanted = (".py", ".yaml", ".yml", ".json")
    files = sorted(file for file in path.rglob("*") if file.suffix in wanted) if path.is_dir() else [path]
    return digest(part for file in files for part in (str(file.relative_to(path)), file.read_bytes()))


@cache
def _processor() -> str:
    """Return the name and the instruction sets of the processor: kernels are chosen by them."""
    found = [platform.machine(), platform.processor()]
    listed = Path("/proc/cpuinfo")
    if listed.is_file():
        lines = listed.read_text(errors="replace").partition("\n\n")[0].splitlines()
        found += [line for line in lines if line.startswith(("model name", "flags", "Features"))]
    return "\n".join(found)


def _of_data(value: Any) -> Iterator[str | bytes]:
    """Yield what distinguishes data: dtypes, shapes and every bit of arrays, and how they are nested."""
    if isinstance(value, np.ndarray):
        yield from _of_array(value)
    elif isinstance(value, Mapping):
        yield f"mapping of {len(value)}"
        for name, item in value.items():
            yield str(name)
            yield from _of_data(item)
    elif isinstance(value, (list, tuple)):
        yield f"{type(value).__name__} of {len(value)}"
        for item in value:
            yield from _of_data(item)
    else:
        yield repr(value)


def _of_array(array: NDArray[Any]) -> Iterator[str | bytes]:
    by_columns = array.flags.f_contiguous and not array.flags.c_contiguous
    yield f"{array.dtype.name} {array.dtype.str} {array.shape} {by_columns}"
    # The bytes of objects are addresses.
    yield repr(array.tolist()) if array.dtype.hasobject else np.ascontiguousarray(array).tobytes()
