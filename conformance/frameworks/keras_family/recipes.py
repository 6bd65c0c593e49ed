"""How the metric classes and functions of any Keras are called, and TensorFlow beneath. Needs NumPy only."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.adapters import derive
from conformance.adapters.base import LISTED, Expression, Form, Implementation, Recipe, as_list

ALL = frozenset({"binary", "multiclass", "multilabel"})
BINARY = frozenset({"binary", "multilabel"})
MULTICLASS = frozenset({"multiclass"})

#: Other distributions of TensorFlow.
TENSORFLOW: Mapping[str, tuple[str, ...]] = {"tensorflow": ("tensorflow-cpu",)}

#: Environment variables of every Keras on TensorFlow.
VARIABLES: Mapping[str, str | None] = {
    # An empty one: somebody's ~/.keras/keras.json may change floatx and epsilon.
    "KERAS_HOME": "{scratch}/keras",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_USE_LEGACY_KERAS": None,
}


def implementations(module: str, tensor: Expression) -> tuple[Implementation, ...]:
    """Return the entries for the metric classes and functions of a package with the public names of Keras.

    Args:
        module: its import name.
        tensor: the expression that makes a tensor of its own of an array.
    """
    forms = {"list": Form(as_list, _of_list), "tensor": Form(tensor)}

    def metric(name: str, tasks: frozenset[str], quantity: str = "accuracy", **more: Any) -> Implementation:
        path = f"{module}.metrics.{name}"
        recipe = Recipe(
            imports=(f"import {module}",),
            setup=f"metric = {path}({{arguments}})",
            update="metric.update_state({y_true}, {y_pred}, {weight})",
            result="metric.result()",
            state="metric",
            reset="metric.reset_state()",
            forms=forms,
        )
        return Implementation(
            path,
            quantity,
            tasks,
            recipe,
            derived={"dtype": derive.metric_dtype},
            weights=True,
            metric_dtype=True,
            definition=path,
            **more,
        )

    def function(name: str, tasks: frozenset[str], **more: Any) -> Implementation:
        """Return the entry for a function, which returns one value per element."""
        path = f"{module}.metrics.{name}"
        result = f"{path}({{y_true}}, {{y_pred}}, {{arguments}})"
        recipe = Recipe(imports=(f"import {module}",), result=result, forms=forms)
        return Implementation(path, "per-row", tasks, recipe, updates="one", definition=path, **more)

    threshold: dict[str, Any] = {"parameters": {"threshold": "threshold"}, "defaults": {"threshold": 0.5}}
    top_k: dict[str, Any] = {"parameters": {"top_k": "k"}, "defaults": {"top_k": 5}}
    return (
        metric("Accuracy", ALL),
        metric("BinaryAccuracy", BINARY, **threshold),
        metric("CategoricalAccuracy", MULTICLASS, ranks="one-hot"),
        metric("SparseCategoricalAccuracy", MULTICLASS, ranks="sparse"),
        metric("TopKCategoricalAccuracy", MULTICLASS, "top-k-accuracy", ranks="one-hot", **top_k),
        metric("SparseTopKCategoricalAccuracy", MULTICLASS, "top-k-accuracy", ranks="sparse", **top_k),
        function("binary_accuracy", BINARY, **threshold),
        function("categorical_accuracy", MULTICLASS, ranks="one-hot"),
        function("sparse_categorical_accuracy", MULTICLASS, ranks="sparse"),
        function("top_k_categorical_accuracy", MULTICLASS, ranks="one-hot", **top_k),
        function("sparse_top_k_categorical_accuracy", MULTICLASS, ranks="sparse", **top_k),
    )


def counts(module: str, tensor: Expression, *, casts_tensors: bool = True) -> tuple[Implementation, ...]:
    """Return the entries for metrics made of counts, as classes of a package; the arguments are those above.

    Args:
        module: its import name.
        tensor: the expression that makes a tensor of its own of an array.
        casts_tensors: whether F-scores take tensors of any dtype.
    """
    pattern = implementations(module, tensor)[0]
    list_only = {"list": pattern.recipe.forms["list"]}

    def entry(name: str, metric: str, quantity: str = "", **defaults: Any) -> Implementation:
        path = f"{module}.metrics.{name}"
        recipe = replace(pattern.recipe, setup=f"metric = {path}({{arguments}})")
        several = "average" not in defaults
        if not several and not casts_tensors:
            recipe = replace(recipe, forms=list_only)
        parameters = {each: each for each in defaults}
        if several:
            parameters["threshold"] = "thresholds"
        return replace(
            pattern,
            id=path,
            quantity=quantity or metric,
            recipe=recipe,
            parameters=parameters,
            defaults=defaults,
            definition=path,
            metric=metric,
            lists=LISTED if several else frozenset(),
        )

    of_elements: dict[str, Any] = {"threshold": None, "top_k": None, "class_id": None}
    return (
        entry("Precision", "precision", **of_elements),
        entry("Recall", "recall", **of_elements),
        entry("F1Score", "f1", average=None, threshold=None),
        entry("FBetaScore", "fbeta", average=None, beta=1.0, threshold=None),
        *(
            entry(f"{true}{sign.capitalize()}", "confusion", f"{true.lower()}-{sign}", threshold=None)
            for true in ("True", "False")
            for sign in ("positives", "negatives")
        ),
    )


def unions(module: str, tensor: Expression, *, lists: bool = True) -> tuple[Implementation, ...]:
    """Return the entries for IoU metrics, as classes of a package; the arguments are those above.

    Args:
        module: its import name.
        tensor: the expression that makes a tensor of its own of an array.
        lists: whether floats of a list become floatx first, also where integers are made of them.
    """
    pattern = implementations(module, tensor)[0]
    forms = pattern.recipe.forms if lists else {"tensor": pattern.recipe.forms["tensor"]}

    def entry(name: str, tasks: frozenset[str], ranks: str = "any", **defaults: Any) -> Implementation:
        path = f"{module}.metrics.{name}"
        needed = "target_class_ids" if defaults.get("target_class_ids", ()) is None else ""
        classes = derive.num_labels if ranks == "one-hot" else derive.num_classes
        return replace(
            pattern,
            id=path,
            quantity="jaccard",
            tasks=tasks,
            recipe=replace(pattern.recipe, setup=f"metric = {path}({{arguments}})", forms=forms),
            parameters={each: each for each in defaults},
            defaults={each: value for each, value in defaults.items() if each not in (needed, "num_classes")},
            derived={**pattern.derived, **({"num_classes": classes} if "num_classes" in defaults else {})},
            only_with=dict.fromkeys(tasks, needed) if needed else {},
            ranks=ranks,
            definition=path,
            metric="jaccard",
        )

    of_labels: dict[str, Any] = {"num_classes": None, "ignore_class": None, "sparse_y_true": True}
    of_labels |= {"sparse_y_pred": True, "axis": -1}
    one_hot: dict[str, Any] = {"num_classes": None, "ignore_class": None, "sparse_y_pred": False, "axis": -1}
    return (
        entry("IoU", ALL, target_class_ids=None, **of_labels),
        entry("MeanIoU", ALL, **of_labels),
        entry("BinaryIoU", BINARY, target_class_ids=(0, 1), threshold=0.5),
        entry("OneHotIoU", MULTICLASS, "one-hot", target_class_ids=None, **one_hot),
        entry("OneHotMeanIoU", MULTICLASS, "one-hot", **one_hot),
    )


def _of_list(array: NDArray[Any]) -> NDArray[Any]:
    """Return what becomes of a list: Python floats are floatx(), Python ints int32 where all of them fit."""
    if array.dtype.kind == "f" or array.dtype.name == "bfloat16":
        return array.astype(np.float32)
    if array.dtype.kind in "iu" and np.array_equal(array.astype(np.int32), array):
        return array.astype(np.int32)
    return array


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


def over_replicas(entry: Implementation) -> Implementation:
    """Return the way to use a metric class under tf.distribute.MirroredStrategy."""
    recipe = entry.recipe
    return entry.over_shards(
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

    It builds a graph for each replica, which takes a second.
    """
    recipe = entry.recipe
    scope = f"with strategy.scope():\n{textwrap.indent(recipe.setup, '    ')}"
    return replace(
        entry.over_shards(
            "MirroredStrategy",
            replace(recipe, imports=(*recipe.imports, "import tensorflow as tf"), setup=f"{_DEVICES}{scope}"),
        ),
        asked="named-or-loss",
    )


def to_numpy(result: Any) -> NDArray[Any]:
    """Make an array of what Keras returns.

    evaluate() returns Python floats, metrics and functions tensors; those of bfloat16 give NumPy a scalar of
    ml_dtypes, which only their own numpy() does without an error.
    """
    return np.asarray(result.numpy() if hasattr(result, "numpy") else result)


def fix_tensorflow() -> None:
    """Import TensorFlow with one thread for each operation, two devices and without its warnings."""
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    # With one, evaluate() of a model can wait for ever: the thread that waits for data is the one to make them.
    tf.config.threading.set_inter_op_parallelism_threads(2)
    tf.get_logger().setLevel("ERROR")
    tf.config.set_logical_device_configuration(
        tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * 2
    )


def tensorflow_settings() -> dict[str, Any]:
    """Return what would change an outcome of TensorFlow from outside."""
    import tensorflow as tf

    return {
        "threads": tf.config.threading.get_intra_op_parallelism_threads(),
        "devices": sorted(device.device_type for device in tf.config.list_logical_devices()),
        "run_eagerly": tf.config.functions_run_eagerly(),
    }
