"""refusal: what only updates that are shards of two ranks or replicas run into."""

from __future__ import annotations

from conformance.adapters.base import Call, Update
from conformance.oracle.model import Behaviour
from conformance.oracle.reasons import Raises, Reason
from conformance.oracle.stages import Checks, Parameters

AXIS = "refusal"


def _always(name: str, says: str, reason: Reason) -> Behaviour:
    def before(parameters: Parameters, call: Call) -> None:
        raise Raises(reason)

    def each(update: Update, parameters: Parameters, call: Call) -> None:
        return None

    return Behaviour[Checks](AXIS, name, says, Checks(before, each))


RANKS_WAIT = _always(
    "ranks-wait",
    "Ranks that gather in different ways wait for each other until they time out.",
    Reason("ranks-wait", "the ranks wait for each other"),
)
RANK_WITHOUT_ROWS = _always(
    "rank-without-rows",
    "A rank without an update hands in counts of another dtype, and gloo ends the process.",
    Reason("rank-without-update", "a rank without an update has counts of another dtype"),
)
UNEVEN_REPLICAS = _always(
    "uneven-replicas",
    "A first batch that does not split evenly over the replicas is refused.",
    Reason("uneven-replicas", "the first batch does not split evenly over the replicas"),
)
BOOL_OVER_REPLICAS = _always(
    "bool-over-replicas",
    "Booleans cannot be averaged over the replicas.",
    Reason("bool-over-replicas", "booleans cannot be averaged over the replicas"),
)
