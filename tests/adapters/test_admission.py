from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from made_cases import ADAPTERS, ENTRIES, FRAMEWORKS
from packaging.version import Version

from conformance.adapters.admission import RANKS, UPDATES, admission, reason_not_applicable
from conformance.adapters.base import Call, Implementation, Recipe, Update


def call(task: str = "binary", true: int = 1, pred: int = 1, *, weighted: bool = False, **more: Any) -> Call:
    """A case whose arrays have these ranks."""
    weight = np.ones(1) if weighted else None
    return Call(task, (Update(np.zeros((1,) * true), np.zeros((1,) * pred), weight),), **more)


def batched(*sizes: int, width: int = 1) -> Call:
    updates = tuple(Update(np.zeros((size, width)), np.zeros((size, width))) for size in sizes)
    return Call("binary", updates, batches=sizes)


def reason(name: str, case: Call, **more: Any) -> str | None:
    return reason_not_applicable(ENTRIES[name], case, **more)


def admitted(case: Call) -> set[str]:
    return {name for name in ENTRIES if reason(name, case) is None}


@pytest.mark.parametrize(
    ("task", "asked", "not_asked"),
    [
        ("binary", "torchmetrics.classification.BinaryAccuracy", "keras.metrics.CategoricalAccuracy"),
        ("multiclass", "keras.metrics.CategoricalAccuracy", "sklearn.metrics.accuracy_score[Binarizer]"),
        (
            "multilabel",
            "sklearn.metrics.accuracy_score[Binarizer]",
            "sklearn.metrics.balanced_accuracy_score",
        ),
    ],
)
def test_a_case_is_for_the_implementations_of_its_task(task: str, asked: str, not_asked: str) -> None:
    names = admitted(call(task, 2, 2))
    assert asked in names
    assert not_asked not in names
    assert reason(not_asked, call(task, 2, 2)) == (
        f"supports only {' and '.join(sorted(ENTRIES[not_asked].tasks))} cases, not {task}"
    )


@pytest.mark.parametrize(
    ("name", "ranks"),
    [
        ("keras.metrics.CategoricalAccuracy", {(2, 2), (3, 3)}),
        ("keras.metrics.top_k_categorical_accuracy", {(2, 2), (3, 3)}),
        ("tf_keras.metrics.TopKCategoricalAccuracy", {(2, 2), (3, 3)}),
        ("tf_keras.Model.compile[accuracy]", {(t, p) for t in range(4) for p in (1, 2, 3)}),
        ("tf_keras.metrics.sparse_categorical_accuracy", {(1, 2), (2, 2), (2, 3), (3, 3)}),
        ("keras.metrics.SparseCategoricalAccuracy", {(1, 2), (2, 2), (2, 3), (3, 3)}),
        ("keras.metrics.sparse_top_k_categorical_accuracy", {(1, 2), (2, 2), (2, 3), (3, 3)}),
        ("sklearn.metrics.accuracy_score[argmax]", {(t, p) for t in range(4) for p in (2, 3)}),
        ("sklearn.metrics.top_k_accuracy_score", {(t, p) for t in range(4) for p in (2, 3)}),
        ("keras.Model.compile[accuracy]", {(t, p) for t in range(4) for p in (1, 2, 3)}),
        ("torchmetrics.classification.MulticlassAccuracy", {(t, p) for t in range(4) for p in range(4)}),
    ],
)
def test_the_ranks_decide(name: str, ranks: set[tuple[int, int]]) -> None:
    every = {(true, pred) for true in range(4) for pred in range(4)}
    assert {pair for pair in every if reason(name, call("multiclass", *pair)) is None} == ranks


def test_values_and_dtypes_do_not_decide() -> None:
    odd = Call("binary", (Update(np.array(["yes"]), np.array([np.nan])),))
    assert admitted(odd) == admitted(call("binary", 1, 1))


def test_without_any_update_the_ranks_are_open() -> None:
    empty = Call("multiclass", (), batches=())
    assert reason("keras.metrics.CategoricalAccuracy", empty) is None
    assert reason("keras.Model.compile[accuracy]", empty) == "needs at least one update"
    assert reason("keras.Model.compile[accuracy,dataset]", empty) == "needs at least one update"


def test_what_is_about_several_updates_is_asked_about_one_by_name_only() -> None:
    name = "torchmetrics.classification.BinaryAccuracy[mean of forward]"
    assert reason(name, call("binary")) == "is about several updates; the case has one"
    assert reason(name, call("binary"), chosen=True) is None
    assert reason(name, batched(2, 1)) is None
    empty = Call("binary", (), batches=())
    assert reason(name, empty, chosen=True) == "needs at least one update"


def test_top_k_accuracy_score_is_asked_about_binary_cases_that_name_top_k() -> None:
    name = "sklearn.metrics.top_k_accuracy_score"
    assert reason(name, call("binary")) == "runs on binary cases only if they set top_k"
    assert reason(name, call("binary", parameters={"top_k": 1})) is None


@pytest.mark.parametrize("named", ["num_classes", "num_labels", "labels", "validate_args"])
def test_a_parameter_that_only_some_need_is_ignored_by_the_others(named: str) -> None:
    assert admitted(call("binary", parameters={named: 2})) == admitted(call("binary"))


def test_a_parameter_that_is_missing_is_named() -> None:
    case = call("multiclass", 1, 2, parameters={"threshold": 0.7})
    assert reason("keras.metrics.SparseCategoricalAccuracy", case) == "has no parameter threshold"


def test_a_list_of_thresholds_is_for_those_that_take_one() -> None:
    several, one = ({"threshold": threshold} for threshold in ([0.3, 0.7], 0.3))
    taken = admitted(call("binary", 2, 2, metric="precision", parameters=several))
    assert taken == {
        name for name in admitted(call("binary", 2, 2, metric="precision", parameters=one)) if "keras" in name
    }
    said = "takes one threshold"
    case = call("binary", 2, 2, parameters=several)
    assert reason("torchmetrics.classification.BinaryAccuracy", case) == said
    assert reason("keras.metrics.BinaryAccuracy", case) == said
    assert reason("keras.metrics.F1Score", replace(case, metric="f1")) == said
    assert "parameters: threshold or a list, top_k" in admission(ENTRIES["keras.metrics.Precision"])


def test_a_parameter_that_the_way_of_use_fixes_is_not_open_to_a_case() -> None:
    case = call("multiclass", 1, 2, parameters={"average": "macro"})
    name = "torchmetrics.classification.MulticlassAccuracy"
    said = f"has average fixed to micro: leave average out, or take {name}"
    assert reason(f"{name}[average=micro]", case) == said
    assert reason(name, case) is None


def test_weights_and_metric_dtype_are_for_those_that_take_them() -> None:
    weighted = admitted(call("binary", weighted=True))
    assert "keras.metrics.Accuracy" in weighted
    assert "sklearn.metrics.accuracy_score[Binarizer]" in weighted
    assert "keras.metrics.binary_accuracy" not in weighted
    assert not any(name.startswith("torchmetrics") for name in weighted)
    typed = admitted(call("binary", metric_dtype="float64"))
    assert "tf_keras.metrics.BinaryAccuracy" in typed
    assert "keras.metrics.binary_accuracy" not in typed


def test_a_loss_asks_more_ways_of_compile_and_is_ignored_by_those_without_one() -> None:
    without, with_loss = admitted(call("binary")), admitted(call("binary", loss="hinge"))
    assert without < with_loss
    assert {ENTRIES[name].asked for name in with_loss - without} == {"named-or-loss"}


def test_a_way_of_compile_that_few_use_is_asked_where_it_is_named_or_a_loss_is() -> None:
    name = "keras.Model.compile[weighted_metrics=acc]"
    refusal = "runs only in cases that name it under implementations or set a loss"
    assert reason(name, call("binary")) == refusal
    assert reason(name, call("binary"), chosen=True) is None
    assert reason(name, call("binary", loss="hinge")) is None


def test_a_string_without_a_value_is_asked_where_a_case_names_it_only() -> None:
    name = "tf_keras.Model.compile[crossentropy]"
    said = "runs only in the table of compile() strings, or in cases that name it under implementations"
    assert reason(name, call("binary")) == reason(name, call("binary", loss="hinge")) == said
    assert reason(name, call("binary"), chosen=True) is None


def test_functions_are_not_asked_for_successive_updates() -> None:
    names = admitted(batched(3, 1))
    assert names >= {"keras.metrics.BinaryAccuracy", "torchmetrics.classification.BinaryAccuracy[gloo]"}
    assert not {name for name in names if ENTRIES[name].updates == "one"}
    refusal = reason("sklearn.metrics.accuracy_score", batched(3, 1))
    assert refusal == "is a function, called once; the case has several updates"


@pytest.mark.parametrize("case", [call(), batched(), batched(4)], ids=["one call", "no update", "one update"])
def test_shards_are_at_least_two_updates_unless_a_case_chooses(case: Call) -> None:
    name = "torchmetrics.classification.BinaryAccuracy[gloo]"
    assert reason(name, case) == "shards the updates; the case has fewer than two batches or updates"
    assert reason(name, case, chosen=True) is None
    assert reason(name, batched(2, 2)) is None


def test_the_description_says_that_updates_are_shards() -> None:
    sharded = ENTRIES["keras.metrics.BinaryAccuracy[MirroredStrategy]"]
    assert "any number of updates, two or more: the shards" in admission(sharded)


@pytest.mark.parametrize("sizes", [(4,), (0,), (3, 1), (2, 2), (2, 2, 1)])
def test_these_batches_are_made_by_one_batch_size(sizes: tuple[int, ...]) -> None:
    assert reason("keras.Model.compile[accuracy]", batched(*sizes)) is None


@pytest.mark.parametrize("sizes", [(1, 3), (2, 0), (0, 2), (0, 0), (2, 1, 2), (3, 2, 2)])
def test_these_batches_are_made_by_none(sizes: tuple[int, ...]) -> None:
    refusal = reason("keras.Model.compile[accuracy]", batched(*sizes))
    said = f"has a single batch_size, which cannot make the batches {list(sizes)}: only the last one may be smaller"
    assert refusal == said
    assert reason("keras.Model.compile[accuracy,dataset]", batched(*sizes), chosen=True) is None


def test_rows_of_different_width_do_not_fit_into_one_array() -> None:
    updates = batched(2).updates + batched(2, width=3).updates
    refusal = reason("keras.Model.compile[accuracy]", Call("binary", updates, batches=(2, 2)))
    assert refusal == "takes a single array; the y_true of the updates cannot be concatenated"


def test_an_implementation_chosen_by_the_case_goes_outside_tasks_and_ranks_only() -> None:
    name = "sklearn.metrics.accuracy_score[argmax]"
    assert reason(name, call("binary", 1, 1), chosen=True) is None
    assert (
        reason(name, call("binary", parameters={"average": "micro"}), chosen=True)
        == "has no parameter average"
    )
    assert reason(name, batched(3, 1), chosen=True) is not None


def test_every_implementation_has_a_description_of_the_cases_it_runs_on() -> None:
    described = {name: admission(entry) for name, entry in ENTRIES.items()}
    assert "binary (with top_k), multiclass; " in described["sklearn.metrics.top_k_accuracy_score"]
    micro = described["torchmetrics.classification.MulticlassAccuracy[average=micro]"]
    assert "top_k" in micro
    assert " average" not in micro
    assert {entry.ranks for entry in ENTRIES.values()} == set(RANKS)
    assert {entry.updates for entry in ENTRIES.values()} == set(UPDATES)


def test_every_rank_rule_of_an_entry_has_to_exist() -> None:
    entry = Implementation("x", "accuracy", frozenset({"binary"}), Recipe((), "1.0"), ranks="cubic")
    with pytest.raises(KeyError):
        reason_not_applicable(entry, call())


@pytest.mark.parametrize(
    ("release", "said"),
    [
        ("1.7.2", "is new in 1.8"),
        ("1.7.2.post1", "is new in 1.8"),
        ("1.8rc1", None),
        ("1.9.0.dev0", "is gone since 1.9"),
        ("1.8.0", None),
        ("1.8.1", None),
        ("1.9.0", "is gone since 1.9"),
        (None, "is gone since 1.9"),
    ],
)
def test_an_implementation_is_there_in_its_releases_only(release: str | None, said: str | None) -> None:
    entry = replace(ENTRIES["sklearn.metrics.accuracy_score"], releases=">=1.8,<1.9")
    installed = None if release is None else Version(release)
    for chosen in (False, True):
        assert reason_not_applicable(entry, call(), chosen=chosen, release=installed) == said
    assert admission(entry).endswith("; releases >=1.8,<1.9")


@pytest.mark.parametrize(("release", "said"), [("1.9", "which is gone since 1.9"), ("1.8.2", None)])
def test_a_parameter_is_there_in_its_releases_only(release: str, said: str | None) -> None:
    known = ENTRIES["sklearn.metrics.accuracy_score"]
    entry = replace(known, parameter_releases={"normalize": "<1.9"})
    named = call(parameters={"normalize": False})
    expected = said and f"has no parameter normalize, {said}"
    assert reason_not_applicable(entry, named, release=Version(release)) == expected
    assert reason_not_applicable(entry, call(), release=Version(release)) is None
    assert "parameters: normalize (<1.9)" in admission(entry)


def test_no_framework_is_imported_for_any_of_this() -> None:
    names = ["conformance.adapters.reproducer", "conformance.workers.pool", "conformance.workers.remote"]
    names += [adapter.path.partition(":")[0] for adapter in ADAPTERS]
    program = f"import sys, {', '.join(names)}\nprint(set({FRAMEWORKS}) & set(sys.modules))"
    environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
    finished = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment
    )
    assert finished.stdout == "set()\n"
