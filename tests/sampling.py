"""Looking at some of many that are alike: the fixture `some`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

#: Returns every so many of some items, or, with --thorough, all of them.
Some = Callable[[Sequence[Any], int], Sequence[Any]]
