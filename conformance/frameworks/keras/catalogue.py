"""All definitions of Keras 3 on TensorFlow, for the oracle."""

from __future__ import annotations

from conformance.frameworks.keras import compile as strings
from conformance.frameworks.keras import definitions as metrics
from conformance.frameworks.keras import usage
from conformance.frameworks.keras_family import sharded
from conformance.frameworks.keras_family.axes import AXES
from conformance.oracle.catalogue import Catalogue
from conformance.oracle.releases import Supported

_CLASSES = (
    metrics.ACCURACY,
    metrics.BINARY,
    metrics.CATEGORICAL,
    metrics.SPARSE,
    metrics.TOP_K,
    metrics.SPARSE_TOP_K,
)

_DEFINITIONS = (
    *metrics.definitions(),
    *strings.definitions(),
    *sharded.over_replicas(_CLASSES, "keras/src/metrics/metric.py:193-204"),
    sharded.evaluated_over_replicas(),
)

CATALOGUE = Catalogue(
    _DEFINITIONS,
    usage=tuple(usage.departures(definition.name for definition in _DEFINITIONS)),
    releases=Supported("keras", oldest="3.5", newest="3.15.1"),
    axes=AXES,
)
