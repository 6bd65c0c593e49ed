"""A results document is written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conformance.results.store import write


def test_an_interrupted_write_leaves_the_old_file_whole_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "results.json"
    write(path, "old\n")

    def fails(*ignored: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(KeyboardInterrupt):
        write(path, "new, and not all of it")
    monkeypatch.undo()
    assert path.read_text(encoding="utf-8") == "old\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["results.json"]


def test_text_that_cannot_be_encoded_leaves_the_old_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    write(path, "old\n")
    with pytest.raises(UnicodeEncodeError):
        write(path, "a lone surrogate: \udc80")
    assert path.read_text(encoding="utf-8") == "old\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["results.json"]


def test_writing_replaces_the_file_makes_the_folder_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "results.json"
    write(path, "one\n")
    write(path, "two — ü\n")
    assert path.read_bytes() == "two — ü\n".encode()
    assert [entry.name for entry in path.parent.iterdir()] == ["results.json"]


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_of_two_writes_at_once_the_later_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "results.json"

    def pieces_of_one() -> Iterator[str]:
        yield "one, "
        write(path, "another")
        assert path.read_text() == "another"
        yield "whole"

    write(path, pieces_of_one())
    assert path.read_text() == "one, whole"
    assert list(tmp_path.iterdir()) == [path]


def test_a_written_file_can_be_read_by_whom_the_umask_lets(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    before = os.umask(0o027)
    try:
        write(path, "text\n")
        assert os.umask(0o027) == 0o027, "the umask is as it was"
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o640
