"""What a metric claims to compute: the definition of an implementation, and the cases that apply to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from conformance.adapters import script
from conformance.adapters.base import IGNORABLE, Call, Implementation
from conformance.adapters.registry import adapters
from conformance.ask.lookup import UnknownName, named
from conformance.cases import Case
from conformance.oracle import Predictions, find, predict
from conformance.oracle.model import Definition
from conformance.session.choosing import reason_not_asked
from conformance.session.corpus import read_cases


@dataclass(frozen=True)
class Claim:
    """The definition of an implementation, in the newest release that is known.

    Attributes:
        entry: the implementation.
        definition: its definition.
    """

    entry: Implementation
    definition: Definition

    @property
    def name(self) -> str:
        """Id of the implementation."""
        return self.entry.id

    def predictions(self, call: Call) -> Predictions:
        """Return what the definition predicts for a call."""
        return predict(self.definition, call, trace=False)

    def parameters(self, call: Call) -> dict[str, Any]:
        """Return the parameters of a call, under the names of a case: those that it names, and those that follow.

        `num_classes` and the like follow from the data where the implementation insists on them.
        """
        given = script.arguments(self.entry, call)
        own = {name: own for name, own in self.entry.parameters.items() if own not in self.entry.fixed}
        found = {name: given[own[name]] for name in own if own[name] in given}
        for name in ("loss", "dtype", "class_weight"):
            if name in given:
                found[name] = given[name]
        return found

    def needed(self, call: Call) -> tuple[str, ...]:
        """Return the parameters without which the call would be another one; `num_classes` can be left out."""
        named = (name for name in call.parameters if name in self.entry.parameters and name not in IGNORABLE)
        weights = ("sample_weight",) if script.has_weights(call) else ()
        more = {"class_weight": call.class_weight, "dtype": call.metric_dtype}
        return (*named, *weights, *(name for name, given in more.items() if given is not None))

    def cases(self, paths: Sequence[Path] = ()) -> tuple[Case, ...]:
        """Return the cases that apply: the shipped ones, or those in files and folders.

        Raises:
            CaseErrors: the files are wrong.
        """
        return tuple(
            case
            for case in _read(tuple(paths))
            if not case.lacks_bfloat16 and reason_not_asked(case, self.entry) is None
        )


def claimed(name: str) -> Claim:
    """Return the claim to be an implementation, whose name is read as `lookup` reads it.

    Raises:
        UnknownName: there is no such implementation, or it has no definition.
        AmbiguousName: there are several.
    """
    _, entry = named(name)
    return claim_of(entry)


def claim_of(entry: Implementation) -> Claim:
    """Return the claim to be an implementation.

    Raises:
        UnknownName: it has no definition.
    """
    if entry.definition is None:
        raise UnknownName(f"{entry.id} claims no definition: nothing says what it should return.")
    return Claim(entry, find(entry.definition))


@cache
def _read(paths: tuple[Path, ...]) -> tuple[Case, ...]:
    return read_cases(paths, adapters())
