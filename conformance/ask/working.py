"""How two implementations come to their outcomes on a case: each sample, the rules, the count, the average."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from html import escape
from typing import Any

import numpy as np

from conformance.adapters.admission import reason_not_applicable
from conformance.adapters.base import Call, Implementation
from conformance.ask.arrays import AskError
from conformance.ask.comparison import Difference, Paragraph, causes, wrapped
from conformance.ask.differences import Differences
from conformance.ask.lookup import named
from conformance.calls.outcome import encode
from conformance.calls.text import count
from conformance.cases import Case
from conformance.oracle import Predictions, find, predict
from conformance.oracle.axes import AXES
from conformance.oracle.evaluate import counts
from conformance.oracle.model import Incomposable
from conformance.oracle.numbers import Array
from conformance.oracle.prediction import SampleTrace
from conformance.oracle.reasons import Raises
from conformance.oracle.side import Side
from conformance.oracle.stages import Counted
from conformance.report import rows, values
from conformance.verdicts.groups import Grouping
from conformance.verdicts.verdicts import Cell, predicted_cell

_WIDTH = 100
#: So many samples are shown.
_SAMPLES = 6
#: So many classes are counted one by one.
_CLASSES = 6
#: The rules that are shown of both, whether they differ or not; the cause shows others.
_SHOWN = ("decision-rule", "unit", "average")


@dataclass(frozen=True)
class Sample:
    """One sample, and how each of the two counts it.

    Attributes:
        index: its number.
        data: what is given of it, in words.
        ways: how each counts it, in words; empty where one raises.
    """

    index: int
    data: str
    ways: tuple[str, str]


@dataclass(frozen=True)
class Worked:
    """The working of one implementation.

    Attributes:
        implementation: its id.
        outcome: what it gives, or what it raises, in words.
        rules: axis -> what it does, for the decision, what is counted, and the average.
        counts: what was counted, line by line; empty where it raises.
    """

    implementation: str
    outcome: str
    rules: Mapping[str, str]
    counts: tuple[str, ...]


@dataclass(frozen=True)
class Working:
    """The working of two implementations on a case. `print` shows it.

    Attributes:
        case: id of the case.
        title: its title.
        both: their workings.
        samples: those first that the two count differently.
        left: how many further samples there are.
        difference: why the outcomes differ; None where they do not.
    """

    case: str
    title: str
    both: tuple[Worked, Worked]
    samples: tuple[Sample, ...]
    left: int
    difference: Difference | None

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def _repr_html_(self) -> str:
        return f"<pre style='white-space: pre-wrap'>{escape(str(self))}</pre>"

    def to_json(self) -> dict[str, Any]:
        """Return the working as strict JSON: the attributes, and those of their parts, under their names."""
        return {"format": 1, **encode(asdict(self))}

    def lines(self, width: int = _WIDTH) -> list[str]:
        """Return the lines of the text, none longer than `width` unless a word is."""
        return wrapped(self._paragraphs(), width)

    def _paragraphs(self) -> Iterator[Paragraph]:
        outcomes = [f"{one.implementation}: {one.outcome}" for one in self.both]
        yield [("", f"{self.case}: {self.title}"), *(("  ", line) for line in _lettered(outcomes))]
        if self.samples:
            yield [("", "Samples"), *(line for sample in self.samples for line in self._of_sample(sample))]
        for axis in _SHOWN:
            says = [one.rules[axis] for one in self.both]
            lines = [f"Both: {says[0]}"] if says[0] == says[1] else [*_lettered(says)]
            yield [("", AXES[axis].title), *(("  ", line) for line in lines)]
        counted = [
            ("  ", f"{letter}: {line}")
            for letter, one in zip("AB", self.both, strict=True)
            for line in one.counts
        ]
        if counted:
            yield [("", "Count"), *counted]
        if self.difference is None:
            yield [("", "Both give the same.")]
        else:
            yield [("", self.difference.says), *causes(self.difference)]

    def _of_sample(self, sample: Sample) -> Paragraph:
        if sample.ways[0] == sample.ways[1]:
            return [("  ", f"[{sample.index}] {sample.data}; both: {sample.ways[0]}")]
        return [
            ("  ", f"[{sample.index}] {sample.data}"),
            *(("    ", line) for line in _lettered(sample.ways)),
        ]


def _lettered(says: Sequence[str]) -> Iterator[str]:
    """Yield what is said of each of the two."""
    return (f"{letter}: {text}" for letter, text in zip("AB", says, strict=True))


def working(case: Case, one: str, other: str) -> Working:
    """Return how two implementations come to their outcomes on a case, as their definitions say.

    Args:
        case: the case.
        one: an implementation, as `lookup` reads its name.
        other: another one.

    Raises:
        UnknownName: there is no such implementation.
        AmbiguousName: there are several.
        AskError: one of them claims no definition, cannot be called on the case, or nothing is predicted for it.
    """
    call = case.call()
    entries = [named(name)[1] for name in (one, other)]
    cells = [_cell(entry, call, case.id) for entry in entries]
    sides = [cell.predictions.side for cell in cells if cell.predictions is not None]
    worked = [
        Worked(
            cell.implementation.id,
            _outcome(cell),
            {axis: _says(side, axis, call) for axis in _SHOWN},
            tuple(_counts(cell, side, call)),
        )
        for cell, side in zip(cells, sides, strict=True)
    ]
    samples, left = _samples(cells, call)
    return Working(case.id, case.title, (worked[0], worked[1]), samples, left, _difference(cells, call))


def _says(side: Side, axis: str, call: Call) -> str:
    says = side.really.rules.on(axis).behaviour.says
    parameters = side.really.rules.parameters(call)
    return f"average={parameters['average']!r}: {says}" if axis in parameters else says


def _cell(entry: Implementation, call: Call, case: str) -> Cell:
    if entry.definition is None:
        raise AskError(f"{entry.id} claims no definition: how it works is not known.")
    why = reason_not_applicable(entry, call, chosen=True)
    if why is not None:
        raise AskError(f"{entry.id} cannot be called on {case}: it {why}.")
    try:
        return predicted_cell(entry, predict(find(entry.definition), call))
    except LookupError as error:
        raise AskError(f"{error}.") from None


def _outcome(cell: Cell) -> str:
    if cell.outcome.kind == "raises":
        why = cell.predictions.predicted.why if cell.predictions is not None else ""
        return f"raises {cell.outcome.type}{f', because {why}' if why else ''}"
    exact = cell.predictions.predicted.value if cell.predictions is not None else None
    fraction = f"{exact} = " if isinstance(exact, Fraction) and exact.denominator > 1 else ""
    return f"{fraction}{values.brief(cell.outcome.to_json(), 6)}"


def _samples(cells: list[Cell], call: Call) -> tuple[tuple[Sample, ...], int]:
    traces = [
        {sample.number: sample for sample in cell.predictions.predicted.samples} if cell.predictions else {}
        for cell in cells
    ]
    shared = sorted(traces[0].keys() & traces[1].keys())
    found = [
        Sample(number, _given(call, number), (_way(traces[0][number]), _way(traces[1][number])))
        for number in shared
    ]
    found.sort(key=lambda sample: sample.ways[0] == sample.ways[1])
    total = sum(len(update.y_pred) if update.y_pred.ndim else 1 for update in call.updates)
    return tuple(found[:_SAMPLES]), max(0, total - _SAMPLES) if found else 0


def _way(sample: SampleTrace) -> str:
    return rows.counted(sample.to_json())[0]


def _given(call: Call, number: int) -> str:
    start = 0
    for update in call.updates:
        place = number - start
        if place < len(update.y_pred):
            named_ = {"y_true": update.y_true, "y_pred": update.y_pred, "weight": update.sample_weight}
            return ", ".join(
                f"{name} {values.full(encode(np.asarray(array[place]).tolist()), most=8)}"
                for name, array in named_.items()
                if array is not None and array.ndim and place < len(array)
            )
        start += len(update.y_pred)
    return ""


def _counts(cell: Cell, side: Side, call: Call) -> Iterator[str]:
    """Yield how many elements are correct, and by class where classes are averaged."""
    if cell.outcome.kind == "raises":
        return
    try:
        found = [counted for _, counted in counts(side.really.rules, call)]
    except (Incomposable, Raises, ValueError):
        return
    hit, truth, left = (
        [*map(np.concatenate, zip(*map(_kept, found), strict=True))] if found else [np.zeros(0)] * 3
    )
    several = any(one.hit.ndim > 1 and one.hit.shape[-1] > 1 for one in found)
    out = f"; {count(int(left.sum()), 'other')} left out" if left.any() else ""
    yield f"{int(hit.sum())} of {count(hit.size, 'element' if several else 'sample')} correct{out}"
    average = side.really.rules.parameters(call).get("average", "macro")
    if several or average == "micro" or side.really.rules.average.behaviour.name.startswith("pooled"):
        return
    labels = np.unique(truth)
    for label in labels[:_CLASSES].tolist():
        here = truth == label
        yield f"class {label}: {int(hit[here].sum())} of {int(here.sum())} correct"
    if len(labels) > _CLASSES:
        yield f"and {count(len(labels) - _CLASSES, 'more class', 'more classes')}"


def _kept(counted: Counted) -> tuple[Array, Array, Array]:
    """Return which of the elements that count are correct, their targets, and which of all are left out."""
    shape = counted.hit.shape
    kept = np.ones(shape, dtype=bool) if counted.kept is None else np.broadcast_to(counted.kept, shape)
    return counted.hit[kept].ravel(), counted.truth[kept].ravel(), ~kept.ravel()


class _Predicting:
    def predictions_of(self, call: Call, implementation: Implementation, /) -> Predictions | None:
        return predict(find(implementation.definition or ""), call, trace=False)


def _difference(cells: list[Cell], call: Call) -> Difference | None:
    one, other = cells
    if _agree(one, other):
        return None
    quantity = one.implementation.quantity
    grouping = Grouping("diverge", {"A": (one,), "B": (other,)})
    return next(Differences(_Predicting(), call, _outcome).between({quantity: grouping}, one), None)


def _agree(one: Cell, other: Cell) -> bool:
    first, second = (cell.predictions.predicted for cell in (one, other) if cell.predictions is not None)
    return first.near(second) if first.kind == second.kind == "value" else first.same_as(second)
