"""What releases changed: every listed change is well formed, and is what the two releases do."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from made_cases import ADAPTERS, ENTRIES, made_case
from packaging.version import Version

import conformance
from conformance.adapters.match import is_glob, matches
from conformance.ask.since import since
from conformance.cases import Case
from conformance.cli import main
from conformance.cli.answering import answers_of
from conformance.environments.install import prepared
from conformance.environments.model import only_there
from conformance.oracle.axes import AXES
from conformance.oracle.changed import Changed, all_changes
from conformance.session.session import Session
from conformance.verdicts.verdicts import agrees, shown

CHANGES = all_changes()
SINCE = {(one.distribution, one.change.id): one for one in CHANGES}


def case_of(one: Changed, expected: object) -> Case:
    """The input of a change, with what one of the two releases does on it."""
    name = one.implementations[0]
    expect = {} if expected is None else {name: expected}
    # Some run only in cases that name them.
    made = made_case(expect=expect, case_id=one.change.id, **one.change.case)
    return replace(made, implementations=(name,))


@pytest.mark.parametrize("one", CHANGES, ids=lambda one: f"{one.distribution}-{one.change.id}")
def test_a_change_names_what_there_is(one: Changed) -> None:
    change = one.change
    assert Version(change.before) < Version(change.release)
    assert change.axis in {*AXES, "implementation"}
    assert change.implementations[0] in ENTRIES
    for pattern in change.implementations:
        assert any(matches(pattern, name) for name in ENTRIES), pattern
    assert change.link.startswith("https://")
    assert change.old != change.new
    case_of(one, change.new).call()
    assert (change.old is None or change.new is None) == (change.axis == "implementation")


def test_no_change_is_listed_twice() -> None:
    assert len(SINCE) == len(CHANGES)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("distribution", "release"),
    sorted({(one.distribution, each) for one in CHANGES for each in (one.change.before, one.change.release)}),
)
def test_each_change_is_what_the_two_releases_do(distribution: str, release: str) -> None:
    asked = [
        case_of(one, expected)
        for one in CHANGES
        for of, expected in ((one.change.before, one.change.old), (one.change.release, one.change.new))
        if (one.distribution, of) == (distribution, release) and expected is not None
    ]
    (environment,) = prepared([f"{distribution}=={release}"], Path.cwd(), print)
    wrong = []
    for case in asked:
        (expected,) = case.expect
        with Session(
            [case], only_there(ADAPTERS, environment), implementations=[expected.pattern]
        ) as session:
            (outcome,) = (answer.outcome for answer in answers_of(session).values())
        if not agrees(expected, outcome):
            wrong.append(f"{case.id}: {shown(outcome)}")
    assert not wrong


# How they are shown.


def asked(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "100"}).invoke(main, ["since", *arguments])


def test_the_changes_of_an_upgrade_are_those_after_the_one_release_and_up_to_the_other() -> None:
    found = since("torchmetrics", after="1.6.0", until="1.7.1").changes
    releases = [Version(one.change.release) for one in found]
    assert releases == sorted(releases, reverse=True)
    assert {str(release) for release in releases} <= {"1.6.1", "1.6.2", "1.6.3", "1.7.0", "1.7.1"}
    assert {one.distribution for one in found} == {"torchmetrics"}
    done = asked("torchmetrics", "--from", "1.6.0", "--to", "1.7.1", "--json")
    listed = json.loads(done.stdout)["changes"]
    assert [entry["id"] for entry in listed] == [one.change.id for one in found]


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (("torchmetrics", "--from", "99"), 0, "No known change. Known are torchmetrics 1.4 to "),
        (("accuracy_score", "--from", "99"), 0, "No known change. Known are scikit-learn 1.5 to "),
        (("torchmetrics", "--from", "1.9", "--to", "1.6"), 2, "1.9 is not older than 1.6: exchange them"),
        (("torchmetrics==1.6.1",), 2, "write torchmetrics --from 1.6.1, or --to 1.6.1"),
    ],
)
def test_where_nothing_is_found_it_is_said_why(arguments: tuple[str, ...], status: int, says: str) -> None:
    done = asked(*arguments)
    assert done.exit_code == status
    assert says in done.output


def test_a_change_is_shown_with_input_outcomes_and_link() -> None:
    one = SINCE["torchmetrics", "micro-average-without-num-classes"]
    text = asked("torchmetrics.functional.classification.multiclass_accuracy").stdout
    joined = " ".join(text.split())
    assert f"torchmetrics {one.change.release} (before: {one.change.before})" in text
    assert one.change.link in text
    assert (
        "multiclass, y_true=[0, 1], y_pred=[0, 0], num_classes=None, average='micro': ValueError -> 0.5"
        in joined
    )
    assert all(len(line) <= 100 for line in text.splitlines())


def test_lookup_shows_the_changes_of_an_implementation_newest_first() -> None:
    found = conformance.lookup("torchmetrics.functional.classification.multiclass_accuracy")
    assert found.changes
    assert all(found.implementation in one.implementations for one in found.changes)
    for newer, older in itertools.pairwise(found.changes):
        assert Version(newer.change.release) >= Version(older.change.release)
    assert f"torchmetrics {found.changes[0].change.release}: " in str(found)
    assert found.changes[0].change.link in found._repr_html_()
    encoded: list[Mapping[str, object]] = json.loads(json.dumps(found.to_json()))["changes"]
    assert [entry["id"] for entry in encoded] == [one.change.id for one in found.changes]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("nothing-of-that-name",), "There is no implementation 'nothing-of-that-name'"),
        (("torchmetrics", "--from", "one"), "'one' is no release: write one such as 1.6.0"),
    ],
)
def test_what_cannot_be_answered_is_bad_input(arguments: tuple[str, ...], says: str) -> None:
    done = asked(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert says in done.stderr


def test_a_globbed_change_has_all_ids_that_it_matches() -> None:
    globbed = [one for one in CHANGES if any(map(is_glob, one.change.implementations))]
    assert globbed
    for one in globbed:
        assert len(one.implementations) > 1
        assert len(set(one.implementations)) == len(one.implementations)
