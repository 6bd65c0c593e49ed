"""The likelihood ratios of class_likelihood_ratios (metrics/_classification.py)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.frameworks.sklearn.errors import in_releases, named_pairs
from conformance.frameworks.sklearn.targets import R, Since, check_targets
from conformance.oracle.model import parametric
from conformance.oracle.numbers import exact
from conformance.oracle.reasons import raise_if
from conformance.oracle.rules.statistic import AXIS
from conformance.oracle.rules.undefined_value import as_floats
from conformance.oracle.rules.wording import Worded
from conformance.oracle.stages import Parameters
from conformance.oracle.sums import Statistic, Table, Undefined, ratio

REPLACEMENT_NOT_KNOWN = R["ratio-replacement-not-known"]
ONE_LABEL = R["one-label"]


@dataclass(frozen=True)
class LikelihoodRatios(Worded, Statistic):
    """The positive and the negative likelihood ratio of a confusion matrix of two labels."""

    @property
    def rounded(self) -> int:
        """How many further operations are rounded."""
        return 2

    def of_table(self, table: Table, parameters: Parameters, call: Call, undefined: Undefined) -> Any:
        """Return both ratios; of a single label neither is defined."""
        nothing = exact(undefined(Fraction(0), parameters))
        if table.size == 1:
            return [nothing, nothing]
        raise_if(table.size != 2, R["not-two-labels"], "ValueError")
        (tn, fp), (fn, tp) = ([table.cells.get((i, j), Fraction(0)) for j in (0, 1)] for i in (0, 1))
        negative, positive = tn + fp, tp + fn
        return [
            ratio(above * negative, below * positive, as_floats, parameters) if below else nothing
            for above, below in ((tp, fp), (fn, tn))
        ]


def nan_is_another(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether the case names NaN for replace_undefined_by."""
    given = call.parameters.get("replace_undefined_by")
    return isinstance(given, float) and given != given


def one_label(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Whether a single label occurs, or is named."""
    named = parameters["labels"]
    return any(len(_labels(update) if named is None else named) == 1 for update in call.updates)


def _labels(update: Update) -> set[Any]:
    return {*np.unique(update.y_true).tolist(), *np.unique(update.y_pred).tolist()}


def _parameters(parameters: Parameters, call: Call) -> None:
    given = parameters.get("replace_undefined_by", 1.0)
    known = given == 1 or given != given
    raise_if(not known, REPLACEMENT_NOT_KNOWN.of(repr(given)), "InvalidParameterError")


def _checked(since: Since, update: Update, parameters: Parameters, call: Call) -> None:
    kind = check_targets(update.y_true, update.y_pred, update.sample_weight, since)
    raise_if(kind != "binary" or len(_labels(update)) > 2, R["not-binary"], "ValueError")
    named_pairs(since, update, parameters, call)


LIKELIHOOD_RATIOS = parametric(AXIS, LikelihoodRatios())
CHECKS, CHECKS_BEFORE_1_9, CHECKS_BEFORE_1_8, CHECKS_BEFORE_1_7 = in_releases(
    "sklearn-likelihood-ratios", _checked, _parameters
)
