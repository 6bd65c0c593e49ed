"""torchmetrics over two ranks of torch.distributed, which take the updates or the samples in turn."""

from __future__ import annotations

from dataclasses import replace

from conformance.adapters import derive
from conformance.adapters.base import Implementation, Recipe

#: Forked, so that each rank has what was imported; the timeout ends ranks that wait for each other. A rank that lost
#: the other one would fail, too, and which of them is seen to fail first would be chance.
_RANKS = """\
def rank(number, folder):
    store = torch.distributed.FileStore(f"{folder}/store", 2)
    torch.distributed.init_process_group(
        "gloo", store=store, rank=number, world_size=2, timeout=timedelta(seconds=10)
    )
    SETUP
    for y_true, y_pred in updates[number::2]:
        UPDATE
    store.set(f"updated {number}", "")
    store.wait(["updated 0", "updated 1"])
    value = RESULT
    if number == 0:
        torch.save(value, f"{folder}/value")


with tempfile.TemporaryDirectory() as folder:
    torch.multiprocessing.start_processes(rank, (folder,), nprocs=2, start_method="fork")
    value = torch.load(f"{folder}/value")"""

_IMPORTS_OF_RANKS = (
    "import tempfile",
    "from datetime import timedelta",
    "import torch.distributed",
    "import torch.multiprocessing",
)


def over_ranks(entry: Implementation) -> Implementation:
    """Return the way to use a metric over two gloo ranks of torch.distributed; the result is that of rank 0."""
    recipe = entry.recipe
    lines = (
        _RANKS.replace("SETUP", recipe.setup)
        .replace("UPDATE", recipe.update)
        .replace("RESULT", recipe.result)
    )
    return entry.over_shards(
        "gloo",
        Recipe(
            (*recipe.imports, *_IMPORTS_OF_RANKS),
            "value",
            update=lines,
            data="list",
            expression=recipe.expression,
        ),
    )


#: The samples of the case are the data set, its largest batch the batch size.
_SAMPLED = """\
sampler = DistributedSampler(range(len(y_true)), num_replicas=2, rank=number, shuffle=FalseDROP)
    for batch in BatchSampler(sampler, {batch_size}, drop_last=False):
        """


def by_sampler(entry: Implementation, drop_last: bool) -> Implementation:
    """Return the way to use a metric over two gloo ranks that take the samples of a DistributedSampler."""
    recipe = entry.recipe
    lines = (
        _RANKS.replace("for y_true, y_pred in updates[number::2]:\n        ", _SAMPLED)
        .replace("SETUP", recipe.setup)
        .replace("UPDATE", recipe.update.replace("}", "}[batch]"))
        .replace("RESULT", recipe.result)
        .replace("DROP", ", drop_last=True" if drop_last else "")
    )
    way = f"DistributedSampler{',drop_last' if drop_last else ''}"
    imports = (*_IMPORTS_OF_RANKS, "from torch.utils.data import BatchSampler, DistributedSampler")
    sharded = entry.over_shards(
        way,
        Recipe(
            (*recipe.imports, *imports), "value", update=lines, data="joined", expression=recipe.expression
        ),
    )
    return replace(
        sharded,
        derived={**entry.derived, "batch_size": derive.batch_size},
        updates="folds",
        asked="named",
    )
