"""Texts on disk: several runs at once, runs that are killed, disks that are full, files that are no cache."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from conformance.cache.store import CacheError, Store

#: Writes numbered entries for ever, a transaction for each 2,000.
_WRITER = """\
import itertools, sys
from pathlib import Path
from conformance.cache.store import Store
store = Store(Path(sys.argv[1]))
for number in itertools.count():
    store.put(f"{sys.argv[2]}-{number}", f"text {number} " * 10)
    if number == 6_000:
        print("writing", flush=True)
"""

#: Writes more than a file may hold. What the system sends then ends a process, unless it is ignored.
_FULL = """\
import resource, signal, sys
from pathlib import Path
from conformance.cache.store import Store
store = Store(Path(sys.argv[1]))
store.put("before", "text")
store.close()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
store = Store(Path(sys.argv[1]))
for number in range(10_000):
    store.put(f"{number}", "x" * 1000)
store.close()
print(store.problem)
"""


def started(program: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)], stdout=subprocess.PIPE, text=True
    )


def reopened(folder: Path, *keys: str) -> list[str | None]:
    store = Store(folder)
    found = [store.get(key) for key in keys]
    store.close()
    return [entry and entry.text for entry in found]


def test_what_was_put_is_there_in_this_run_and_in_the_next(tmp_path: Path) -> None:
    store = Store(tmp_path / "new" / "folder")
    assert store.get("a") is None
    store.put("a", "one")
    first = store.get("a")
    assert first is not None
    assert first.text == "one"
    store.close()
    again = Store(tmp_path / "new" / "folder")
    assert again.get("a") == first
    again.close()


def test_a_run_sees_what_another_has_written_meanwhile(tmp_path: Path) -> None:
    one, other = Store(tmp_path), Store(tmp_path)
    one.put("a", "1")
    other.put("b", "2")
    one.close()
    seen = other.get("a")
    assert seen is not None
    assert seen.text == "1"
    other.close()
    assert reopened(tmp_path, "a", "b") == ["1", "2"]


def test_runs_that_are_killed_while_they_write_leave_whole_entries(tmp_path: Path) -> None:
    writers = [started(_WRITER, tmp_path, name) for name in ("a", "b")]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "writing\n"
    for writer in writers:
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    store = Store(tmp_path)
    for name in ("a", "b"):
        for number in range(6_000):
            found = store.get(f"{name}-{number}")
            assert found is not None
            assert found.text == f"text {number} " * 10
    store.put("c", "after")
    store.close()
    assert reopened(tmp_path, "c") == ["after"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="limits of a process need POSIX")
def test_a_full_disk_loses_what_is_new_and_nothing_else(tmp_path: Path) -> None:
    said, _ = started(_FULL, tmp_path).communicate(timeout=60)
    assert said.startswith("it cannot be written: ")
    assert reopened(tmp_path, "before", "9999") == ["text", None]


@pytest.mark.parametrize("content", [b"no database", b"SQLite format 3\x00" + bytes(200)])
def test_a_file_that_is_no_cache_is_named_and_left_alone(tmp_path: Path, content: bytes) -> None:
    store = Store(tmp_path)
    file = store.file
    store.close()
    for path in tmp_path.iterdir():
        path.unlink()
    file.write_bytes(content)
    with pytest.raises(CacheError, match=r"cannot be used: .* Delete the file, or name another folder"):
        Store(tmp_path)
    assert file.read_bytes() == content


def test_a_cache_of_another_format_is_another_file(tmp_path: Path) -> None:
    other = tmp_path / "outcomes-0.sqlite3"
    with sqlite3.connect(other) as database:
        database.execute("CREATE TABLE entries (key, text)")
        database.execute("INSERT INTO entries VALUES ('a', 'old')")
    assert reopened(tmp_path, "a") == [None]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CacheError, match="file/folder"):
        Store(tmp_path / "file" / "folder")
