"""What a program recorded while its model trained, and what went into a number of its log."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from conformance.calls.outcome import Outcome
from conformance.calls.record import read
from conformance.training.run import ONLY, Run, Samples

#: Name of an output -> an array.
Outputs = Mapping[str, NDArray[Any]]

#: Which samples: those that are trained on, or those for validation.
Data = Literal["training", "validation"]


class RecordingError(Exception):
    """A program has recorded something that cannot be: another sample than those of its run, for example."""


@dataclass(frozen=True, eq=False)
class Step:
    """One batch that the model was trained on, before its weights moved.

    Attributes:
        epoch: counted from 1.
        samples: the places of its samples.
        y_true: targets as the metric saw them.
        training: outputs in training mode, as the metric saw them.
        inference: outputs in inference mode, with the same weights.
        sample_weight: the weights that the loss and weighted metrics saw, by name of the output where each has its
            own, or None.
        mask: the mask that the outputs carried, or None.
    """

    epoch: int
    samples: tuple[int, ...]
    y_true: Outputs
    training: Outputs
    inference: Outputs
    sample_weight: NDArray[Any] | Outputs | None
    mask: NDArray[Any] | Outputs | None = None


@dataclass(frozen=True, eq=False)
class Epoch:
    """Outputs in inference mode with the weights that an epoch ended with.

    Attributes:
        training: of all samples that are trained on, in their order.
        validation: of those for validation; empty without any.
        validation_mask: the mask that these outputs carried, or None.
    """

    training: Outputs
    validation: Outputs
    validation_mask: NDArray[Any] | Outputs | None = None


@dataclass(frozen=True)
class WentIn:
    """What went into a number.

    Attributes:
        data: which samples.
        batches: their places, update by update.
        weights: whether the outputs are those before each step of the epoch, or those after the epoch.
        mode: whether the model was in training or in inference mode.
        epoch: counted from 1.
        output: name of the output.
        weighted: whether the sample weights went in, among them those that follow from class weights.
        masked: whether the mask of the outputs went in.
        parameters: parameters of the metric, under the names of a case.
    """

    data: Data
    batches: tuple[tuple[int, ...], ...]
    weights: Literal["moving", "final"]
    mode: Literal["training", "inference"]
    epoch: int
    output: str = ONLY
    weighted: bool = False
    masked: bool = False
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def samples(self) -> tuple[int, ...]:
        """The places of all samples, in order."""
        return tuple(place for batch in self.batches for place in batch)


@dataclass(frozen=True, eq=False)
class Recording:
    """What a program recorded.

    Attributes:
        run: the run.
        steps: the batches, in order.
        epochs: what came after each epoch.
        log: the numbers, in the form of the program.
    """

    run: Run
    steps: tuple[Step, ...]
    epochs: tuple[Epoch, ...]
    log: Mapping[str, Any]

    @classmethod
    def of(cls, run: Run, record: Mapping[str, Any]) -> Recording:
        """Read a record, as a worker returned it.

        Raises:
            RecordingError: it has a sample that is not of the run, or lacks something.
        """
        try:
            found = read(record)
            steps = tuple(_step(run, step) for step in found["steps"])
            epochs = tuple(
                Epoch(
                    _outputs(epoch["training"]),
                    _outputs(epoch.get("validation")),
                    epoch.get("validation_mask"),
                )
                for epoch in found["epochs"]
            )
            return cls(run, steps, epochs, found["log"])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise RecordingError(
                f"the record of {run.id} cannot be read: {type(error).__name__}: {error}"
            ) from error

    def samples(self, data: Data) -> Samples:
        """Return the samples of the run.

        Raises:
            RecordingError: it has none for validation.
        """
        found = self.run.training if data == "training" else self.run.validation
        if found is None:
            raise RecordingError(f"{self.run.id} has no samples for validation")
        return found

    def batches(self, epoch: int) -> tuple[tuple[int, ...], ...]:
        """Return the places of the samples of an epoch, batch by batch."""
        return tuple(step.samples for step in self.steps if step.epoch == epoch)

    def inputs(self, went_in: WentIn) -> dict[str, Any] | None:
        """Return what went into a number as the inputs of a case; None where that was not recorded.

        Whatever the model would have given in another mode after an epoch, or with moving weights for samples that
        were not in a batch of that epoch, was never computed.
        """
        places = went_in.samples
        y_pred = self._rows(went_in)
        weights = self._weights(went_in) if went_in.weighted else {}
        if y_pred is None or (weights and not weights.keys() >= set(places)):
            return None
        y_true = self.samples(went_in.data).y_true[went_in.output]
        inputs: dict[str, Any] = {}
        arrays = {"y_true": y_true[list(places)], "y_pred": np.stack(y_pred)}
        if weights:
            arrays["sample_weight"] = np.stack([weights[place] for place in places])
        for name, array in arrays.items():
            inputs[name] = array.astype("float64").tolist() if array.dtype.kind == "V" else array.tolist()
        inputs["dtype"] = {name: array.dtype.name for name, array in arrays.items()}
        if went_in.masked:
            masks = self._masks(went_in)
            if not masks.keys() >= set(places):
                return None
            inputs["mask"] = [masks[place].tolist() for place in places]
        if len(went_in.batches) > 1:
            inputs["batches"] = [len(batch) for batch in went_in.batches]
        return {**inputs, **went_in.parameters}

    def _rows(self, went_in: WentIn) -> list[NDArray[Any]] | None:
        """Return the output for each sample that went in; None where one was not recorded."""
        if went_in.weights == "final":
            epoch = self.epochs[went_in.epoch - 1]
            outputs = epoch.training if went_in.data == "training" else epoch.validation
            return (
                [outputs[went_in.output][place] for place in went_in.samples]
                if went_in.mode == "inference"
                else None
            )
        if went_in.data == "validation":
            return None
        # A sampler may repeat a sample: the model then saw it with other weights.
        seen: dict[int, deque[NDArray[Any]]] = defaultdict(deque)
        for step in self.steps:
            if step.epoch == went_in.epoch:
                outputs = step.training if went_in.mode == "training" else step.inference
                for place, row in zip(step.samples, outputs[went_in.output], strict=True):
                    seen[place].append(row)
        rows = [seen[place].popleft() if seen[place] else None for place in went_in.samples]
        return [row for row in rows if row is not None] if all(row is not None for row in rows) else None

    def _weights(self, went_in: WentIn) -> Mapping[int, Any]:
        """Return the weights of samples: those of training as the model saw them; empty where all weigh the same."""
        if went_in.data == "validation":
            given = self.samples("validation").sample_weight
            return {} if given is None else dict(enumerate(given))
        return {
            place: np.ravel(weight)[0]
            for place, weight in self._seen("sample_weight", went_in.output).items()
        }

    def _masks(self, went_in: WentIn) -> Mapping[int, NDArray[Any]]:
        """Return the masks of samples; empty where none was recorded."""
        if went_in.data == "training":
            return self._seen("mask", went_in.output)
        rows = _of_output(self.epochs[went_in.epoch - 1].validation_mask, went_in.output)
        return {} if rows is None else dict(enumerate(rows))

    def _seen(self, name: Literal["sample_weight", "mask"], output: str) -> Mapping[int, NDArray[Any]]:
        """Return what came with each sample that was trained on, for an output; empty if nothing did."""
        seen: dict[int, NDArray[Any]] = {}
        for step in self.steps:
            rows = _of_output(getattr(step, name), output)
            if rows is not None:
                seen.update(zip(step.samples, map(np.asarray, rows), strict=True))
        return seen


def _of_output(rows: NDArray[Any] | Outputs | None, output: str) -> NDArray[Any] | None:
    """Return what is of an output, where each has its own."""
    return rows[output] if isinstance(rows, Mapping) else rows


def outcome(value: Any) -> Outcome:
    """Return a number of a log as the outcome of a call."""
    array = np.asarray(value)
    return Outcome("value", value=array.astype("float64").tolist(), dtype=array.dtype.name)


def _step(run: Run, step: Mapping[str, Any]) -> Step:
    samples = tuple(_place(run, row) for row in np.asarray(step["x"], dtype="float32"))
    return Step(
        step["epoch"],
        samples,
        _outputs(step["y_true"]),
        _outputs(step["training"]),
        _outputs(step["inference"]),
        step.get("sample_weight"),
        step.get("mask"),
    )


def _place(run: Run, row: NDArray[np.float32]) -> int:
    found = run.training.places.get(np.ascontiguousarray(row).tobytes())
    if found is None:
        raise RecordingError(
            f"{run.id} was trained on {row.tolist()}, which is none of its samples for training"
        )
    return found


def _outputs(written: Any) -> Outputs:
    """Return arrays by the name of their output; the only one has no name."""
    if written is None:
        return {}
    return written if isinstance(written, Mapping) else {ONLY: written}
