"""Which change of a call, or of a rule, gives a number that no implementation gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from conformance.adapters.admission import reason_not_applicable
from conformance.adapters.base import Call, Implementation
from conformance.ask.question import Number, joined
from conformance.ask.samples import Deciding, deciding
from conformance.oracle import find, predict
from conformance.oracle.axes import AXES
from conformance.oracle.numbers import cast, is_float, is_text
from conformance.oracle.releases import Release
from conformance.oracle.resolve import resolve
from conformance.oracle.variants import values_by_other_rules

#: Rules are varied on at most so many samples.
MOST_SAMPLES = 100_000


@dataclass(frozen=True)
class Explanation:
    """What gives a number.

    Attributes:
        implementation: the implementation that gives it, but for one thing.
        axis: what is different, an axis.
        says: what is different, in words.
        instead: what to write, to get what the implementation gives.
        samples: which samples decide; None where it cannot be said sample by sample.
    """

    implementation: str
    axis: str
    says: str
    instead: str
    samples: Deciding | None = None


def explanations(
    number: Number, call: Call, asked: Sequence[tuple[Implementation, Release]], most: int = 3
) -> tuple[Explanation, ...]:
    """Return what gives a number: implementations on a changed call first, then those with another rule.

    Args:
        number: the number.
        call: the arrays and parameters as they were given.
        asked: implementations with their releases, those that are tried first at the front.
        most: so many are enough. Of one change only the first implementation is named.
    """
    found: dict[str, Explanation] = {}
    for way in (_of_calls, _of_rules):
        for one in way(number, call, asked):
            found.setdefault(f"{one.axis}: {one.says}", one)
            if len(found) == most:
                break
        if found:
            break
    return tuple(found.values())


def _of_calls(
    number: Number, call: Call, asked: Sequence[tuple[Implementation, Release]]
) -> Iterator[Explanation]:
    for axis, says, instead, changed in _changed(call):
        seen: set[str] = set()
        for entry, release in asked:
            if entry.definition is None or entry.definition in seen:
                continue
            seen.add(entry.definition)
            if reason_not_applicable(entry, changed) is not None:
                continue
            definition = find(entry.definition)
            mine = predict(definition, changed, trace=False, release=release)
            if mine.predicted.kind != "value" or not number.is_near(mine.predicted.value):
                continue
            other = predict(definition, call, trace=False, release=release)
            computes = reason_not_applicable(entry, call) is None and other.predicted.kind == "value"
            samples = deciding((mine.side, changed), (other.side, call)) if computes else None
            yield Explanation(entry.id, axis, says, instead, samples)
            break


def _changed(call: Call) -> Iterator[tuple[str, str, str, Call]]:
    """Yield an axis, what is different, what to write instead, and the changed call; likely mistakes first."""
    whole, parameters = joined(call), dict(call.parameters)

    def given(name: str, value: Any = None) -> Call:
        changed = {key: known for key, known in parameters.items() if key != name}
        return replace(call, parameters=changed if value is None else {**changed, name: value})

    def data(**arrays: Any) -> Call:
        return replace(call, updates=(replace(whole, **arrays),), batches=None)

    if whole.sample_weight is not None:
        unweighted = tuple(replace(update, sample_weight=None) for update in call.updates)
        yield (
            "weights",
            "the weights are left out",
            "np.average(correct, weights=sample_weight) in place of np.mean(correct)",
            replace(call, updates=unweighted),
        )
    for name, value in parameters.items():
        axis = "exclusion" if name == "ignore_index" else "default-parameter"
        instead = (
            f"keep = y_true != {value}, and count y_true[keep] and y_pred[keep] only"
            if name == "ignore_index"
            else f"{name}={value!r} in your call, too"
        )
        yield axis, f"{name}={value!r} is left out", instead, given(name)
    for average in ("micro", "macro", "weighted"):
        if parameters.get("average") != average:
            now = f"average={parameters['average']!r}" if "average" in parameters else "the same average"
            yield "average", f"average={average!r}", f"{now} in both calls", given("average", average)
    if call.batches is not None:
        at_once = "all samples are counted at once"
        yield "accumulation", at_once, "one update for each batch", data()
    if is_text(whole.y_pred) or is_text(whole.y_true):
        return
    wide = cast(whole.y_pred, "float64")
    if wide.ndim > 1 and whole.y_true.shape == wide.shape:
        flat = data(y_true=whole.y_true.ravel(), y_pred=whole.y_pred.ravel(), sample_weight=None)
        named = {name: value for name, value in parameters.items() if name == "threshold"}
        yield (
            "unit",
            "each element counts, not each sample",
            "y_pred.argmax(axis=-1) == y_true.argmax(axis=-1)"
            if call.task == "multiclass"
            else "((y_pred > threshold) == y_true).all(axis=-1), for samples that are correct as a whole",
            replace(flat, task="binary", parameters=named),
        )
    if wide.ndim > 1:
        one = wide.shape[-1] == 1
        labels = whole.y_true
        if labels.shape == wide.shape:
            labels = labels[..., 0] if one else labels.argmax(-1)
        yield (
            "decision-rule",
            f"argmax over {'a single column, which is always 0' if one else 'the classes'}",
            "y_pred > 0.5" if one else "the decision rule of the other call",
            replace(data(y_true=labels, y_pred=wide.argmax(-1)), task="multiclass"),
        )
    if is_float(whole.y_pred):
        at = parameters.get("threshold", 0.5)
        for sign, other, labels in ((">=", ">", wide >= at), (">", ">=", wide > at)):
            yield (
                "decision-rule",
                f"a score is positive where y_pred {sign} {at}",
                f"y_pred {other} {at}, or choose a threshold that is no score",
                data(y_pred=labels.astype("int64")),
            )
        for threshold in (0.0, 0.5):
            if parameters.get("threshold") != threshold:
                yield (
                    "default-parameter",
                    f"threshold={threshold}",
                    "the same threshold in both calls",
                    given("threshold", threshold),
                )
        with np.errstate(over="ignore"):
            sigmoid = 1 / (1 + np.exp(-wide))
        yield "score-transform", "a sigmoid is applied to y_pred", "y_pred as it is", data(y_pred=sigmoid)
        rounding = {
            "rounded half to even, as np.round does": np.round(wide),
            "rounded half up": np.floor(wide + 0.5),
        }
        for says, rounded in rounding.items():
            if np.isfinite(rounded).all():
                yield (
                    "decision-rule",
                    f"y_pred is {says}",
                    "y_pred > 0.5 in place of rounding",
                    data(y_pred=rounded.astype("int64")),
                )


def _of_rules(
    number: Number, call: Call, asked: Sequence[tuple[Implementation, Release]]
) -> Iterator[Explanation]:
    if sum(len(update.y_pred) for update in call.updates) > MOST_SAMPLES:
        return
    known = [entry for entry, _ in asked]
    seen: set[object] = set()
    for entry, release in asked:
        if entry.definition is None:
            continue
        resolved = resolve(find(entry.definition), call, release)
        rules = tuple(rule.behaviour for rule in resolved.rules.by_axis().values())
        if rules in seen:
            continue
        seen.add(rules)
        for own, other, predicted in values_by_other_rules(entry, resolved, call, known):
            if number.is_near(predicted.value):
                says = f"with another rule: {other.says} Its own rule: {own.says}"
                yield Explanation(entry.id, own.axis, says, AXES[own.axis].agree)
