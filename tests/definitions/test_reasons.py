"""Reasons for exceptions: codes identify, sentences explain."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator

import pytest

import conformance.frameworks
import conformance.oracle
from conformance.oracle.reasons import Reason


def _reasons() -> Iterator[Reason]:
    for package in (conformance.oracle, conformance.frameworks):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                found = vars(importlib.import_module(module.name)).values()
                yield from (value for value in found if isinstance(value, Reason))


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


@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: reason.code)
def test_a_reason_is_a_slug_and_a_sentence_without_a_full_stop(reason: Reason) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", reason.code)
    assert len(reason.says.split()) >= 3
    assert not reason.says.endswith((".", " "))
