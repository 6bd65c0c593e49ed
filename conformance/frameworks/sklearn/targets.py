"""What scikit-learn checks of labels and weights, in utils/multiclass.py and utils/validation.py."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from conformance.oracle.numbers import Array, is_float, is_text, name_of
from conformance.oracle.reasons import raise_if, reasons_in

R = reasons_in(__package__)


@dataclass(frozen=True, order=True)
class Since:
    """The first of the releases in which the same is checked.

    Since 1.7 dtypes are asked of NumPy 2, which knows none of an extension; since 1.8 the number of samples and the
    weights are checked; since 1.9 not all weights may be zero, and strings are not compared with numbers.

    Attributes:
        release: major and minor number.
        numpy: major number of NumPy's release; NumPy 1 cannot be asked, and scikit-learn brings what it asks instead.
    """

    release: tuple[int, int]
    numpy: int = field(default=2, compare=False)


SINCE_1_5, SINCE_1_7, SINCE_1_8, SINCE_1_9 = map(Since, ((1, 5), (1, 7), (1, 8), (1, 9)))

#: The types of targets with one label for each sample.
SINGLE = frozenset({"binary", "multiclass"})


def type_of_target(array: Array, since: Since = SINCE_1_9) -> str:
    """Say what scikit-learn takes an array for (utils/multiclass.py, type_of_target).

    Raises:
        Raises: floats that are no integers, and not all of them finite.
    """
    if array.ndim == 2 and array.shape[1] > 1 and not is_text(array) and _at_most_two_integers(array, since):
        return "multilabel-indicator"
    if array.ndim not in (1, 2):
        return "unknown"
    if not min(array.shape):
        return "binary" if array.ndim == 1 else "unknown"
    suffix = "-multioutput" if array.ndim == 2 and array.shape[1] > 1 else ""
    if _floating(array, since) and not _integral(array, since):
        check_finite(array, since)
        return "continuous" + suffix
    return "multiclass" + suffix if len(np.unique(array)) > 2 or suffix else "binary"


def _floating(array: Array, since: Since) -> bool:
    """Whether an array is taken for floats; raises for bfloat16 since 1.7, with NumPy 2."""
    # numpy.isdtype takes no dtype of an extension; what is asked in its place knows none.
    if name_of(array.dtype) == "bfloat16":
        raise_if(since >= SINCE_1_7 and since.numpy >= 2, R["bfloat16"])
        return False
    return is_float(array)


def _at_most_two_integers(array: Array, since: Since) -> bool:
    values = np.unique(array)
    return len(values) <= 2 and (
        array.dtype.kind in "biu" or (_floating(array, since) and _integral(values, SINCE_1_9))
    )


def _integral(array: Array, since: Since) -> bool:
    with np.errstate(all="ignore"):
        whole = array.astype("int64")
        # The smallest integer, which minus infinity becomes, is minus infinity again in float16.
        return bool((array == (whole if since < SINCE_1_8 else whole.astype(array.dtype))).all())


def check_finite(array: Array, since: Since = SINCE_1_9) -> None:
    """Raise for NaN or infinity (utils/validation.py, _assert_all_finite)."""
    raise_if(_floating(array, since) and not np.isfinite(array).all(), R["not-finite"], "ValueError")


def check_lengths(*arrays: Array | None) -> None:
    """Raise for a scalar, or for different numbers of samples (utils/validation.py, check_consistent_length)."""
    present = [array for array in arrays if array is not None]
    raise_if(any(not array.ndim for array in present), R["scalar"], "TypeError")
    raise_if(len({array.shape[0] for array in present}) > 1, R["lengths-differ"], "ValueError")


def check_column(array: Array) -> None:
    """Raise for several columns (utils/validation.py, column_or_1d)."""
    raise_if(
        array.ndim not in (1, 2) or array.shape[1:] not in ((), (1,)), R["several-columns"], "ValueError"
    )


def check_weights(weight: Array | None, samples: int, since: Since = SINCE_1_9) -> None:
    """Raise unless there is one finite weight per sample, not all zero (utils/validation.py, _check_sample_weight)."""
    if weight is None:
        return
    raise_if(
        _floating(weight, since) and not np.isfinite(weight).all(), R["weights-not-finite"], "ValueError"
    )
    raise_if(weight.ndim != 1 or weight.shape[0] != samples, R["weights-not-per-sample"], "ValueError")
    raise_if(since >= SINCE_1_9 and (weight == 0).all(), R["weights-all-0"], "ValueError")


def check_targets(
    y_true: Array, y_pred: Array, weight: Array | None, since: Since = SINCE_1_9, mixed: bool = False
) -> str:
    """Raise what `_check_targets` raises; return the type of both targets.

    Raises:
        Raises: different lengths, mixed or unsupported types, unusable weights.
    """
    weight = None if since < SINCE_1_8 else weight
    check_lengths(y_true, y_pred, weight)
    of_each = type_of_target(y_true, since), type_of_target(y_pred, since)
    types = {*of_each}
    raise_if(since >= SINCE_1_8 and not y_true.shape[0], R["no-samples"], "ValueError")
    check_weights(weight, y_true.shape[0], since)
    if types == SINGLE:
        types = {"multiclass"}
    raise_if(len(types) > 1, R["mixed-targets"].of(" and ".join(of_each)), "ValueError")
    (kind,) = types
    raise_if(
        kind not in SINGLE and kind != "multilabel-indicator",
        R["targets-not-supported"].of(kind),
        "ValueError",
    )
    raise_if(
        since < SINCE_1_9 and kind == "binary" and not _united(y_true, y_pred), R["bfloat16"], "TypeError"
    )
    if is_text(y_true) != is_text(y_pred) and len(y_true):
        raise_if(not mixed, R["strings-and-numbers"], "ValueError")
        raise_if("bfloat16" in (name_of(y_true.dtype), name_of(y_pred.dtype)), R["strings-and-numbers"])
    if kind == "multilabel-indicator":
        if since >= SINCE_1_8:
            check_numbers_of_labels(y_true, y_pred)
        raise_if("float16" in (name_of(y_true.dtype), name_of(y_pred.dtype)), R["sparse-float16"])
    return kind


def _united(y_true: Array, y_pred: Array) -> bool:
    """Whether NumPy has a dtype for the labels of both: not of integers and bfloat16."""
    try:
        np.result_type(y_true, y_pred)
    except TypeError:
        return False
    return True


def check_sparse(*arrays: Array) -> None:
    """Raise for indicators that are none as the sparse matrices they became, which are looked at a second time."""
    for array in arrays:
        raise_if(len(np.setdiff1d(array, [0])) > 1, R["two-nonzero-values"], "ValueError")


def check_numbers_of_labels(y_true: Array, y_pred: Array) -> None:
    """Raise for indicators of different widths."""
    raise_if(y_true.shape[1:] != y_pred.shape[1:], R["label-counts-differ"], "ValueError")
