"""How a large document is written: what occurs in it more than once is there once.

Such a file has a list `shared`. `{"$": 7}`, wherever it stands, is the entry 7 of that list, and an entry may have
earlier ones in it. Objects, lists and texts are shared, but for those so short that a number would not be easier to
read. `{"$": ["import os", {"$": 7}]}` is the text of these lines: programs differ, and most of their lines do not.
Inputs, outcomes and predictions are written out where they stand, so that other programs need not know of this, unless
there are thousands of cases. A document of fewer cases, as people look at, is written out as a whole.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

#: Documents of more cases than this share what stands under `EXPLAINING`.
WRITTEN_OUT = 400

#: Documents of more cases than this share everything.
LARGE = 4_000

#: Keys under which rules, causes and reasons stand, which are most of a document and are much alike.
EXPLAINING = frozenset(
    {
        "rules",
        "divergences",
        "pairs",
        "curves",
        "reason",
        "not_applicable",
        "equal_calls",
        "implementations",
        "program",
        "laws",
        "findings",
        "resolutions",
        "since",
        "runs",
        "traces",
    }
)

#: What has fewer characters as JSON is not shared.
LEAST = 30

SHARED = "shared"
#: No key of a document: those are names, slugs and import paths.
_NUMBER = "$"

#: Tables of packed documents before there was `shared`.
_TABLES = ("texts", "divergences", "traces")


#: Made once: a document has tens of thousands of values on lines of their own.
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def to_json(value: Any) -> str:
    """Return strict JSON on one line.

    Raises:
        ValueError: there is a float that JSON does not have.
    """
    return _ENCODER.encode(value)


def packed(results: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a document as it is written: `cases` can be gone through once, and has to be before `shared`."""
    cases = len(results.get("cases") or ())
    if cases <= WRITTEN_OUT:
        return results
    shared = _Shared(results, EXPLAINING if cases <= LARGE else None)
    others = {name: shared.within(value, name) for name, value in results.items() if name != "cases"}
    packed_cases = (shared.within(case, "cases") for case in results["cases"])
    return {**results, **others, "cases": packed_cases, SHARED: shared.entries}


class _Shared:
    """What occurs more than once in a document.

    Attributes:
        entries: those that were referred to so far.

    Args:
        results: the document.
        keys: what stands under these keys is shared, however deep; None for everything.
    """

    def __init__(self, results: Mapping[str, Any], keys: Collection[str] | None) -> None:
        self.entries: list[Any] = []
        self._keys = keys
        self._numbers: dict[bytes, int] = {}
        self._times = Counter[bytes]()
        for name, value in results.items():
            self._count(value, self._is_under(name))

    def _is_under(self, name: str) -> bool:
        return self._keys is None or name in self._keys

    def _count(self, whole: Any, under: bool) -> None:
        """Count the parts of a value that are shared; `under` says that it stands under one of the keys."""
        for name, value in _parts(whole):
            here = under or self._is_under(name)
            key = _key(value) if here else None
            if key is not None:
                self._times[key] += 1
            if key is None or self._times[key] == 1:  # later its parts are within what is shared
                self._count(value, here)

    def within(self, value: Any, name: str) -> Any:
        """Return a value that stands under `name`, with numbers of what is shared among its parts."""
        return self._within(value, self._is_under(name))

    def _within(self, value: Any, under: bool) -> Any:
        if isinstance(value, Mapping):
            return {name: self._refer(part, under or self._is_under(name)) for name, part in value.items()}
        if isinstance(value, list):
            return [self._refer(part, under) for part in value]
        if under and (lines := _lines(value)):
            written = [self._refer(line, under) for line in lines]
            return value if written == lines else {_NUMBER: written}
        return value

    def _refer(self, value: Any, under: bool) -> Any:
        key = _key(value) if under else None
        if key is None or self._times[key] == 1:
            return self._within(value, under)
        if key not in self._numbers:
            entry = self._within(value, under)
            self._numbers[key] = len(self.entries)
            self.entries.append(entry)
        return {_NUMBER: self._numbers[key]}


def _parts(value: Any) -> Iterable[tuple[str, Any]]:
    if isinstance(value, Mapping):
        return value.items()
    return (("", part) for part in (value if isinstance(value, list) else _lines(value)))


def _lines(value: Any) -> list[str]:
    """Return the lines of a text of several."""
    return value.split("\n") if isinstance(value, str) and "\n" in value else []


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
        if isinstance(number, list):
            lines = list(map(written_out, number))
            if not all(isinstance(line, str) for line in lines):
                raise ValueError("it has a text whose lines are no texts")
            return "\n".join(lines)
        if not isinstance(number, int) or not 0 <= number < len(entries):
            raise ValueError(
                f"it refers to the entry {number!r} of what is shared, where there are {len(entries)}"
            )
        return entries[number]

    for entry in shared:
        entries.append(written_out(entry))  # each may refer to those before it
    return {name: written_out(value) for name, value in results.items() if name != SHARED}
