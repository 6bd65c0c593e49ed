"""What is special about the samples of a case: to search cases by it, and to show ordinary ones first."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from conformance.calls.outcome import decode_floats
from conformance.report import rows, words

#: Keys of inputs that ordinary calls have, too.
_ORDINARY_KEYS = {"y_true", "y_pred", "loss", "num_classes", "num_labels", "dtype"}
#: Dtypes that need not be named: those of lists, and of a model's outputs.
_ORDINARY_DTYPES = {"float32", "float64", "int64"}


def contents(inputs: Mapping[str, Any]) -> list[str]:
    """Return the keys of `words.CONTENTS` that hold for the inputs of a case."""
    updates = inputs.get("updates")
    data = [update.get(name) for update in _updates(inputs) for name in ("y_true", "y_pred")]
    leaves = [leaf for leaf in _leaves(data) if isinstance(leaf, float)]
    holds = {
        "nan": any(map(math.isnan, leaves)),
        "infinity": any(map(math.isinf, leaves)),
        "no-samples": updates == []
        or (any(isinstance(each, list) for each in data) and not rows.number(inputs)),
    }
    return [name for name in words.CONTENTS if holds[name]]


def oddities(inputs: Mapping[str, Any]) -> int:
    """Return in how many ways inputs are unlike ordinary ones, which hold integer labels and scores in [0, 1].

    Parameters, weights, updates and unusual dtypes count, and so do values and shapes that users seldom have.
    """
    update = (_updates(inputs) or [{}])[0]
    arrays = [update.get(name) for name in ("y_true", "y_pred")]
    targets, predictions = (list(_leaves(array)) for array in arrays)
    dtypes = dict(inputs.get("dtype") or {})
    return sum(
        (
            *(True for key in inputs if key not in _ORDINARY_KEYS),
            "metric" in dtypes or not {*dtypes.values()} <= _ORDINARY_DTYPES,
            len({*targets}) < 2,
            not all(map(_is_label, targets)),
            not (all(map(_is_label, predictions)) or all(map(_is_score, predictions))),
            not _fit(*(_shape(array) for array in arrays)),
            *(3 for _ in contents(inputs)),
        )
    )


def _fit(targets: tuple[int, ...], predictions: tuple[int, ...]) -> bool:
    """Whether shapes are (N,) and (N,), the same with columns, or (N,) and (N, classes)."""
    if not 1 <= len(targets) <= len(predictions) <= 2:
        return False
    has_classes = len(predictions) > len(targets) and predictions[1] > 1
    return targets == predictions or (has_classes and targets == predictions[:1])


def _updates(inputs: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    updates = inputs.get("updates")
    return updates if isinstance(updates, list) else [inputs]


def _is_label(leaf: Any) -> bool:
    return isinstance(leaf, int) and not isinstance(leaf, bool) and 0 <= leaf < 100


def _is_score(leaf: Any) -> bool:
    is_number = isinstance(leaf, (int, float)) and not isinstance(leaf, bool)
    return is_number and 0 <= leaf <= 1 and round(leaf, 4) == leaf


def _shape(written: Any) -> tuple[int, ...]:
    """Return how many entries a list or what stands for one has, and the same of its first entry."""
    size = rows.length(written)
    return (size, *_shape(rows.entry(written, 0))) if size else ()


def _leaves(written: Any) -> Iterator[Any]:
    """Yield the numbers of lists, of what stands for a list, and of special floats as they are written in JSON."""
    found = decode_floats(written)
    if isinstance(found, (list, tuple)):
        for entry in found:
            yield from _leaves(entry)
    elif isinstance(found, Mapping):
        yield from _leaves([found[key] for key in ("repeat", "one_hot") if key in found])
    else:
        yield found
