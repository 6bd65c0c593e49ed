"""Keras 2, as the package tf_keras: metric classes, functions, and the strings of `Model.compile`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from conformance.adapters.base import Adapter
from conformance.frameworks.keras_family import heads, masked
from conformance.frameworks.keras_family import recipes as keras_family
from conformance.frameworks.keras_family.compile import Spelling, compiled, counted, lookups


def _tensor(name: str, dtype: np.dtype[Any]) -> str:
    # Without a dtype it would become floatx.
    return f"tf_keras.backend.constant({name}, dtype={name}.dtype)"


_METRICS = keras_family.implementations("tf_keras", _tensor)
_COUNTS = keras_family.counts("tf_keras", _tensor, casts_tensors=False)

#: Nothing public gives the function that a string became; an object of a class has a function of its own.
SPELLING = Spelling(
    module="tf_keras",
    dataset="tf_keras.utils.Sequence",
    metric=(
        "next((metric._fn.__name__ if type(metric).__name__ == 'MeanMetricWrapper' else type(metric).__name__"
        " for metric in model.metrics[1:]), None)"
    ),
    loss="model.compiled_loss._losses[0].fn.__name__",
    logs_functions=True,
    mean="tf_keras.backend.mean",
)


def _warm_up() -> None:
    keras_family.fix_tensorflow()
    import tf_keras

    tf_keras.utils.set_random_seed(0)


def _clean_up() -> None:
    import tf_keras

    tf_keras.backend.clear_session()


def _settings() -> Mapping[str, Any]:
    import tf_keras

    return {
        "floatx": tf_keras.backend.floatx(),
        "epsilon": tf_keras.backend.epsilon(),
        "image_data_format": tf_keras.backend.image_data_format(),
        "dtype_policy": tf_keras.mixed_precision.global_policy().name,
        **keras_family.tensorflow_settings(),
    }


ADAPTER = Adapter(
    framework="tf_keras",
    path=f"{__name__}:ADAPTER",
    definitions="conformance.frameworks.tf_keras.catalogue:CATALOGUE",
    title="tf_keras",
    order=30,
    distributions={"tf_keras": "tf_keras", "tensorflow": "tensorflow", "numpy": "numpy"},
    alternatives=keras_family.TENSORFLOW,
    implementations=(
        *_METRICS,
        *(keras_family.over_replicas(entry) for entry in _METRICS if entry.recipe.state),
        *compiled(SPELLING),
        *masked.compiled(SPELLING),
        *masked.alone("tf_keras", _tensor, _METRICS),
        *heads.compiled("tf_keras"),
        *_COUNTS,
        *counted(SPELLING, _COUNTS),
        *keras_family.unions("tf_keras", _tensor),
    ),
    lookups=lookups("tf_keras"),
    to_numpy=keras_family.to_numpy,
    clean_up=_clean_up,
    variables=keras_family.VARIABLES,
    warm_up=_warm_up,
    settings=_settings,
    training="conformance.frameworks.tf_keras.training:TRAINER",
    # A compile cell takes fifty times as long as any other.
    processes=2,
)
