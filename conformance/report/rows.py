"""The inputs of a case sample by sample, each with how the implementations counted it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from conformance.report import values
from conformance.report.case import Case
from conformance.report.entries import Cell

#: Of longer inputs the page has some samples; the results document has all.
MOST_ROWS = 50
_MOST_ENTRIES = 12
_COLUMNS = ("y_true", "y_pred", "sample_weight", "mask")
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

    Of more samples than fit, those are returned which not all implementations counted alike, if there are any.

    Returns:
        The `columns`, the `rows` with an entry for each, the `numbers` of their samples if these are not the first
        ones, and how many further samples are `left`; how many samples were `counted` if not all, and on how many of
        these implementations are `differing`; and by sample how it was counted, with the cells of one outcome that
        counted the samples that way.
    """
    distinct: dict[object, list[Cell]] = {}
    for cell in case.ordered:
        if cell.rows:
            key = cell.called.quantity, cell.group, repr(_trace(cell.rows))
            distinct.setdefault(key, []).append(cell)
    traces = [_trace(cells[0].rows) for cells in distinct.values()]
    sizes = _sizes(case.inputs)
    known = case.disputed or {}
    counted = known.get("counted") or max((max(trace, default=-1) + 1 for trace in traces), default=0)
    total = max(sum(sizes), counted)
    differing = [
        index for index in sorted({*chain(*traces)}) if _differ(trace.get(index, ()) for trace in traces)
    ]
    fit = range(min(total, MOST_ROWS))
    shown = list(fit) if total <= MOST_ROWS or not differing else differing[:MOST_ROWS]
    data = list(_samples(case.inputs, sizes, shown))
    columns = [name for name in ("update", *_COLUMNS) if any(name in row for row in data)]
    # A case with updates says so of each sample, even of those that only a trace has.
    empty = dict.fromkeys(columns, "") | ({"update": None} if "update" in columns else {})
    return {
        "columns": columns,
        "rows": [[*(empty | row).values()] for row in data],
        "numbers": [] if shown == list(fit) else [index + 1 for index in shown],
        "left": total - len(shown),
        "counted": counted if counted < total else None,
        "differing": known.get("differing", len(differing)),
    }, [
        ([trace.get(index, []) for index in shown], cells)
        for trace, cells in zip(traces, distinct.values(), strict=True)
    ]


def number(inputs: Mapping[str, Any]) -> int:
    """Return how many samples the inputs of a case have."""
    return sum(_sizes(inputs))


def _differ(counted: Iterable[Sequence[Counted]]) -> bool:
    """Whether a sample was correct for one and not for another; those that do not count it say nothing."""
    return len({tuple(kind for _, kind in each) for each in counted if each}) > 1


def _sizes(inputs: Mapping[str, Any]) -> list[int]:
    """Return how many samples each update has; without updates there is one."""
    updates = inputs.get("updates")
    return [
        max(length(update.get(name)) for name in _COLUMNS)
        for update in (updates if isinstance(updates, list) else [inputs])
    ]


def _samples(
    inputs: Mapping[str, Any], sizes: Sequence[int], indexes: Iterable[int]
) -> Iterator[dict[str, Any]]:
    """Yield samples by their indexes, each with the entries that it has."""
    updates, batches = inputs.get("updates"), inputs.get("batches")
    of_batches = [size for size in batches if isinstance(size, int)] if isinstance(batches, list) else []
    for index in indexes:
        place, within = _place(index, sizes)
        update = updates[place] if isinstance(updates, list) and place < len(updates) else inputs
        # A sample belongs to the update in whose size it falls; a case without batches has no such column.
        number = place if isinstance(updates, list) else _place(index, of_batches)[0]
        there = number < len(sizes if isinstance(updates, list) else of_batches)
        yield {
            **({"update": number + 1} if there else {}),
            **{
                name: values.full(entry(update.get(name), within), most=_MOST_ENTRIES)
                for name in _COLUMNS
                if within < length(update.get(name))
            },
        }


def _place(index: int, sizes: Sequence[int]) -> tuple[int, int]:
    """Return which of several updates a sample is in, and its index within; behind the last one if it is in none."""
    for place, size in enumerate(sizes):
        if index < size:
            return place, index
        index -= size
    return len(sizes), index


def length(written: Any) -> int:
    """Return how many entries a list or a notation for one has."""
    if isinstance(written, list):
        return len(written)
    if isinstance(written, Mapping) and "one_hot" in written:
        return length(written["one_hot"])
    if isinstance(written, Mapping) and "repeat" in written:
        return int(length(written["repeat"]) * written["times"])
    return 0


def entry(written: Any, index: int) -> Any:
    """Return an entry of a list or a notation for one, written out."""
    if isinstance(written, list):
        return _expanded(written[index])
    if "one_hot" in written:
        label = entry(written["one_hot"], index)
        return [int(place == label) for place in range(written["classes"])]
    return entry(written["repeat"], index % length(written["repeat"]))


def _expanded(written: Any) -> Any:
    is_list = isinstance(written, list) or (
        isinstance(written, Mapping) and {*written} & {"one_hot", "repeat"}
    )
    return [entry(written, index) for index in range(min(length(written), 100))] if is_list else written


def _trace(entries: Sequence[Mapping[str, Any]]) -> dict[int, list[Counted]]:
    """Assign the entries of a trace to samples: by their `row`, else by their position."""
    trace: dict[int, list[Counted]] = {}
    for position, entry in enumerate(entries):
        row = entry.get("row")
        trace.setdefault(row if isinstance(row, int) and row >= 0 else position, []).append(counted(entry))
    return trace


def counted(entry: Mapping[str, Any]) -> Counted:
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
