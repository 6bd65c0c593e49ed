"""threshold-precision: how Binarizer before 1.7 compared integers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from conformance.oracle.numbers import Array, cast
from conformance.oracle.rules.threshold_precision import AXIS, IN_DTYPE_OF_SCORES
from conformance.oracle.rules.wording import shared

_FLOATS = IN_DTYPE_OF_SCORES.apply


def _exactly(scores: Array, threshold: Any) -> tuple[Array, Array]:
    """Integers are compared with an integer as they are."""
    wide = {"i": "int64", "u": "uint64"}.get(scores.dtype.kind)
    whole = isinstance(threshold, int) and not isinstance(threshold, bool)
    if wide is None or not whole or not np.iinfo(wide).min <= threshold <= np.iinfo(wide).max:
        return _FLOATS.compare(scores, threshold)
    return cast(scores, wide), np.asarray(threshold, wide)


INTEGERS_AS_THEY_ARE = shared(
    AXIS, "sklearn-integers-as-they-are", replace(_FLOATS, compare=_exactly), __package__
)
