"""Text from outside the project - titles, ids, file names, messages of frameworks - made safe to show."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

#: Longer words are near to nothing, and would take long to compare.
_LONGEST = 120

#: What a job of GitHub would read as a command, at the start of a line, which it may become when it is wrapped.
_COMMAND = re.compile(r"(?<!\S):(?=:[A-Za-z])|(?<=#)#(?=\[)")


def visible(text: str) -> str:
    """Write whatever could act on a terminal or in the log of a CI job as an escape.

    That is control characters, direction marks, lone surrogates and workflow commands (`::error`, `##[error]`).
    Newlines and tabs stay. The result can always be encoded as UTF-8.
    """
    if not (text.isascii() and text.isprintable()):
        text = "".join(map(_visible, text))
    # Most texts have nothing like a command, and a document has tens of thousands.
    return _COMMAND.sub(lambda found: _escape(found.group()), text) if "::" in text or "##" in text else text


def all_visible(value: Any) -> Any:
    """Return nested lists and mappings with all texts, keys included, `visible`; what is so already is not copied."""
    if isinstance(value, str):
        return visible(value)
    made: Any = value
    if isinstance(value, Mapping):
        made = {visible(str(key)): all_visible(item) for key, item in value.items()}
    elif isinstance(value, (list, tuple)):
        made = [all_visible(item) for item in value]
    return value if made == value else made


def one_line(text: str, width: int | None = None) -> str:
    """Return `text`, made `visible`, on one line; an ellipsis marks where more than `width` characters end."""
    line = visible(re.sub(r"\s+", " ", text).strip())
    return line if width is None or len(line) <= width else line[: max(width - 1, 0)] + "…"


def last_line(text: str) -> str:
    """Return the last line that is not empty: of a traceback, the exception."""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")


def shortened(text: str, width: int = 1000, lines: int = 100) -> str:
    """Return `text` without the ends of lines of more than `width` characters, and without all but the first lines."""
    kept = text.split("\n")
    cut = [
        line if len(line) <= width else f"{line[:width]}… ({len(line):,} characters)" for line in kept[:lines]
    ]
    return "\n".join([*cut, f"… ({len(kept):,} lines)"] if len(kept) > lines else cut)


def _visible(character: str) -> str:
    acts = character in _BIDI or unicodedata.category(character) in ("Cc", "Cs")
    return _escape(character) if acts and character not in "\n\t" else character


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def count(number: int, singular: str, plural: str | None = None) -> str:
    """Return `1 case`, `2 cases`, `10,000 cases`."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def did_you_mean(word: object, known: Collection[str]) -> str:
    """Return ` (did you mean 'x'?)` for the nearest of `known`, or nothing if none is near."""
    if not isinstance(word, str) or len(word) > _LONGEST:
        return ""
    return _nearest(word, tuple(known))


@lru_cache(maxsize=1024)
def _nearest(word: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(word, known, n=1) or [k for k in known if k.lower() == word.lower()]
    return f" (did you mean {near[0]!r}?)" if near else ""
