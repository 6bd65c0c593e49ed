"""Keras 3 on the TensorFlow backend: metric classes, functions, and the strings of `Model.compile`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.adapters import derive
from conformance.adapters.base import Adapter, Expression, Implementation, Recipe, as_list
from conformance.adapters.keras_compile import Spelling, compiled

_ALL = frozenset({"binary", "multiclass", "multilabel"})
_BINARY = frozenset({"binary", "multilabel"})
_MULTICLASS = frozenset({"multiclass"})


def _tensor(name: str, dtype: np.dtype[Any]) -> str:
    return f"keras.ops.convert_to_tensor({name})"


_FORMS: Mapping[str, Expression] = {"list": as_list, "tensor": _tensor}


def _metric(
    name: str, tasks: frozenset[str], *, quantity: str = "accuracy", ranks: str = "any", **parameters: Any
) -> Implementation:
    """Entry for a metric class; `parameters` are the case's names with the defaults of Keras."""
    path = f"keras.metrics.{name}"
    return Implementation(
        id=path,
        quantity=quantity,
        tasks=tasks,
        recipe=Recipe(
            imports=("import keras",),
            setup=f"metric = {path}({{arguments}})",
            update="metric.update_state({y_true}, {y_pred}, {weight})",
            result="metric.result()",
            state="metric",
            reset="metric.reset_state()",
            forms=_FORMS,
        ),
        parameters={parameter: _own_name(parameter) for parameter in parameters},
        defaults=parameters,
        derived={"dtype": derive.metric_dtype},
        ranks=ranks,
        weights=True,
        metric_dtype=True,
        definition=path,
    )


def _function(name: str, tasks: frozenset[str], *, ranks: str = "any", **parameters: Any) -> Implementation:
    """Entry for a function, which returns one value a position."""
    path = f"keras.metrics.{name}"
    return Implementation(
        id=path,
        quantity="per-row",
        tasks=tasks,
        recipe=Recipe(
            imports=("import keras",),
            result=f"{path}({{y_true}}, {{y_pred}}, {{arguments}})",
            forms=_FORMS,
        ),
        parameters={parameter: _own_name(parameter) for parameter in parameters},
        defaults=parameters,
        ranks=ranks,
        updates="one",
        definition=path,
    )


def _own_name(parameter: str) -> str:
    return "k" if parameter == "top_k" else parameter


#: Nothing public gives the loss that a string became.
_SPELLING = Spelling(
    module="keras",
    dataset="keras.utils.PyDataset",
    metric="type(model.metrics[1].metrics[0]).__name__",
    loss="model._compile_loss._flat_losses[0].loss.fn.__name__",
)


def _to_numpy(result: Any) -> NDArray[Any]:
    # evaluate() returns Python floats, metrics and functions tensors; those of bfloat16 give NumPy a scalar
    # of ml_dtypes, which only their own numpy() does without an error.
    return np.asarray(result.numpy() if hasattr(result, "numpy") else result)


def _warm_up() -> None:
    import keras
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.get_logger().setLevel("ERROR")
    keras.utils.set_random_seed(0)


def _clean_up(implementation: Implementation) -> None:
    # Only models leave graphs and numbered names behind; clearing after every metric would cost ten times
    # what the metric costs, because TensorFlow's kernel cache goes too.
    if implementation.updates in ("even", "batches"):
        import keras

        keras.utils.clear_session(free_memory=False)


def _settings() -> Mapping[str, Any]:
    import keras
    import tensorflow as tf

    return {
        "backend": keras.backend.backend(),
        "floatx": keras.config.floatx(),
        "epsilon": keras.config.epsilon(),
        "image_data_format": keras.config.image_data_format(),
        "dtype_policy": keras.config.dtype_policy().name,
        "threads": tf.config.threading.get_intra_op_parallelism_threads(),
        "devices": sorted(device.device_type for device in tf.config.get_visible_devices()),
        "run_eagerly": tf.config.functions_run_eagerly(),
    }


ADAPTER = Adapter(
    framework="keras",
    path=f"{__name__}:ADAPTER",
    distributions={"keras": "keras", "tensorflow": "tensorflow", "numpy": "numpy"},
    implementations=(
        _metric("Accuracy", _ALL),
        _metric("BinaryAccuracy", _BINARY, threshold=0.5),
        _metric("CategoricalAccuracy", _MULTICLASS, ranks="one-hot"),
        _metric("SparseCategoricalAccuracy", _MULTICLASS, ranks="sparse"),
        _metric("TopKCategoricalAccuracy", _MULTICLASS, quantity="top-k-accuracy", ranks="one-hot", top_k=5),
        _metric(
            "SparseTopKCategoricalAccuracy", _MULTICLASS, quantity="top-k-accuracy", ranks="sparse", top_k=5
        ),
        _function("binary_accuracy", _BINARY, threshold=0.5),
        _function("categorical_accuracy", _MULTICLASS, ranks="one-hot"),
        _function("sparse_categorical_accuracy", _MULTICLASS, ranks="sparse"),
        _function("top_k_categorical_accuracy", _MULTICLASS, ranks="one-hot", top_k=5),
        _function("sparse_top_k_categorical_accuracy", _MULTICLASS, ranks="sparse", top_k=5),
        *(entry for entry in compiled(_SPELLING) if entry.definition),
    ),
    to_numpy=_to_numpy,
    clean_up=_clean_up,
    variables={
        "KERAS_BACKEND": "tensorflow",
        # An empty one: somebody's ~/.keras/keras.json may change floatx and epsilon.
        "KERAS_HOME": "{scratch}/keras",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "TF_USE_LEGACY_KERAS": None,
    },
    warm_up=_warm_up,
    settings=_settings,
    # A compile cell takes fifty times as long as any other.
    processes=2,
)
