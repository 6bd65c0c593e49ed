"""`conformance accept`: pin observed departures in the case files."""

from __future__ import annotations

import difflib
import math
import os
import sys
from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

import click

import conformance
from conformance.adapters.registry import adapters
from conformance.calls.outcome import Outcome
from conformance.cases import Case, CaseErrors, Diagnostic, nodes, parse
from conformance.cases.case import Expectation
from conformance.cases.edit import with_pins
from conformance.cli.answering import answers_of
from conformance.cli.errors import BadInput, say
from conformance.cli.options import limits, selection
from conformance.oracle.numbers import dtype
from conformance.report.words import count
from conformance.results.store import write
from conformance.session.corpus import open_session
from conformance.session.judging import CaseResult, judged
from conformance.session.session import Answer, Session
from conformance.verdicts.verdicts import TODO, Cell, agrees

#: Case id -> implementation id -> the outcome to pin, as a flow mapping of `expect`.
Pins = dict[str, dict[str, str]]


@click.command()
@click.argument("paths", nargs=-1, metavar="PATH...", type=click.Path(path_type=Path))
@selection
@click.option("--dry-run", is_flag=True, help="Only show the changes; exit code 1 if there are any.")
@limits
def accept(paths: tuple[Path, ...], dry_run: bool, **options: Any) -> None:
    """Run the cases of PATHs and write what no definition explains into their files, as `expect`.

    PATHs are files or folders of your own: the cases of the installed package are not for editing.
    Each outcome gets `because: TODO`, which stays red until the reason is written, and `when` if the installed release
    is not the newest that the definitions know. What cannot be excused by an `expect` - a crash, a changed input, a
    recorded departure that is gone - is listed and left. Files keep their comments and layout; the changes are shown as
    a diff.
    """
    if os.environ.get("CI"):
        raise BadInput(
            "accept writes into case files: run it where you can look at the changes, not where CI is set."
        )
    _check_paths(paths)
    with open_session(paths, **options) as session:
        answers = answers_of(session)
    pins, left = _sorted_out(judged(session, answers), answers, session)
    files = {case.path.resolve(): case.file for case in session.cases if case.path is not None}
    known = [entry.id for adapter in adapters() for entry in adapter.implementations]
    changes = [(path, *_changed(path, files[path], named, known)) for path, named in pins.items()]
    for path, old, new in changes:
        if not dry_run:
            write(path, new)
        lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
        for line in difflib.unified_diff(*lines, files[path], files[path]):
            say(line.rstrip("\r\n"))
    for sentence in left:
        say(sentence, error=True)
    if changes:
        pinned = sum(len(entries) for named in pins.values() for entries in named.values())
        done = "would be pinned" if dry_run else f"pinned; write the reason where it says {TODO}"
        say(f"{count(pinned, 'outcome')} in {count(len(changes), 'file')} {done}.")
    if left:
        say(f"{count(len(left), 'failure')} cannot be accepted.")
    elif not changes:
        say("Every checked outcome is as defined or a known deviation: nothing to accept.")
    if left or (dry_run and changes):
        sys.exit(1)


def _sorted_out(
    results: Iterable[CaseResult], answers: Mapping[tuple[str, str], Answer], session: Session
) -> tuple[dict[Path, Pins], list[str]]:
    """Return what to pin in which file, and a sentence for each failure that this does not excuse."""
    pins: dict[Path, Pins] = {}
    left = []
    for result in results:
        case, place = result.case, f"{result.case.file}:{result.case.line}: {result.case.id}"
        for cell in result.cells:
            name = cell.implementation.id
            if not cell.fails:
                continue
            own = next(iter(session.adapter_of(cell.implementation).distributions))
            when = f'when: {{{own}: "=={session.versions_of(cell.implementation)[own]}"}}'
            there = next((one for one in case.expect if one.pattern == name), None)
            if cell.implementation.base:
                left.append(
                    f"{place}, {name}: write an expect for {cell.implementation.base} that holds there only, with"
                    f" {when}"
                )
            elif there is not None and (there.when or cell.age):
                left.append(
                    f"{place}, {name}: its expect on line {there.line} is for other releases, too: restrict that with"
                    f" `when`, and write one for this release, with a glob for a name and {when}"
                )
            elif reason := _not_acceptable(case, cell, answers[case.id, name], session):
                left.append(f"{place}, {name}: {reason}")
            else:
                assert case.path is not None
                named = pins.setdefault(case.path.resolve(), {})
                named.setdefault(case.id, {})[name] = _entry(
                    cell.outcome, there, f", {when}" if cell.age else ""
                )
        for _, both in result.without_cause:
            left.append(f"{place}: {' and '.join(both)} diverge without a cause")
    return pins, left


def _check_paths(paths: tuple[Path, ...]) -> None:
    if not paths:
        raise BadInput("accept writes into case files: name the files or folders of your own as PATH.")
    package = Path(conformance.__file__).parent.resolve()
    for path in paths:
        if Path(os.path.realpath(path)).is_relative_to(package):
            raise BadInput(
                f"{path} belongs to the installed package, and the next installation would undo the changes."
                " Copy the cases to a folder of your own."
            )


def _not_acceptable(case: Case, cell: Cell, answer: Answer, session: Session) -> str | None:
    """Say why pinning the outcome of a failing cell would not do, or None where it would."""
    if cell.verdict != "unexplained" or answer.distrust or cell.outcome.changed_inputs:
        return cell.explanation or cell.verdict
    versions = session.versions_of(cell.implementation)
    pinned = case.expectation_for(cell.implementation.known_as, versions)
    return None if pinned is None or not agrees(pinned, cell.outcome) else cell.explanation


def _changed(path: Path, shown: str, pins: Pins, known: Collection[str]) -> tuple[str, str]:
    """Return the text of a file before and after outcomes are pinned.

    Raises:
        CaseErrors: it cannot be edited to say the same and just these.
    """
    old = nodes.decode(path.read_bytes(), shown)
    new = with_pins(old, pins)
    before = parse(old, shown, known=known, path=path)
    try:
        after = parse(new, shown, known=known, path=path)
    except CaseErrors:
        after = ()
    for case, changed in zip_longest(before, after):
        if changed is None or _differs(case, changed, pins.get(case.id, {}).keys()):
            message = f"{case.id} cannot be added to as it is written. Add the outcomes by hand."
            raise CaseErrors([Diagnostic(shown, case.line, 1, message)])
    return old, new


def _differs(before: Case, after: Case, added: Set[str]) -> bool:
    """Whether `after` says anything else than `before` with the outcomes `added`."""
    pinned = {one.pattern for one in after.expect if (one.because or "").startswith(TODO)}
    return not added <= pinned or _without(before, added) != _without(after, added)


def _without(case: Case, added: Collection[str]) -> tuple[Case, str]:
    """Return a case without some of its pins, and without what tells where things are."""
    kept = [replace(one, line=0, column=0) for one in case.expect if one.pattern not in added]
    return replace(case, expect=tuple(kept), line=0, inputs_yaml=""), repr(case.inputs)


def _entry(outcome: Outcome, there: Expectation | None, when: str) -> str:
    """Return an outcome as a flow mapping of `expect`, in the place of one that is there."""
    before = there.because if there is not None else None
    because = f'"{TODO} - it was: {_plain(before)}"' if before else TODO
    if outcome.kind == "raises":
        return f"{{raises: {outcome.type}, because: {because}{when}}}"
    return f"{{value: {_written(outcome.value, outcome.dtype or 'float64')}, because: {because}{when}}}"


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')


def _written(value: Any, name: str) -> str:
    """Return a value as YAML: the shortest number that is the same in its dtype."""
    if isinstance(value, list):
        return f"[{', '.join(_written(item, name) for item in value)}]"
    if math.isnan(value):
        return ".nan"
    if math.isinf(value):
        return ".inf" if value > 0 else "-.inf"
    kind = dtype(name)
    return str(kind.type(value)) if kind.kind == "f" or name == "bfloat16" else repr(float(value))
