"""The definitions of the installed frameworks, as their packages bring them."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from conformance.adapters.base import Adapter, AdapterError
from conformance.adapters.registry import adapters
from conformance.adapters.releases import Release, holds_in
from conformance.oracle.changes import Change
from conformance.oracle.model import Definition, Finding
from conformance.oracle.package_files import read_yaml
from conformance.oracle.releases import Supported
from conformance.oracle.usage import UsageDeparture


@dataclass(frozen=True)
class Question:
    """A question that users ask, and what answers it.

    Attributes:
        asks: the question; words between backticks are code.
        answer: what those who ask have to know first, in a sentence or two.
        implementations: ids of two, if it is why they differ, or of one, if it is what matches it.
        strings: instead of these, two strings given to compile(), if it is whether they are the same.
        case: instead of these, the id of the case that answers it.
    """

    asks: str
    answer: str = ""
    implementations: tuple[str, ...] = ()
    strings: tuple[str, ...] = ()
    case: str = ""


@dataclass(frozen=True)
class Catalogue:
    """What the package of a framework tells the oracle; `Adapter.definitions` says where it is.

    Attributes:
        definitions: what its implementations claim, with rules and departures. Names are unique among all
            installed packages.
        findings: findings that no departure carries, so that the `expect` of a case can name them.
        releases: the releases of the framework that the definitions know; None if they hold for any.
        axes: axis -> what the framework does on it, in a sentence or two; shown below the axis' own text.
        usage: departures that depend on how a metric is used; laws show them.
        questions: questions that users ask about its implementations.
        changes: what its releases changed, for `releases.distribution`.
    """

    definitions: tuple[Definition, ...]
    findings: tuple[Finding, ...] = ()
    releases: Supported | None = None
    axes: Mapping[str, str] = field(default_factory=dict)
    usage: tuple[UsageDeparture, ...] = ()
    questions: tuple[Question, ...] = ()
    changes: tuple[Change, ...] = ()


@cache
def installed() -> tuple[tuple[Adapter, Catalogue], ...]:
    """Return the catalogues of all installed packages, and whose they are.

    Raises:
        AdapterError: an adapter cannot be used, its definitions cannot be loaded, or two have the same name.
    """
    found = tuple((adapter, _load(adapter)) for adapter in adapters() if adapter.definitions)
    owners: dict[str, str] = {}
    for adapter, catalogue in found:
        for definition in catalogue.definitions:
            if definition.name in owners:
                raise AdapterError(
                    f"The definition {definition.name!r} is defined twice: by {owners[definition.name]} and by"
                    f" {adapter.definitions}. Names of definitions are unique: rename one."
                )
            owners[definition.name] = adapter.definitions
    return found


@cache
def _by_name() -> Mapping[str, tuple[Definition, Catalogue]]:
    """Return name -> definition, and the catalogue that has it."""
    return {
        definition.name: (definition, catalogue)
        for _, catalogue in installed()
        for definition in catalogue.definitions
    }


def definitions() -> tuple[Definition, ...]:
    """Return the definitions of all installed packages; raises as `installed`."""
    return tuple(definition for definition, _ in _by_name().values())


def find(name: str) -> Definition:
    """Return the definition of that name.

    Raises:
        KeyError: there is none.
    """
    return _by_name()[name][0]


def supported(name: str) -> Supported | None:
    """Return the releases of its framework that a definition knows; None if it holds for any."""
    _, catalogue = _by_name()[name]
    return catalogue.releases


def usage_departures(name: str, usage: str, release: Release = None) -> tuple[UsageDeparture, ...]:
    """Return the departures of a definition under a usage, a value of `Call.usage`, in a release."""
    _, catalogue = _by_name()[name]
    return tuple(
        entry
        for entry in catalogue.usage
        if usage in entry.usages and re.search(entry.names, name) and holds_in(entry.releases, release)
    )


@cache
def findings() -> tuple[Finding, ...]:
    """Return all findings by id: those that departures carry, and those that only an `expect` names."""
    found = {finding.id: finding for definition in definitions() for finding in definition.findings}
    found |= {finding.id: finding for _, catalogue in installed() for finding in catalogue.findings}
    return tuple(found[name] for name in sorted(found))


def lasting_findings() -> tuple[Finding, ...]:
    """Return the findings that are not fixed in the newest release that the definitions know."""
    carried = {finding.id for definition in definitions() for finding in definition.findings}
    lasting = {finding.id for definition in definitions() for finding in definition.findings_in()}
    return tuple(finding for finding in findings() if finding.id in lasting or finding.id not in carried)


def usage_findings(*, lasting: bool = False) -> tuple[Finding, ...]:
    """Return the findings that only departures under a usage carry, by id: laws show them, cases do not.

    Args:
        lasting: only those that are not fixed in the newest release that the definitions know.
    """
    found = {
        entry.finding.id: entry.finding
        for _, catalogue in installed()
        for entry in catalogue.usage
        if not lasting or holds_in(entry.releases, None)
    }
    elsewhere = {finding.id for finding in findings()}
    return tuple(found[name] for name in sorted(found.keys() - elsewhere))


def behaviour_on(axis: str) -> Mapping[str, str]:
    """Return title of a framework -> what it does on an axis."""
    return {
        adapter.title or adapter.framework: catalogue.axes[axis]
        for adapter, catalogue in installed()
        if axis in catalogue.axes
    }


def questions() -> tuple[Question, ...]:
    """Return the questions that users ask about the implementations of all installed packages."""
    return tuple(dict.fromkeys(each for _, catalogue in installed() for each in catalogue.questions))


def questions_in(package: str, name: str = "questions.yaml") -> tuple[Question, ...]:
    """Return the questions in a file of a package: a list, each entry with the attributes of a question."""
    return tuple(
        Question(
            entry["asks"],
            answer=entry.get("answer", ""),
            implementations=tuple(entry.get("implementations", ())),
            strings=tuple(entry.get("strings", ())),
            case=entry.get("case", ""),
        )
        for entry in read_yaml(package, name)
    )


def _load(adapter: Adapter) -> Catalogue:
    where = f"The definitions of {adapter.origin} ({adapter.definitions}, named by {adapter.path})"
    module, _, attribute = adapter.definitions.partition(":")
    try:
        found = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise AdapterError(
            f"{where} cannot be loaded: {type(error).__name__}: {error}. `definitions` has to be"
            " 'package.module:ATTRIBUTE', and the module must not import a framework."
        ) from error
    except (Exception, SystemExit) as error:
        raise AdapterError(
            f"{where} cannot be loaded: {type(error).__name__}: {error}. Correct it there."
        ) from error
    if not isinstance(found, Catalogue):
        raise AdapterError(
            f"{where} are a {type(found).__name__}, not a conformance.oracle.catalogue.Catalogue."
            " Let `definitions` name the Catalogue object."
        )
    return found
