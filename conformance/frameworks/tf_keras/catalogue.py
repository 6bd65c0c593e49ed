"""All definitions of Keras 2, for the oracle."""

from __future__ import annotations

from conformance.frameworks.keras_family import replicas
from conformance.frameworks.keras_family.axes import AXES
from conformance.frameworks.tf_keras import compile as strings
from conformance.frameworks.tf_keras import definitions as metrics
from conformance.frameworks.tf_keras import usage
from conformance.oracle.catalogue import Catalogue
from conformance.oracle.releases import Supported

_DEFINITIONS = (
    *metrics.CLASSES,
    *metrics.FUNCTIONS,
    *strings.definitions(),
    *replicas.over_replicas(metrics.CLASSES, "tf_keras/src/metrics/base_metric.py:346"),
)

CATALOGUE = Catalogue(
    _DEFINITIONS,
    usage=tuple(usage.departures(definition.name for definition in _DEFINITIONS)),
    releases=Supported("tf_keras", oldest="2.17", newest="2.21.0"),
    axes=AXES,
)
