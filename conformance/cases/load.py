"""Reads case files: paths in, cases and training runs, or all errors out."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conformance.cases import nodes, runs
from conformance.cases.calls import INPUTS
from conformance.cases.case import Case
from conformance.cases.diagnostics import CaseErrors, Diagnostic
from conformance.cases.expectations import expectation, links
from conformance.cases.nodes import Node
from conformance.cases.validate import document_problems
from conformance.training.run import Run

_SUFFIXES = (".yaml", ".yml")

#: Keys of a case that become attributes of the same name, as they are.
_WORDS = ("id", "title", "task", "metric", "because")

#: Advice for a path without cases.
_NEXT = "name a case file or a folder with some, or none for the cases that are shipped"


@dataclass(frozen=True)
class Loaded:
    """What case files hold, by order of the paths, within a folder by path, within a file as written.

    Attributes:
        cases: the cases.
        runs: the training runs.
    """

    cases: tuple[Case, ...] = ()
    runs: tuple[Run, ...] = field(default=())


def load(paths: Sequence[Path], *, known: Collection[str]) -> tuple[Case, ...]:
    """Return the cases of `load_all`."""
    return load_all(paths, known=known).cases


def load_all(paths: Sequence[Path], *, known: Collection[str]) -> Loaded:
    """Read case files.

    Args:
        paths: files, and folders that are searched for `*.yaml` and `*.yml` at any depth.
        known: ids of all known implementations, of every environment; patterns must match one of them.

    Raises:
        CaseErrors: all errors in any of the files.
    """
    diagnostics: list[Diagnostic] = []
    files = _files(paths, diagnostics)
    cases: list[Case] = []
    found: list[Run] = []
    places: dict[str, str] = {}
    for file in files:
        shown = _shown(file)
        try:
            if file.exists() and not file.is_file():
                raise OSError(None, "it is not a regular file")
            text = nodes.decode(file.read_bytes(), shown)
            loaded = _parse(text, shown, known, file.absolute(), places)
            cases += loaded.cases
            found += loaded.runs
        except OSError as error:
            diagnostics.append(Diagnostic(shown, 0, 0, f"cannot be read: {error.strerror}"))
        except CaseErrors as error:
            diagnostics += error.diagnostics
    if diagnostics:
        raise CaseErrors(diagnostics)
    return Loaded(tuple(cases), tuple(found))


def parse(
    text: str,
    file: str,
    *,
    known: Collection[str],
    path: Path | None = None,
    places: dict[str, str] | None = None,
) -> tuple[Case, ...]:
    """Return the cases in the text of a case file, which need not be written yet.

    Args:
        text: the text.
        file: what its cases and diagnostics call the file.
        known: see `load`.
        path: where it is, or is to be written, for data in files of their own.
        places: id -> place of the cases of other files; those of this one are added.

    Raises:
        CaseErrors: all errors in it.
    """
    return _parse(text, file, known, path, places).cases


def _parse(
    text: str, file: str, known: Collection[str], path: Path | None, places: dict[str, str] | None
) -> Loaded:
    root, found = nodes.compose(text, file)
    if root is None and not found:
        found.append(Diagnostic(file, 1, 1, "the file is empty: a case file starts with format: 1"))
    if root is not None and not root.broken:
        for problem in document_problems(root, frozenset(known), path and path.parent):
            found.append(Diagnostic(file, *root.locate(problem.path, at_key=problem.at_key), problem.message))
        found += _duplicate_ids(root, file, {} if places is None else places)
    if root is None or found:
        raise CaseErrors(sorted(dict.fromkeys(found), key=lambda one: (one.line, one.column)))
    return Loaded(
        tuple(_case(node, root.value, file, path, text) for node in _entries(root, "cases")),
        tuple(_run(node, root.value, file, path, text) for node in _entries(root, "runs")),
    )


def _entries(root: Node, key: str) -> Sequence[Node]:
    return root.entries[key][1].items if key in root.entries else ()


def _files(paths: Sequence[Path], diagnostics: list[Diagnostic]) -> list[Path]:
    """Return each file once, however often `paths` leads to it."""
    found: dict[Path, Path] = {}
    for path in paths:
        if path.is_dir():
            files = _files_below(path, diagnostics)
        elif path.is_file():
            files = [path]
        else:
            problem = "neither a file nor a folder" if path.exists() else "no such file or folder"
            diagnostics.append(Diagnostic(_shown(path), 0, 0, f"{problem}; {_NEXT}"))
            continue
        for file in files:
            found.setdefault(file.resolve(), file)
    return list(found.values())


def _files_below(folder: Path, diagnostics: list[Diagnostic]) -> list[Path]:
    def unreadable(error: OSError) -> None:
        shown = _shown(Path(error.filename))
        diagnostics.append(Diagnostic(shown, 0, 0, f"the folder cannot be read: {error.strerror}"))

    before = len(diagnostics)
    found = [
        Path(parent, name)
        for parent, _, names in os.walk(folder, onerror=unreadable)
        for name in names
        if name.endswith(_SUFFIXES)
    ]
    if not found and len(diagnostics) == before:
        message = f"no case file (*.yaml, *.yml) in this folder; {_NEXT}"
        diagnostics.append(Diagnostic(_shown(folder), 0, 0, message))
    return sorted(found)


def _shown(path: Path) -> str:
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links
    try:
        return absolute.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return absolute.as_posix()


def _duplicate_ids(root: Node, file: str, places: dict[str, str]) -> Iterator[Diagnostic]:
    for case in (*_entries(root, "cases"), *_entries(root, "runs")):
        if "id" not in case.entries:
            continue
        node = case.entries["id"][1]
        if not isinstance(node.value, str) or node.broken:
            continue
        place = f"{file}:{node.line}"
        if (first := places.setdefault(node.value, place)) != place:
            message = f"duplicate id {node.value!r}: {first} has it already"
            yield Diagnostic(file, node.line, node.column, message)


def _case(node: Node, document: dict[str, Any], file: str, path: Path | None, text: str) -> Case:
    written = node.value
    expect = node.entries["expect"][1].entries if "expect" in node.entries else {}
    return Case(
        **{name: written[name] for name in _WORDS if name in written},
        theme=document["theme"],
        family=document.get("family"),
        file=file,
        line=node.line,
        tags=tuple(written.get("tags", ())),
        see=links(written),
        expect=tuple(
            expectation(pattern, value.value, key.line, key.column)
            for pattern, (key, value) in expect.items()
        ),
        implementations=tuple(written["implementations"]) if "implementations" in written else None,
        inputs={key: value for key, value in written.items() if key in INPUTS},
        inputs_yaml=_inputs_yaml(node, text),
        path=path,
    )


def _run(node: Node, document: dict[str, Any], file: str, path: Path | None, text: str) -> Run:
    written = node.value
    made, _ = runs.parts(written, path and path.parent)
    assert made is not None  # the document is valid
    return Run(
        **{name: written[name] for name in ("id", "title", "task", "because") if name in written},
        theme=document["theme"],
        family=document.get("family"),
        file=file,
        line=node.line,
        tags=tuple(written.get("tags", ())),
        see=links(written),
        inputs={key: value for key, value in written.items() if key not in runs.WORDS},
        inputs_yaml=_inputs_yaml(node, text, written.keys() - runs.WORDS),
        samples=made.samples,
        layers=made.layers,
        heads=made.heads,
        validation_data=made.validation_data,
    )


def _inputs_yaml(case: Node, text: str, inputs: Collection[str] = INPUTS) -> str:
    """Return the source of task and inputs, or of the whole entry if a line holds several keys."""
    keys = [key for key, _ in case.entries.values()]
    if case.flow or len({key.line for key in keys}) < len(keys):
        return _dedented(text[case.start : case.end], case.column)
    ends = [*(key.start for key in keys[1:]), case.end]
    return "\n".join(
        _dedented(text[key.start : end], key.column)
        for key, end in zip(keys, ends, strict=True)
        if key.value == "task" or key.value in inputs
    )


def _dedented(text: str, column: int) -> str:
    """Return lines, of which the first starts at a column, without comments after the last value."""
    block = nodes.lines_of(" " * (column - 1) + text)
    while not block[-1].strip() or block[-1].lstrip().startswith("#"):
        block.pop()
    return textwrap.dedent("\n".join(block))
