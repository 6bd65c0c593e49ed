"""Releases of distributions, each in a folder of its own in the user's cache.

A folder is installed under another name and renamed when it is complete, so that nothing reads one that is not, and
never changed afterwards: what comes from a path or a URL is named by its contents.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path

from filelock import FileLock, Timeout
from packaging.version import InvalidVersion, Version
from platformdirs import user_cache_path

from conformance.adapters.places import Place, PlaceError, normal
from conformance.adapters.registry import adapters
from conformance.environments.model import Environment, check_distribution, check_name
from conformance.environments.requests import Request, request

#: Between a version and what tells contents of that version apart.
_CONTENTS = "~"

#: Lines of pip's errors that are shown.
_TAIL = 4


@dataclass(frozen=True)
class Installed:
    """A release in the cache.

    Attributes:
        distribution: its distribution, as it spells itself.
        version: its version.
        source: where it was installed from, unless by its version.
        tag: the kind of interpreter it is for.
        folder: where it is.
    """

    distribution: str
    version: str
    source: str
    tag: str
    folder: Path

    @property
    def requirement(self) -> str:
        """What it is asked for by, but for a path or URL."""
        return f"{self.distribution}=={self.version}"


def cache() -> Path:
    """Return the folder of all environments of this user."""
    return user_cache_path("metric-conformance", appauthor=False) / "environments"


def prepared(asked: Iterable[str], folder: Path, say: Callable[[str], None]) -> tuple[Environment, ...]:
    """Return environments that are ready to be used, installing what is not in the cache.

    Args:
        asked: names of the configuration, or releases, paths and URLs of distributions.
        folder: where paths start, and where the configuration is looked for, or above.
        say: shows a line of progress.

    Raises:
        PlaceError: something is asked for that there is not, or it cannot be installed or used.
    """
    requests, known = [request(text, folder) for text in dict.fromkeys(asked)], adapters()
    for each in requests:
        # Before anything is installed: a name that is misspelt may be another package.
        if each.distribution:
            check_distribution(each.distribution, known)
    try:
        return tuple(_prepared(each, say) for each in requests)
    except OSError as error:
        raise PlaceError(f"{error.filename}: {error.strerror}: environments need it.") from error


def _prepared(asked: Request, say: Callable[[str], None]) -> Environment:
    place = Place(interpreter=asked.python)
    if not asked.distribution:
        return Environment(asked.name, place)
    found = _cached(asked, place) or _install(asked, place, say)
    name = asked.name or found.version
    check_name(name)
    return Environment(name, replace(place, folder=str(found.folder)), normal(asked.distribution))


def listed() -> tuple[Installed, ...]:
    """Return what is in the cache, by kind of interpreter and name."""
    return tuple(found for root in sorted(cache().glob("*")) for found in _in(root))


def remove(found: Installed) -> None:
    """Delete a release from the cache."""
    own = normal(found.distribution)
    with _Lock(found.folder.parent, own, lambda line: None) as partial:
        found.folder.rename(partial)


def _cached(asked: Request, place: Place) -> Installed | None:
    """Return a release that is in the cache; what a path or URL leads to may be another thing each time."""
    if asked.source:
        return None
    for found in _in(cache() / place.tag, normal(asked.distribution)):
        if not found.source and _version(found.version) == Version(asked.release):
            return found
    return None


def _install(asked: Request, place: Place, say: Callable[[str], None]) -> Installed:
    own, root = normal(asked.distribution), cache() / place.tag
    target = asked.source or f"{asked.distribution}=={asked.release}"
    with _Lock(root, own, say) as partial:
        if found := _cached(asked, place):
            return found  # Another run was faster.
        say(f"installing {target} into {root}")
        _pip(asked, place, target, partial)
        found = _read(partial, own)
        if found is None:
            raise PlaceError(f"{target} is not {asked.distribution}: correct the name or the path.")
        contents = f"{_CONTENTS}{_digest(partial)}" if asked.source else ""
        folder = root / f"{own}-{found.version}{contents}"
        if not folder.exists():
            partial.rename(folder)
        return replace(found, folder=folder)


def _pip(asked: Request, place: Place, target: str, folder: Path) -> None:
    interpreter = ("--python", place.interpreter) if place.interpreter else ()
    command = [
        *(sys.executable, "-m", "pip", *interpreter, "install", "--quiet", "--no-deps"),
        # Most modules are never imported; the others are compiled when they are.
        *("--no-compile", "--disable-pip-version-check", "--target", str(folder), target),
    ]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode == 0:
        return
    said = [line for line in done.stderr.splitlines() if line.strip() and not line.startswith("WARNING")]
    raise PlaceError(
        f"{asked.asked} is not in the cache and cannot be installed. Check that the release exists and that the package"
        f" index can be reached; the first installation needs it. pip says:\n" + "\n".join(said[-_TAIL:])
    )


class _Lock:
    """Keeps other processes from changing a distribution's folders, and gives a name for one in the making."""

    def __init__(self, root: Path, distribution: str, say: Callable[[str], None]) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(root / f".{distribution}.lock")
        self._root, self._distribution = root, distribution
        self._say = say

    def __enter__(self) -> Path:
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            self._say(f"waiting for another process that installs into {self._root}")
            self._lock.acquire()
        self._clean()
        # The pip of a process that was killed may still be writing into the one before.
        return self._root / f".{self._distribution}.{uuid.uuid4().hex}.partial"

    def __exit__(self, *error: object) -> None:
        self._clean()
        self._lock.release()

    def _clean(self) -> None:
        """Remove what is not whole, such as an installation that was interrupted."""
        for folder in self._root.glob(f".{self._distribution}.*.partial"):
            shutil.rmtree(folder, ignore_errors=True)


def _in(root: Path, distribution: str = "") -> Iterator[Installed]:
    """Yield the releases for one kind of interpreter, of all distributions or of one."""
    for folder in sorted(root.glob(f"{distribution or '[!.]*'}-*")):
        if (found := _read(folder, distribution)) is not None:
            yield found


def _read(folder: Path, distribution: str = "") -> Installed | None:
    """Return what is in a folder, by its metadata."""
    for found in metadata.distributions(path=[str(folder)]):
        own = normal(found.metadata["Name"])
        if own == distribution or (not distribution and folder.name.startswith(f"{own}-")):
            source = json.loads(found.read_text("direct_url.json") or "{}").get("url", "")
            return Installed(found.metadata["Name"], found.version, source, folder.parent.name, folder)
    return None


def _digest(folder: Path) -> str:
    """Return a few characters that stand for what a distribution's files hold.

    Where it came from, and when it was packed or compiled, makes no difference.
    """
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in ("RECORD", "direct_url.json") and path.suffix != ".pyc":
            found.update(f"{path.relative_to(folder).as_posix()} {path.stat().st_size}\n".encode())
            found.update(path.read_bytes())
    return found.hexdigest()[:12]


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None
