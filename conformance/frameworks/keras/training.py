"""How Keras 3 trains on the TensorFlow backend."""

from __future__ import annotations

from conformance.frameworks.keras_family.training import KerasTrainer

TRAINER = KerasTrainer(
    module="keras",
    to_numpy="keras.ops.convert_to_numpy(outputs)",
    dataset="tf.data.Dataset.from_tensor_slices((x, y_true)).batch(SIZE, drop_remainder=True)",
    imports=("import tensorflow as tf",),
    top_k_of_float32=True,
)
