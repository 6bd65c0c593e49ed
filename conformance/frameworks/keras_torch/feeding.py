"""How Keras 3 on the torch backend takes data: arrays and a batch_size, or a DataLoader of batches.

Keras hands a user's DataLoader out as it is and makes one of anything else; either way the shapes of the first batch
are all that strings are chosen by (keras/src/trainers/trainer.py:1125, _symbolic_build), and every batch then is what
its own arrays are.
"""

from __future__ import annotations

from dataclasses import replace

from conformance.adapters.base import Call, Update
from conformance.frameworks.keras import feeding as keras_feeding
from conformance.frameworks.keras.feeding import arrays_fit, arrays_of
from conformance.frameworks.keras.graph import Batch, Spec
from conformance.frameworks.keras_family.errors import BATCHES_DIFFER, BFLOAT16_ARRAY, NO_FIRST_BATCH, UINT64
from conformance.oracle.model import Behaviour
from conformance.oracle.numbers import Array, cast, is_text
from conformance.oracle.reasons import SCALAR, STRINGS, Raises
from conformance.oracle.rules import threshold_precision
from conformance.oracle.stages import Precision

#: torch's exception for shapes that do not fit.
MISFIT = "RuntimeError"

Shape = tuple[int, ...]


def specs(update: Update) -> Batch:
    """Return the shapes of a batch, all of which are known."""

    def spec(array: Array) -> Spec:
        return Spec(array.shape, misfit=MISFIT)

    weight = None if update.sample_weight is None else spec(update.sample_weight)
    return Batch(spec(update.y_true), spec(update.y_pred), weight)


def _first_batch(call: Call) -> Batch:
    return specs(call.updates[0])


def _arrays_fit(call: Call) -> None:
    arrays_fit(call)
    if any(array.dtype.name == "uint64" for update in call.updates for array in arrays_of(update)):
        raise Raises(UINT64, "ValueError")
    if not any(len(update.y_pred) for update in call.updates):
        raise Raises(NO_FIRST_BATCH, "ValueError")


def _loader_fits(call: Call) -> None:
    """Refuse what the first batch refuses on its way through the symbolic model."""
    first = call.updates[0]
    _loaded(first)
    if first.y_pred.dtype.name == "uint64":
        raise Raises(UINT64, "RuntimeError")
    if not first.y_pred.ndim:
        raise Raises(SCALAR, "ValueError")
    if any(array.dtype.name == "uint64" for array in arrays_of(first)):
        raise Raises(UINT64, "KeyError")


def _loaded(update: Update) -> None:
    """Refuse what a DataLoader does not make tensors of (torch/utils/data/_utils/collate.py, default_convert)."""
    arrays = arrays_of(update)
    if any(array.dtype.name == "bfloat16" for array in arrays):
        raise Raises(BFLOAT16_ARRAY, "TypeError")
    if any(is_text(array) for array in arrays):
        raise Raises(STRINGS, "ValueError")


def _model_output(y_pred: Array, like: Shape) -> Array:
    """Return what a model whose input was made for `like` gives for a batch (models/functional.py:288-309).

    A last dimension of 1 is no part of what is compared with the input; it is squeezed or added where ranks differ.

    Raises:
        Raises: the batch does not fit the input.
    """
    shape, fits = (
        y_pred.shape,
        Raises(BATCHES_DIFFER, "ValueError"),
    )
    pairs = zip(_without_last_one(shape)[1:], _without_last_one(like)[1:], strict=False)
    if any(given != known for given, known in pairs):
        raise fits
    if len(shape) == len(like):
        return y_pred
    if len(shape) == len(like) + 1 and shape[-1] == 1:
        return y_pred[..., 0]
    if len(shape) == len(like) - 1 and like[-1] == 1:
        return y_pred[..., None]
    raise fits


def _without_last_one(shape: Shape) -> Shape:
    return shape[:-1] if len(shape) > 1 and shape[-1] == 1 else shape


def _fed_by_loader(update: Update, call: Call) -> Update:
    """Every batch is tensors of its own dtypes; the model casts scores to float32 and fits them to its input."""
    _loaded(update)
    return replace(update, y_pred=_model_output(cast(update.y_pred, "float32"), call.updates[0].y_pred.shape))


_FLOAT32: Precision = threshold_precision.SCORES_FED_AS_FLOAT32.apply
_BY_BATCH = Behaviour(
    threshold_precision.AXIS,
    "scores-fed-as-float32-by-batch",
    "The model rounds its input, the scores, to float32; the targets of every batch keep their own dtype.",
    replace(_FLOAT32, prepare=_fed_by_loader),
)

ARRAYS = replace(keras_feeding.ARRAYS, fits=_arrays_fit, traced=_first_batch, empty_without_rows=False)
LOADER = replace(
    keras_feeding.DATASET,
    says="a DataLoader of the batches",
    fits=_loader_fits,
    traced=_first_batch,
    precision=_BY_BATCH.source(
        f"{keras_feeding.PLACE}/torch_data_loader_adapter.py:60 (as it is), keras/src/models/functional.py:261 and :288"
    ),
)
