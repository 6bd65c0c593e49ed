"""Keras 3 on the TensorFlow backend: metric classes, functions, and the strings of `Model.compile`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from conformance.adapters.base import Adapter
from conformance.frameworks.keras_family import heads, masked
from conformance.frameworks.keras_family import recipes as keras_family
from conformance.frameworks.keras_family.compile import Spelling, compiled, counted, lookups, string


def tensor(name: str, dtype: np.dtype[Any]) -> str:
    """Return the expression that makes a tensor of an array."""
    return f"keras.ops.convert_to_tensor({name})"


METRICS = keras_family.implementations("keras", tensor)
COUNTS = keras_family.counts("keras", tensor)

#: Nothing public gives the loss that a string became; before Keras 3.7 the attribute had another name.
SPELLING = Spelling(
    module="keras",
    dataset="keras.utils.PyDataset",
    metric="next((type(metric).__name__ for metric in model.metrics[1].metrics), None)",
    # Keras 3.10 to 3.13 make no model whose outputs are its inputs.
    outputs="keras.layers.Identity({dtype})(inputs)",
    loss=(
        "[getattr(loss, 'loss', loss).fn.__name__ for loss in getattr(model._compile_loss, '_flat_losses', None)"
        " or model._compile_loss.flat_losses][0]"
    ),
)


def _warm_up() -> None:
    keras_family.fix_tensorflow()
    import keras

    keras.utils.set_random_seed(0)


def _clean_up() -> None:
    import keras

    keras.utils.clear_session(free_memory=False)


def keras_settings() -> dict[str, Any]:
    """Return what would change an outcome of Keras 3 from outside, on any backend."""
    import keras

    return {
        "backend": keras.backend.backend(),
        "floatx": keras.config.floatx(),
        "epsilon": keras.config.epsilon(),
        "image_data_format": keras.config.image_data_format(),
        "dtype_policy": keras.config.dtype_policy().name,
    }


def _settings() -> Mapping[str, Any]:
    return {**keras_settings(), **keras_family.tensorflow_settings()}


ADAPTER = Adapter(
    framework="keras",
    path=f"{__name__}:ADAPTER",
    definitions="conformance.frameworks.keras.catalogue:CATALOGUE",
    title="Keras",
    order=10,
    distributions={"keras": "keras", "tensorflow": "tensorflow", "numpy": "numpy"},
    alternatives=keras_family.TENSORFLOW,
    implementations=(
        *METRICS,
        *compiled(SPELLING),
        *(keras_family.over_replicas(entry) for entry in METRICS if entry.recipe.state),
        keras_family.evaluated_over_replicas(string(SPELLING, "accuracy")),
        *masked.compiled(SPELLING),
        *masked.alone("keras", tensor, METRICS),
        *heads.compiled("keras"),
        *COUNTS,
        *counted(SPELLING, COUNTS),
        *keras_family.unions("keras", tensor),
    ),
    lookups=lookups("keras"),
    to_numpy=keras_family.to_numpy,
    clean_up=_clean_up,
    variables={"KERAS_BACKEND": "tensorflow", **keras_family.VARIABLES},
    warm_up=_warm_up,
    settings=_settings,
    training="conformance.frameworks.keras.training:TRAINER",
    # A compile cell takes fifty times as long as any other.
    processes=2,
)
