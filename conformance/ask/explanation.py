"""What gives a number: an implementation, but for one thing."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.ask.samples import Deciding


@dataclass(frozen=True)
class Explanation:
    """What gives a number.

    Attributes:
        implementation: the implementation that gives it, but for one thing.
        axis: what is different, an axis.
        says: what is different, in words.
        instead: what to write, to get what the implementation gives.
        samples: which samples decide; None where it cannot be said sample by sample.
        gives: the number with what is different.
        without: what the implementation itself gives; None where it gives no number.
        code: the expression in `instead`, evaluated: it gives `without`; empty for none.
        by: the implementation that gives it on what the call is changed to; empty if that is the first.
        exactly: whether `gives` is the number as it is written, and does not only round to it.
    """

    implementation: str
    axis: str
    says: str
    instead: str
    samples: Deciding | None = None
    gives: float = float("nan")
    without: float | None = None
    code: str = ""
    by: str = ""
    exactly: bool = True

    @property
    def what(self) -> str:
        """What gives the number, in words."""
        rounded = "" if self.exactly else f": {self.gives:.6g}, rounded"
        return f"{self.says} ({self.axis}){rounded}"
