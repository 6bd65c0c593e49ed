"""What an evaluation asks of each rule and is told: a rule that says the same to it all need not be evaluated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import numpy as np

from conformance.oracle.model import Incomposable, Rule
from conformance.oracle.reasons import Raises
from conformance.oracle.ruleset import Rules


@dataclass(frozen=True, eq=False)
class _Question:
    """One call of a rule, or of a part of it: what was handed over, and what came back or was raised."""

    part: str | None
    arguments: tuple[Any, ...]
    answer: Any


class Record:
    """What was asked of the rules of one evaluation.

    Args:
        keep: whether to keep what was handed over and came back; else only which parts were asked.
    """

    def __init__(self, keep: bool) -> None:
        self._keep = keep
        self._closed = False
        self._asked: dict[str, dict[str | None, list[_Question]]] = {}

    def rules(self, rules: Rules) -> Rules:
        """Return rules that do the same and are recorded."""
        return rules.changed(*(_recorded(rule, self) for rule in rules.by_axis().values()))

    def close(self) -> None:
        """Record no more: what was kept may be asked again."""
        self._closed = True

    def note(self, axis: str, part: str | None, arguments: tuple[Any, ...], call: Callable[..., Any]) -> Any:
        """Call a part of a rule and record it."""
        if self._closed:
            return call(*arguments)
        questions = self._asked.setdefault(axis, {}).setdefault(part, [])
        try:
            answer = call(*arguments)
        except Raises as raised:
            self._add(questions, part, arguments, (raised.type, raised.reason))
            raise
        self._add(questions, part, arguments, answer)
        return answer

    def _add(
        self, questions: list[_Question], part: str | None, arguments: tuple[Any, ...], answer: Any
    ) -> None:
        if self._keep:
            questions.append(_Question(part, arguments, answer))

    def asked(self, axis: str) -> bool:
        """Whether anything was asked of the rule on an axis."""
        return bool(self._asked.get(axis))

    def asks_another_part(self, axis: str, one: Any, other: Any) -> bool:
        """Whether a part was asked that the recorded rule `one` does not share with `other`."""
        return any(_part(one, part) is not _part(other, part) for part in self._asked.get(axis, {}))

    def answers_alike(self, axis: str, one: Any, other: Any) -> bool:
        """Whether `other` in the place of the recorded rule `one` would have said the same to everything."""
        asked = self._asked.get(axis, {})
        for part, questions in asked.items():
            mine, theirs = _part(one, part), _part(other, part)
            if mine is theirs:
                continue
            if not self._keep or theirs is None or not callable(theirs):
                return False
            # A part that gives nothing changes what it is handed, which is not kept as it was.
            if any(question.answer is None or not _answers(theirs, question) for question in questions):
                return False
        return True


class _Recorded:
    """A rule that records what is asked of it."""

    def __init__(self, axis: str, apply: Any, record: Record) -> None:
        self._axis, self._apply, self._record = axis, apply, record

    def __call__(self, *arguments: Any) -> Any:
        return self._record.note(self._axis, None, arguments, self._apply)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._apply, name)
        if not callable(found):
            return self._record.note(self._axis, name, (), lambda: found)

        def part(*arguments: Any) -> Any:
            return self._record.note(self._axis, name, arguments, found)

        return part


def _recorded(rule: Rule, record: Record) -> Rule:
    if rule.apply is None:
        return rule
    recorded: Any = _Recorded(rule.axis, rule.apply, record)
    return replace(rule, behaviour=replace(rule.behaviour, apply=recorded))


def _part(rule: Any, part: str | None) -> Any:
    return rule if part is None else getattr(rule, part, None)


def _answers(rule: Callable[..., Any], question: _Question) -> bool:
    try:
        answer = rule(*question.arguments)
    except Raises as raised:
        answer = raised.type, raised.reason
    except Incomposable:
        return False
    return alike(answer, question.answer)


def alike(one: Any, other: Any) -> bool:
    """Whether two answers are the same to the last bit: arrays, value objects, numbers, and lists of these."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        same = one.dtype == other.dtype and one.shape == other.shape
        return same and (
            list(one.flat) == list(other.flat) if one.dtype == object else one.tobytes() == other.tobytes()
        )
    if is_dataclass(one):
        return all(alike(getattr(one, item.name), getattr(other, item.name)) for item in fields(one))
    if isinstance(one, Mapping):
        return list(one) == list(other) and all(alike(value, other[key]) for key, value in one.items())
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(alike, one, other))
    return bool(one == other) or (one != one and other != other)
