"""How Keras 2 trains."""

from __future__ import annotations

from dataclasses import replace

from conformance.frameworks.keras.training import TRAINER as KERAS

TRAINER = replace(
    KERAS,
    module="tf_keras",
    to_numpy="outputs.numpy()",
    top_k_of_float32=False,
    both_weights=True,
    logs_functions=True,
)
