"""Options of the command line, and ini settings of the same names. Needs pytest only."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import pytest

if TYPE_CHECKING:
    from conformance.session.shard import Shard

_PREFIX = "conformance-"

#: Key under which a worker of xdist is told where the environments are.
PLACED = "conformance_environments"

_Value = TypeVar("_Value")

#: Type in ini files -> how the command line takes it, what its help adds, and the value if none is given.
_TYPES: Mapping[str, tuple[str, str, Any]] = {
    "string": ("store", "", ""),
    "linelist": ("append", " May be repeated.", ()),
    "bool": ("store_true", "", False),
}

#: Files in which pytest looks for its configuration.
_CONFIGURATIONS = ("pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg")


class _Option(NamedTuple):
    """One option: its name without the prefix, its help, what stands for its value, and its type in ini files.

    One whose type is `linelist` may be repeated.
    """

    name: str
    help: str
    metavar: str | None
    ini: Any = "string"
    default: Any = None

    @property
    def dest(self) -> str:
        return f"{_PREFIX}{self.name}".replace("-", "_")


_OPTIONS = (
    _Option("cases", "File or folder of cases, instead of the default.", "PATH", "linelist"),
    _Option("case", "Only cases whose id matches.", "GLOB", "linelist"),
    _Option("implementations", "Only implementations whose id matches.", "GLOB", "linelist"),
    _Option(
        "environment",
        "Also call another release of a framework, such as NAME==1.6.1, or a configured environment.",
        "NAME",
        "linelist",
    ),
    _Option("report", "Write index.html, results.json and divergences/ there.", "DIR"),
    _Option("require", "Fail if this framework is not installed.", "FRAMEWORK", "linelist"),
    _Option(
        "inline",
        "Call the frameworks in this process, for a debugger; default environment only.",
        None,
        "bool",
    ),
    _Option("shard", "Run one of N parts; `conformance merge` puts their results together.", "I/N"),
    _Option("dask", "Send the calls to the Dask cluster with this scheduler.", "ADDRESS"),
    _Option(
        "cache",
        "Keep outcomes there (in the user's cache folder; where CI is set, nowhere), or 'off'.",
        "FOLDER",
    ),
    _Option("fresh", "Ask for everything, whatever earlier runs have computed.", None, "bool"),
    _Option("timeout", "Time limit of one call (60).", "SECONDS", default="60"),
    _Option("memory", "How much data a worker process may allocate (4).", "GIGABYTES", default="4"),
)


@dataclass(frozen=True)
class Settings:
    """The settings of one run, as `_OPTIONS` describes them; `..._asked`: given on the command line.

    Without paths the shipped cases are run, without globs all; `memory` is in bytes.
    """

    paths: tuple[Path, ...]
    paths_asked: bool
    cases: tuple[str, ...]
    implementations: tuple[str, ...]
    environments: tuple[str, ...]
    environments_asked: bool
    report: Path | None
    report_asked: bool
    require: tuple[str, ...]
    inline: bool
    shard: Shard | None
    dask: str | None
    cache: str | None
    fresh: bool
    timeout: float
    memory: int


def add(parser: pytest.Parser) -> None:
    """Declare the options."""
    group = parser.getgroup("conformance", "compare implementations of a metric, case by case")
    for option in _OPTIONS:
        name = f"{_PREFIX}{option.name}"
        action, more, nothing = _TYPES[option.ini]
        arguments = {} if option.metavar is None else {"metavar": option.metavar}
        group.addoption(
            f"--{name}", dest=option.dest, action=action, default=None, help=option.help + more, **arguments
        )
        parser.addini(name, option.help, type=option.ini, default=option.default or nothing)


def check_configuration(config: pytest.Config) -> None:
    """Check that the value of one of our options did not hide the configuration of the user's project.

    pytest looks for its configuration before it knows the options of plugins, and takes `DIR` of
    `--conformance-cases DIR` for a test path. `--conformance-cases=DIR` it does not.

    Raises:
        pytest.UsageError: such a path outside the working directory led away from its configuration.
    """
    start, found = config.invocation_params.dir, config.inipath
    if hasattr(config, "workerinput") or config.option.inifilename:
        return
    if found is not None and start.is_relative_to(found.parent):
        return
    valued = {f"--{_PREFIX}{option.name}" for option in _OPTIONS if option.metavar is not None}
    own = [folder / name for folder in (start, *start.parents) for name in _CONFIGURATIONS]
    for option, value in itertools.pairwise(config.invocation_params.args):
        if option in valued and (start / value).exists() and any(path.is_file() for path in own):
            raise pytest.UsageError(
                f"pytest takes {value!r} for a test path and reads another configuration than that of {start}:"
                f" write {option}={value}"
            )


def suite_is_meant(config: pytest.Config) -> bool:
    """Whether cases or a report were requested without test paths from the command line or the configuration."""
    named = any(config.getoption(option.dest) for option in _OPTIONS if option.metavar in ("PATH", "DIR"))
    return named and config.args_source is config.ArgsSource.INVOCATION_DIR


def read(config: pytest.Config) -> Settings:
    """Return the settings; the command line overrides the ini file.

    Paths of the command line are relative to where pytest was started, those of the ini file to rootdir.

    Raises:
        pytest.UsageError: the timeout or the memory is not a positive number, or there is no such shard.
    """
    from conformance.cache.store import OFF
    from conformance.session.shard import Shard
    from conformance.workers.limits import gigabytes, seconds

    asked = {option.name: config.getoption(option.dest) for option in _OPTIONS}
    values = {
        option.name: config.getini(f"{_PREFIX}{option.name}")
        if asked[option.name] is None
        else asked[option.name]
        for option in _OPTIONS
    }

    def parsed(name: str, reading: Callable[[str], _Value]) -> _Value:
        try:
            return reading(values[name])
        except ValueError as error:
            raise pytest.UsageError(f"{_PREFIX}{name}: {error}") from error

    def path(name: str, value: str) -> Path:
        base = config.rootpath if asked[name] is None else config.invocation_params.dir
        return base / Path(value).expanduser()

    return Settings(
        paths=tuple(path("cases", value) for value in values["cases"]),
        paths_asked=asked["cases"] is not None,
        cases=tuple(values["case"]),
        implementations=tuple(values["implementations"]),
        environments=tuple(values["environment"]),
        environments_asked=asked["environment"] is not None,
        report=path("report", values["report"]) if values["report"] else None,
        report_asked=asked["report"] is not None,
        require=tuple(values["require"]),
        inline=values["inline"],
        shard=parsed("shard", Shard.parse) if values["shard"] else None,
        dask=values["dask"] or None,
        cache=values["cache"] if values["cache"] in (None, "", OFF) else str(path("cache", values["cache"])),
        fresh=values["fresh"],
        timeout=parsed("timeout", seconds),
        memory=parsed("memory", gigabytes),
    )
