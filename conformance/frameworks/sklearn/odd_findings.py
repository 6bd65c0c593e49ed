"""Findings that no rule describes: each is named by the `expect` of the case that shows it."""

from __future__ import annotations

from conformance.oracle.model import Finding

ODD: tuple[Finding, ...] = (
    Finding(
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
    ),
)
