"""The numbers of a log as ordinary cells: each is a case of recorded outputs, judged by the definition of its way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from conformance.adapters.base import Implementation
from conformance.calls.outcome import Outcome
from conformance.cases.case import Case
from conformance.oracle.prediction import Prediction
from conformance.training.recording import Recording, RecordingError, outcome
from conformance.training.run import Run
from conformance.training.trainer import Logged
from conformance.verdicts.verdicts import Cell

#: Judges an outcome of an implementation on a case.
Judge = Callable[[Case, Implementation, Outcome], Cell]


@dataclass(frozen=True, eq=False)
class Number:
    """One number of a log.

    Attributes:
        logged: the number, and what went into it.
        case: the same as the case of recorded outputs.
        cell: the number as the outcome of the implementation whose definition it follows, with its verdict.
    """

    logged: Logged
    case: Case
    cell: Cell

    @property
    def predicted(self) -> Prediction | None:
        """What is predicted, if that is a value."""
        found = None if self.cell.predictions is None else self.cell.predictions.predicted
        return found if found is not None and found.kind == "value" else None


def numbers(
    recording: Recording, logged: Iterable[Logged], known: Mapping[str, Implementation], judge: Judge
) -> Iterator[Number]:
    """Yield the numbers of a log with their verdicts.

    Args:
        recording: what was recorded.
        logged: the numbers.
        known: id -> implementation, of all that the adapter has.
        judge: judges one.

    Raises:
        RecordingError: what went into a number was not recorded, or its implementation is not there.
    """
    for each in logged:
        inputs = recording.inputs(each.went_in)
        if inputs is None or each.implementation not in known:
            lacking = "its outputs" if inputs is None else each.implementation
            raise RecordingError(f"{recording.run.id}: {each.name}: there is no record of {lacking}")
        case = case_of(recording.run, each.name, inputs)
        yield Number(each, case, judge(case, known[each.implementation], outcome(each.value)))


def case_of(run: Run, name: str, inputs: Mapping[str, Any]) -> Case:
    """Return recorded outputs as a case, which could stand in a case file."""
    return Case(
        id=f"{run.id}-{name}",
        title=f"{run.title}: {name}",
        task=run.task,
        theme=run.theme,
        file=run.file,
        family=run.family,
        line=run.line,
        inputs=inputs,
        inputs_yaml="".join(f"{key}: {value}\n" for key, value in inputs.items()),
    )
