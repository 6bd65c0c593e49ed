"""exclusion: which elements are left out of the count."""

from __future__ import annotations

import numpy as np

from conformance.oracle.model import Incomposable
from conformance.oracle.numbers import Array
from conformance.oracle.rules.wording import shared
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


def _of_class(truth: Array, parameters: Parameters) -> Array | None:
    class_id = parameters.get("class_id")
    if class_id is None:
        return None
    if not truth.ndim or not -truth.shape[-1] <= class_id < truth.shape[-1]:
        raise Incomposable(f"there is no column {class_id}")
    kept = np.zeros(truth.shape, dtype=bool)
    kept[..., class_id] = True
    return kept


NOTHING = shared(AXIS, "nothing", Exclusion(_all, _hits_stand))
IGNORE_INDEX = shared(AXIS, "ignore-index", Exclusion(_not_ignored, _hits_stand))
ZEROS_AND_ONES = shared(AXIS, "zeros-and-ones", Exclusion(_zeros_and_ones, _hits_stand))
OTHER_CLASSES = shared(AXIS, "other-classes", Exclusion(_of_class, _hits_stand))
IGNORED_ARE_CORRECT = shared(AXIS, "ignored-are-correct", Exclusion(_all, _ignored_are_correct))
IGNORED_ARE_INCORRECT = shared(AXIS, "ignored-are-incorrect", Exclusion(_all, _ignored_are_incorrect))
