"""How long a run will still take."""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable


class Remaining:
    """Estimates the time until all calls are answered, from how long those of each kind took so far.

    Frameworks work at the same time, one call after the other: the slowest one decides. Calls of one kind take about
    the same time, those of different kinds do not. Until a framework has answered, it is being imported.

    Args:
        clock: returns seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._open: Counter[tuple[str, str]] = Counter()
        self._seconds: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
        self._last: dict[str, float] = {}

    def asked(self, framework: str, kind: str) -> None:
        """Count a call that is to be answered."""
        with self._lock:
            self._open[framework, kind] += 1

    def answered(self, framework: str, kind: str) -> None:
        """Count an answer; may be called from any thread."""
        with self._lock:
            now = self._clock()
            if framework in self._last:
                self._seconds[framework, kind].append(now - self._last[framework])
            self._last[framework] = now
            self._open[framework, kind] -= 1

    def seconds(self) -> float | None:
        """Return the estimate; None while there is nothing to tell it from."""
        with self._lock:
            waiting = [key for key, number in self._open.items() if number]
            each = {key: self._each(*key) for key in waiting}
            spent: defaultdict[str, float] = defaultdict(float)
            for (framework, kind), taken in each.items():
                if taken is None:
                    return None
                spent[framework] += taken * self._open[framework, kind]
            return max(spent.values(), default=0.0)

    def _each(self, framework: str, kind: str) -> float | None:
        """Return how long a call takes: of its kind, or of its kind elsewhere, or of any kind of the framework."""
        if framework not in self._last:
            return None
        known = self._seconds.items()
        taken = (
            self._seconds.get((framework, kind))
            or [one for (_, other), many in known for one in many if other == kind]
            or [one for (other, _), many in known for one in many if other == framework]
        )
        return sum(taken) / len(taken) if taken else None

    def __str__(self) -> str:
        seconds = self.seconds()
        if seconds is None:
            return ""
        return (
            f"about {seconds / 60:.0f} min left" if seconds >= 90 else f"about {max(seconds, 1):.0f} s left"
        )
