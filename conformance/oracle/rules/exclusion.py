"""exclusion: which elements are left out of the count."""

from __future__ import annotations

import numpy as np

from conformance.oracle.model import Behaviour
from conformance.oracle.numbers import Array
from conformance.oracle.stages import Exclusion, Parameters

AXIS = "exclusion"


def _all(truth: Array, parameters: Parameters) -> Array | None:
    return None


def _hits_stand(hit: Array, truth: Array, parameters: Parameters) -> Array:
    return hit


def _ignored(truth: Array, parameters: Parameters) -> Array | None:
    index = parameters.get("ignore_index")
    return None if index is None else np.asarray(truth == index)


def _not_ignored(truth: Array, parameters: Parameters) -> Array | None:
    ignored = _ignored(truth, parameters)
    return None if ignored is None else ~ignored


def _zeros_and_ones(truth: Array, parameters: Parameters) -> Array | None:
    index = parameters.get("ignore_index")
    kept = (truth == 0) | (truth == 1)
    return np.asarray(kept if index is None else kept & (truth != index))


def _ignored_are_correct(hit: Array, truth: Array, parameters: Parameters) -> Array:
    ignored = _ignored(truth, parameters)
    return hit if ignored is None else hit | np.broadcast_to(ignored, hit.shape)


def _ignored_are_incorrect(hit: Array, truth: Array, parameters: Parameters) -> Array:
    ignored = _ignored(truth, parameters)
    return hit if ignored is None else hit & ~np.broadcast_to(ignored, hit.shape)


NOTHING = Behaviour[Exclusion](AXIS, "nothing", "Every element counts.", Exclusion(_all, _hits_stand))
IGNORE_INDEX = Behaviour[Exclusion](
    AXIS,
    "ignore-index",
    "Elements whose target is ignore_index are ignored.",
    Exclusion(_not_ignored, _hits_stand),
)
ZEROS_AND_ONES = Behaviour[Exclusion](
    AXIS,
    "zeros-and-ones",
    "Only targets 0 and 1 count; all others, ignore_index included, are ignored.",
    Exclusion(_zeros_and_ones, _hits_stand),
)
IGNORED_ARE_CORRECT = Behaviour[Exclusion](
    AXIS,
    "ignored-are-correct",
    "Elements whose target is ignore_index count as correct, so that the other elements of the sample"
    " decide.",
    Exclusion(_all, _ignored_are_correct),
)
IGNORED_ARE_INCORRECT = Behaviour[Exclusion](
    AXIS,
    "ignored-are-incorrect",
    "Elements whose target is ignore_index count as incorrect.",
    Exclusion(_all, _ignored_are_incorrect),
)
