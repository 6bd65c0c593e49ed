"""All definitions of scikit-learn, for the oracle."""

from __future__ import annotations

from conformance.frameworks.sklearn import definitions as metrics
from conformance.oracle.catalogue import Catalogue

CATALOGUE = Catalogue(tuple(metrics.definitions()))
