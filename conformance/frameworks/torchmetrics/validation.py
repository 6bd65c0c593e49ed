"""What torchmetrics validates, with parameters that departures and forms of use change."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.adapters.base import Call, Update
from conformance.frameworks.torchmetrics.errors import AXIS, METRICS, given, only_classes, tensors
from conformance.oracle.model import parametric
from conformance.oracle.stages import Parameters


@dataclass(frozen=True)
class Validation:
    """What torchmetrics checks.

    Attributes:
        of: a key of `METRICS`.
        labels: whether each label is checked to be a class, as documented; if not, only how many distinct integer
            labels there are.
        num_classes_required: whether num_classes is a required argument, whatever the average.
        tensors_first: whether arrays are converted to tensors before anything is checked, as for a function.
    """

    of: str
    labels: bool = True
    num_classes_required: bool = False
    tensors_first: bool = False

    @property
    def only(self) -> bool:
        """Whether nothing else is predicted."""
        return False

    @property
    def name(self) -> str:
        """Name of the behaviour."""
        parts = (
            f"torchmetrics-{self.of}",
            not self.labels and "labels-unchecked",
            self.num_classes_required and "num-classes-required",
            self.tensors_first and "tensors-first",
        )
        return "-".join(part for part in parts if part)

    @property
    def says(self) -> str:
        """What is checked, in one sentence per parameter."""
        labels = {
            True: "Labels have to be classes, from 0 to num_classes - 1.",
            False: "Only the number of distinct integer labels is checked.",
        }
        parts = (
            METRICS[self.of].says,
            labels[self.labels] if self.of.startswith("multiclass") else "",
            "num_classes is required." if self.num_classes_required else "",
            "Strings raise before anything else." if self.tensors_first else "",
        )
        return " ".join(part for part in parts if part)

    def before(self, parameters: Parameters, call: Call) -> None:
        """Check the arguments."""
        for update in call.updates if self.tensors_first else ():
            tensors(update)
        if self.num_classes_required:
            given(parameters, "num_classes")
        METRICS[self.of].arguments(parameters)

    def each(self, update: Update, parameters: Parameters, call: Call) -> None:
        """Check an update."""
        if self.labels and self.of.startswith("multiclass"):
            only_classes(update, parameters)
        METRICS[self.of].update(update, parameters)


BINARY = parametric(AXIS, Validation("binary"))
MULTICLASS = parametric(AXIS, Validation("multiclass"))
MULTICLASS_WITH_CLASSES = parametric(AXIS, Validation("multiclass", num_classes_required=True))
MULTICLASS_EXACT = parametric(AXIS, Validation("multiclass-exact"))
MULTILABEL = parametric(AXIS, Validation("multilabel"))
MULTILABEL_EXACT = parametric(AXIS, Validation("multilabel-exact"))
NO_SIZE = parametric(AXIS, Validation("no-size"))
NO_SIZE_ASSERTED = parametric(AXIS, Validation("no-size-asserted"))
