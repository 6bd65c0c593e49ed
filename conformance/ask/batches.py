"""Sizes of batches of which the mean of all values is a number, and samples that are repeated or left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from conformance.adapters.base import Update
from conformance.ask.computed import Computed
from conformance.ask.given import Given
from conformance.ask.question import Number, sizes_of, split
from conformance.oracle.numbers import Array, is_text

#: Sizes that people use.
_POWERS_OF_TEN = (size * 10**power for size in (1, 2, 5) for power in range(1, 5))
_USUAL = tuple(sorted({*(1 << bit for bit in range(1, 15)), *_POWERS_OF_TEN, 25, 250}))
#: The largest of all sizes that are tried for a number of many digits.
_LARGEST = 10_000
#: Sizes of batches that are evaluated one by one, the most usual first, and so many batches in all.
_EVALUATED = (32, 64, 128, 256, 16, 512, 100, 8, 1000, 1024, 10, 50, 200, 500)
_MOST_BATCHES = 700
#: A number has many digits if it has so many decimals.
_DIGITS = 9

_INSTEAD = "correct samples and all samples, added up over all batches, and divided once"
_ALL = "a sum that is divided by the number of samples"
_LEFT_OUT = "all batches"
#: So many processes share the samples of a DistributedSampler.
_RANKS = (2, 3, 4, 8)
_ONCE = (
    "each sample once: the distributed sampler for training only, or a sampler that repeats and drops nothing"
)


def batches(number: Number, given: Given) -> Iterator[Computed]:
    """Yield the batches that give a number: those of the call, else of usual sizes; of any, if it has many digits.

    Samples that a distributed sampler repeats or leaves out are tried first.

    Accuracy is averaged: samples that are correct as a whole. Batches of which all are equally large average to the
    value of all samples, and are left out.
    """
    call, correct = given.call, _correct(given)
    if correct is None or len(correct) < 2:
        return
    samples = len(correct)
    sums = np.concatenate([[0], np.cumsum(correct, dtype=np.int64)])
    at_once = float(sums[-1] / samples)
    for says, value in _of_samplers(sums):
        if number.is_near(value):
            yield Computed("accumulation", says, _ONCE, value, at_once)
    if call.batches is not None:
        edges = np.concatenate([[0], np.cumsum(call.batches)])
        sizes = f"of {call.batches[0]}" if len({*call.batches[:-1]}) == 1 else "given"
        parts = sums[edges[1]], sums[edges[-2]], sums[-1] - sums[edges[-2]]
        for says, instead, value in (
            (f"the values of the batches {sizes} are averaged", _INSTEAD, _mean(sums, edges)),
            (
                f"the sum of correct samples is divided by {len(call.batches)} batches of {call.batches[0]}",
                _ALL,
                _share(sums[-1], len(call.batches) * call.batches[0]),
            ),
            ("the last batch is left out", _LEFT_OUT, _share(parts[1], edges[-2])),
            ("only the last batch is counted", _LEFT_OUT, _share(parts[2], edges[-1] - edges[-2])),
            ("only the first batch is counted", _LEFT_OUT, _share(parts[0], edges[1])),
        ):
            if number.is_near(value):
                yield Computed("accumulation", says, instead, value, at_once)
        return
    digits = len(number.text.partition(".")[2])
    # Among thousands of sizes one is near to any number.
    written = replace(number, tolerance=max(10.0**-digits, 1e-14))
    sizes_ = range(2, min(_LARGEST, samples - 1) + 1) if digits >= _DIGITS else _USUAL
    for size in sizes_:
        if size >= samples or samples % size == 0:
            continue
        wanted = number if size in _USUAL else written
        full = np.arange(0, samples, size)
        value = _mean(sums, np.append(full, samples))
        if wanted.is_near(value):
            says = f"the values of batches of {size} are averaged, of which the last is smaller"
            yield Computed("accumulation", says, _INSTEAD, value, at_once)
        value = float(sums[-1] / (len(full) * size))
        if wanted.is_near(value):
            says = f"the sum of correct samples is divided by {len(full)} batches of {size}, one of which is smaller"
            yield Computed("accumulation", says, _ALL, value, at_once)
        value = float(sums[full[-1]] / full[-1])
        if wanted.is_near(value):
            says = f"the last batch, which is smaller, is left out: batches of {size}"
            yield Computed("accumulation", says, _LEFT_OUT, value, at_once)


def usual_batches(whole: Update) -> Iterator[tuple[int, tuple[Update, ...]]]:
    """Yield sizes that people use and the batches of each, as long as they are not too many."""
    left = _MOST_BATCHES
    for size in _EVALUATED:
        number = -(-len(whole.y_true) // size)
        if 1 < number <= left:
            left -= number
            yield size, tuple(split(whole, sizes_of(size, len(whole.y_true))))


def _of_samplers(sums: Array) -> Iterator[tuple[str, float]]:
    """Yield what is counted where each of several ranks takes as many samples, and the value."""
    samples = len(sums) - 1
    repeated, dropped = defaultdict(list), defaultdict(list)
    for ranks in _RANKS:
        if left := samples % ranks:
            repeated[ranks - left].append(ranks)
            dropped[left].append(ranks)
    for missing, ranks_ in repeated.items():
        if missing <= samples:
            value = _share(sums[-1] + sums[missing], samples + missing)
            yield f"{_counted(missing, 'first')} counted twice, {_by_sampler(ranks_)}", value
    for left, ranks_ in dropped.items():
        value = _share(sums[samples - left], samples - left)
        yield f"{_counted(left, 'last')} left out, {_by_sampler(ranks_)} with drop_last=True", value


def _by_sampler(ranks: list[int]) -> str:
    return f"as by a DistributedSampler of {' or '.join(map(str, ranks))} ranks"


def _counted(samples: int, which: str) -> str:
    return f"the {which} sample is" if samples == 1 else f"the {which} {samples} samples are"


def _share(correct: int, samples: int) -> float:
    return float(correct / samples) if samples else float("nan")


def _mean(sums: Array, edges: Array) -> float:
    edges = edges[np.concatenate([[True], np.diff(edges) > 0])]
    return float(np.mean(np.diff(sums[edges]) / np.diff(edges)))


def _correct(given: Given) -> Array | None:
    if any(map(is_text, (given.whole.y_true, given.whole.y_pred))):
        labels: tuple[Array, Array] | None = given.whole.y_true, given.whole.y_pred
    else:
        labels = given.decided
    if labels is None or labels[0].shape != labels[1].shape:
        return None
    return np.asarray(labels[0] == labels[1])
