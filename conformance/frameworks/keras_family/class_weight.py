"""class_weight of fit() and train_on_batch(): weights of classes become weights of samples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.frameworks.keras_family.errors import R
from conformance.oracle.model import Behaviour, Rule, parametric
from conformance.oracle.numbers import Array, cast, is_text
from conformance.oracle.reasons import raise_if
from conformance.oracle.rules import weights
from conformance.oracle.stages import Weigh

#: Update and call -> the update with the weights that class_weight makes of its targets.
Weighted = Callable[[Update, Call], Update]


@dataclass(frozen=True)
class ByClass:
    """The weights of classes join those of samples, which then weigh as `weigh` does.

    Attributes:
        weigh: what weights of samples do.
        weighted: gives an update the weights of its classes.
        truncated: whether weights of classes lose their fraction where weights of samples are integers.
    """

    weigh: Behaviour[Weigh]
    weighted: Weighted
    truncated: bool = False

    @property
    def name(self) -> str:
        """Name of the behaviour."""
        return f"{self.weigh.name}-by-class{'-truncated' if self.truncated else ''}"

    @property
    def says(self) -> str:
        """What is done."""
        truncated = ", cast to the dtype of sample_weight" if self.truncated else ""
        return f"class_weight gives each sample the weight of its class{truncated}. {self.weigh.says}"

    def __call__(self, shape: tuple[int, ...], update: Update, call: Call) -> Array | None:
        """Return the weights of the hits, as `weigh` does."""
        if call.class_weight is None:
            return self.weigh.apply(shape, update, call)
        if self.truncated and has_whole_weights(update):
            call = replace(
                call, class_weight={label: int(weight) for label, weight in call.class_weight.items()}
            )
        return self.weigh.apply(shape, self.weighted(update, call), call)


def has_whole_weights(update: Update) -> bool:
    """Whether weights of samples are integers."""
    return update.sample_weight is not None and update.sample_weight.dtype.kind in "iu"


def by_class(weigh: Rule[Weigh], weighted: Weighted, place: str) -> Rule[ByClass]:
    """Return the rule by which the weights of classes weigh samples, too."""
    return parametric(weights.AXIS, ByClass(weigh.behaviour, weighted)).source(place)


def classes_of(y_true: Array) -> Array:
    """Return the class of each position: of one-hot targets, or labels that may have a last dimension of 1.

    Raises:
        Raises: there are none.
    """
    raise_if(not y_true.ndim, R["scalar"])
    raise_if(is_text(y_true), R["strings"])
    if y_true.ndim == 1:
        labels = y_true
    else:
        raise_if(not y_true.shape[-1], R["no-classes"])
        labels = y_true[..., 0] if y_true.shape[-1] == 1 else np.argmax(y_true, axis=-1)
    return np.asarray(np.round(cast(labels, "float64")))


def weights_of(y_true: Array, call: Call, other: float | None) -> Array:
    """Return the weight of the class of each position, as float64.

    Args:
        y_true: targets.
        call: has class_weight.
        other: the weight of a class that has none; None where that raises.

    Raises:
        Raises: there is no class, or one without a weight.
    """
    classes, given = classes_of(y_true), dict(call.class_weight or {})
    raise_if(
        other is None and any(label not in given for label in classes.ravel().tolist()),
        R["class-without-weight"],
    )
    found = [given.get(label, other) for label in classes.ravel().tolist()]
    return np.array(found, dtype="float64").reshape(classes.shape)
