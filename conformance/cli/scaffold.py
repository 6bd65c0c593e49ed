"""Write a new case into a file: the lines of the case, in the file of its theme or a new one."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from conformance.cases import Case, nodes, parse
from conformance.cases.edit import with_case
from conformance.cases.validate import SCHEMA, schema
from conformance.verdicts.verdicts import TODO

#: What a case of each task looks like, for who names no data.
EXAMPLES: Mapping[str, tuple[str, str]] = {
    "binary": ("[[1], [0]]", "[[0.5], [0.2]]"),
    "multiclass": ("[0, 1, 2]", "[[0.6, 0.3, 0.1], [0.4, 0.4, 0.2], [0.1, 0.2, 0.7]]"),
    "multilabel": ("[[1, 0, 1], [0, 1, 0]]", "[[0.9, 0.2, 0.4], [0.1, 0.8, 0.3]]"),
}


@dataclass(frozen=True)
class Draft:
    """A case that is about to be written.

    Attributes:
        path: the file to write it to.
        before: the text of that file, or None for a file that is to be made.
        lines: the lines of the case, without the comment on its outcomes.
        case: the case as it reads.
    """

    path: Path
    before: str | None
    lines: tuple[str, ...]
    case: Case

    def text(self, outcomes: Sequence[str] = ()) -> str:
        """Return the text of the file with the case, and today's outcomes as a comment."""
        comment = [f"# {line}".rstrip() for line in outcomes]
        return _placed(self.path, self.before, (*self.lines, *comment))


def draft(path: Path, known: Collection[str], case_id: str, task: str, keys: Mapping[str, str]) -> Draft:
    """Return a case as if it had been read from a file.

    Args:
        path: the file; one that is not there is to be made.
        known: ids of all known implementations.
        case_id: id of the case.
        task: `binary`, `multiclass` or `multilabel`.
        keys: further keys of the case and their values, as YAML.

    Raises:
        CaseErrors: the file, or the case in it, is not well-formed.
        EditError: the file cannot be added to.
        OSError: the file cannot be read.
    """
    before = nodes.decode(path.read_bytes(), str(path)) if path.exists() else None
    if before is not None:
        parse(before, str(path), known=known, path=path)
    y_true, y_pred = EXAMPLES[task]
    data = {} if "updates" in keys else {"y_true": y_true, "y_pred": y_pred}
    written = {
        "id": case_id,
        "title": TODO,
        "task": task,
        **data,
        **keys,
        "because": keys.get("because", TODO),
    }
    lines = tuple(f"{key}: {value}" for key, value in written.items())
    found = parse(_placed(path, before, lines), str(path), known=known, path=path)
    return Draft(path, before, lines, found[-1])


def _placed(path: Path, before: str | None, lines: Sequence[str]) -> str:
    return _new_file(path, lines) if before is None else with_case(before, lines)


def _new_file(path: Path, lines: Sequence[str]) -> str:
    first, *rest = lines
    family = [f"family: {path.stem}"] if path.stem in schema()["properties"]["family"]["enum"] else []
    theme = re.sub(r"[-_]+", " ", path.stem).capitalize()
    head = [
        f"# yaml-language-server: $schema={Path(os.path.relpath(SCHEMA, path.parent)).as_posix()}",
        "format: 1",
        f'theme: "{theme}"' if not re.fullmatch("[A-Za-z ]+", theme) else f"theme: {theme}",
        *family,
        "cases:",
        f"  - {first}",
    ]
    return "\n".join([*head, *(f"    {line}" for line in rest)]) + "\n"
