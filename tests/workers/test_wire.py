from __future__ import annotations

import json

import ml_dtypes
import numpy as np
import pytest

from conformance.adapters.base import Call, Update
from conformance.workers.wire import decode_call, encode_call

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


@pytest.mark.parametrize("array", ARRAYS, ids=lambda array: f"{array.dtype.name}-{array.shape}")
def test_an_array_arrives_with_its_dtype_its_shape_and_every_bit(array: np.ndarray) -> None:
    call = Call("binary", (Update(array, array, array),))
    received = decode_call(json.loads(json.dumps(encode_call(call)))).updates[0].y_pred
    assert (received.dtype, received.shape) == (array.dtype, array.shape)
    assert received.tobytes() == array.tobytes()
    assert received.flags.writeable


def test_everything_else_of_a_case_arrives_as_it_was() -> None:
    parameters = {"average": None, "threshold": 1e-9, "labels": [0, 1], "normalize": False}
    update = Update(np.array([1]), np.array([0.5]))
    call = Call("multiclass", (update, update), parameters, (1, 1), "hinge", "float64", "pickle")
    received = decode_call(json.loads(json.dumps(encode_call(call))))
    assert received.parameters == parameters
    assert (received.task, received.batches) == ("multiclass", (1, 1))
    assert (received.loss, received.metric_dtype, received.usage) == ("hinge", "float64", "pickle")
    assert [item.sample_weight for item in received.updates] == [None, None]


def test_no_update_at_all_arrives_as_such() -> None:
    received = decode_call(json.loads(json.dumps(encode_call(Call("binary", (), batches=())))))
    assert (received.updates, received.batches) == ((), ())
