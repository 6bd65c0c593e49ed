"""All definitions of torchmetrics, and its findings without a departure, for the oracle."""

from __future__ import annotations

from conformance.frameworks.torchmetrics import definitions as metrics
from conformance.frameworks.torchmetrics import ranks, usage, ways
from conformance.frameworks.torchmetrics.axes import AXES
from conformance.oracle.catalogue import Catalogue
from conformance.oracle.model import Finding
from conformance.oracle.releases import Supported

EXACT_MATCH_ABOVE_ONE = Finding(
    id="torchmetrics-exact-match-above-one-for-more-targets-than-scores",
    kind="defect",
    title="Several targets beside one row of scores pass the validation, and exact match is 3.0",
    condition="y_pred has one row of class scores, y_true has several rows, and arguments are validated.",
    says="The numbers of rows are not compared. The one decision is broadcast against all targets, and the number "
    "of matches is divided by the number of rows of the predictions, which is one.",
    claims='"if preds has one more dimension than target, then all dimensions except for preds.shape[1] should '
    'match exactly" (torchmetrics/functional/classification/stat_scores.py:273)',
    place="torchmetrics/functional/classification/stat_scores.py:288 (preds.shape[2:] != target.shape[1:]), "
    "torchmetrics/functional/classification/exact_match.py:53 (total = preds.shape[0])",
)

_DEFINITIONS = (*metrics.definitions(), *ways.definitions(), *ranks.definitions())

CATALOGUE = Catalogue(
    _DEFINITIONS,
    findings=(EXACT_MATCH_ABOVE_ONE,),
    usage=tuple(usage.departures(definition.name for definition in _DEFINITIONS)),
    releases=Supported("torchmetrics", oldest="1.4", newest="1.9.0"),
    axes=AXES,
)
