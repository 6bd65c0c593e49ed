"""Texts on disk, by key: a folder with one SQLite file.

SQLite was chosen because its transactions make what the cache has to promise: several runs may share a file, a run may
be killed and a disk may be full while it is written, and nothing that is half written is ever read.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

#: What turns the cache off, where a folder could be named.
OFF = "off"

#: Part of the file's name: a cache that was written in another way is another file.
_FORMAT = 1

#: Seconds to wait for another run that is writing.
_WAIT = 30.0

#: Most entries; those that were used last stay.
_MOST = 500_000

#: So many new entries are written together.
_TOGETHER = 2_000

_TABLE = """\
CREATE TABLE IF NOT EXISTS entries (
    key TEXT PRIMARY KEY, text TEXT NOT NULL, made REAL NOT NULL, used REAL NOT NULL
) WITHOUT ROWID"""


@dataclass(frozen=True)
class Entry:
    """What is kept under a key.

    Attributes:
        text: the text.
        made: when it was put there, in seconds since the epoch.
    """

    text: str
    made: float


class CacheError(Exception):
    """The cache cannot be used; the message says which file, why, and what to do."""


class Store:
    """Texts by key, for any number of threads and runs.

    What cannot be written is left out, and `problem` says why: a run needs no cache to end well.

    Args:
        folder: where the file is, or is made.

    Raises:
        CacheError: the folder cannot be made, or the file is no cache.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / f"outcomes-{_FORMAT}.sqlite3"
        self.problem: str | None = None
        self._new: dict[str, Entry] = {}
        self._used: set[str] = set()
        self._lock = threading.Lock()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(
                self.file, timeout=_WAIT, isolation_level=None, check_same_thread=False
            )
            # Readers do not wait for a run that is writing.
            self._database.execute("PRAGMA journal_mode=WAL")
            self._database.execute("PRAGMA synchronous=NORMAL")
            self._database.execute(_TABLE)
        except (OSError, sqlite3.Error) as error:
            raise CacheError(
                f"The cache {self.file} cannot be used: {_reason(error)}."
                " Delete the file, or name another folder."
            ) from error

    def get(self, key: str) -> Entry | None:
        """Return what is kept under a key, or None."""
        with self._lock:
            if key in self._new:
                return self._new[key]
            try:
                found = self._database.execute(
                    "SELECT text, made FROM entries WHERE key = ?", (key,)
                ).fetchone()
            except sqlite3.Error as error:
                self.problem = self.problem or f"it cannot be read: {_reason(error)}"
                return None
            if found is None:
                return None
            self._used.add(key)
            return Entry(*found)

    def put(self, key: str, text: str) -> None:
        """Keep a text; it is on disk after a number of others, or after `close`."""
        with self._lock:
            self._new[key] = Entry(text, time.time())
            if len(self._new) >= _TOGETHER:
                self._write()

    def close(self) -> None:
        """Write what is new, and forget what was not used for longest where there is too much."""
        with self._lock:
            self._write()
            with contextlib.suppress(sqlite3.Error), self._transaction():
                (number,) = self._database.execute("SELECT COUNT(*) FROM entries").fetchone()
                if number > _MOST:
                    self._database.execute(
                        "DELETE FROM entries WHERE key IN (SELECT key FROM entries ORDER BY used LIMIT ?)",
                        (number - _MOST,),
                    )
            self._database.close()

    def _write(self) -> None:
        now = time.time()
        new = [(key, entry.text, entry.made, now) for key, entry in self._new.items()]
        used = [(now, key) for key in self._used]
        try:
            if self.problem is None and (new or used):
                with self._transaction():
                    self._many("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?)", new)
                    self._many("UPDATE entries SET used = ? WHERE key = ?", used)
        except sqlite3.Error as error:
            self.problem = f"it cannot be written: {_reason(error)}"
        # In this run they are not asked for twice.
        self._new.clear()
        self._used.clear()

    def _many(self, statement: str, lines: Iterable[tuple[object, ...]]) -> None:
        self._database.executemany(statement, lines)

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._database.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self._database.execute("ROLLBACK")
            raise


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) and error.strerror else str(error)).rstrip(".")


def opened(asked: str | None) -> Store | None:
    """Open the cache of a run.

    Args:
        asked: a folder, `off`, or None for the user's own cache folder; where `CI` is set that is off too, as what
            another commit has computed is no check of this one.

    Raises:
        CacheError: a folder that was asked for cannot be used.
    """
    if asked == OFF or (asked is None and os.environ.get("CI")):
        return None
    if asked is not None:
        return Store(Path(asked).expanduser())
    # Nobody asked for it: a home that cannot be written is no reason to stop.
    with contextlib.suppress(CacheError):
        return Store(user_cache_path("metric-conformance", appauthor=False))
    return None
