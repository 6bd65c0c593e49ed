"""Ways to use a metric whose updates are shards: two processes, or two devices, see them in turn.

Needs NumPy only, as the adapters that use it do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from conformance.adapters.base import Implementation, Recipe

#: Forked, so that each rank has what was imported; the timeout ends ranks that wait for each other.
_RANKS = """\
def rank(number, folder):
    torch.distributed.init_process_group(
        "gloo", f"file://{folder}/store", rank=number, world_size=2, timeout=timedelta(seconds=10)
    )
    SETUP
    for y_true, y_pred in updates[number::2]:
        UPDATE
    value = RESULT
    if number == 0:
        torch.save(value, f"{folder}/value")


with tempfile.TemporaryDirectory() as folder:
    torch.multiprocessing.start_processes(rank, (folder,), nprocs=2, start_method="fork")
    value = torch.load(f"{folder}/value")"""

#: Two devices of one CPU; a process in which they are configured already takes the same configuration again.
_DEVICES = """\
tf.config.set_logical_device_configuration(
    tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * 2
)
strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
"""

_REPLICAS = """\
with strategy.scope():
    SETUP

def replica():
    number = tf.distribute.get_replica_context().replica_id_in_sync_group
    for update in updates[number::2]:
        metric.update_state(*update)

strategy.run(replica)"""


def devices() -> None:
    """Configure two devices of one CPU; to be called in a worker before TensorFlow is used."""
    import tensorflow as tf

    tf.config.set_logical_device_configuration(
        tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * 2
    )


def with_replicas(entries: Iterable[Implementation]) -> tuple[Implementation, ...]:
    """Return the entries of a Keras and after them the ways to use them under tf.distribute.MirroredStrategy."""
    entries = tuple(entries)
    compiled = (entry for entry in entries if entry.id.endswith(".Model.compile[accuracy]"))
    return (
        *entries,
        *(over_replicas(entry) for entry in entries if entry.recipe.state),
        *map(evaluated_over_replicas, compiled),
    )


def over_ranks(entry: Implementation) -> Implementation:
    """Return the way of use over two gloo ranks of torch.distributed; the result is that of rank 0."""
    recipe = entry.recipe
    lines = (
        _RANKS.replace("SETUP", recipe.setup)
        .replace("UPDATE", recipe.update)
        .replace("RESULT", recipe.result)
    )
    imports = ("import tempfile", "from datetime import timedelta", "import torch.distributed")
    return _sharded(
        entry,
        "gloo",
        Recipe(
            (*recipe.imports, *imports, "import torch.multiprocessing"),
            "value",
            update=lines,
            data="list",
            expression=recipe.expression,
        ),
    )


def over_replicas(entry: Implementation) -> Implementation:
    """Return the way to use a metric class of a Keras under tf.distribute.MirroredStrategy."""
    recipe = entry.recipe
    return _sharded(
        entry,
        "MirroredStrategy",
        Recipe(
            (*recipe.imports, "import tensorflow as tf"),
            recipe.result,
            update=_DEVICES + _REPLICAS.replace("SETUP", recipe.setup),
            data="list",
        ),
    )


def evaluated_over_replicas(entry: Implementation) -> Implementation:
    """Return the way to compile and evaluate a model under tf.distribute.MirroredStrategy.

    Asked only where a case names it: it builds a graph for each replica, which takes a second.
    """
    recipe = entry.recipe
    *model, evaluation = recipe.update.splitlines()
    scope = "\n".join(["with strategy.scope():", *(f"    {line}" for line in model), evaluation])
    return replace(
        _sharded(
            entry,
            "MirroredStrategy",
            replace(recipe, imports=(*recipe.imports, "import tensorflow as tf"), update=_DEVICES + scope),
        ),
        asked="named",
    )


def _sharded(entry: Implementation, way: str, recipe: Recipe) -> Implementation:
    path, _, brackets = entry.id.removesuffix("]").partition("[")
    sharded_id = f"{path}[{brackets}{',' if brackets else ''}{way}]"
    return replace(entry, id=sharded_id, recipe=recipe, sharded=True, definition=sharded_id)
