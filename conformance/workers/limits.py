"""How long a call may take, and how much memory a worker may use. Standard library only."""

from __future__ import annotations

import math
import threading


def seconds(text: str) -> float:
    """Return a number of seconds to wait; a longer time becomes the longest that can be waited for.

    Raises:
        ValueError: it is not a positive number; the message says so.
    """
    return min(_positive(text, "seconds"), threading.TIMEOUT_MAX)


def gigabytes(text: str) -> int:
    """Return a number of gigabytes (10^9 bytes) as bytes.

    Raises:
        ValueError: it is not a positive number, or is more than any machine has; the message says so.
    """
    number = _positive(text, "gigabytes")
    if number > 2**30:
        raise ValueError(f"{text!r} gigabytes are more than a process can have.")
    return int(number * 10**9)


def limit_memory(size: int) -> None:
    """Let this process allocate at most `size` bytes of data, where the platform can limit that.

    Allocations beyond fail, as they would on a machine without more memory, and the machine goes on. What counts
    is data that the process can write to: libraries reserve far more address space than they use.
    """
    try:
        import resource
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limit = size if hard == resource.RLIM_INFINITY else min(size, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


def _positive(text: str, unit: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise ValueError(f"{text!r} is not a positive number of {unit}.")
    return number
