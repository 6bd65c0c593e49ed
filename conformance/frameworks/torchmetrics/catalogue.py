"""All definitions of torchmetrics, and its findings without a departure, for the oracle."""

from __future__ import annotations

from conformance.frameworks.torchmetrics import definitions as metrics
from conformance.frameworks.torchmetrics import ranks, usage, ways
from conformance.oracle.catalogue import Catalogue
from conformance.oracle.finding_files import findings_in
from conformance.oracle.package_files import read_yaml
from conformance.oracle.releases import Supported

FINDINGS = findings_in(__package__ or "")


EXACT_MATCH_ABOVE_ONE = FINDINGS["torchmetrics-exact-match-above-one-for-more-targets-than-scores"]

_DEFINITIONS = (*metrics.definitions(), *ways.definitions(), *ranks.definitions())

CATALOGUE = Catalogue(
    _DEFINITIONS,
    findings=(EXACT_MATCH_ABOVE_ONE,),
    usage=tuple(usage.departures(definition.name for definition in _DEFINITIONS)),
    releases=Supported("torchmetrics", oldest="1.4", newest="1.9.0"),
    axes=read_yaml(__package__, "axes.yaml"),
)
