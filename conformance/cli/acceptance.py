"""Write observed departures into case files, as outcomes that are pinned and still want their reason."""

from __future__ import annotations

import difflib
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from conformance.calls.outcome import Outcome
from conformance.cases import Case, CaseErrors, nodes, parse
from conformance.cases.case import Expectation
from conformance.cases.edit import EditError, with_pins
from conformance.oracle.numbers import dtype
from conformance.session.judging import CaseResult
from conformance.session.session import Answer
from conformance.verdicts.verdicts import TODO, Cell, agrees


@dataclass(frozen=True)
class Change:
    """A case file as it is and as it is to become.

    Attributes:
        path: the file.
        shown: what it is called in messages.
        old: its text.
        new: its text with the outcomes pinned.
    """

    path: Path
    shown: str
    old: str
    new: str

    def diff(self) -> Iterator[str]:
        """Yield the lines of a unified diff."""
        lines = self.old.splitlines(keepends=True), self.new.splitlines(keepends=True)
        for line in difflib.unified_diff(*lines, self.shown, self.shown):
            yield line.rstrip("\r\n")


@dataclass(frozen=True)
class Acceptance:
    """What can be accepted of a run, and what cannot.

    Attributes:
        changes: one per file in which outcomes are to be pinned.
        pinned: how many outcomes these pin.
        left: a sentence for each failure that pinning an outcome does not excuse.
    """

    changes: tuple[Change, ...]
    pinned: int
    left: tuple[str, ...]


def acceptance(
    results: Sequence[CaseResult],
    answers: Mapping[tuple[str, str], Answer],
    versions: Mapping[str, str],
    known: Collection[str],
) -> Acceptance:
    """Return how the files of the cases have to change so that every departure is pinned.

    Args:
        results: the cases that were run.
        answers: (case id, implementation id) -> its outcome.
        versions: distribution name -> installed version, for `when` of an `expect`.
        known: ids of all known implementations, to read the changed files again.

    Raises:
        EditError: a file cannot be edited to say exactly this.
    """
    pins: dict[Path, dict[str, dict[str, str]]] = {}
    left: list[str] = []
    cases = {result.case.id: result.case for result in results}
    for result in results:
        for cell in result.cells:
            if not cell.fails:
                continue
            case, name = result.case, cell.implementation.id
            reason = _not_acceptable(case, cell, answers[case.id, name], versions)
            if reason is not None:
                left.append(f"{case.file}:{case.line}: {case.id}, {name}: {reason}")
            else:
                assert case.path is not None
                entries = pins.setdefault(case.path.resolve(), {}).setdefault(case.id, {})
                entries[name] = _entry(case, name, cell.outcome)
        for divergence in result.without_cause:
            pair = " and ".join(divergence.implementations)
            left.append(
                f"{result.case.file}:{result.case.line}: {result.case.id}: {pair} diverge without a cause"
            )
    changes = tuple(_change(path, named, cases, known) for path, named in pins.items())
    pinned = sum(len(entries) for named in pins.values() for entries in named.values())
    return Acceptance(changes, pinned, tuple(left))


def _not_acceptable(case: Case, cell: Cell, answer: Answer, versions: Mapping[str, str]) -> str | None:
    """Say why pinning the outcome of a failing cell would not do, or None where it would."""
    if cell.verdict != "unexplained" or answer.distrust or cell.outcome.changed_inputs:
        return cell.explanation or cell.verdict
    pinned = case.expectation_for(cell.implementation.id, versions)
    return None if pinned is None or not agrees(pinned, cell.outcome) else cell.explanation


def _pinned(case: Case, name: str) -> Expectation | None:
    return next((expected for expected in case.expect if expected.pattern == name), None)


def _change(
    path: Path, pins: Mapping[str, Mapping[str, str]], cases: Mapping[str, Case], known: Collection[str]
) -> Change:
    shown = cases[next(iter(pins))].file
    old = nodes.decode(path.read_bytes(), shown)
    new = with_pins(old, pins)
    _check(path, shown, old, new, pins, known)
    return Change(path, shown, old, new)


def _check(
    path: Path, shown: str, old: str, new: str, pins: Mapping[str, Mapping[str, str]], known: Collection[str]
) -> None:
    """Check that a text reads as the old one with just the pins.

    Raises:
        EditError: it does not.
    """
    before = parse(old, shown, known=known, path=path)
    try:
        after = parse(new, shown, known=known, path=path)
    except CaseErrors as error:
        raise EditError(
            f"{shown} cannot be added to as it is written: {error}. Add the outcomes by hand."
        ) from None
    for one, other in zip(before, after, strict=True):
        added = pins.get(one.id, {})
        kept = [expected.pattern for expected in one.expect if expected.pattern not in added]
        named = {expected.pattern: expected for expected in other.expect}
        sound = list(named) == list(dict.fromkeys((*(e.pattern for e in one.expect), *added)))
        sound &= _unplaced(e for e in other.expect if e.pattern in kept) == _unplaced(
            e for e in one.expect if e.pattern in kept
        )
        sound &= all((named[name].because or "").startswith(TODO) for name in added if name in named)
        if not sound or _rest(one) != _rest(other):
            raise EditError(
                f"{shown}: {one.id} cannot be added to as it is written. Add the outcomes by hand."
            )


def _rest(case: Case) -> tuple[Case, str]:
    """Return a case without its pins and its source lines, which may contain pins."""
    return replace(case, expect=(), line=0, inputs_yaml=""), repr(case.inputs)


def _unplaced(expected: Iterable[Expectation]) -> list[Expectation]:
    return [replace(one, line=0, column=0) for one in expected]


def _entry(case: Case, name: str, outcome: Outcome) -> str:
    """Return an outcome as a flow mapping of `expect`."""
    before = _pinned(case, name)
    because = TODO if before is None or not before.because else f'"{TODO} - it was: {_plain(before.because)}"'
    if outcome.kind == "raises":
        return f"{{raises: {outcome.type}, because: {because}}}"
    return f"{{value: {_written(outcome.value, outcome.dtype or 'float64')}, because: {because}}}"


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
