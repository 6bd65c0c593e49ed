"""Generated inputs on which laws are tried, besides cases: odd sizes, uneven batches, ties; always the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from conformance.cases import Case

#: Scores that every floating dtype holds exactly; none lies on the usual threshold.
_SCORES = (0.0, 0.125, 0.25, 0.375, 0.625, 0.75, 0.875, 1.0)
_TIED_SCORES = (0.25, 0.5, 0.75)
_CLASSES = (0, 1, 2)
_ONE_HOT = ([1, 0, 0], [0, 1, 0], [0, 0, 1])
_BITS = (0, 1)

#: Tag of a case with ties. Some laws do not hold for ties, and only a definition can say for which metric.
TIES = "ties"

#: Numbers of samples, odd so that pairs of samples cannot make up for each other, and what else a case has. A metric
#: of one call is not tried on batches, and one without sample_weight not on weights.
_VARIANTS: tuple[tuple[int, str], ...] = ((5, ""), (11, "batches"), (9, TIES), (7, "sample_weight"), (13, ""))


@dataclass(frozen=True)
class _Kind:
    """What targets and predictions are drawn from, and their shapes after the axis of the samples."""

    task: str
    targets: Sequence[Any]
    predictions: Sequence[Any]
    target_shape: tuple[int, ...] = ()
    prediction_shape: tuple[int, ...] = ()


_KINDS = {
    "binary scores": _Kind("binary", _BITS, _SCORES),
    "binary labels": _Kind("binary", _BITS, _BITS),
    "classes": _Kind("multiclass", _CLASSES, _CLASSES),
    "class scores": _Kind("multiclass", _CLASSES, _SCORES, (), (3,)),
    "class scores and one-hot targets": _Kind("multiclass", _ONE_HOT, _SCORES, (), (3,)),
    "label scores": _Kind("multilabel", _BITS, _SCORES, (3,), (3,)),
    "label sets": _Kind("multilabel", _BITS, _BITS, (3,), (3,)),
    "binary scores in a column": _Kind("binary", _BITS, _SCORES, (1,), (1,)),
}


@cache
def generated() -> tuple[Case, ...]:
    """Return the cases, kind by kind."""
    return tuple(_case(name, kind, *variant) for name, kind in _KINDS.items() for variant in _VARIANTS)


def _case(name: str, kind: _Kind, samples: int, more: str) -> Case:
    random = Random(f"{name} {samples}")
    predictions = _TIED_SCORES if more == TIES and kind.predictions is _SCORES else kind.predictions
    inputs: dict[str, Any] = {
        "y_true": _drawn(random, kind.targets, (samples, *kind.target_shape)),
        "y_pred": _drawn(random, predictions, (samples, *kind.prediction_shape)),
    }
    if kind.predictions is _SCORES:
        inputs["dtype"] = {"y_pred": "float32"}
    if more == "sample_weight":
        inputs["sample_weight"] = _drawn(random, (1, 2, 3), (samples,))
    if more == "batches":
        inputs["batches"] = [3, 1, samples - 4]
    title = f"{samples} samples of {name}" + (f", {more}" if more else "")
    return Case(
        id=f"generated: {title}",
        title=f"Generated: {title}",
        task=kind.task,
        theme="Generated inputs",
        file="conformance/laws/generated.py",
        tags=(TIES,) if more == TIES else (),
        inputs=inputs,
        inputs_yaml="".join(f"{key}: {value}\n" for key, value in inputs.items()),
    )


def _drawn(random: Random, choices: Sequence[Any], shape: tuple[int, ...]) -> Any:
    """Return nested lists; the scores of a sample differ, unless they are to tie."""
    if not shape:
        return random.choice(choices)
    if choices is _SCORES and len(shape) == 1 and shape[0] <= len(_CLASSES):
        return random.sample(choices, shape[0])
    return [_drawn(random, choices, shape[1:]) for _ in range(shape[0])]
