"""All definitions of torchmetrics, and its findings without a departure, for the oracle."""

from __future__ import annotations

from conformance.frameworks.torchmetrics import definitions as metrics
from conformance.frameworks.torchmetrics import ranks
from conformance.oracle.catalogue import Catalogue, questions_in
from conformance.oracle.changes import changes_in
from conformance.oracle.finding_files import findings_in
from conformance.oracle.package_files import read_yaml
from conformance.oracle.prediction import Prediction
from conformance.oracle.releases import Supported
from conformance.oracle.usage import UsageDeparture, as_new

FINDINGS = findings_in(__package__)

CATALOGUE = Catalogue(
    (*metrics.definitions(), *ranks.definitions()),
    findings=(FINDINGS["torchmetrics-exact-match-above-one-for-more-targets-than-scores"],),
    usage=(
        UsageDeparture(
            FINDINGS["torchmetrics-forward-loses-the-state-when-it-raises"],
            frozenset({"exception"}),
            as_new,
            r"\[forward\]$",
        ),
        UsageDeparture(
            FINDINGS["torchmetrics-collection-computes-twice-what-another-computed"],
            frozenset({"again"}),
            lambda call: Prediction("unspecified"),
            r"MetricCollection",
            releases="<1.4.1",
        ),
    ),
    releases=Supported("torchmetrics", oldest="1.4", newest="1.9.0"),
    axes=read_yaml(__package__, "axes.yaml"),
    questions=questions_in(__package__),
    changes=changes_in(__package__),
)
