"""A case, as used everywhere outside the loader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion

from conformance.adapters.base import Call
from conformance.adapters.derive import has_bfloat16
from conformance.adapters.match import is_glob, matches
from conformance.cases.calls import build
from conformance.cases.diagnostics import CaseErrors, Diagnostic

#: A pinned number: a fraction stays exact. Vectors are nested tuples.
Value = float | Fraction | tuple[Any, ...]


@dataclass(frozen=True)
class Expectation:
    """An outcome that a case pins for some implementations.

    Attributes:
        pattern: id or glob.
        value: for the kind `value`: a float, a Fraction for `1/3`, or nested tuples of them.
        raises: for the kind `raises`: bare name of the exception's class or of a base class of it.
        match: for the kind `raises`: regular expression for `re.search` in the message, or None.
        because: why it is pinned, or None.
        see: links.
        finding: id of the finding that the outcome shows, or None.
        when: distribution name -> version specifier; it holds only where all installed versions match.
        line: 1-based line of the pattern in the case file.
        column: 1-based column of the pattern.
    """

    pattern: str
    value: Value | None = None
    raises: str | None = None
    match: str | None = None
    because: str | None = None
    see: tuple[str, ...] = ()
    finding: str | None = None
    when: Mapping[str, str] = field(default_factory=dict, hash=False)
    line: int = 0
    column: int = 0

    @property
    def kind(self) -> Literal["value", "raises"]:
        """Whether a value or an exception is pinned."""
        return "value" if self.raises is None else "raises"

    def holds(self, versions: Mapping[str, str]) -> bool:
        """Whether `when` holds for the installed versions (distribution name -> version)."""
        installed = {canonicalize_name(name): version for name, version in versions.items()}
        for name, specifier in self.when.items():
            version = installed.get(canonicalize_name(name))
            try:
                if version is None or not SpecifierSet(specifier).contains(version, prereleases=True):
                    return False
            except InvalidVersion:
                return False
        return True


@dataclass(frozen=True)
class Case:
    """One input, and nothing about any framework.

    Two cases are equal if their words and the source lines of their inputs are.

    Attributes:
        id: slug, unique over all files.
        title: what it shows, in one line.
        task: `binary`, `multiclass` or `multilabel`.
        metric: metric family, `accuracy` where the case names none.
        family: family slug of its file, or None.
        theme: theme of its file.
        file: path of its file, POSIX, relative to the working directory where it lies below it.
        line: 1-based line where it starts.
        tags: slugs.
        because: why it exists, or None.
        see: links.
        expect: pinned outcomes, in the order of the file.
        implementations: ids or globs to run exactly, or None.
        inputs: data and parameters under the names and with the values of the file.
        inputs_yaml: the lines of the file that say task and inputs, dedented.
        path: where its file is, to change it; None for a case that no file holds.
    """

    id: str
    title: str
    task: str
    theme: str
    file: str
    inputs: Mapping[str, Any] = field(compare=False)
    inputs_yaml: str = field(repr=False)
    metric: str = "accuracy"
    family: str | None = None
    line: int = 1
    tags: tuple[str, ...] = ()
    because: str | None = None
    see: tuple[str, ...] = ()
    expect: tuple[Expectation, ...] = ()
    implementations: tuple[str, ...] | None = None
    path: Path | None = field(default=None, compare=False, repr=False)

    def call(self) -> Call:
        """Return the arrays and parameters of this case; built once, its arrays are read-only.

        Raises:
            CaseErrors: bfloat16 is not installed.
            Problem: the inputs do not make a call; never for a case that `load` returned.
        """
        return self._call

    @property
    def lacks_bfloat16(self) -> bool:
        """Whether its arrays cannot be made, because ml_dtypes is not installed."""
        return "bfloat16" in self.inputs.get("dtype", {}).values() and not has_bfloat16()

    @cached_property
    def _call(self) -> Call:
        if self.lacks_bfloat16:
            message = f"{self.id}: NumPy has bfloat16 only with the package ml_dtypes: pip install ml_dtypes"
            raise CaseErrors([Diagnostic(self.file, self.line, 1, message)])
        return build(self.task, self.inputs, self.path and self.path.parent, self.metric)

    def expectation_for(self, implementation_id: str, versions: Mapping[str, str]) -> Expectation | None:
        """Return what is pinned for an implementation under the installed versions, or None.

        An exact id beats a glob; among globs the first of the file wins. An expectation whose `when` does
        not hold is as if it were not there.
        """
        holding = [
            expectation
            for expectation in self.expect
            if matches(expectation.pattern, implementation_id) and expectation.holds(versions)
        ]
        return next((e for e in holding if not is_glob(e.pattern)), holding[0] if holding else None)
