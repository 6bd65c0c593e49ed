"""How data are fed to evaluate(): arrays and a batch_size, or a data set of batches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from conformance.adapters import derive
from conformance.adapters.base import Call, Update
from conformance.frameworks.keras_family.errors import R
from conformance.frameworks.keras_family.graph import Batch, Length, Shape, batch_of
from conformance.oracle.model import Finding, Rule
from conformance.oracle.numbers import Array, is_text
from conformance.oracle.reasons import Raises, raise_if
from conformance.oracle.stages import Precision


def running(feeding: Feeding, update: Update, call: Call) -> Batch:
    """Return the shapes of a batch that runs in the graph traced before.

    Raises:
        Raises: they do not fit the static ones.
    """
    traced = feeding.traced(call)

    def shape(static: Shape, array: Array) -> Shape:
        pairs = list(zip((length.known for length in static), array.shape, strict=False))
        raise_if(
            array.ndim != len(static) or any(known not in (None, given) for known, given in pairs),
            R["batches-differ"],
        )
        return tuple(Length(known, given) for known, given in pairs)

    weight = None
    if traced.sample_weight is not None and update.sample_weight is not None:
        weight = shape(traced.sample_weight, update.sample_weight)
    return Batch(shape(traced.y_true, update.y_true), shape(traced.y_pred, update.y_pred), weight, update)


def batch_by_batch(feeding: Feeding, update: Update, call: Call) -> Batch:
    """Return the shapes of a batch that is fed alone; the graph does not know lengths that differ from the first ones.

    Raises:
        Raises: it does not fit the model, which was made for the first one.
    """
    fed, first = feeding.precision.apply.prepare(update, call), call.updates[0]
    check_no_strings(replace(call, updates=(update,)))

    def shape(array: Array, of_first: Array | None) -> Shape:
        if of_first is None or array.ndim != of_first.ndim:
            return tuple(Length(length, length) for length in array.shape)
        pairs = zip(array.shape, of_first.shape, strict=True)
        return tuple(Length(given if given == before else None, given) for given, before in pairs)

    weight = None if fed.sample_weight is None else shape(fed.sample_weight, first.sample_weight)
    return Batch(shape(fed.y_true, first.y_true), shape(fed.y_pred, first.y_pred), weight, update)


def model_output(y_pred: Array, like: tuple[int, ...]) -> Array:
    """Return what a model whose input was made for shape `like` gives for a batch (models/functional.py:288-309).

    A last dimension of 1 is not compared with the input; it is squeezed or added where ranks differ.

    Raises:
        Raises: the batch does not fit the input.
    """
    shape = y_pred.shape
    pairs = zip(_without_last_one(shape)[1:], _without_last_one(like)[1:], strict=False)
    if all(given == known for given, known in pairs):
        if len(shape) == len(like):
            return y_pred
        if len(shape) == len(like) + 1 and shape[-1] == 1:
            return y_pred[..., 0]
        if len(shape) == len(like) - 1 and like[-1] == 1:
            return y_pred[..., None]
    raise Raises(R["batches-differ"], "ValueError")


def _without_last_one(shape: tuple[int, ...]) -> tuple[int, ...]:
    return shape[:-1] if len(shape) > 1 and shape[-1] == 1 else shape


def first_batch(call: Call) -> Batch:
    """Return the shapes of the first batch, all of which are known."""
    return batch_of(call.updates[0], lambda array: tuple(Length(length, length) for length in array.shape))


def check_first_batch(call: Call) -> None:
    """Check that predictions that are fed alone have samples.

    Raises:
        Raises: they are a single value, or strings.
    """
    raise_if(not call.updates[0].y_pred.ndim, R["scalar"])
    check_no_strings(call)


@dataclass(frozen=True, eq=False)
class Feeding:
    """One way to feed data to evaluate().

    Attributes:
        name: a word for it.
        says: what is fed.
        fits: raises `Raises` for what does not even get to the model.
        traced: the static shapes; where a dimension of the first batch is unknown, its actual shape as well.
        precision: what happens to dtypes on the way.
        misread: describes where these shapes mislead compile().
        empty_without_samples: whether evaluate() of no samples returns no metrics at all.
        runs: gives the shapes of an update that runs.
    """

    name: str
    says: str
    fits: Callable[[Call], None]
    traced: Callable[[Call], Batch]
    precision: Rule[Precision]
    misread: Finding
    empty_without_samples: bool = False
    runs: Callable[[Feeding, Update, Call], Batch] = running


def traced_arrays(call: Call) -> Batch:
    """Return the static shapes of arrays: the batch size is known if all batches are full."""
    samples, size = sum(len(update.y_pred) for update in call.updates), derive.batch_size(call)
    known = size if samples % size == 0 else None
    return batch_of(call.updates[0], lambda array: (Length(known), *map(Length, array.shape[1:])))


def arrays_of(update: Update) -> list[Array]:
    """Return what one batch consists of."""
    weight = [] if update.sample_weight is None else [update.sample_weight]
    return [update.y_pred, update.y_true, *weight]


def check_arrays(call: Call) -> None:
    """Check that arrays have equally many samples.

    Raises:
        Raises: one has no samples at all, or another number of them (trainers/data_adapters/data_adapter_utils.py:114,
            engine/data_adapter.py:1744).
    """
    for update in call.updates:
        arrays = arrays_of(update)
        raise_if(any(not array.ndim for array in arrays), R["scalar"])
        raise_if(len({array.shape[0] for array in arrays}) > 1, R["lengths-differ"], "ValueError")


def check_no_strings(call: Call, type: str | None = None) -> None:  # noqa: A002 - the word of results.json
    """Check that the first batch has no strings, which are no dtype of Keras.

    Raises:
        Raises: it has, of exception type `type`.
    """
    raise_if(
        any(is_text(array) for update in call.updates[:1] for array in arrays_of(update)), R["strings"], type
    )
