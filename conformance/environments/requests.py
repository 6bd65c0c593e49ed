"""How an environment is asked for: by a name of the configuration, or as `DISTRIBUTION==RELEASE`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

from conformance.adapters.places import PlaceError
from conformance.calls.text import did_you_mean
from conformance.environments.model import check_name

#: Files that may name environments -> the tables in which they do.
FILES: Mapping[str, tuple[str, ...]] = {
    "conformance.toml": ("environments",),
    "pyproject.toml": ("tool", "conformance", "environments"),
}

#: Keys of an environment in a file.
_KEYS = ("requirement", "python")

_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*==\s*(\S.*?)\s*")


@dataclass(frozen=True)
class Request:
    """An environment as it is asked for; at least one of `distribution` and `python` is given.

    Attributes:
        asked: the words in which it is asked for.
        name: its name; empty: the release.
        distribution: the distribution that is to have another release.
        release: that release; empty where `source` says what to install.
        source: a path or URL of that distribution.
        python: path of its interpreter; empty for the one that runs this.
    """

    asked: str
    name: str = ""
    distribution: str = ""
    release: str = ""
    source: str = ""
    python: str = ""


def request(asked: str, folder: Path) -> Request:
    """Return what somebody asks for.

    Args:
        asked: a name of the configuration, or `DISTRIBUTION==X`, where X is a release, a path or a URL.
        folder: where paths start, and where the configuration is looked for, or above.

    Raises:
        PlaceError: it is neither.
    """
    known = configured(folder)
    if asked in known:
        return known[asked]
    if _REQUIREMENT.fullmatch(asked):
        return required(asked, folder)
    raise PlaceError(
        f"{asked!r} is no environment of the configuration{did_you_mean(asked, sorted(known))}. Name one, or write"
        " DISTRIBUTION==RELEASE, or a path or URL as the release."
    )


def required(asked: str, folder: Path) -> Request:
    """Return the request for a release of a distribution.

    Raises:
        PlaceError: it is no single release, and no path or URL either.
    """
    found = _REQUIREMENT.fullmatch(asked)
    if not found:
        raise PlaceError(
            f"{asked!r} names no single release: write DISTRIBUTION==RELEASE, or a path or URL as the release."
        )
    distribution, what = found.groups()
    try:
        return Request(asked, distribution=distribution, release=str(Version(what)))
    except InvalidVersion:
        pass
    if "://" in what:
        return Request(asked, distribution=distribution, source=what)
    path = folder / Path(what).expanduser()
    if not path.exists():
        raise PlaceError(f"{asked}: {what!r} is neither a release, nor a path in {folder}, nor a URL.")
    return Request(asked, distribution=distribution, source=str(path))


def configured(folder: Path) -> Mapping[str, Request]:
    """Return the environments that the nearest configuration names, in a folder or above it.

    Raises:
        PlaceError: a file that has them is wrong; says where and what.
    """
    for above in (folder, *folder.parents):
        for name, path in FILES.items():
            file = above / name
            if file.is_file() and (table := _table(file, path)) is not None:
                return {key: _entry(key, value, file) for key, value in table.items()}
    return {}


def _table(file: Path, path: tuple[str, ...]) -> Mapping[str, Any] | None:
    try:
        found: Any = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PlaceError(f"{file}: cannot be read: {error}.") from error
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    if found is not None and not isinstance(found, Mapping):
        raise PlaceError(f'{file}: {".".join(path)} is no table: write NAME = "DISTRIBUTION==RELEASE" in it.')
    return found


def _entry(name: str, value: Any, file: Path) -> Request:
    where = f"{file}: environment {name}"
    try:
        check_name(name)
    except PlaceError as error:
        raise PlaceError(f"{file}: {error}") from None
    given = {"requirement": value} if isinstance(value, str) else value
    if (
        not isinstance(given, Mapping)
        or not given
        or not all(isinstance(each, str) for each in given.values())
    ):
        raise PlaceError(
            f'{where}: write {name} = "DISTRIBUTION==RELEASE" or {name} = {{python = ".../bin/python"}}, or both.'
        )
    for wrong in _unknown(given):
        raise PlaceError(
            f"{where} has the key {wrong!r}{did_you_mean(wrong, _KEYS)}: it may have requirement and python."
        )
    found = required(given["requirement"], file.parent) if "requirement" in given else Request(name)
    python = str(file.parent / Path(given["python"]).expanduser()) if "python" in given else ""
    return replace(found, asked=name, name=name, python=python)


def _unknown(given: Mapping[str, Any]) -> Iterator[str]:
    return (key for key in given if key not in _KEYS)
