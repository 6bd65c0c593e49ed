"""Why the Keras variants raise, beyond what other frameworks raise for too."""

from __future__ import annotations

from conformance.oracle.reasons import Reason

NO_METRIC = Reason("no-metric", "the string names no metric")
NO_LOSS = Reason("no-loss", "the string names no loss")
NOTHING_EVALUATED = Reason("nothing-evaluated", "evaluate() of no samples returns no metrics")
NOT_FLOAT32 = Reason("not-float32", "in_top_k takes float32 only")
BATCHES_DIFFER = Reason("batches-differ", "a batch has another shape than the model was traced with")
UNKNOWN_DIMENSION = Reason("unknown-dimension", "an unknown dimension cannot be compared with 1")
NO_LAST_DIMENSION = Reason("no-last-dimension", "an array without dimensions has no last one")
NO_FIRST_BATCH = Reason("no-first-batch", "there is no first batch to learn the shapes from")
UINT64 = Reason("uint64", "Keras has no uint64 on torch")
BFLOAT16_ARRAY = Reason("bfloat16-array", "torch makes no tensor of a NumPy array of bfloat16")
BOOL_TOP_K = Reason("bool-top-k", "booleans have no order")
TARGETS_NOT_PROBABILITIES = Reason(
    "targets-not-probabilities", "binary crossentropy takes targets in [0, 1] only"
)
NAN_PREDICTION = Reason("nan-prediction", "binary crossentropy takes no NaN as a prediction")
INTEGERS_NOT_NORMALIZED = Reason("integers-not-normalized", "integers cannot be normalized")
