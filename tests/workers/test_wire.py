from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import ml_dtypes
import numpy as np
import pytest
from known_bad import BAD, seen

from conformance.adapters.base import Call, Source, Update
from conformance.workers.pool import Pool

ARRAYS = [
    np.array([[0.1, -0.0], [np.nan, np.inf]]),
    np.array([0.1, 5e-324]),
    np.array([0.7], dtype="float32"),
    np.array([0.7, 2.0], dtype="float16"),
    np.array([0.7, -1.0], dtype=ml_dtypes.bfloat16),
    np.array([True, False]),
    np.array([2**63 - 1, -(2**63)]),
    np.array([255], dtype="uint8"),
    np.array(["yes", "nö"]),
    np.zeros((0, 3)),
    np.array(0.5),
    np.arange(6).reshape(2, 3).T,
]


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool((BAD,)) as started:
        yield started


def received(pool: Pool, call: Call) -> str | None:
    """Return what a worker has seen of a call."""
    (entry,) = (item for item in BAD.implementations if item.id == "bad.receives")
    return pool.submit(entry, call).result().resolved


@pytest.mark.parametrize("array", ARRAYS, ids=lambda array: f"{array.dtype.name}-{array.shape}")
def test_an_array_arrives_with_its_dtype_its_shape_and_every_bit(pool: Pool, array: np.ndarray) -> None:
    call = Call("binary", (Update(array, array, array),))
    assert received(pool, call) == seen(call)


def test_everything_else_of_a_case_arrives_as_it_was(pool: Pool) -> None:
    parameters = {"average": None, "threshold": 1e-9, "labels": [0, 1], "normalize": False}
    update = Update(np.array([1]), np.array([0.5]))
    call = Call("multiclass", (update, update), parameters, (1, 1), "hinge", "float64", "plain")
    assert received(pool, call) == seen(call)


def test_no_update_at_all_arrives_as_such(pool: Pool) -> None:
    call = Call("binary", (), batches=())
    assert received(pool, call) == seen(call)


def test_files_of_a_case_are_not_sent(pool: Pool) -> None:
    array = np.array([1])
    call = Call("binary", (Update(array, array),), sources=(Source(array, "np.load('y.npy')"),))
    assert received(pool, call) == seen(replace(call, sources=()))
