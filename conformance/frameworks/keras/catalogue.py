"""All definitions of Keras 3 on TensorFlow, for the oracle."""

from __future__ import annotations

from conformance.frameworks.keras import compile as strings
from conformance.frameworks.keras import usage
from conformance.frameworks.keras.departures import MIRRORED
from conformance.frameworks.keras_family import masks, outputs, replicas
from conformance.frameworks.keras_family.counted import counted
from conformance.frameworks.keras_family.counts import split
from conformance.oracle.catalogue import Catalogue, questions_in
from conformance.oracle.changes import changes_in
from conformance.oracle.definition_files import definitions_in
from conformance.oracle.package_files import read_yaml
from conformance.oracle.releases import Supported

_METRICS = definitions_in(__package__).values()
_ACCURACIES, _OF_COUNTS = split(_METRICS)
CATALOGUE = Catalogue(
    (
        *_METRICS,
        *strings.KERAS.definitions(),
        *counted(strings.KERAS, _OF_COUNTS),
        *replicas.over_replicas(_ACCURACIES, "keras/src/metrics/metric.py:193-204", MIRRORED),
        replicas.evaluated_over_replicas(strings.KERAS, MIRRORED),
        *masks.masked(strings.KERAS.definitions(), strings.MASKS),
        *masks.alone(_METRICS, strings.MASKS),
        *outputs.outputs(strings.KERAS.definitions(), strings.SWAPPED, strings.PAIRED),
    ),
    usage=usage.USAGE,
    releases=Supported("keras", oldest="3.5", newest="3.15.1"),
    axes=read_yaml("conformance.frameworks.keras_family", "axes.yaml"),
    questions=questions_in(__package__),
    changes=changes_in(__package__),
)
