"""The inputs of a case sample by sample, each with how the implementations counted it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, cycle, islice, repeat
from typing import Any

from conformance.report import values
from conformance.report.case import Case
from conformance.report.entries import Cell

#: Longer inputs are truncated in the page; the results document has all samples.
MOST_ROWS = 50
_MOST_ENTRIES = 12
_COLUMNS = ("y_true", "y_pred", "sample_weight")
#: Below this an integral float is easier to read without an exponent.
_EXACT = 2**53
_CORRECT = {True: "correct", False: "incorrect"}
#: A predicted label is written as an integer, whether a framework keeps it as a bool, an int or a float.
_LABEL = {True: "1", False: "0"}

#: How an implementation counted one sample: a sentence, and whether all of it, none of it, or some of its elements
#: were correct, or it was ignored: `correct`, `incorrect`, `partly`, `ignored`.
Counted = tuple[str, str]


def table(case: Case) -> tuple[dict[str, Any], list[tuple[list[list[Counted]], list[Cell]]]]:
    """Return the samples of a case. Without lists in y_true and y_pred there are none.

    Returns:
        The `columns`, the `rows` with an entry for each, and how many further samples are `left`; and by sample how
        it was counted, with the cells of one outcome that counted the samples that way.
    """
    data, length = _samples(case.inputs)
    columns = [name for name in ("update", *_COLUMNS) if any(name in row for row in data)]
    distinct: dict[object, list[Cell]] = {}
    for cell in case.ordered:
        if cell.rows:
            key = cell.called.quantity, cell.group, repr(_trace(cell.rows))
            distinct.setdefault(key, []).append(cell)
    traces = [_trace(cells[0].rows) for cells in distinct.values()]
    length = max([length, *(max(trace, default=-1) + 1 for trace in traces)])
    shown = range(min(length, MOST_ROWS))
    # A case with updates says so of each sample, even of those that only a trace has.
    empty = dict.fromkeys(columns, "") | ({"update": None} if "update" in columns else {})
    rows = [[*(empty | (data[index] if index < len(data) else {})).values()] for index in shown]
    return {"columns": columns, "rows": rows, "left": length - len(shown)}, [
        ([trace.get(index, []) for index in shown], cells)
        for trace, cells in zip(traces, distinct.values(), strict=True)
    ]


def _samples(inputs: Mapping[str, Any]) -> tuple[list[dict[str, Any]], int]:
    """Return the first samples, each with the entries that it has, and how many there are."""
    updates, batches = inputs.get("updates"), inputs.get("batches")
    sizes = [size for size in batches if isinstance(size, int)] if isinstance(batches, list) else []
    # A sample belongs to the update in whose size it falls; a case without batches has no such column.
    numbers = chain.from_iterable(repeat(position, size) for position, size in enumerate(sizes, start=1))
    samples: list[dict[str, Any]] = []
    total = 0
    for position, update in enumerate(updates if isinstance(updates, list) else [inputs], start=1):
        columns = {name: _head(update.get(name)) for name in _COLUMNS}
        length = max(size for size, _ in columns.values())
        total += length
        for index in range(min(length, MOST_ROWS - len(samples))):
            number = position if isinstance(updates, list) else next(numbers, None)
            samples.append({} if number is None else {"update": number})
            samples[-1] |= {
                name: values.full(rows[index], most=_MOST_ENTRIES)
                for name, (_, rows) in columns.items()
                if index < len(rows)
            }
    return samples, total


def _head(written: Any, most: int = MOST_ROWS) -> tuple[int, list[Any]]:
    """Return how many entries a list or a notation for one has, and the first of them, written out."""
    if isinstance(written, list):
        return len(written), [_expanded(entry) for entry in written[:most]]
    if isinstance(written, Mapping) and "one_hot" in written:
        size, labels = _head(written["one_hot"], most)
        return size, [[int(place == label) for place in range(written["classes"])] for label in labels]
    if isinstance(written, Mapping) and "repeat" in written:
        size, entries = _head(written["repeat"], most)
        size *= written["times"]
        return size, list(islice(cycle(entries), min(size, most)))
    return 0, []


def _expanded(written: Any) -> Any:
    is_list = isinstance(written, list) or (
        isinstance(written, Mapping) and {*written} & {"one_hot", "repeat"}
    )
    return _head(written, most=100)[1] if is_list else written


def _trace(entries: Sequence[Mapping[str, Any]]) -> dict[int, list[Counted]]:
    """Assign the entries of a trace to samples: by their `row`, else by their position."""
    trace: dict[int, list[Counted]] = {}
    for position, entry in enumerate(entries):
        row = entry.get("row")
        trace.setdefault(row if isinstance(row, int) and row >= 0 else position, []).append(_counted(entry))
    return trace


def _counted(entry: Mapping[str, Any]) -> Counted:
    """Say `predicted 1, true 1: correct`."""
    facts = ", ".join(
        f"{name} {_shown(entry[key])}"
        for key, name in (("decided", "predicted"), ("truth", "true"))
        if key in entry
    )
    ignored = entry.get("kept") is False
    outcome = "ignored" if ignored else _shown(entry.get("hit"), _CORRECT)
    weight = f", weight {_shown(entry['weight'])}" if "weight" in entry else ""
    return f"{facts}: {outcome}{weight}" if facts else f"{outcome}{weight}", _kind(entry.get("hit"), ignored)


def _kind(hit: Any, ignored: bool) -> str:
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
