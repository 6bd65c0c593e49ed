"""How long a cell may take."""

from __future__ import annotations

import threading


def seconds(text: str) -> float:
    """Return a number of seconds that can be waited for; what is longer is cut to the longest of these.

    Raises:
        ValueError: it is not a positive number; the message says so.
    """
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    # Written so that NaN is refused, too.
    if not 0 < number < float("inf"):
        raise ValueError(f"{text!r} is not a positive number of seconds.")
    return min(number, threading.TIMEOUT_MAX)
