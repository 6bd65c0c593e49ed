"""Keras 3 on the PyTorch backend: all entries of Keras 3, in the environment `@torch`.

The data set is a `DataLoader`, which Keras uses as it is; it makes one of everything else (trainers/data_adapters,
get_torch_dataloader). Its items are the batches, so that it has `batch_size=None`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from conformance.adapters.base import Adapter
from conformance.frameworks.keras import adapter as keras
from conformance.frameworks.keras_family import heads, masked
from conformance.frameworks.keras_family.compile import compiled, counted, lookups
from conformance.frameworks.keras_family.recipes import unions
from conformance.frameworks.torchmetrics import adapter as torchmetrics

ENVIRONMENT = "torch"

BEFORE = 'import os\n\nos.environ["KERAS_BACKEND"] = "torch"'

_SPELLING = replace(
    keras.SPELLING,
    dataset="torch.utils.data.Dataset",
    feed="torch.utils.data.DataLoader(Batches(), batch_size=None)",
    imports=("import torch",),
)


def _warm_up() -> None:
    import keras
    import torch

    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    keras.utils.set_random_seed(0)


def _settings() -> Mapping[str, Any]:
    import torch
    from keras import ops

    return {
        **keras.keras_settings(),
        "threads": torch.get_num_threads(),
        "device": str(ops.zeros(()).device),
        "deterministic_algorithms": torch.are_deterministic_algorithms_enabled(),
    }


ADAPTER = Adapter(
    framework="keras",
    path=f"{__name__}:ADAPTER",
    definitions="conformance.frameworks.keras_torch.catalogue:CATALOGUE",
    title="Keras",
    order=20,
    distributions={"keras": "keras", "torch": "torch", "numpy": "numpy"},
    implementations=tuple(
        entry.in_environment(ENVIRONMENT, BEFORE)
        for entry in (
            *keras.METRICS,
            *compiled(_SPELLING),
            *masked.compiled(_SPELLING),
            *masked.alone("keras", keras.tensor, keras.METRICS),
            *heads.compiled("keras"),
            *keras.COUNTS,
            *counted(_SPELLING, keras.COUNTS),
            *unions("keras", keras.tensor, lists=False),
        )
    ),
    lookups=lookups("keras", ENVIRONMENT),
    to_numpy=torchmetrics.to_numpy,
    clean_up=keras.ADAPTER.clean_up,
    environment=ENVIRONMENT,
    variables={
        "KERAS_BACKEND": "torch",
        "KERAS_HOME": keras.ADAPTER.variables["KERAS_HOME"],
        "KERAS_TORCH_DEVICE": "cpu",
    },
    warm_up=_warm_up,
    settings=_settings,
    training="conformance.frameworks.keras_torch.training:TRAINER",
)
