"""Why implementations raise: a code that identifies each reason, and a sentence for people.

`reasons.yaml` lists the reasons that several frameworks share; that of a framework's package lists its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from conformance.oracle.package_files import read_yaml


@dataclass(frozen=True)
class Reason:
    """Why an implementation raises.

    Attributes:
        code: slug; rules that raise for the same reason share it. Reasons are equal if their codes are.
        says: one sentence, without a full stop.
    """

    code: str
    says: str = field(compare=False)


class Raises(Exception):  # noqa: N818 - what a definition predicts, not an error of the oracle
    """The implementation raises.

    Attributes:
        reason: why.
        type: exception type where the framework's own check raises, None where a backend does and any type
            may come.
    """

    def __init__(self, reason: Reason, type: str | None = None) -> None:  # noqa: A002 - the word of results.json
        super().__init__(reason.says)
        self.reason = reason
        self.type = type


def raise_if(condition: object, reason: Reason, type: str | None = None) -> None:  # noqa: A002 - as above
    """Raise for a reason where a condition holds.

    Raises:
        Raises: it holds.
    """
    if condition:
        raise Raises(reason, type)


@cache
def reasons_in(package: str) -> Mapping[str, Reason]:
    """Return code -> reason: those that several frameworks share, and those that `reasons.yaml` of a package lists."""
    listed = {**read_yaml(__package__, "reasons.yaml"), **read_yaml(package, "reasons.yaml")}
    return {code: Reason(code, says) for code, says in listed.items()}


_SHARED = reasons_in(__package__)
NO_CLASSES = _SHARED["no-classes"]
NOT_BROADCAST = _SHARED["not-broadcast"]
SHAPES_DIFFER = _SHARED["shapes-differ"]
RANKS_DIFFER = _SHARED["ranks-differ"]
ONE_TARGET_PER_SAMPLE = _SHARED["one-target-per-sample"]
MATCHES_NOT_RESHAPED = _SHARED["matches-not-reshaped"]
LAST_DIMENSION_NOT_1 = _SHARED["last-dimension-not-1"]
TARGETS_NOT_1D = _SHARED["targets-not-1d"]
SCORES_NOT_2D = _SHARED["scores-not-2d"]
MISSING_AXIS = _SHARED["missing-axis"]
SCALAR = _SHARED["scalar"]
LENGTHS_DIFFER = _SHARED["lengths-differ"]
NO_SAMPLES = _SHARED["no-samples"]
EMPTY_NOT_RESHAPED = _SHARED["empty-not-reshaped"]
STRINGS = _SHARED["strings"]
STRINGS_AND_NUMBERS = _SHARED["strings-and-numbers"]
BFLOAT16_STRINGS = _SHARED["bfloat16-strings"]
NOT_FINITE = _SHARED["not-finite"]
LABEL_OUTSIDE_CLASSES = _SHARED["label-outside-classes"]
TOP_K_BELOW_1 = _SHARED["top-k-below-1"]
TOP_K_ABOVE_CLASSES = _SHARED["top-k-above-classes"]
TOP_K_OF_LABELS = _SHARED["top-k-of-labels"]
WEIGHTS_NOT_BROADCAST = _SHARED["weights-not-broadcast"]
WEIGHTS_SUM_TO_0 = _SHARED["weights-sum-to-0"]
WEIGHTS_MISSING = _SHARED["weights-missing"]
UNSIGNED = _SHARED["unsigned"]
