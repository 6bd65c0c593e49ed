"""`conformance new`: scaffold a case."""

from __future__ import annotations

import json
import os
import re
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from conformance.adapters.base import TASKS
from conformance.adapters.registry import adapters
from conformance.cases import nodes, parse
from conformance.cases.edit import with_case
from conformance.cases.validate import SCHEMA, schema
from conformance.cli.answering import answers_of
from conformance.cli.errors import BadInput, Readable, say
from conformance.cli.options import limits
from conformance.report import digest
from conformance.results.build import document
from conformance.results.store import write
from conformance.session.corpus import check_new_id
from conformance.session.judging import has_failures, judged
from conformance.session.session import Session
from conformance.verdicts.verdicts import TODO

_WIDTH = 105

#: What y_true and y_pred of each task look like, for who names no data.
_EXAMPLES = {
    "binary": ("[[1], [0]]", "[[0.5], [0.2]]"),
    "multiclass": ("[0, 1, 2]", "[[0.6, 0.3, 0.1], [0.4, 0.4, 0.2], [0.1, 0.2, 0.7]]"),
    "multilabel": ("[[1, 0, 1], [0, 1, 0]]", "[[0.9, 0.2, 0.4], [0.1, 0.8, 0.3]]"),
}

#: The dtype of these predictions: that of a model.
_EXAMPLE_DTYPE = "{y_pred: float32}"


@click.command()
@click.argument("case_id", metavar="ID")
@click.option(
    "--task", type=click.Choice(TASKS), default="binary", show_default=True, help="What labels mean."
)
@click.option(
    "--file",
    "path",
    metavar="FILE",
    type=Readable(),
    default="cases/new.yaml",
    show_default=True,
    help="Where to write it: behind the cases of that file, or into a new one.",
)
@click.option(
    "--y-true",
    metavar="YAML",
    help="Targets, such as '[[1], [0]]', or the name of a .npy file; an example if not given.",
)
@click.option("--y-pred", metavar="YAML", help="Predictions, likewise.")
@click.option(
    "--set", "further", metavar="KEY=YAML", multiple=True, help="A further key: threshold=0.7, title=..., ..."
)
@click.option("--no-run", is_flag=True, help="Call no framework, write no outcomes.")
@limits
def new(
    case_id: str,
    task: str,
    path: Path,
    y_true: str | None,
    y_pred: str | None,
    further: tuple[str, ...],
    no_run: bool,
    timeout: float,
    memory: int,
) -> None:
    """Write a case with the id ID into FILE, with today's outcomes of every installed framework as a comment.

    Title, reason and whatever else is not given are left as TODO. The comment has a line for each group of equal
    outcomes; `conformance run FILE --case ID` shows all implementations, and why they differ.
    """
    data = {"y_true": y_true, "y_pred": y_pred}
    keys = {name: _data(name, text, path.parent) for name, text in data.items() if text is not None}
    keys |= dict(map(_pair, further))
    found = adapters()
    check_new_id(case_id, path, found)
    known = [entry.id for adapter in found for entry in adapter.implementations]
    before = nodes.decode(path.read_bytes(), str(path)) if path.exists() else None
    if before is not None:
        parse(before, str(path), known=known, path=path)
    lines = _lines(case_id, task, keys)
    case = parse(_placed(path, before, lines), str(path), known=known, path=path)[-1]
    outcomes = [] if no_run else _outcomes(Session([case], found, timeout=timeout, memory=memory))
    comment = [f"# {line}".rstrip() for line in outcomes]
    write(path, _placed(path, before, [*lines, *comment]))
    say(f"{path}: {case_id}")
    for line in outcomes:
        say(f"  {line}")


def _data(name: str, text: str, folder: Path) -> str:
    """Return data as YAML: as given, or the notation for the array in a file."""
    if not text.endswith(".npy") and not (text and Path(text).is_file()):
        return text
    option = f"--{name.replace('_', '-')} {text}"
    if not text.endswith(".npy"):
        raise BadInput(f"{option}: only .npy files are read; save the array with numpy.save.")
    if not Path(text).is_file():
        raise BadInput(f"{option}: no such file.")
    here, array = folder.resolve(), Path(text).resolve()
    if not array.is_relative_to(here):
        raise BadInput(
            f"{option}: an array has to be in the folder of the case file or below it. Copy it to {folder}, or"
            f" write the case in the same folder, with --file {array.parent / 'new.yaml'}."
        )
    return f"{{file: {json.dumps(array.relative_to(here).as_posix())}}}"


def _pair(text: str) -> tuple[str, str]:
    key, separator, value = text.partition("=")
    if not separator or not key:
        raise BadInput(f"--set {text!r}: expected KEY=VALUE, such as threshold=0.7.")
    return key.replace("-", "_"), value


def _lines(case_id: str, task: str, keys: Mapping[str, str]) -> list[str]:
    """Return the lines of a case, given further keys and their values as YAML."""
    y_true, y_pred = _EXAMPLES[task]
    data = {} if "updates" in keys else {"y_true": y_true, "y_pred": y_pred}
    # Some metrics do not take float64 scores, which is another question than the one a new case asks.
    dtype = {"dtype": _EXAMPLE_DTYPE} if data and "y_pred" not in keys else {}
    written = {"id": case_id, "title": TODO, "task": task, **data, **dtype, **keys}
    written["because"] = written.pop("because", TODO)
    return [f"{key}: {value}" for key, value in written.items()]


def _placed(path: Path, before: str | None, lines: Sequence[str]) -> str:
    """Return the text of the file with the case: behind its cases, or as the first one of a new file."""
    if before is not None:
        return with_case(before, lines, str(path))
    first, *rest = lines
    families = schema()["properties"]["family"]["enum"]
    theme = re.sub(r"[-_]+", " ", path.stem).capitalize()
    head = [
        f"# yaml-language-server: $schema={Path(os.path.relpath(SCHEMA, path.parent)).as_posix()}",
        "format: 1",
        f"theme: {theme}" if re.fullmatch("[A-Za-z ]+", theme) else f'theme: "{theme}"',
        *([f"family: {path.stem}"] if path.stem in families else []),
        "cases:",
        f"  - {first}",
    ]
    return "\n".join([*head, *(f"    {line}" for line in rest)]) + "\n"


def _outcomes(session: Session) -> list[str]:
    """Return the outcomes, a line for each group, and the versions."""
    with session:
        answers = answers_of(session)
        environments = session.environments()
    results = list(judged(session, answers))
    lines = digest(document(results, session, environments, complete=False), width=_WIDTH)
    packages = {name: version for one in environments.values() for name, version in one["packages"].items()}
    versions = ", ".join(f"{name} {version}" for name, version in sorted(packages.items()))
    if has_failures(results):
        lines.append("Not every outcome is as defined: find out why before you keep the case.")
    return [*textwrap.wrap(f"Outcomes with {versions}", _WIDTH), *lines]
