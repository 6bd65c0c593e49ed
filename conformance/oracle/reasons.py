"""Why implementations raise: a code that identifies each reason, and a sentence for people.

Here are the reasons that several frameworks share; a framework's package brings its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field


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


NO_CLASSES = Reason("no-classes", "there is no class to take the argmax of")
NOT_BROADCAST = Reason("not-broadcast", "targets and predictions cannot be broadcast together")
SHAPES_DIFFER = Reason("shapes-differ", "targets and predictions have to have the same shape")
RANKS_DIFFER = Reason("ranks-differ", "targets and predictions have to have the same rank")
ONE_TARGET_PER_SAMPLE = Reason("one-target-per-sample", "there has to be one integer target per sample")
MATCHES_NOT_RESHAPED = Reason("matches-not-reshaped", "the matches cannot take the shape of the targets")
LAST_DIMENSION_NOT_1 = Reason("last-dimension-not-1", "the last dimension has to be 1")
TARGETS_NOT_1D = Reason("targets-not-1d", "targets have to be one-dimensional")
SCORES_NOT_2D = Reason("scores-not-2d", "scores have to be two-dimensional")
MISSING_AXIS = Reason("missing-axis", "an array has fewer axes than needed")
SCALAR = Reason("scalar", "an array without dimensions has no samples")
LENGTHS_DIFFER = Reason("lengths-differ", "the arrays have different numbers of samples")
NO_SAMPLES = Reason("no-samples", "there are no samples")
EMPTY_NOT_RESHAPED = Reason("empty-not-reshaped", "an array without elements cannot be reshaped")
STRINGS = Reason("strings", "strings cannot be used as numbers")
STRINGS_AND_NUMBERS = Reason("strings-and-numbers", "strings cannot be compared with numbers")
BFLOAT16_STRINGS = Reason("bfloat16-strings", "NumPy does not parse strings as bfloat16")
NOT_FINITE = Reason("not-finite", "there is NaN or infinity")
LABEL_OUTSIDE_CLASSES = Reason("label-outside-classes", "a label is outside the classes")
TOP_K_BELOW_1 = Reason("top-k-below-1", "top_k has to be an integer of at least 1")
TOP_K_ABOVE_CLASSES = Reason("top-k-above-classes", "top_k is larger than the number of classes")
TOP_K_OF_LABELS = Reason("top-k-of-labels", "labels have no top k")
WEIGHTS_NOT_BROADCAST = Reason(
    "weights-not-broadcast", "sample_weight cannot be broadcast to the values it weighs"
)
WEIGHTS_SUM_TO_0 = Reason("weights-sum-to-0", "the weights sum to zero")
WEIGHTS_MISSING = Reason("weights-missing", "only some of the batches have weights")
UNSIGNED = Reason("unsigned", "the backend does not compute with this unsigned dtype")
