"""Why implementations raise: a code that identifies each reason, and a sentence for people.

`reasons.yaml` lists the reasons that several frameworks share; that of a framework's package lists its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from conformance.oracle.package_files import read_yaml


@dataclass(frozen=True)
class Reason:
    """Why an implementation raises.

    Attributes:
        code: slug; rules that raise for the same reason share it. Reasons are equal if their codes are.
        says: one sentence, without a full stop.
        detail: what of several things it is in a call; empty where there is one.
    """

    code: str
    says: str = field(compare=False)
    detail: str = field(default="", compare=False)

    def of(self, detail: str) -> Reason:
        """Return the reason with what it is in a call."""
        return replace(self, detail=detail)

    @property
    def why(self) -> str:
        """The sentence, with the detail."""
        return f"{self.says}: {self.detail}" if self.detail else self.says

    def __str__(self) -> str:
        return f"{self.why} ({self.code})"


class Raises(Exception):  # noqa: N818 - what a definition predicts, not an error of the oracle
    """The implementation raises.

    Attributes:
        reason: why.
        type: exception type where the framework's own check raises, None where a backend does and any type
            may come.
    """

    def __init__(self, reason: Reason, type: str | None = None) -> None:  # noqa: A002 - the word of results.json
        super().__init__(reason.says)
        self.reason = reason
        self.type = type


def raise_if(condition: object, reason: Reason, type: str | None = None) -> None:  # noqa: A002 - as above
    """Raise for a reason where a condition holds.

    Raises:
        Raises: it holds.
    """
    if condition:
        raise Raises(reason, type)


@cache
def reasons_in(package: str) -> Mapping[str, Reason]:
    """Return code -> reason: those that several frameworks share, and those that `reasons.yaml` of a package lists."""
    listed = {**read_yaml(__package__, "reasons.yaml"), **read_yaml(package, "reasons.yaml")}
    return {code: Reason(code, says) for code, says in listed.items()}


#: The reasons that several frameworks share.
R = reasons_in(__package__)
