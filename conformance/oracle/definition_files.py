"""Definitions as data: `definitions.yaml` in the package of a framework.

    shared:                     # sets of rules
      metrics:
        weights: {rule: UNUSED, source: "ours.py: there is no sample_weight"}
    definitions:
      ours.accuracy:
        says: The share of samples with the label of the target.
        over: [metrics]         # sets and definitions, a later one over an earlier one, and `rules` over all
        rules:                  # axis -> rule, and where it was read
          default-parameter: {defaults: {threshold: 0.5}, documented: '"threshold: float = 0.5" (ours.py)'}
          decision-rule: {rule: ABOVE, source: "ours.py:12"}
        departures: [EMPTY]
    departures:                 # name -> known deviations: the finding, when it holds, and what it changes
      EMPTY:
        - {finding: empty-is-one, when: no_samples, rules: {undefined-value: ONE}}
        - {finding: weights-are-rounded, when: weighted, amends: {weights: {rounded: true}}}
        - {finding: scalars-raise, when: scalar, raises: NO_SAMPLES}
        - {finding: top-2-is-garbage, when: {top_k: 2}, unspecified: {}}

`rule` names a constant of the module of the axis in `oracle.rules`, or of the package (`.errors.LABELS`). An axis has
a list of rules if they hold in different `releases`. The departures of a definition are named in the section of that
name, or are constants of the package's module `departures` or of another one (`.ways.agree_first`); so are conditions,
and reasons to raise for. A condition may also be the values of parameters. `given` names those of the `defaults` that
the way of use gives, and that are no defaults. What is left out of `says` and `departures`
is that of the first of `over`. `extends` names another package, so that `over` and `departures` may name what its file
lists.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from typing import Any

from conformance.adapters import derive
from conformance.adapters.base import Call
from conformance.oracle.finding_files import findings_in
from conformance.oracle.model import (
    Amendment,
    Change,
    Definition,
    Departure,
    Raising,
    Rule,
    Unspecified,
    laid_over,
)
from conformance.oracle.package_files import read_yaml
from conformance.oracle.rules import default_parameter


def definitions_in(package: str) -> Mapping[str, Definition]:
    """Return name -> definition, as `definitions.yaml` of the package lists them.

    Args:
        package: import path of the package, usually `__package__` of the module that asks.

    Raises:
        ValueError: an entry names something that does not exist, or lacks something; it says which.
    """
    return _file(package).definitions


@cache
def _file(package: str) -> _File:
    return _File(package)


class _File:
    """What a file lists: its definitions, and all that another file can name."""

    def __init__(self, package: str) -> None:
        listed = read_yaml(package, "definitions.yaml")
        self.package = package
        self.findings = dict(findings_in(package)) if "departures" in listed else {}
        self.departures: dict[str, tuple[Departure, ...]] = {}
        #: A set of rules is a definition that says nothing.
        self.known: dict[str, Definition] = {}
        if "extends" in listed:
            extended = _file(listed["extends"])
            self.findings.update(extended.findings)
            self.departures.update(extended.departures)
            self.known.update(extended.known)
        for name, entries in listed.get("departures", {}).items():
            with _named(f"{package}, definitions.yaml: {name}"):
                self.departures[name] = tuple(
                    departure for entry in entries for departure in self._departures(**entry)
                )
        sets = {name: {"rules": rules} for name, rules in listed.get("shared", {}).items()}
        for name, entry in (sets | listed["definitions"]).items():
            with _named(f"{package}, definitions.yaml: {name}"):
                self.known[name] = self._definition(name, **entry)
        self.definitions = {name: self.known[name] for name in listed["definitions"]}

    def _departures(
        self,
        *,
        finding: str,
        when: str | Mapping[str, Any],
        amends: Mapping[str, Mapping[str, Any]] | None = None,
        rules: Mapping[str, str] | None = None,
        raises: str = "",
        unspecified: Mapping[str, Any] | None = None,
        releases: str = "",
    ) -> Iterator[Departure]:
        """Yield the departures of one entry, one for each change."""
        described = self.findings[finding]
        holds_for = self._constant(when, ".departures") if isinstance(when, str) else _given(when)
        changes: list[Change] = [
            Amendment.of(axis, **parameters) for axis, parameters in (amends or {}).items()
        ]
        changes += [
            self._rule(axis, rule=rule, source=described.place) for axis, rule in (rules or {}).items()
        ]
        if raises:
            changes.append(Raising(self._constant(raises, ".departures")))
        if unspecified is not None:
            changes.append(Unspecified(**unspecified))
        if not changes:
            raise ValueError(f"{finding}: say what changes: `amends`, `rules`, `raises`, `unspecified`")
        for change in changes:
            yield Departure(described, change, holds_for, releases)

    def _definition(
        self,
        name: str,
        *,
        says: str = "",
        over: Sequence[str] = (),
        rules: Mapping[str, Any] | None = None,
        departures: Sequence[str] | None = None,
    ) -> Definition:
        under = [self.known[other] for other in over] or [Definition(name, says, ())]
        composed: tuple[Rule, ...] = ()
        for other in under:
            composed = laid_over(composed, *other.rules)
        own = under[0].departures
        if departures is not None:
            found = [self.departures.get(path) or self._constant(path, ".departures") for path in departures]
            own = tuple(entry for one in found for entry in (one if isinstance(one, tuple) else (one,)))
        return Definition(name, says or under[0].says, laid_over(composed, *self._rules(rules or {})), own)

    def _rules(self, by_axis: Mapping[str, Any]) -> Iterator[Rule]:
        for axis, entries in by_axis.items():
            for entry in entries if isinstance(entries, list) else [entries]:
                with _named(axis):
                    rule = self._rule(axis, **entry)
                yield rule

    def _rule(
        self,
        axis: str,
        *,
        rule: str = "",
        documented: str = "",
        source: str = "",
        releases: str = "",
        defaults: Mapping[str, Any] | None = None,
        derived: str | Mapping[str, str] = "",
        given: Collection[str] = (),
    ) -> Rule:
        if axis == default_parameter.AXIS:
            behaviour = default_parameter.defaults(_derived(derived), given, **defaults or {})
        else:
            behaviour = self._constant(rule, f"conformance.oracle.rules.{axis.replace('-', '_')}")
        if behaviour.axis != axis:
            raise ValueError(f"{rule} is a rule on {behaviour.axis}")
        if bool(documented) == bool(source):
            raise ValueError("say where the rule was read: either `documented` or `source`")
        return Rule(behaviour, "documented" if documented else "source", documented or source, releases)

    def _constant(self, path: str, usual: str) -> Any:
        """Return what `NAME` means in the usual module, or `.MODULE.NAME` in the package."""
        module, _, name = path.rpartition(".")
        return getattr(import_module(module or usual, self.package), name)


def _derived(names: str | Mapping[str, str]) -> Callable[[Call], Mapping[str, Any]] | None:
    """Return what gives parameters by functions of `adapters.derive`: by the one of its name, or by name."""
    if not names:
        return None
    by_name = {names: names} if isinstance(names, str) else names
    values = {name: getattr(derive, function) for name, function in by_name.items()}
    return lambda call: {name: value(call) for name, value in values.items()}


@contextmanager
def _named(where: str) -> Iterator[None]:
    """Say in which entry something is wrong."""
    try:
        yield
    except (TypeError, ValueError, LookupError, AttributeError, ImportError) as error:
        raise ValueError(f"{where}: {error}") from error


def _given(values: Mapping[str, Any]) -> Callable[[Call, Mapping[str, Any]], bool]:
    """Return the condition that parameters have these values."""
    return lambda call, parameters: all(parameters[name] == value for name, value in values.items())
