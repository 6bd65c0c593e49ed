"""What many entries of a document share is written once and referred to by number or name."""

from __future__ import annotations

import json
from typing import Any


class Table:
    """Entries that are written once.

    Attributes:
        entries: in the order of their numbers.
    """

    def __init__(self) -> None:
        self.entries: list[Any] = []
        self._numbers: dict[str, int] = {}

    def number(self, entry: Any) -> int:
        """Take an entry; return its number."""
        number = self._numbers.setdefault(json.dumps(entry, sort_keys=True, default=str), len(self.entries))
        if number == len(self.entries):
            self.entries.append(entry)
        return number
