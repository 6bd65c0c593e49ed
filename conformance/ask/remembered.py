"""What is computed once, and only as far as it is needed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """What an iterator yields, to be iterated over again; nothing is asked of it before it is needed."""

    def __init__(self, given: Iterator[T]) -> None:
        self._known: list[T] = []
        self._given = given

    def __iter__(self) -> Iterator[T]:
        yield from self._known
        for one in self._given:
            self._known.append(one)
            yield one
