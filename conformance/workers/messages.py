"""Text of a framework without what differs from machine to machine or from run to run.

Needs the standard library only.
"""

from __future__ import annotations

import re

#: Longest message that is kept.
LENGTH = 500

_REMOVED = (
    # Tracebacks that TensorFlow writes into the text of graph errors, and its notes on nodes.
    re.compile(r'^\s*File "[^"]*", line \d+.*$', re.MULTILINE),
    re.compile(r" defined at \(most recent call last\):"),
    re.compile(r"\[\[\{\{.*?\}\}\]\]\s?"),
    re.compile(r"\{\{.*?\}\}\s?"),
    # Terminal colours.
    re.compile(r"\x1b\[[0-9;]*m"),
)
#: Ranks fail on shards of their own, and which of them is heard first is chance: only the exception is the same.
_RANK = re.compile(
    r"-- Process \d+ terminated with the following error:.*?^([\w.]+): .*", re.DOTALL | re.MULTILINE
)
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]+\b")
_COUNTER = re.compile(r"(__(?:inference|forward|backward)_\w*?)_\d+\b")
_PATH = re.compile(r"(?<![\w:/.])(?:/[\w.+~@-]+)+/([\w.+~@-]+)")
_WINDOWS_PATH = re.compile(r"\b[A-Za-z]:\\(?:[^\\\s\"']+\\)*")


def clean(text: str) -> str:
    """Return a message without paths (their last part stays), addresses, counters and embedded tracebacks.

    At most `LENGTH` characters; what is cut is marked by an ellipsis.
    """
    for pattern in _REMOVED:
        text = pattern.sub("", text)
    text = _RANK.sub(r"A process terminated with \1", text)
    text = _ADDRESS.sub("0x...", text)
    text = _COUNTER.sub(r"\1", text)
    text = _WINDOWS_PATH.sub("", _PATH.sub(r"\1", text))
    text = "\n".join(line.rstrip() for line in text.strip().splitlines() if line.strip())
    return text if len(text) <= LENGTH else f"{text[: LENGTH - 1]}…"
