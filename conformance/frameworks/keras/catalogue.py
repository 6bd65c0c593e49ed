"""All definitions of Keras 3 on TensorFlow, for the oracle."""

from __future__ import annotations

from conformance.frameworks.keras import compile as strings
from conformance.frameworks.keras import definitions as metrics
from conformance.frameworks.keras import usage
from conformance.frameworks.keras_family import replicas
from conformance.frameworks.keras_family.axes import AXES
from conformance.oracle.catalogue import Catalogue
from conformance.oracle.releases import Supported

_DEFINITIONS = (
    *metrics.CLASSES,
    *metrics.FUNCTIONS,
    *strings.definitions(),
    *replicas.over_replicas(metrics.CLASSES, "keras/src/metrics/metric.py:193-204"),
    replicas.evaluated_over_replicas(strings.KERAS),
)

CATALOGUE = Catalogue(
    _DEFINITIONS,
    usage=tuple(usage.departures(definition.name for definition in _DEFINITIONS)),
    releases=Supported("keras", oldest="3.5", newest="3.15.1"),
    axes=AXES,
)
