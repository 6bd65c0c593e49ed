"""Mistakes people make, each as a change of the call that an implementation is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.ask.changes_of_arrays import of_axes, of_columns
from conformance.ask.changes_of_parameters import of_parameters
from conformance.ask.given import Change, Given, named_thresholds
from conformance.calls.text import count
from conformance.oracle.numbers import Array, is_float, is_text
from conformance.oracle.repeated import Repeated

#: Classes are taken for ignored one by one where there are at most so many.
_MOST_CLASSES = 20
#: Labels that are often ignored.
_IGNORED = (-1, -100, 255)
#: To so many decimals scores are often rounded.
_DECIMALS = (1, 2)


def changes(whole: Given, kinds: Given, given: Given) -> Iterator[Change]:
    """Yield the changes of a call, likely mistakes first.

    Args:
        whole: the call, with all samples in one update.
        kinds: the same, with one sample of each kind.
        given: the same, in the updates that were given.
    """
    yield from _of_weights(given)
    yield from of_parameters(given)
    if whole.call.batches is not None:
        at_once = "all samples are counted at once"
        yield kinds.change("accumulation", at_once, "one update for each batch", kinds.call)
    if is_text(kinds.whole.y_pred) or is_text(kinds.whole.y_true):
        yield from _of_roles(kinds)
        return
    yield from of_columns(kinds)
    yield from _of_scores(kinds)
    yield from _of_labels(kinds)
    yield from _of_roles(kinds)
    yield from _of_decimals(whole)
    if whole.call.metric != "accuracy":  # of accuracies these are computed without a prediction
        yield from _of_thresholds(whole)
        yield from _of_constants(kinds)
    yield from of_axes(whole)


def _of_weights(given: Given) -> Iterator[Change]:
    weight = given.whole.sample_weight
    if weight is None:
        return
    yield given.change(
        "weights",
        "the weights are left out",
        "the weights in your call, too",
        replace(
            given.call, updates=tuple(replace(update, sample_weight=None) for update in given.call.updates)
        ),
    )


def _of_scores(given: Given) -> Iterator[Change]:
    """How a score becomes a decision."""
    pred = given.whole.y_pred
    if not is_float(pred):
        return
    scores, at = given.scores, given.threshold
    logits = bool(((scores < 0) | (scores > 1)).any())
    above, at_or_above = given.with_labels(scores > given.limit), given.with_labels(scores >= given.limit)
    with np.errstate(over="ignore"):
        sigmoid = 1 / (1 + np.exp(-scores))
    if given.limit != at:
        yield given.mistake(
            "threshold-precision",
            f"scores of {pred.dtype.name} are compared with {at} in float64",
            "a comparison in the dtype of the scores",
            given.with_labels(scores > at),
            above,
        )
    flat = ".ravel()" if pred.ndim > 1 and given.whole.y_true.ndim == 1 else ""
    several = given.call.task == "multiclass" and pred.ndim > 1 and pred.shape[-1] > 1
    if not several:
        for sign, other, mine, theirs in ((">=", ">", at_or_above, above), (">", ">=", above, at_or_above)):
            if logits:
                yield given.mistake(
                    "score-transform",
                    f"y_pred {sign} {at} is asked of logits, without a sigmoid",
                    "a sigmoid first",
                    mine,
                    given.with_labels(sigmoid > at),
                    (given.written[0], f"1 / (1 + np.exp(-y_pred{flat})) > {at}"),
                )
            yield given.mistake(
                "decision-rule",
                f"a score is positive where y_pred {sign} {at}",
                f"y_pred {other} {at}, or a threshold that no score equals",
                mine,
                theirs,
                (given.written[0], f"y_pred{flat} {other} {given.limit_code}"),
            )
        yield from _of_rounding(
            given,
            above,
            {
                "rounded half to even, as np.round does": np.round(scores),
                "rounded half up": np.floor(scores + 0.5),
            },
        )
    yield given.mistake(
        "score-transform",
        "a sigmoid is applied to y_pred",
        "y_pred as it is",
        given.with_data(y_pred=sigmoid),
        given.call,
    )
    if not several:
        # A single class that is always predicted is named as such.
        others = {"truncated, as astype(int) does": np.trunc(scores), "rounded up": np.ceil(scores)}
        several_labels = {says: rounded for says, rounded in others.items() if np.ptp(rounded)}
        yield from _of_rounding(given, above, several_labels)
    for threshold in (0.0, 0.5):
        if at != threshold and not several:
            yield given.mistake(
                "default-parameter",
                f"threshold={threshold}",
                "the same threshold in both calls",
                given.with_parameter("threshold", threshold)
                if "threshold" in given.parameters
                else given.with_labels(scores > threshold),
                above,
            )
    if not several:
        yield given.mistake(
            "decision-rule",
            f"a score is positive where y_pred < {at}: the classes are swapped",
            f"y_pred > {at}",
            given.with_labels(scores < at),
            above,
        )


def _of_rounding(given: Given, above: Call, rounding: Mapping[str, Array]) -> Iterator[Change]:
    for says, rounded in rounding.items():
        if np.isfinite(rounded).all() and (np.abs(rounded) < 2**53).all():
            yield given.mistake(
                "decision-rule",
                f"y_pred is {says}",
                f"a comparison with {given.threshold} in place of rounding",
                given.with_labels(rounded),
                above,
            )


def _of_decimals(given: Given) -> Iterator[Change]:
    """Scores that were rounded before they were compared, as tables and logs show them."""
    pred = given.whole.y_pred
    if not is_float(pred):
        return
    scores, limit = given.scores, given.limit
    several = given.call.task == "multiclass" and pred.ndim > 1 and pred.shape[-1] > 1
    if several and given.decided is None:
        return
    for decimals in _DECIMALS:
        rounded = np.round(scores, decimals)
        if np.array_equal(rounded, scores):
            return
        says = f"y_pred is rounded to {count(decimals, 'decimal')}"
        if several and given.decided is not None:
            call = given.with_data(y_true=given.decided[0], y_pred=rounded.argmax(axis=-1))
            yield given.mistake("ties", f"{says}, then argmax is taken", "y_pred as it is", call)
            continue
        for sign, labels in ((">", rounded > limit), (">=", rounded >= limit)):
            yield given.mistake(
                "threshold-precision",
                f"{says}, and positive where it is {sign} {given.threshold}",
                "y_pred as it is",
                given.with_labels(labels),
                given.with_labels(scores > limit),
            )


def _of_thresholds(given: Given) -> Iterator[Change]:
    """Thresholds that nobody has named."""
    pred = given.whole.y_pred
    if is_float(pred) and (given.call.task == "multilabel" or pred.size == len(pred)):
        for text, threshold in named_thresholds(given.scores).items():
            if threshold != given.threshold:
                yield given.mistake(
                    "default-parameter",
                    f"a score is positive where y_pred > {text}, not {given.threshold}",
                    f"the threshold {given.threshold}, or {text} in both calls",
                    given.with_labels(given.scores > threshold),
                    given.with_labels(given.scores > given.limit),
                )


def _of_constants(given: Given) -> Iterator[Change]:
    """The same class for each sample."""
    for label in np.unique(given.decided[0])[:_MOST_CLASSES].tolist() if given.decided else ():
        yield given.mistake(
            "decision-rule",
            f"every sample is predicted {label}",
            "the predictions of the model",
            given.with_labels(np.full(len(given.whole.y_pred), label), given.decided and given.decided[0]),
        )


def _of_labels(given: Given) -> Iterator[Change]:
    """How labels are numbered, and which are left out."""
    both = given.decided
    if both is None:
        return
    true, decided = both
    if is_float(true) and not (true == np.trunc(true)).all():
        return
    true = true.astype("int64")
    decided = decided.astype("int64")
    if is_float(given.whole.y_pred):
        missing = np.isnan(given.scores.reshape(len(true), -1)).any(axis=1)
        says, instead = (
            "samples with NaN in y_pred are",
            "a score for each sample; as it is, NaN is above no threshold",
        )
        yield from _of_left_out(given, says, true, decided, np.logical_not(missing), instead)
    values = np.unique(true)
    if len(values) <= 2 and not np.isin(values, (0, 1)).all() and np.isin(decided, (0, 1)).all():
        positive = int(values[-1])
        yield given.mistake(
            "label-domain",
            f"the target {positive} is the positive class, and any other the negative one",
            "targets as they are",
            given.with_labels(decided, (true == positive).astype("int64")),
        )
    for shift, name, labels in ((1, "y_true", "targets"), (-1, "y_pred", "predictions")):
        yield given.mistake(
            "label-domain",
            f"1 is added to {name}, or {labels} are numbered from 1",
            f"{name} as it is here",
            given.with_labels(decided, true + shift),
        )
    if "ignore_index" not in given.parameters:
        few = values.tolist() if len(values) <= _MOST_CLASSES else []
        for label in dict.fromkeys((*(x for x in _IGNORED if x in values), *few)):
            yield from _of_left_out(
                given, f"samples whose target is {label} are", true, decided, true != label
            )
        if 0 in values:
            for kept, says in (
                (decided != 0, "samples whose prediction is 0 are"),
                ((decided != 0) & (true != 0), "samples whose target or prediction is 0 are"),
            ):
                yield from _of_left_out(given, says, true, decided, kept)


def _of_left_out(
    given: Given, says: str, true: Array, decided: Array, kept: Array, instead: str = "all samples"
) -> Iterator[Change]:
    if kept.any() and not kept.all():
        yield given.mistake("exclusion", f"{says} left out", instead, _kept(given, true, decided, kept))


def _kept(given: Given, true: Array, decided: Array, kept: Array) -> Call:
    arrays = {
        name: None if (array := getattr(given.whole, name, None)) is None else array[kept]
        for name in ("sample_weight", "times", "first")
        if name == "sample_weight" or isinstance(given.whole, Repeated)
    }
    return given.with_data(y_true=true[kept], y_pred=decided[kept], **arrays)


def _of_roles(given: Given) -> Iterator[Change]:
    both = given.decided
    if both is not None:
        true, decided = both
        yield given.mistake(
            "label-domain",
            "y_true and y_pred are swapped",
            "y_true and y_pred as they are called here, unless these are swapped",
            given.with_data(y_true=decided, y_pred=true),
        )


#: What is made of a value: an axis, in words, what to write instead, and the function.
Made = tuple[str, str, str, Callable[[float], float]]


def made_of_values(whole: Update, metric: str) -> Iterator[Made]:
    """Yield what people make of the value of a metric after it was computed."""
    samples, weight = len(whole.y_true), whole.sample_weight
    correct = "the share of correct samples"
    of_accuracy = metric == "accuracy"
    incorrect = "the share of incorrect samples" if of_accuracy else f"1 - {metric}"
    yield "statistic", f"{incorrect} is taken", correct if of_accuracy else metric, lambda value: 1 - value
    yield "statistic", "the value is given in percent", "a share between 0 and 1", lambda value: 100 * value
    if not of_accuracy:
        return
    yield (
        "statistic",
        "correct samples are counted, and not divided by all",
        correct,
        lambda value: value * samples,
    )
    if weight is not None and weight.ndim == 1:
        mean = float(np.mean(weight))
        yield (
            "weights",
            "the sum of weights of correct samples is divided by the number of samples",
            "a sum that is divided by the sum of the weights",
            lambda value: value * mean,
        )
