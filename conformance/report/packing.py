"""How a large document is written: what occurs in it more than once is there once.

Such a file has a list `shared`. `{"$": 7}`, wherever it stands, is the entry 7 of that list, and an entry may have
earlier ones in it. Objects, lists and texts are shared, but for those so short that a number would not be easier to
read. A document of fewer cases, as people look at, is written out.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

#: Documents of more cases than this are packed.
WRITTEN_OUT = 100

#: What has fewer characters as JSON is not shared.
LEAST = 60

SHARED = "shared"
#: No key of a document: those are names, slugs and import paths.
_NUMBER = "$"

#: Tables of packed documents before there was `shared`.
_TABLES = ("texts", "divergences", "traces")


def to_json(value: Any) -> str:
    """Return strict JSON on one line.

    Raises:
        ValueError: there is a float that JSON does not have.
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def packed(results: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a document as it is written: `cases` can be gone through once, and has to be before `shared`."""
    if len(results.get("cases") or ()) <= WRITTEN_OUT:
        return results
    shared = _Shared(results)
    others = {name: shared.within(value) for name, value in results.items() if name != "cases"}
    return {**results, **others, "cases": map(shared.within, results["cases"]), SHARED: shared.entries}


class _Shared:
    """What occurs more than once in a document.

    Attributes:
        entries: those that were referred to so far.

    Args:
        results: the document.
    """

    def __init__(self, results: Mapping[str, Any]) -> None:
        self.entries: list[Any] = []
        self._numbers: dict[bytes, int] = {}
        self._times = Counter[bytes]()
        for value in results.values():
            self._count(_parts(value))

    def _count(self, values: Iterable[Any]) -> None:
        for value in values:
            if (key := _key(value)) is not None:
                self._times[key] += 1
                if self._times[key] == 1:  # later its parts are within what is shared
                    self._count(_parts(value))

    def within(self, value: Any) -> Any:
        """Return a value, with numbers of what is shared among its parts."""
        if isinstance(value, Mapping):
            return {name: self._refer(part) for name, part in value.items()}
        return list(map(self._refer, value)) if isinstance(value, list) else value

    def _refer(self, value: Any) -> Any:
        key = _key(value)
        if key is None:
            return value
        if self._times[key] == 1:
            return self.within(value)
        if key not in self._numbers:
            entry = self.within(value)
            self._numbers[key] = len(self.entries)
            self.entries.append(entry)
        return {_NUMBER: self._numbers[key]}


def _parts(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()


def _key(value: Any) -> bytes | None:
    """Return what is the same for equal values; None for one that is not shared."""
    if not isinstance(value, (Mapping, list, str)):
        return None
    text = to_json(value)
    # A lone surrogate, which text may have, has no bytes in UTF-8.
    whole = text.encode("utf-8", "backslashreplace")
    return hashlib.blake2b(whole, digest_size=16).digest() if len(text) >= LEAST else None


def unpacked(results: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a document as it was before it was written; what is shared is one object.

    Raises:
        ValueError: it refers to what is not there, or is packed as older versions did.
    """
    if results.keys() >= {*_TABLES}:
        raise ValueError(
            f"its format is {results.get('format')}, with texts, divergences and traces as tables, as an older version"
            " wrote it"
        )
    shared = results.get(SHARED)
    if not isinstance(shared, list):
        return results
    entries: list[Any] = []

    def written_out(value: Any) -> Any:
        if isinstance(value, list):
            return list(map(written_out, value))
        if not isinstance(value, Mapping):
            return value
        if value.keys() != {_NUMBER}:
            return {name: written_out(part) for name, part in value.items()}
        number = value[_NUMBER]
        if not isinstance(number, int) or not 0 <= number < len(entries):
            raise ValueError(
                f"it refers to the entry {number!r} of what is shared, where there are {len(entries)}"
            )
        return entries[number]

    for entry in shared:
        entries.append(written_out(entry))  # each may refer to those before it
    return {name: written_out(value) for name, value in results.items() if name != SHARED}
