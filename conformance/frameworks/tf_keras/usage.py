"""How Keras 2 deviates under a usage that should make no difference."""

from __future__ import annotations

from conformance.adapters.base import Call
from conformance.frameworks.keras_family.errors import R
from conformance.oracle.finding_files import findings_in
from conformance.oracle.prediction import Prediction
from conformance.oracle.usage import UsageDeparture

FINDINGS = findings_in(__package__ or "")


def _not_loaded(call: Call) -> Prediction:
    return Prediction("raises", type="AttributeError", reason=R["not-unpickled"])


def _not_copied(call: Call) -> Prediction | None:
    """A metric that has seen no update has no variables either."""
    return Prediction("raises", type="ValueError", reason=R["copy-has-no-counts"]) if call.updates else None


def _of_two_dtypes(call: Call) -> Prediction | None:
    if all(update.y_true.dtype == update.y_pred.dtype for update in call.updates):
        return None
    return Prediction("raises", reason=R["tensor-dtypes-differ"])


USAGE = (
    UsageDeparture(
        FINDINGS["tf-keras-metrics-cannot-be-loaded-from-a-pickle"],
        frozenset({"pickle"}),
        _not_loaded,
        r"\.metrics\.",
    ),
    UsageDeparture(
        FINDINGS["tf-keras-f-score-cannot-be-copied"],
        frozenset({"deepcopy"}),
        _not_copied,
        r"\.metrics\.(F1|FBeta)Score$",
    ),
    UsageDeparture(
        FINDINGS["tf-keras-binary-accuracy-refuses-tensors-of-integers"],
        frozenset({"tensor"}),
        _of_two_dtypes,
        r"\.binary_accuracy$",
    ),
)
