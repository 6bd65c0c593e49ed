"""What Keras 3 claims on the torch backend: the same metrics, over keras/src/backend/torch (lines of 3.15.1)."""

from __future__ import annotations

from conformance.frameworks.keras import definitions as keras
from conformance.frameworks.keras_torch import departures, errors
from conformance.oracle.model import Definition, Departure, Rule
from conformance.oracle.rules import shape, threshold_precision, ties, weights

_METRICS = "keras/src/metrics/accuracy_metrics.py"
_BACKEND = "keras/src/backend/torch"

#: What the backend does to every metric, as far as it has to do with it.
_SHARED = (
    threshold_precision.IN_DTYPE_OF_TENSORS.source(
        f"{_BACKEND}/core.py:47 (unsigned integers that torch did not have) and numpy.py:920"
    ),
    ties.FIRST_OR_ALL.source(
        "https://docs.pytorch.org/docs/stable/generated/torch.argmax.html: of several maximal values the first; "
        f"{_BACKEND}/math.py:91 (in_top_k): whatever is not below the k-th value is among the top k"
    ),
)
(_WEIGHTS,) = (rule.amended(flushed=False) for rule in keras.ACCURACY.on(weights.AXIS))


def _metric(base: Definition, *entries: Rule, departs: tuple[Departure, ...] = ()) -> Definition:
    return base.overlaid(
        f"{base.name}@torch",
        base.says,
        *_SHARED,
        _WEIGHTS,
        *entries,
        departures=(*departs, *departures.STATE),
    )


def _function(base: Definition, metric: Definition) -> Definition:
    """Return the function form: it differs from that of the other backend as its metric class does."""
    return base.overlaid(
        f"{base.name}@torch",
        base.says,
        *_SHARED,
        *metric.on("shape"),
        *metric.on("refusal"),
        departures=tuple(entry for entry in metric.departures if entry not in departures.STATE),
    )


ACCURACY = _metric(
    keras.ACCURACY,
    errors.EQUALITY.source(f"{_METRICS}:9-10, {_BACKEND}/core.py:193"),
    departs=departures.EQUALITY,
)
BINARY = _metric(
    keras.BINARY,
    errors.THRESHOLD.source(f"{_METRICS}:64-66, {_BACKEND}/core.py:193"),
    departs=departures.THRESHOLD,
)
CATEGORICAL = _metric(
    keras.CATEGORICAL,
    shape.ONE_HOT_RANK_IF_1.source(f"{_METRICS}:140-156, {_BACKEND}/numpy.py:2187 (squeeze)"),
    errors.ONE_HOT.source(f"{_METRICS}:130 and :148, {_BACKEND}/core.py:193"),
    departs=departures.CATEGORICAL,
)
SPARSE = _metric(
    keras.SPARSE,
    errors.SPARSE.source(f"{_METRICS}:219-234, {_BACKEND}/core.py:193"),
    departs=departures.SPARSE,
)
TOP_K = _metric(
    keras.TOP_K,
    errors.TOP_K.source(f"{_METRICS}:306-322, {_BACKEND}/math.py:85"),
    departs=departures.TOP_K,
)
SPARSE_TOP_K = _metric(
    keras.SPARSE_TOP_K,
    errors.SPARSE_TOP_K.source(f"{_METRICS}:405-428, {_BACKEND}/math.py:85"),
    departs=departures.SPARSE_TOP_K,
)
CLASSES = (ACCURACY, BINARY, CATEGORICAL, SPARSE, TOP_K, SPARSE_TOP_K)
FUNCTIONS = tuple(_function(base, metric) for base, metric in zip(keras.FUNCTIONS, CLASSES[1:], strict=True))
