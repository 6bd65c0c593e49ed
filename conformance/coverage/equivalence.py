"""What may stay untold, and why: the entries of equivalents.yaml, read and held against what is untold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from conformance.cases.match import covers
from conformance.coverage.pairs import Pair
from conformance.coverage.subjects import Subject
from conformance.coverage.variants import Variant

#: The list that comes with the project.
PATH = Path(__file__).with_name("equivalents.yaml")

#: What `asked` may say of the implementations of a definition.
ASKED = ("once", "unweighted")


@dataclass(frozen=True)
class Equivalent:
    """Variants that no legal input tells from a definition.

    Attributes:
        axis: the axis of the variants.
        variants: globs of their names.
        reason: why no input can tell; one sentence.
        definitions: globs of the definitions' names.
        where: axis -> globs of the rules that the definition follows there; one that starts with `!` excludes.
        asked: `once`: its implementations take one update; `unweighted`: they take no sample_weight.
    """

    axis: str
    variants: tuple[str, ...]
    reason: str
    definitions: tuple[str, ...] = ("*",)
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    asked: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = "".join(f", where {axis} is {' or '.join(names)}" for axis, names in self.where.items())
        asked = "".join(f", asked {word}" for word in self.asked)
        return f"{self.axis}: {', '.join(self.variants)} for {', '.join(self.definitions)}{where}{asked}"

    def speaks_of(self, subject: Subject, variant: Variant) -> bool:
        """Whether the entry is about a variant of a definition."""
        rules = subject.definition.in_release()
        return (
            self.axis == variant.axis
            and any(covers(pattern, variant.name) for pattern in self.variants)
            and _among(subject.name, self.definitions)
            and all(
                axis in rules and _among(rules[axis].behaviour.name, names)
                for axis, names in self.where.items()
            )
            and all(_asked(word, subject) for word in self.asked)
        )


@dataclass(frozen=True)
class EquivalentPair:
    """Definitions that no input asked of both tells apart.

    Attributes:
        one: glob of the one's name, or several.
        other: glob of the other's, or several; in either order.
        reason: why no input can tell; one sentence.
        axes: the axes on which they differ; the entry is about no pair that differs on another one. None are any.
    """

    one: str | tuple[str, ...]
    other: str | tuple[str, ...]
    reason: str
    axes: tuple[str, ...] = ()

    def __str__(self) -> str:
        one, other = (", ".join(_several(names)) for names in (self.one, self.other))
        return f"{one} and {other}{' on ' if self.axes else ''}{', '.join(self.axes)}"

    def speaks_of(self, pair: Pair) -> bool:
        """Whether the entry is about two definitions."""
        return (not self.axes or pair.axes <= set(self.axes)) and any(
            _among(a.name, _several(self.one)) and _among(b.name, _several(self.other))
            for a, b in ((pair.one, pair.other), (pair.other, pair.one))
        )


@dataclass(frozen=True)
class Unused:
    """A parameter that no case has to name: glob of implementations, and the case's name of it."""

    implementation: str
    parameter: str
    reason: str

    def __str__(self) -> str:
        return f"{self.parameter} of {self.implementation}"

    def speaks_of(self, implementation: str, parameter: str) -> bool:
        """Whether the entry is about a parameter of an implementation."""
        return self.parameter == parameter and covers(self.implementation, implementation)


@dataclass(frozen=True)
class Lists:
    """All entries."""

    variants: tuple[Equivalent, ...] = ()
    pairs: tuple[EquivalentPair, ...] = ()
    parameters: tuple[Unused, ...] = ()

    def __iter__(self) -> Iterator[Any]:
        return iter((*self.variants, *self.pairs, *self.parameters))

    def of_variant(self, subject: Subject, variant: Variant) -> Equivalent | None:
        """Return the first entry about a variant."""
        return next((entry for entry in self.variants if entry.speaks_of(subject, variant)), None)

    def of_pair(self, pair: Pair) -> EquivalentPair | None:
        """Return the first entry about two definitions."""
        return next((entry for entry in self.pairs if entry.speaks_of(pair)), None)

    def of_parameter(self, implementation: str, parameter: str) -> Unused | None:
        """Return the first entry about a parameter."""
        return next((entry for entry in self.parameters if entry.speaks_of(implementation, parameter)), None)


def read(path: Path = PATH) -> Lists:
    """Read a list of equivalents.

    Raises:
        ValueError: it does not hold what `Lists` holds; names the entry.
    """
    document = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return Lists(
        tuple(_entry(Equivalent, entry, path) for entry in document.get("variants", ())),
        tuple(_entry(EquivalentPair, entry, path) for entry in document.get("pairs", ())),
        tuple(_entry(Unused, entry, path) for entry in document.get("parameters", ())),
    )


def _entry(kind: Any, written: Mapping[str, Any], path: Path) -> Any:
    values = {key: _frozen(value) for key, value in written.items()}
    try:
        entry = kind(**values)
    except TypeError as error:
        raise ValueError(f"{path.name}: {written}: {error}") from None
    if unknown := set(values.get("asked", ())) - set(ASKED):
        raise ValueError(f"{path.name}: {written}: asked is {unknown.pop()!r}; known are {', '.join(ASKED)}")
    return entry


def _frozen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _frozen(item) for key, item in value.items()}
    return tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else value


def _several(names: str | tuple[str, ...]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else names


def _among(name: str, patterns: Sequence[str]) -> bool:
    wanted = [pattern for pattern in patterns if not pattern.startswith("!")]
    unwanted = [pattern[1:] for pattern in patterns if pattern.startswith("!")]
    return not any(covers(pattern, name) for pattern in unwanted) and (
        not wanted or any(covers(pattern, name) for pattern in wanted)
    )


def _asked(word: str, subject: Subject) -> bool:
    if word == "once":
        return all(entry.updates == "one" for entry in subject.implementations)
    return not any(entry.weights for entry in subject.implementations)
