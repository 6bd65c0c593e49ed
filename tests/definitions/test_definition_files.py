"""What `definitions.yaml` may list, and what is said of a file that lists something else."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest

from conformance.oracle.definition_files import definitions_in
from conformance.oracle.model import Definition
from conformance.oracle.rules import decision_rule
from conformance.oracle.rules.wording import shared

_NUMBERS = count()

RULES = "from conformance.oracle.rules import decision_rule\nOURS = decision_rule.ABOVE\n"
ABOVE = "decision-rule: {rule: ABOVE, source: ours.py}"
EQUAL = "decision-rule: {rule: EQUALITY, source: ours.py}"


def listed(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> Definition:
    """Return the last definition that a package with this `definitions.yaml` lists."""
    package = folder / f"ours_{next(_NUMBERS)}"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "rules.py").write_text(RULES)
    (package / "departures.py").write_text("NONE = ()\n")
    (package / "definitions.yaml").write_text(text)
    monkeypatch.syspath_prepend(str(folder))
    return list(definitions_in(package.name).values())[-1]


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("EQUALITY", decision_rule.EQUALITY),
        (".rules.OURS", decision_rule.ABOVE),
    ],
)
def test_a_rule_is_shared_or_of_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rule: str, found: object
) -> None:
    text = f"definitions: {{a: {{rules: {{decision-rule: {{rule: {rule}, source: ours.py}}}}}}}}"
    (own,) = listed(tmp_path, monkeypatch, text).rules
    assert own.behaviour is found
    assert (own.basis, own.place) == ("source", "ours.py")


def test_what_is_nearer_to_a_definition_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"""\
shared: {{one: {{{ABOVE}, weights: {{rule: UNUSED, source: ours.py}}}}, other: {{{EQUAL}}}}}
definitions:
  first: {{says: It says., over: [one, other]}}
  last: {{over: [first], rules: {{{ABOVE}}}}}
"""
    last = listed(tmp_path, monkeypatch, text)
    assert last.says == "It says."
    assert {rule.axis: rule.behaviour.name for rule in last.rules} == {
        "weights": "unused",
        "decision-rule": "above",
    }


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("over: [nothing]", "a: 'nothing'"),
        ("rulez: {}", "a: .*unexpected keyword argument 'rulez'"),
        ("departures: [LATE]", "a: .*has no attribute 'LATE'"),
        ("rules: {decision-rule: {rule: BELOW, source: s}}", "a: decision-rule: .*has no attribute 'BELOW'"),
        ("rules: {decisions: {rule: ABOVE, source: s}}", "a: decisions: No module named"),
        ("rules: {ties: {rule: .rules.OURS, source: s}}", "a: ties: .rules.OURS is a rule on decision-rule"),
        ("rules: {decision-rule: {rule: ABOVE}}", "a: decision-rule: say where the rule was read"),
        ("rules: {decision-rule: {rule: ABOVE, where: s}}", "a: decision-rule: .*argument 'where'"),
        ("rules: {default-parameter: {derived: nothing, source: s}}", "a: default-parameter: .*'nothing'"),
    ],
)
def test_an_error_names_package_definition_and_axis(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: str, message: str
) -> None:
    with pytest.raises(ValueError, match=rf"^ours_\d+, definitions.yaml: {message}"):
        listed(tmp_path, monkeypatch, f"definitions: {{a: {{{entry}}}}}")


def test_a_rule_without_a_sentence_is_an_error_that_names_the_file() -> None:
    with pytest.raises(
        LookupError, match=r"rules.yaml of conformance.* has no sentence for 'unsaid' below ties"
    ):
        shared("ties", "unsaid", None)
