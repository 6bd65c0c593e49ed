"""All definitions of Keras 2, for the oracle."""

from __future__ import annotations

from conformance.frameworks.keras_family import masks, outputs, replicas
from conformance.frameworks.keras_family.counts import split
from conformance.frameworks.tf_keras import compile as strings
from conformance.frameworks.tf_keras import counted, usage
from conformance.oracle.catalogue import Catalogue
from conformance.oracle.definition_files import definitions_in
from conformance.oracle.package_files import read_yaml
from conformance.oracle.releases import Supported

_METRICS = definitions_in(__package__).values()
_ACCURACIES = split(_METRICS)[0]
CATALOGUE = Catalogue(
    (
        *_METRICS,
        *strings.TF_KERAS.definitions(),
        *counted.DEFINITIONS,
        *replicas.over_replicas(_ACCURACIES, "tf_keras/src/metrics/base_metric.py:346"),
        *masks.masked(strings.TF_KERAS.definitions(), strings.MASKS),
        # tf_keras/src/metrics/base_metric.py:723 reads the mask of the matches, not of the predictions.
        *masks.alone(_METRICS, None),
        *outputs.outputs(strings.TF_KERAS.definitions()),
    ),
    usage=usage.USAGE,
    releases=Supported("tf_keras", oldest="2.17", newest="2.21.0"),
    axes=read_yaml("conformance.frameworks.keras_family", "axes.yaml"),
)
