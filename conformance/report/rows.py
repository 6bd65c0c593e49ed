"""The inputs of a case sample by sample, each with how the implementations counted it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, repeat
from typing import Any, Literal

from conformance.report import values, written
from conformance.report.document import Case, Cell

#: Longer inputs are truncated in the page; the results document has all samples.
MOST_ROWS = 50
_MOST_ENTRIES = 12
_COLUMNS = ("y_true", "y_pred", "sample_weight")
#: Below this an integral float is easier to read without an exponent.
_EXACT = 2**53
_CORRECT = {True: "correct", False: "incorrect"}
#: A predicted label is written as an integer, whether a framework keeps it as a bool, an int or a float.
_LABEL = {True: "1", False: "0"}


#: How a sample counted: all of it, none of it, or some of its elements were correct, or it was ignored.
Kind = Literal["correct", "incorrect", "partly", "ignored"]


@dataclass(frozen=True)
class Counted:
    """How an implementation counted one sample, as a sentence and as a kind."""

    says: str
    kind: Kind


@dataclass(frozen=True)
class Row:
    """One sample of the input; `update` counts from 1, or is None where the case has one update."""

    update: int | None
    inputs: tuple[str, ...]
    traces: tuple[tuple[Counted, ...], ...]


@dataclass(frozen=True)
class Table:
    """Samples of a case.

    `traced` has, for each column of traces, the cells with this outcome that counted the samples that way.
    """

    columns: tuple[str, ...]
    traced: tuple[tuple[Cell, ...], ...]
    rows: tuple[Row, ...]
    left_out: int
    has_updates: bool


def table(case: Case) -> Table:
    """Return the samples of a case. Without lists in y_true and y_pred there are none."""
    inputs = case.document.get("inputs") or {}
    data = list(islice(_input_rows(inputs), MOST_ROWS))
    columns = tuple(name for name in _COLUMNS if any(name in row for _, row in data))
    distinct: dict[object, list[Cell]] = {}
    for cell in case.cells:
        if cell.rows:
            key = cell.implementation.quantity, cell.group, repr(_trace(cell.rows))
            distinct.setdefault(key, []).append(cell)
    by_row = [_trace(cells[0].rows) for cells in distinct.values()]
    length = max([_number_of_rows(inputs), *(max(trace, default=-1) + 1 for trace in by_row)])
    rows = tuple(
        Row(
            update=data[index][0] if index < len(data) else None,
            inputs=tuple(data[index][1].get(name, "") if index < len(data) else "" for name in columns),
            traces=tuple(tuple(trace.get(index, ())) for trace in by_row),
        )
        for index in range(min(length, MOST_ROWS))
    )
    return Table(
        columns=columns,
        traced=tuple(tuple(cells) for cells in distinct.values()),
        rows=rows,
        left_out=length - len(rows),
        has_updates=any(update is not None for update, _ in data),
    )


def _input_rows(inputs: Mapping[str, Any]) -> Iterator[tuple[int | None, dict[str, str]]]:
    updates = inputs.get("updates")
    if isinstance(updates, Sequence) and not isinstance(updates, str):
        for position, update in enumerate(updates, start=1):
            for row in _zipped(update if isinstance(update, Mapping) else {}):
                yield position, row
        return
    batches = inputs.get("batches") or ()
    # A sample belongs to the update in whose size it falls; a case without batches has no such column.
    sizes = [size for size in batches if isinstance(size, int)] if isinstance(batches, list) else []
    numbers = chain.from_iterable(repeat(position, size) for position, size in enumerate(sizes, start=1))
    for row in _zipped(inputs):
        yield next(numbers, None), row


def _number_of_rows(inputs: Mapping[str, Any]) -> int:
    updates = inputs.get("updates")
    entries = updates if isinstance(updates, Sequence) and not isinstance(updates, str) else [inputs]
    return sum(_longest(update) for update in entries if isinstance(update, Mapping))


def _longest(data: Mapping[str, Any]) -> int:
    return max((written.length(data.get(name)) or 0 for name in _COLUMNS), default=0)


def _zipped(data: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    lengths = {name: written.length(data.get(name)) or 0 for name in _COLUMNS}
    for index in range(_longest(data)):
        yield {
            name: values.full(written.entry(data[name], index), most=_MOST_ENTRIES)
            for name, length in lengths.items()
            if index < length
        }


def _trace(entries: Sequence[Any]) -> dict[int, list[Counted]]:
    """Assign the entries of a trace to samples: by their `row`, else by their position."""
    trace: dict[int, list[Counted]] = {}
    for position, entry in enumerate(entries):
        row = entry.get("row") if isinstance(entry, Mapping) else None
        trace.setdefault(row if isinstance(row, int) and row >= 0 else position, []).append(_counted(entry))
    return trace


def _counted(entry: Any) -> Counted:
    """Say `predicted 1, true 1: correct`."""
    if not isinstance(entry, Mapping):
        return Counted(str(entry), "ignored")
    facts = ", ".join(
        f"{name} {_shown(entry[key])}"
        for key, name in (("decided", "predicted"), ("truth", "true"))
        if key in entry
    )
    ignored = entry.get("kept") is False
    outcome = "ignored" if ignored else _shown(entry.get("hit"), _CORRECT)
    weight = f", weight {_shown(entry['weight'])}" if "weight" in entry else ""
    return Counted(
        f"{facts}: {outcome}{weight}" if facts else f"{outcome}{weight}", _kind(entry.get("hit"), ignored)
    )


def _kind(hit: Any, ignored: bool) -> Kind:
    found = set(_leaves(hit))
    if ignored or not found:
        return "ignored"
    return "partly" if len(found) > 1 else "correct" if True in found else "incorrect"


def _leaves(hit: Any) -> Iterator[bool]:
    if isinstance(hit, list):
        for entry in hit:
            yield from _leaves(entry)
    elif hit is not None:
        yield bool(hit)


def _shown(value: Any, words: Mapping[bool, str] = _LABEL) -> str:
    if isinstance(value, list):
        if len(value) == 1:  # one element per sample: the brackets would say nothing
            return _shown(value[0], words)
        entries = [_shown(entry, words) for entry in value[:_MOST_ENTRIES]]
        return f"[{', '.join(entries)}{', …' if len(value) > _MOST_ENTRIES else ''}]"
    if isinstance(value, bool):
        return words[value]
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT and str(value) != "-0.0":
        return str(int(value))
    return values.full(value)
