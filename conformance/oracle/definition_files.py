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

`rule` names a constant: `ABOVE` of the module of the axis in `oracle.rules`, `MODULE.NAME` of another
module there, `.errors.LABELS` of the package itself. An axis has a list of rules if they hold in different `releases`.
The departures of a definition are named in the section of that name or are constants of the package's module
`departures`, or of another one (`.label_departures.IGNORED`); so are conditions, and reasons to raise for.
What is left out of `says` and `departures` is that of the first of `over`. `extends` names another package, so that
`over` may name what its file lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any

from conformance.adapters import derive
from conformance.adapters.base import Call
from conformance.oracle.finding_files import findings_in
from conformance.oracle.model import (
    Amendment,
    Behaviour,
    Change,
    Definition,
    Departure,
    Finding,
    Raising,
    Rule,
    laid_over,
)
from conformance.oracle.package_files import read_yaml
from conformance.oracle.rules.default_parameter import defaults


@dataclass(frozen=True)
class _Listed:
    """A rule as a file lists it; `derived` names the parameter, and function of `adapters.derive`, that gives it."""

    rule: str = ""
    documented: str = ""
    source: str = ""
    releases: str = ""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    derived: str = ""


@dataclass(frozen=True)
class _File:
    """What a file lists; a set of rules is a definition that says nothing."""

    shared: Mapping[str, Definition]
    definitions: Mapping[str, Definition]
    departures: Mapping[str, tuple[Departure, ...]]
    findings: Mapping[str, Finding]


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
    listed = read_yaml(package, "definitions.yaml")
    known: dict[str, Definition] = {}
    departures: dict[str, tuple[Departure, ...]] = {}
    findings = dict(findings_in(package))
    if "extends" in listed:
        extended = _file(listed["extends"])
        known.update(extended.shared, **extended.definitions)
        departures.update(extended.departures)
        findings.update(extended.findings)

    for name, entries in listed.get("departures", {}).items():
        with _named(package, name):
            departures[name] = tuple(_departures(package, findings, entries))
    sections: dict[str, dict[str, Definition]] = {"shared": {}, "definitions": {}}
    for section, found in sections.items():
        for name, entry in listed.get(section, {}).items():
            with _named(package, name):
                parts = {"rules": entry} if section == "shared" else entry
                known[name] = found[name] = _definition(package, name, known, departures, **parts)
    return _File(**sections, departures=departures, findings=findings)


@contextmanager
def _named(package: str, name: str) -> Iterator[None]:
    """Say in which entry something is wrong."""
    try:
        yield
    except (TypeError, ValueError, LookupError, AttributeError, ImportError) as error:
        raise ValueError(f"{package}, definitions.yaml: {name}: {error}") from error


def _departures(
    package: str, findings: Mapping[str, Finding], entries: list[Mapping[str, Any]]
) -> Iterator[Departure]:
    for entry in entries:
        finding, holds_for = findings[entry["finding"]], _constant(package, entry["when"], ".departures")
        changes: list[Change] = [
            Amendment.of(axis, **parameters) for axis, parameters in entry.get("amends", {}).items()
        ]
        changes += [
            _rule(package, axis, _Listed(rule, source=finding.place))
            for axis, rule in entry.get("rules", {}).items()
        ]
        if "raises" in entry:
            changes.append(Raising(_constant(package, entry["raises"], ".departures")))
        if not changes or entry.keys() - {"finding", "when", "amends", "rules", "raises", "releases"}:
            raise ValueError(f"{finding.id}: say what changes with `amends`, `rules` or `raises`")
        yield from (Departure(finding, change, holds_for, entry.get("releases", "")) for change in changes)


def _definition(
    package: str,
    name: str,
    known: Mapping[str, Definition],
    listed: Mapping[str, tuple[Departure, ...]],
    *,
    says: str = "",
    over: tuple[str, ...] = (),
    rules: Mapping[str, Any] | None = None,
    departures: tuple[str, ...] | None = None,
) -> Definition:
    under = [known[other] for other in over] or [Definition(name, "", ())]
    composed: tuple[Rule, ...] = ()
    for other in under:
        composed = laid_over(composed, *other.rules)
    first = under[0]
    deviations: list[Departure] = [*first.departures]
    if departures is not None:
        found = [listed.get(name) or _constant(package, name, ".departures") for name in departures]
        deviations = [entry for one in found for entry in (one if isinstance(one, tuple) else (one,))]
    return Definition(
        name,
        says or first.says,
        laid_over(composed, *_rules(package, rules or {})),
        departures=tuple(deviations),
    )


def _rules(package: str, by_axis: Mapping[str, Any]) -> Iterator[Rule]:
    for axis, entries in by_axis.items():
        for entry in entries if isinstance(entries, list) else [entries]:
            try:
                yield _rule(package, axis, _Listed(**entry))
            except (TypeError, ValueError, LookupError, AttributeError, ImportError) as error:
                raise ValueError(f"{axis}: {error}") from error


def _rule(package: str, axis: str, listed: _Listed) -> Rule:
    behaviour: Behaviour = (
        defaults(_derived(listed.derived), **listed.defaults)
        if axis == "default-parameter"
        else _constant(package, listed.rule, axis.replace("-", "_"))
    )
    if behaviour.axis != axis:
        raise ValueError(f"{listed.rule} is a rule on {behaviour.axis}")
    if bool(listed.documented) == bool(listed.source):
        raise ValueError("say where the rule was read: either `documented` or `source`")
    if listed.documented:
        return behaviour.documented(listed.documented, listed.releases)
    return behaviour.source(listed.source, listed.releases)


def _derived(name: str) -> Callable[[Call], Mapping[str, Any]] | None:
    if not name:
        return None
    value = getattr(derive, name)
    return lambda call: {name: value(call)}


def _constant(package: str, path: str, usual: str) -> Any:
    """Return what `NAME` means in the usual module, `MODULE.NAME` in one of rules, `.MODULE.NAME` in the package."""
    module, _, name = path.rpartition(".")
    module = module or usual
    own = module.startswith(".")
    found = import_module(module, package) if own else import_module(f"conformance.oracle.rules.{module}")
    return getattr(found, name)
