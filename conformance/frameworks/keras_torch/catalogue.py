"""All definitions of Keras 3 on torch, for the oracle."""

from __future__ import annotations

from conformance.frameworks.keras_family import masks
from conformance.frameworks.keras_torch import compile as strings
from conformance.frameworks.keras_torch import usage
from conformance.oracle.catalogue import Catalogue
from conformance.oracle.definition_files import definitions_in
from conformance.oracle.releases import Supported

_METRICS = definitions_in(__package__).values()
CATALOGUE = Catalogue(
    (
        *_METRICS,
        *strings.DEFINITIONS,
        *strings.MASKED,
        *strings.OUTPUTS,
        *masks.alone(_METRICS, strings.MASKS),
    ),
    usage=usage.USAGE,
    releases=Supported("keras", oldest="3.5", newest="3.15.1"),
)
