"""Which samples ranks take that are fed by a DistributedSampler, as its documentation says."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from conformance.adapters.base import Update
from conformance.cases.calls import build
from conformance.oracle import find, predict
from conformance.oracle.model import Incomposable
from conformance.oracle.repeated import Repeated, Taken, joined, sampled

BINARY = "torchmetrics.classification.BinaryAccuracy"


def updates(*sizes: int) -> list[Update]:
    numbers = np.split(np.arange(sum(sizes)), np.cumsum(sizes)[:-1])
    return [Update(part, part) for part in numbers]


def taken(*sizes: int, ranks: int = 2, dropped: bool = False) -> list[list[list[int]]]:
    groups = sampled(updates(*sizes), ranks, dropped)
    return [[update.y_true.tolist() for _, update in group] for group in groups]


@pytest.mark.parametrize(
    ("sizes", "ranks", "dropped", "expected"),
    [
        ((2, 2), 2, False, [[[0, 2]], [[1, 3]]]),
        ((2, 1), 2, False, [[[0, 2]], [[1, 0]]]),
        ((2, 1), 2, True, [[[0]], [[1]]]),
        ((2, 2, 1), 2, False, [[[0, 2], [4]], [[1, 3], [0]]]),
        ((1,), 4, False, [[[0]], [[0]], [[0]], [[0]]]),
        ((5,), 4, False, [[[0, 4]], [[1, 0]], [[2, 1]], [[3, 2]]]),
        ((1,), 2, True, [[], []]),
        ((0, 0), 2, False, [[], []]),
    ],
)
def test_ranks_take_samples_in_turn_and_as_many(
    sizes: tuple[int, ...], ranks: int, dropped: bool, expected: Any
) -> None:
    assert taken(*sizes, ranks=ranks, dropped=dropped) == expected


@pytest.mark.parametrize("samples", range(1, 12))
@pytest.mark.parametrize("ranks", [2, 3, 4, 8])
@pytest.mark.parametrize("dropped", [False, True])
def test_as_torch_does(samples: int, ranks: int, dropped: bool) -> None:
    data = pytest.importorskip("torch.utils.data")
    seen = [
        [*data.DistributedSampler(range(samples), ranks, rank, shuffle=False, drop_last=dropped)]
        for rank in range(ranks)
    ]
    assert [[*itertools.chain(*group)] for group in taken(samples, ranks=ranks, dropped=dropped)] == seen


def test_a_sample_is_traced_once_under_its_own_number() -> None:
    inputs = {"y_true": [1, 0, 1], "y_pred": [0.1, 0.2, 0.9], "batches": [2, 1]}
    predicted = predict(find(f"{BINARY}[DistributedSampler]"), build("binary", inputs)).predicted
    assert [(sample.number, sample.hit) for sample in predicted.samples] == [
        (0, [False]),
        (1, [True]),
        (2, [True]),
    ]
    (first, _), (again, _) = (group for groups in sampled(updates(2, 1), 2, False) for group in groups)
    assert (first, again) == (0, 2)


def test_the_second_time_has_no_number() -> None:
    _, ((_, update),) = sampled(updates(2, 1), 2, dropped=False)
    assert isinstance(update, Taken)
    assert update.numbers.tolist() == [1, -1]


def test_what_stands_for_many_samples_is_joined_and_not_taken_one_by_one() -> None:
    one = Repeated(np.array([1]), np.array([0]), times=np.array([5]), first=np.array([0]))
    whole = joined([one, *updates(2)])
    assert isinstance(whole, Repeated)
    assert whole.times.tolist() == [5, 1, 1]
    assert whole.first.tolist() == [0, 5, 6]
    with pytest.raises(Incomposable):
        list(sampled([one], 2, dropped=False))


def test_what_cannot_be_concatenated_is_not_joined() -> None:
    with pytest.raises(Incomposable):
        joined([*updates(2), Update(np.zeros((1, 2)), np.zeros((1, 2)))])
