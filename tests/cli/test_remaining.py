"""The estimate of the remaining time, by a clock that the tests set."""

from __future__ import annotations

from conformance.cli.remaining import Remaining


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_it_says_nothing_until_each_framework_has_answered_twice() -> None:
    clock = Clock()
    remaining = Remaining(clock)
    for framework in ("a", "a", "a", "b", "b"):
        remaining.asked(framework, "metric")
    assert str(remaining) == ""
    for clock.now, framework in ((10.0, "a"), (11.0, "a")):
        remaining.answered(framework, "metric")
    assert str(remaining) == ""  # b is being imported
    clock.now = 12.0
    remaining.answered("b", "metric")
    assert str(remaining) == "about 1 s left"


def test_the_time_of_an_import_is_no_time_of_a_call() -> None:
    clock = Clock()
    remaining = Remaining(clock)
    for _ in range(100):
        remaining.asked("a", "metric")
    for clock.now in (40.0, 40.5, 41.0):
        remaining.answered("a", "metric")
    assert remaining.seconds() == 97 * 0.5


def test_kinds_take_their_own_times_and_the_slowest_framework_decides() -> None:
    clock = Clock()
    remaining = Remaining(clock)
    for framework, kind, number in (("a", "metric", 12), ("a", "model", 102), ("b", "metric", 1002)):
        for _ in range(number):
            remaining.asked(framework, kind)
    for clock.now, framework, kind in (
        (1.0, "a", "metric"),
        (2.0, "b", "metric"),
        (2.1, "b", "metric"),
        (3.0, "a", "model"),
        (3.5, "a", "metric"),
        (6.5, "a", "model"),
    ):
        remaining.answered(framework, kind)
    # a: 10 metrics of 0.5 s and 100 models of 2.5 s; b: 1000 metrics of 0.1 s.
    assert remaining.seconds() == 10 * 0.5 + 100 * 2.5
    assert str(remaining) == "about 4 min left"


def test_a_kind_that_has_not_been_seen_takes_as_long_as_elsewhere() -> None:
    clock = Clock()
    remaining = Remaining(clock)
    for framework, kind in (
        ("a", "metric"),
        ("a", "metric"),
        ("b", "metric"),
        ("b", "model"),
        ("a", "model"),
    ):
        remaining.asked(framework, kind)
    for clock.now, framework, kind in (
        (1.0, "a", "metric"),
        (2.0, "a", "metric"),
        (3.0, "b", "metric"),
        (7.0, "b", "model"),
    ):
        remaining.answered(framework, kind)
    assert remaining.seconds() == 4.0


def test_nothing_is_left_at_the_end() -> None:
    remaining = Remaining(Clock())
    assert remaining.seconds() == 0.0
