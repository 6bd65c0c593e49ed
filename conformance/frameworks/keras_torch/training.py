"""How Keras 3 trains on the PyTorch backend."""

from __future__ import annotations

from dataclasses import replace

from conformance.frameworks.keras.training import TRAINER as KERAS
from conformance.frameworks.keras_torch.adapter import BEFORE, ENVIRONMENT

_SAMPLES = "torch.utils.data.TensorDataset(torch.from_numpy(x), torch.from_numpy(y_true))"

TRAINER = replace(
    KERAS,
    dataset=f"torch.utils.data.DataLoader({_SAMPLES}, batch_size=SIZE, drop_last=True)",
    imports=("import torch",),
    environment=f"@{ENVIRONMENT}",
    before=BEFORE,
    top_k_of_float32=False,
    top_k_of_five=True,
)
