"""The questions of users that packages of frameworks bring."""

from __future__ import annotations

from made_cases import ADAPTERS
from shipped_cases import CASES

from conformance.oracle import questions


def test_questions_are_about_implementations_that_there_are() -> None:
    there = {entry.id for adapter in ADAPTERS for entry in adapter.implementations}
    strings = {lookup.string for adapter in ADAPTERS for lookup in adapter.lookups}
    cases = {case.id for case in CASES}
    assert questions()
    for question in questions():
        assert set(question.implementations) <= there, question
        assert set(question.strings) <= strings, question
        answers = 1 <= len(question.implementations) <= 2, len(question.strings) == 2, question.case in cases
        assert answers.count(True) == 1, question
