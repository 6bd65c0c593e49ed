"""All definitions of Keras 3 on torch, for the oracle."""

from __future__ import annotations

from conformance.frameworks.keras_torch import compile as strings
from conformance.frameworks.keras_torch import definitions as metrics
from conformance.oracle.catalogue import Catalogue
from conformance.oracle.releases import Supported

CATALOGUE = Catalogue(
    (*metrics.definitions(), *strings.definitions()),
    releases=Supported("keras", oldest="3.5", newest="3.15.1"),
)
