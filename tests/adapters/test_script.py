from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np
import pytest
from made_cases import ENTRIES

from conformance.adapters import derive
from conformance.adapters.base import Call, Implementation, Recipe, Update
from conformance.adapters.reproducer import array_literal, reproducer
from conformance.adapters.script import arguments, bindings, literal, script


def one(y_true: Any, y_pred: Any, task: str = "binary", weight: Any = None, **more: Any) -> Call:
    weight = None if weight is None else np.asarray(weight)
    return Call(task, (Update(np.asarray(y_true), np.asarray(y_pred), weight),), **more)


def entry(result: str, *, data: Any = "each", update: str = "") -> Implementation:
    recipe = Recipe(("import math",), result, update=update, data=data)
    return Implementation("x", "accuracy", frozenset({"binary"}), recipe, parameters={"top_k": "k"})


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (one([0, 1], [[0.1, 0.9, 0.0], [0.2, 0.5, 0.3]]), 3),
        (one([0, 1], [[1, 0, 0], [0, 1, 0]]), 3),
        (one([[0], [3]], [[1], [0]]), 4),
        (one([0, 2], [1, 1]), 3),
        (one([0, 2], [5, 1]), 6),
        (one([0.0, 2.0], [1.0, np.nan]), 3),
        (one([True, False], [False, False]), 2),
        (one([0, 1], np.array([[0.5, 0.5]], dtype=ml_dtypes.bfloat16)), 2),
        (one(["a"], ["b"]), None),
        (one(np.zeros(0), np.zeros(0)), None),
        (one([np.nan], [np.inf]), None),
        (Call("multiclass", (), batches=()), None),
    ],
)
def test_the_number_of_classes_follows_from_the_columns_or_the_largest_label(
    call: Call, expected: int
) -> None:
    assert derive.num_classes(call) == expected


def test_the_largest_label_is_looked_for_in_every_update() -> None:
    updates = one([0], [1]).updates + one([7], [1]).updates
    assert derive.num_classes(Call("multiclass", updates, batches=(1, 1))) == 8


def test_the_number_of_labels_is_the_number_of_columns_of_labels_too() -> None:
    assert derive.num_labels(one([[0, 1, 1]], [[1, 0, 1]])) == 3
    assert derive.num_labels(one([[0, 1, 1]], [[0.5, 0.1, 0.9]])) == 3


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (one([[0]], [[0.5]]), "binary_crossentropy"),
        (one([[0, 1]], [[0.5, 1]], "multilabel"), "binary_crossentropy"),
        (one([0], [[0.5, 1]], "multiclass"), "sparse_categorical_crossentropy"),
        (one([[0]], [[[0.5, 1]]], "multiclass"), "sparse_categorical_crossentropy"),
        (one([0], [1], "multiclass"), "sparse_categorical_crossentropy"),
        (one([[0, 1]], [[0.5, 1]], "multiclass"), "categorical_crossentropy"),
        (one([[0]], [[0.5]], loss="hinge"), "hinge"),
    ],
)
def test_the_loss_follows_from_the_task_and_the_ranks_unless_named(call: Call, expected: str) -> None:
    assert derive.loss(call) == expected


@pytest.mark.parametrize(
    ("sizes", "rows", "expected"), [(None, 4, 4), (None, 0, 1), ((3, 1), 3, 3), ((0,), 0, 1)]
)
def test_the_batch_size_makes_the_batches(sizes: tuple[int, ...] | None, rows: int, expected: int) -> None:
    assert derive.batch_size(one(np.zeros((rows, 1)), np.zeros((rows, 1)), batches=sizes)) == expected


def test_arguments_go_under_the_frameworks_own_names() -> None:
    call = one([0], [[0.1, 0.9]], "multiclass", parameters={"top_k": 2, "num_classes": 9})
    assert arguments(ENTRIES["keras.metrics.SparseTopKCategoricalAccuracy"], call) == {"k": 2}
    assert arguments(ENTRIES["sklearn.metrics.top_k_accuracy_score"], call) == {"k": 2}
    torch_arguments = arguments(ENTRIES["torchmetrics.classification.MulticlassAccuracy"], call)
    assert torch_arguments == {"num_classes": 9, "top_k": 2}


def test_arguments_that_a_case_does_not_name_are_fixed_or_derived() -> None:
    call = one([0], [[0.1, 0.9]], "multiclass")
    micro = ENTRIES["torchmetrics.classification.MulticlassAccuracy[average=micro]"]
    assert arguments(micro, call) == {"average": "micro", "num_classes": 2}
    general = ENTRIES["torchmetrics.Accuracy"]
    assert arguments(general, call) == {"task": "multiclass", "num_classes": 2}
    assert arguments(general, one([0], [0.5])) == {"task": "binary"}
    multilabel = one([[0, 1, 1]], [[0.1, 0.9, 0.2]], "multilabel")
    assert arguments(general, multilabel) == {"task": "multilabel", "num_labels": 3}
    binarizer = ENTRIES["sklearn.metrics.accuracy_score[Binarizer]"]
    assert arguments(binarizer, one([0], [0.5])) == {"threshold": 0.5}
    assert arguments(binarizer, one([0], [0.5], parameters={"threshold": 0.7})) == {"threshold": 0.7}


def test_a_parameter_named_null_is_passed_on() -> None:
    call = one([0], [[0.1, 0.9]], "multiclass", parameters={"average": None})
    assert "average=None" in reproducer(ENTRIES["torchmetrics.classification.MulticlassAccuracy"], call)


def test_a_placeholder_with_nothing_to_say_goes_with_its_comma() -> None:
    template = "f({y_true}, {k}, {arguments}, {weight}, {other})"
    plain = script(entry(template), one([0], [0.5]))
    assert plain.result == "f(y_true, {other})"
    full = script(entry(template), one([0], [0.5], weight=[1.0], parameters={"top_k": 3}))
    assert full.result == "f(y_true, k=3, sample_weight=sample_weight, {other})"


def test_a_string_argument_is_never_taken_for_a_placeholder() -> None:
    call = one([0], [0.5], parameters={"top_k": "{weight}"}, weight=[1.0])
    assert (
        script(entry("f({arguments}, {weight})"), call).result
        == "f(k='{weight}', sample_weight=sample_weight)"
    )


def test_updates_are_looped_over_only_where_there_is_not_exactly_one() -> None:
    update = one([0], [0.5]).updates
    looped = entry("r", update="f({y_true})")
    assert script(looped, Call("binary", update)).body == "f(y_true)"
    twice = Call("binary", update * 2, batches=(1, 1))
    assert script(looped, twice).body == "for y_true, y_pred in updates:\n    f(y_true)"
    assert list(bindings(looped, twice)) == ["updates"]
    assert bindings(looped, Call("binary", (), batches=())) == {"updates": []}


def test_joined_updates_are_one_array() -> None:
    updates = one([[0], [1]], [[0.5], [1]], weight=[1, 2]).updates + one([[1]], [[0.2]], weight=[3]).updates
    names = bindings(entry("r", data="joined"), Call("binary", updates, batches=(2, 1)))
    assert {name: array.tolist() for name, array in names.items()} == {
        "y_true": [[0], [1], [1]],
        "y_pred": [[0.5], [1.0], [0.2]],
        "sample_weight": [1, 2, 3],
    }


def test_parameters_are_written_as_python() -> None:
    values = [0.5, float("nan"), float("-inf"), -0.0, 1, True, None, "micro", [0, 1]]
    text = literal(values)
    assert text == "[0.5, float('nan'), float('-inf'), -0.0, 1, True, None, 'micro', [0, 1]]"
    assert repr(eval(text)) == repr(values)


@pytest.mark.parametrize(
    "array",
    [
        np.array([[0.51], [1.0]]),
        np.array([0.7, 0.1, 1e-45, 3.4e38, 16777217, 1 / 3], dtype="float32"),
        np.array([0.7, 6e-8, 65504, 1 / 3], dtype="float16"),
        np.array([0.7, 1 / 3, 1e-30], dtype=ml_dtypes.bfloat16),
        np.array([5e-324, 1e308, 0.1, np.nextafter(0.5, 1)]),
        np.array([-0.0, np.inf, -np.inf, np.nan]),
        np.array([2**63 - 1, -(2**63)]),
        np.array([255], dtype="uint8"),
        np.array([True, False]),
        np.array([["yes", "it's"], ["\n", "nö"]]),
        np.array(0.5),
        np.array("a"),
        np.zeros((0, 3), dtype="float32"),
        np.zeros((2, 0)),
        np.zeros(0, dtype=ml_dtypes.bfloat16),
    ],
    ids=lambda array: f"{array.dtype.name}-{array.shape}",
)
def test_an_array_literal_makes_the_same_array(array: np.ndarray) -> None:
    copy = eval(array_literal(array), {"np": np, "ml_dtypes": ml_dtypes})
    assert (copy.dtype, copy.shape) == (array.dtype, array.shape)
    assert copy.tobytes() == array.tobytes()


LONG = [
    (np.ones((2**24, 1), dtype="float32"), "np.tile(np.array([[1.0]], dtype=np.float32), (16777216, 1))"),
    (np.tile([[1, 0], [0, 1]], (1000, 1)), "np.tile(np.array([[1, 0], [0, 1]]), (1000, 1))"),
    (np.full((100, 2, 1), -0.0), "np.tile(np.array([[[-0.0], [-0.0]]]), (100, 1, 1))"),
    (np.array(["a", "n\u00f6"] * 100), "np.tile(np.array(['a', 'n\u00f6']), (100,))"),
    (np.broadcast_to(np.array([[0.5]]), (1000, 1)), "np.tile(np.array([[0.5]]), (1000, 1))"),
    (np.array([0.0, -0.0] * 34 + [0.0, 0.0]), None),
    (np.random.default_rng(0).random(100), None),
    (np.full((1, 5000), np.nan), None),
]


@pytest.mark.parametrize(("array", "expected"), LONG, ids=lambda item: str(getattr(item, "shape", "")))
def test_a_long_array_that_repeats_its_first_rows_is_written_with_tile(
    array: np.ndarray, expected: str | None
) -> None:
    text = array_literal(array)
    copy = eval(text, {"np": np, "ml_dtypes": ml_dtypes})
    assert (copy.dtype, copy.shape) == (array.dtype, array.shape)
    assert copy.tobytes() == array.tobytes()
    assert text == expected or (expected is None and text.startswith("np.array(["))


def test_an_array_literal_is_short() -> None:
    assert array_literal(np.array([[1], [0]])) == "np.array([[1], [0]])"
    assert array_literal(np.array([0.7], dtype="float32")) == "np.array([0.7], dtype=np.float32)"


@pytest.mark.parametrize("order", [("bfloat16", "float32"), ("float32", "bfloat16"), ("bfloat16",) * 2])
def test_an_update_is_passed_as_its_own_dtype_needs(order: tuple[str, ...]) -> None:
    def bits(name: str, dtype: np.dtype[Any]) -> str:
        return f"{name}.view(np.int16)" if dtype.name == "bfloat16" else name

    recipe = Recipe(
        (), "found", setup="found = []", update="found.append({y_pred}.dtype.name)", expression=bits
    )
    arrays = [np.ones(2).astype(derive.dtype(name)) for name in order]
    call = Call("binary", tuple(Update(array, array) for array in arrays), batches=(2, 2))
    metric = Implementation("x", "accuracy", frozenset({"binary"}), recipe)
    names = {"np": np, **bindings(metric, call)}
    exec(script(metric, call).body, names)
    assert names["found"] == ["int16" if name == "bfloat16" else name for name in order]


def test_a_reproducer_reads_like_a_program_somebody_wrote() -> None:
    call = one([[1], [0]], [[0.51], [0.4]], parameters={"threshold": 0.7})
    assert reproducer(ENTRIES["keras.metrics.BinaryAccuracy"], call) == (
        "import keras\n"
        "import numpy as np\n"
        "\n"
        "y_true = np.array([[1], [0]])\n"
        "y_pred = np.array([[0.51], [0.4]])\n"
        "\n"
        "metric = keras.metrics.BinaryAccuracy(threshold=0.7)\n"
        "metric.update_state(y_true, y_pred)\n"
        "\n"
        "print(metric.result())\n"
    )


def test_the_arrays_of_a_call_are_written_once_for_each_form(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[np.ndarray] = []

    def literal(array: np.ndarray) -> str:
        written.append(array)
        return "ARRAY"

    monkeypatch.setattr("conformance.adapters.reproducer.array_literal", literal)
    call = Call("binary", (Update(np.array([1, 0]), np.array([0.5, 0.2])),))
    texts = [reproducer(one, call) for one in ENTRIES.values()]
    assert all(text.count("ARRAY") == 2 for text in texts)
    assert len(texts) > 50
    # Two arrays, under a name of their own, joined, or in a list.
    assert len(written) <= 6
