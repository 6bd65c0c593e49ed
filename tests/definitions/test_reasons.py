"""Reasons for exceptions: codes identify, sentences explain."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from asking import BINARY, MULTICLASS, predicted

import conformance.frameworks
import conformance.oracle
from conformance.oracle.reasons import Reason


def _modules() -> Iterator[ModuleType]:
    for package in (conformance.oracle, conformance.frameworks):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                yield importlib.import_module(module.name)


def _reasons() -> Iterator[Reason]:
    for module in _modules():
        yield from (value for value in vars(module).values() if isinstance(value, Reason))
        yield from getattr(module, "R", {}).values()


SCORE = "sklearn.metrics.accuracy_score"

REASONS = [*{(reason.code, reason.says): reason for reason in _reasons()}.values()]


def test_a_code_has_one_sentence_and_a_sentence_one_code() -> None:
    says, codes = defaultdict(set), defaultdict(set)
    for reason in REASONS:
        says[reason.code].add(reason.says)
        codes[reason.says].add(reason.code)
    assert {code: found for code, found in says.items() if len(found) > 1} == {}
    assert {text: found for text, found in codes.items() if len(found) > 1} == {}


def test_reasons_are_equal_if_their_codes_are() -> None:
    assert Reason("no-classes", "one wording") == Reason("no-classes", "another")
    assert Reason("no-classes", "one wording") != Reason("no-samples", "one wording")


def test_what_a_module_names_is_listed_and_what_is_listed_is_named() -> None:
    named, listed = set[str](), set[str]()
    for module in _modules():
        codes = set(re.findall(r'\bR\["([^"]+)"\]', inspect.getsource(module)))
        listed |= set(getattr(module, "R", codes))
        assert codes <= listed, module.__name__
        named |= codes
    assert named == listed


@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: reason.code)
def test_a_reason_is_a_slug_and_a_sentence_without_a_full_stop(reason: Reason) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", reason.code)
    assert len(reason.says.split()) >= 3
    assert not reason.says.endswith((".", " "))


@pytest.mark.parametrize(
    ("targets", "columns", "more", "code"),
    [
        ([0, 1, 2, 3], 3, {}, "more-classes-than-columns"),
        ([0, 1, 2, 0], 4, {}, "fewer-classes-than-columns"),
        ([0, 1, 2, 0], 3, {"labels": [0, 1, 2, 3]}, "more-classes-than-columns"),
        ([0, 1, 2, 0], 4, {"labels": [0, 1, 2]}, "fewer-classes-than-columns"),
    ],
)
def test_more_classes_than_columns_are_not_fewer(
    targets: list[int], columns: int, more: dict[str, list[int]], code: str
) -> None:
    scores = [[1 / (1 + abs(target - column)) for column in range(columns)] for target in targets]
    found = predicted(
        "sklearn.metrics.top_k_accuracy_score", "multiclass", y_true=targets, y_pred=scores, top_k=1, **more
    )
    assert found.reason is not None
    assert found.reason.code == code


@pytest.mark.parametrize(
    ("definition", "data", "why"),
    [
        (SCORE, {"y_true": [0, 1], "y_pred": [float("nan"), 0.5]}, "there is NaN or infinity: in y_pred"),
        (
            BINARY,
            {"y_true": [[0], [1]], "y_pred": [0.1, 0.9]},
            "targets and predictions have to have the same shape: y_true (2, 1), y_pred (2,)",
        ),
        (
            SCORE,
            {"y_true": [0, 1, 1], "y_pred": [0, 1]},
            "the arrays have different numbers of samples: y_true 3, y_pred 2",
        ),
        (
            MULTICLASS,
            {"y_true": [1, 5], "y_pred": [1, 5], "num_classes": 3},
            "a label is outside the classes: 5 in y_true and 5 in y_pred",
        ),
    ],
)
def test_a_reason_says_which_array_it_is_about(definition: str, data: dict[str, Any], why: str) -> None:
    task = "multiclass" if definition == MULTICLASS else "binary"
    reason = predicted(definition, task, **data).reason
    assert reason is not None
    assert reason.why == why
