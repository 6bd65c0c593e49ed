"""All definitions of scikit-learn, for the oracle."""

from __future__ import annotations

from conformance.frameworks.sklearn import definitions as metrics
from conformance.frameworks.sklearn.axes import AXES
from conformance.oracle.catalogue import Catalogue
from conformance.oracle.releases import Supported

CATALOGUE = Catalogue(
    tuple(metrics.definitions()),
    releases=Supported("scikit-learn", oldest="1.5", newest="1.9.1"),
    axes=AXES,
)
