"""Framework messages without what differs between machines or runs.

Needs the standard library only.
"""

from __future__ import annotations

import re
import traceback

#: Longest message that is kept, in characters.
LENGTH = 500

#: So much of a message is read at all. Every pattern below is linear in the text, or nearly so.
_MOST_READ = 20_000

_REMOVED = (
    # Tracebacks embedded in the text of graph errors, and notes on their nodes.
    re.compile(r'^[ \t]*File "[^"\n]*", line \d+.*$', re.MULTILINE),
    re.compile(r" defined at \(most recent call last\):"),
    re.compile(r"\[\[\{\{[^{}\n]*\}\}\]\]\s?"),
    re.compile(r"\{\{[^{}\n]*\}\}\s?"),
    # Terminal colours.
    re.compile(r"\x1b\[[0-9;]*m"),
)
#: Each rank fails on its own shard, and chance decides which one is heard first: only the exception is the same.
_RANK = re.compile(
    r"-- Process \d+ terminated with the following error:.*?^([\w.]+): .*", re.DOTALL | re.MULTILINE
)
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]+\b")
_COUNTER = re.compile(r"(__(?:inference|forward|backward)_\w*?|\w+Dataset)[_:]\d+\b")
_PATH = re.compile(r"(?<![\w:/.])(?:/[\w.+~@-]+)+/([\w.+~@-]+)")
_WINDOWS_PATH = re.compile(r"\b[A-Za-z]:\\(?:[^\\\s\"']+\\)*")


def clean(text: str) -> str:
    """Return a message without paths (the last component stays), addresses, counters and embedded tracebacks.

    At most `LENGTH` characters; an ellipsis marks a truncated message.
    """
    text = text[:_MOST_READ]
    for pattern in _REMOVED:
        text = pattern.sub("", text)
    text = _RANK.sub(r"A process terminated with \1", text)
    text = _ADDRESS.sub("0x...", text)
    text = _COUNTER.sub(r"\1", text)
    text = _WINDOWS_PATH.sub("", _PATH.sub(r"\1", text))
    text = "\n".join(line.rstrip() for line in text.strip().splitlines() if line.strip())
    return text if len(text) <= LENGTH else f"{text[: LENGTH - 1]}…"


def traced(error: BaseException) -> str:
    """Return the traceback of an exception, of a long one the end."""
    return "".join(traceback.format_exception(error))[-_MOST_READ:].rstrip()


def described(error: BaseException) -> str:
    """Return the class of an exception and its message, cleaned."""
    return f"{type(error).__name__}: {clean(str(error))}"
