"""How the package of a framework trains: the protocol. Needs the standard library and NumPy only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from conformance.training.recording import Recording, WentIn
from conformance.training.run import Run

#: What a number is: the value so far after a batch, that of a batch by itself, of an epoch, of the samples for
#: validation after an epoch, of an evaluation after the training, the user's own of predictions, or the mean of the
#: values of batches.
Kind = Literal[
    "running",
    "batch",
    "epoch",
    "validation",
    "evaluate",
    "evaluate-validation",
    "own",
    "own-validation",
    "mean",
]


@dataclass(frozen=True, eq=False)
class Logged:
    """One number of a log.

    Attributes:
        name: unique in the log.
        kind: what it is.
        shown_as: the expression of the framework that gives it.
        metric: name of the metric in the log.
        value: the number, as the program recorded it.
        implementation: id of the implementation whose definition says what it is.
        went_in: what went into it.
        batch: for the value after a batch: which one, counted from 1.
    """

    name: str
    kind: Kind
    shown_as: str
    metric: str
    value: Any
    implementation: str
    went_in: WentIn
    batch: int | None = None


class Trainer(Protocol):
    """What the package of a framework exports as `TRAINER` of its module `training`, one for each adapter.

    `Adapter.training` says where it is. The program that `lines` returns is run by a worker of the adapter, which has
    imported the framework. It sees nothing but NumPy's `np`, and binds `record`, a dict of what the model did, with
    arrays as NumPy has them:

    - `steps`: one dict for each batch that the model was trained on: `epoch`, counted from 1; `x` and `y_true`, the
      samples as the model was given them; `training`, the outputs in training mode that went into the metric;
      `inference`, the outputs in inference mode with the same weights, before they move; `sample_weight`, if the loss
      had any; `mask`, if the outputs carry one.
    - `epochs`: one dict for each epoch: `training` and `validation`, the outputs in inference mode for all of these
      samples, in their order, with the weights after the epoch; `validation_mask`, if the latter carry one.
    - `log`: the numbers, in any form that `numbers` reads. NumPy's scalars keep their dtype, Python's are float64.

    For a model with several outputs, `y_true`, `training`, `inference` and `validation` are dicts by name of the
    output. Recording must not change the training: it draws no random numbers and updates no statistics.
    """

    def reason(self, run: Run) -> str | None:
        """Return why a run is not applicable ("has no ..."), or None."""

    def lines(self, run: Run, *, recorded: bool) -> str:
        """Return the program: as a user writes it, or with the lines that record, which bind `record`."""

    def numbers(self, run: Run, recording: Recording) -> Sequence[Logged]:
        """Return the numbers of the log, each with the definition that it follows and with what went in."""


def running(batches: tuple[tuple[int, ...], ...]) -> Iterator[tuple[int, tuple[tuple[int, ...], ...]]]:
    """Yield the number of each batch, counted from 1, with all batches up to this one."""
    for number in range(1, len(batches) + 1):
        yield number, batches[:number]
