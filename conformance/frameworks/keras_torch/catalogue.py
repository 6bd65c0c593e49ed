"""All definitions of Keras 3 on torch, for the oracle."""

from __future__ import annotations

from conformance.frameworks.keras_torch import compile as strings
from conformance.frameworks.keras_torch import definitions as metrics
from conformance.oracle.catalogue import Catalogue

CATALOGUE = Catalogue((*metrics.definitions(), *strings.definitions()))
