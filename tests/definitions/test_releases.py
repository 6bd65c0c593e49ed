"""Releases: for every supported release of a framework exactly one rule per axis holds."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from made_cases import ADAPTERS
from packaging.requirements import Requirement
from packaging.version import Version
from test_every_definition import resolutions

from conformance.adapters.releases import Installed, absence, bounds, bounds_of_others, holds_in
from conformance.oracle import definitions, find, supported
from conformance.oracle.model import Definition
from conformance.oracle.releases import Supported
from conformance.oracle.resolve import Resolved

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
THRESHOLD = "torchmetrics.classification.BinaryAccuracy"


def parts() -> Iterator[tuple[Definition, Supported]]:
    """Every definition, and what those that stand for others stand for somewhere in the corpus."""
    for found in (*definitions(), *resolutions().values()):
        known = supported(found.name)
        assert known is not None, found.name
        yield (found.base if isinstance(found, Resolved) else found), known


def ranges(definition: Definition) -> list[str]:
    return [each.releases for each in (*definition.rules, *definition.departures)]


def boundaries(definition: Definition) -> set[Version]:
    """The releases at which a rule or a departure begins or ends."""
    return {bound for text in ranges(definition) for side in bounds(text) for bound in side}


def environments(definition: Definition) -> Iterator[tuple[tuple[str, Version], ...]]:
    """The other packages on which a rule or a departure depends: below and at each release that matters."""
    yield ()
    for text in ranges(definition):
        for name, sides in bounds_of_others(text).items():
            for bound in (Version("0"), *itertools.chain(*sides)):
                yield ((name, bound),)


def test_in_every_supported_release_exactly_one_rule_per_axis_holds() -> None:
    """What holds changes at boundaries only, and between two of them it is what holds at the lower one."""
    for definition, known in parts():
        others = tuple(environments(definition))
        for release in (Version(known.oldest), *boundaries(definition), Version(known.newest)):
            for installed in (release, *(Installed(release, with_) for with_ in others)):
                assert set(definition.in_release(installed)) == definition.axes, (definition.name, installed)
        assert set(definition.in_release(None)) == definition.axes, definition.name


def test_every_range_begins_and_ends_within_the_supported_releases() -> None:
    for definition, known in parts():
        for release in boundaries(definition):
            assert Version(known.oldest) < release <= Version(known.newest), definition.name


def test_the_oldest_release_is_that_of_pyproject() -> None:
    extras = PYPROJECT["project"]["optional-dependencies"]
    for adapter in ADAPTERS:
        requirements = {
            Requirement(text).name: Requirement(text) for text in extras[adapter.origin.replace("@", "_")]
        }
        for entry in adapter.implementations:
            known = supported(entry.definition or "")
            assert known is not None
            (lowest,) = requirements[known.distribution].specifier
            assert (lowest.operator, lowest.version) == (">=", known.oldest)


@pytest.mark.parametrize("text", ["1.7rc1", "1.7.0.dev3"])
def test_what_is_before_a_release_has_its_rules(text: str) -> None:
    assert holds_in(">=1.7", Version(text))
    assert not holds_in("<1.7", Version(text))
    assert not holds_in("<1.7,numpy<2", Version(text))
    assert absence(">=1.7", Version(text)) is None
    assert absence("<1.7", Version(text)) == "gone since 1.7"


def test_what_is_after_a_release_has_its_rules() -> None:
    assert holds_in(">=1.7", Version("1.7.0.post1"))


def test_the_newest_known_release_is_above_every_upper_bound() -> None:
    assert holds_in(">=1.6.2", None)
    assert not holds_in(">=1.6.2,<1.9", None)


def test_a_range_may_depend_on_another_package() -> None:
    def holds(text: str, numpy: str | None) -> bool:
        others = {} if numpy is None else {"numpy": numpy}
        return holds_in(text, Installed.of("scikit-learn", {"scikit-learn": "1.9.1", **others}))

    assert holds(">=1.9,numpy<2", "1.26.4")
    assert not holds(">=1.9,numpy<2", "2.0.0")
    assert not holds("<1.9,NumPy<2", "1.26.4")
    assert holds("numpy>=2", "2.4.6")
    # One that is not named is the newest.
    assert holds("numpy>=2", None)
    assert not holds("numpy<2", None)
    assert not holds_in("numpy<2", Version("1.9"))
    assert holds_in("numpy>=2", None)


@pytest.mark.parametrize("text", ["==1.7", "numpy==2", "~=1.7", "!=1.7", "<=1.7", ">1.7"])
def test_a_range_that_could_leave_a_gap_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="write a range of releases with >= and <"):
        bounds(text)


def test_two_rules_on_one_axis_in_the_same_release_are_an_error() -> None:
    definition = find(THRESHOLD)
    (rule,) = definition.on("ties")
    twice = replace(definition, rules=(*definition.rules, replace(rule, releases=">=1.6")))
    with pytest.raises(ValueError, match="two rules on ties"):
        twice.in_release(Version("1.7"))
    assert twice.in_release(Version("1.5"))["ties"] == rule


def test_every_supported_release_is_listed_once_and_the_newest_is_the_pinned_one() -> None:
    """What tries all releases reads this list."""
    pinned = dict(
        line.split("==") for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line
    )
    known = {found.distribution: found for found in (supported(one.name) for one in definitions()) if found}
    listed = PYPROJECT["tool"]["conformance"]["releases"]
    assert listed.keys() == known.keys() - {
        "tf_keras"
    }  # which needs a TensorFlow, and an interpreter, of its own
    for name, releases in listed.items():
        versions = [Version(release) for release in releases]
        assert versions == sorted(set(versions)), name
        assert versions[0].release[:2] == Version(known[name].oldest).release[:2], name
        assert releases[-1] == pinned[name] == known[name].newest, name
