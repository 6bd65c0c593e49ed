"""threshold-precision: integers that are compared as they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from conformance.oracle.model import Behaviour
from conformance.oracle.numbers import Array, cast
from conformance.oracle.rules.threshold_precision import AXIS, IN_DTYPE_OF_NUMPY_SCORES, IN_DTYPE_OF_SCORES
from conformance.oracle.rules.wording import shared
from conformance.oracle.stages import Precision


def _exactly_or(floats: Precision) -> Callable[[Array, Any], tuple[Array, Array]]:
    def compare(scores: Array, threshold: Any) -> tuple[Array, Array]:
        """Integers are compared with an integer as they are."""
        wide = {"i": "int64", "u": "uint64"}.get(scores.dtype.kind)
        whole = isinstance(threshold, int) and not isinstance(threshold, bool)
        if wide is None or not whole or not np.iinfo(wide).min <= threshold <= np.iinfo(wide).max:
            return floats.compare(scores, threshold)
        return cast(scores, wide), np.asarray(threshold, wide)

    return compare


def _rule(name: str, floats: Precision) -> Behaviour[Precision]:
    return shared(AXIS, name, replace(floats, compare=_exactly_or(floats)), __package__)


INTEGERS_AS_THEY_ARE = _rule("sklearn-integers-as-they-are", IN_DTYPE_OF_SCORES.apply)
BFLOAT16_IN_FLOAT64 = _rule("sklearn-bfloat16-in-float64", IN_DTYPE_OF_NUMPY_SCORES.apply)
