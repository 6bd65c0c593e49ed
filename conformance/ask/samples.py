"""Which samples decide between two implementations: arrays are compared, not traces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.calls.text import count
from conformance.oracle.evaluate import counts
from conformance.oracle.model import Incomposable
from conformance.oracle.numbers import Array, cast, is_float, is_text
from conformance.oracle.reasons import Raises
from conformance.oracle.repeated import Repeated
from conformance.oracle.side import Side
from conformance.oracle.stages import Counted, Parameters

#: What deciding samples may have in common.
AT_THE_THRESHOLD = "equals the threshold"

#: So many deciding samples are listed.
LISTED = 3

_WAYS = {1: "correct", 0: "incorrect", -1: "left out"}


@dataclass(frozen=True)
class Sample:
    """One sample, and how the elements of it count for each of two: 1 correct, 0 incorrect, -1 left out."""

    index: int
    y_true: Any
    y_pred: Any
    mine: tuple[int, ...]
    other: tuple[int, ...]

    @property
    def data(self) -> tuple[str, str]:
        """Target and prediction as short text."""
        return _short(self.y_true), _short(self.y_pred)

    @property
    def ways(self) -> tuple[str, ...]:
        """How it counts for each of the two; empty for several elements."""
        return tuple(_WAYS[way[0]] for way in (self.mine, self.other) if len(way) == 1)


@dataclass(frozen=True)
class Deciding:
    """The samples that two implementations count differently.

    Attributes:
        number: how many.
        first: the first of them.
        share: what all of them have in common, in words; empty if nothing is known.
    """

    number: int
    first: tuple[Sample, ...]
    share: str = ""

    @property
    def says(self) -> str:
        """How many samples decide, and what they have in common, in a sentence."""
        if not self.number:
            return "No sample alone decides: both count the same samples as correct, and combine them differently."
        verb, whose = ("decides", "its score") if self.number == 1 else ("decide", "the score of each")
        share = f": {whose} {self.share}" if self.share else ""
        return f"{count(self.number, 'sample')} {verb}{share}."


def deciding(mine: tuple[Side, Call], other: tuple[Side, Call]) -> Deciding | None:
    """Return the samples that two sides count differently, each on a call of the same samples; the other's is shown.

    None where that cannot be said sample by sample: one of them raises, or they count different things.
    """
    number, first, shared = 0, list[Sample](), tuple(_SHARED)
    thresholds = [_threshold(side.really.rules.parameters(call)) for side, call in (mine, other)]
    try:
        both = (counts(side.really.rules, call) for side, call in (mine, other))
        for (_, one), ((start, update), two) in zip(*both, strict=True):
            samples = len(update.y_pred)
            if one.hit.size != two.hit.size or one.hit.shape[:1] != (samples,):
                return None
            ways = [_ways(counted, samples) for counted in (one, two)]
            where = np.flatnonzero((ways[0] != ways[1]).any(axis=1))
            kinds = update if isinstance(update, Repeated) else None
            number += len(where) if kinds is None else int(kinds.times[where].sum())
            if len(where):
                shared = tuple(word for word in shared if _SHARED[word](update, where, thresholds))
            for index in where[: LISTED - len(first)].tolist():
                data = (_listed(array[index]) for array in (update.y_true, update.y_pred))
                place = start + (index if kinds is None else int(kinds.first[index]))
                first.append(Sample(place, *data, *(tuple(way[index].tolist()) for way in ways)))
    except (Incomposable, Raises, ValueError):
        return None
    return Deciding(number, tuple(first), shared[0] if number and shared else "")


def _threshold(parameters: Parameters) -> Any:
    """Return the threshold of scores, if there is one; that of a metric which names none is 0.5."""
    given = parameters.get("threshold")
    return 0.5 if given is None and "threshold" in parameters else given


def _ways(counted: Counted, samples: int) -> Array:
    """Return how the elements of each sample count: 1 correct, 0 incorrect, -1 left out."""
    hit = counted.hit.astype("int8")
    return (hit if counted.kept is None else np.where(counted.kept, hit, -1)).reshape(samples, -1)


def _listed(value: Any) -> Any:
    return np.asarray(value).astype("float64").tolist() if _is_bfloat16(value) else np.asarray(value).tolist()


def _is_bfloat16(value: Any) -> bool:
    return bool(np.asarray(value).dtype.name == "bfloat16")


def _at_the_threshold(update: Update, where: Array, thresholds: list[Any]) -> bool:
    known = [float(threshold) for threshold in thresholds if isinstance(threshold, (int, float))]
    if not known or not is_float(update.y_pred):
        return False
    scores = cast(update.y_pred[where], "float32")
    at = np.isin(scores, np.asarray(known, "float32"))
    return bool(at.reshape(len(where), -1).any(axis=1).all())


def _tied(update: Update, where: Array, thresholds: list[Any]) -> bool:
    scores = update.y_pred[where]
    if scores.ndim != 2 or scores.shape[1] < 2 or is_text(scores):
        return False
    wide = np.sort(cast(scores, "float64"), axis=1)
    return bool((wide[:, 1:] == wide[:, :-1]).any(axis=1).all())


def _outside(update: Update, where: Array, thresholds: list[Any]) -> bool:
    if not is_float(update.y_pred):
        return False
    scores = cast(update.y_pred[where], "float64")
    return bool(((scores < 0) | (scores > 1)).reshape(len(where), -1).any(axis=1).all())


#: What samples may have in common, as it follows "the score" -> whether those at some places have.
_SHARED = {
    AT_THE_THRESHOLD: _at_the_threshold,
    "is the same for several classes": _tied,
    "lies outside [0, 1]": _outside,
}


def _short(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_short, value[:8]))}{', …' if len(value) > 8 else ''}]"
    return f"{value:.9g}" if isinstance(value, float) else str(value)
