"""What a run does with the release that is installed, or with one in an environment."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from made_cases import ADAPTERS, ENTRIES, SEED, made_case
from packaging.version import Version

from conformance.adapters.places import Place
from conformance.adapters.releases import Installed
from conformance.calls.outcome import Outcome
from conformance.environments.model import Environment, with_environments
from conformance.oracle import find, predict, supported
from conformance.oracle.releases import Supported
from conformance.plugin.explain import failure
from conformance.session.session import Answer, Session

THRESHOLD = "torchmetrics.classification.BinaryAccuracy"


def session(version: str) -> Session:
    found = Session([made_case(**SEED)], ADAPTERS)
    found.versions = {**found.versions, "torchmetrics": {"torchmetrics": version}}
    return found


def test_each_environment_is_predicted_by_its_own_releases(tmp_path: Path) -> None:
    old = Environment("old", Place(folder=str(tmp_path)), "torchmetrics")
    found = Session([made_case(**SEED)], with_environments(ADAPTERS, [old]))
    here = {"torchmetrics": "1.9.0", "numpy": "2.4.6"}
    there = {**here, "numpy": "1.26.4"}
    found.versions = {**found.versions, "torchmetrics": here, "torchmetrics@old": there}
    call = found.cases[0].call()
    predictions = [
        found.predictions_of(call, entry) for entry in found.implementations if entry.known_as == THRESHOLD
    ]
    releases = [each.side.claims.release for each in predictions if each is not None]
    assert releases == [Installed.of("torchmetrics", here), Installed.of("torchmetrics", there)]


def test_of_a_release_older_than_the_supported_ones_nothing_is_predicted() -> None:
    old = session("1.3.2")
    assert old.predictions_of(old.cases[0].call(), ENTRIES[THRESHOLD]) is None
    cell = old.judge(old.cases[0], ENTRIES[THRESHOLD], Answer(Outcome("value", value=0.125, dtype="float32")))
    assert cell.verdict == "undefined"


def test_an_unexplained_outcome_of_a_newer_release_says_that_the_release_is_newer() -> None:
    answer = Answer(Outcome("value", value=0.125, dtype="float32"))
    releases = supported(THRESHOLD)
    assert releases is not None
    newer = f"{Version(releases.newest).major + 1}.0.1"
    new, known = session(newer), session(releases.newest)
    cells = [one.judge(one.cases[0], ENTRIES[THRESHOLD], answer) for one in (new, known)]
    assert [cell.verdict for cell in cells] == ["unexplained", "unexplained"]
    said = (
        f"torchmetrics {newer} is newer than {releases.newest}, the newest release that the definitions know."
    )
    assert said in str(cells[0].explanation)
    assert "newer" not in str(cells[1].explanation)


@pytest.mark.parametrize("age", ["older", "newer", None])
def test_what_is_said_of_a_departure_that_is_gone_fits_the_release(age: str | None) -> None:
    known = supported(THRESHOLD)
    assert known is not None
    major = Version(known.newest).major
    version = {"older": f"{major}.5.1", "newer": f"{major + 1}.0.1", None: f"{known.newest}.post1"}[age]
    found, case = session(version), made_case(y_true=[[1], [0]], y_pred=[[float("nan")], [0.2]])
    predictions = found.predictions_of(case.call(), ENTRIES[THRESHOLD])
    assert predictions is not None
    assert predictions.departures == ("torchmetrics-nan-makes-logits",)
    claimed = Outcome("value", value=float(predictions.claimed.value), dtype="float32")
    cell = found.judge(case, ENTRIES[THRESHOLD], Answer(claimed))
    assert (cell.verdict, cell.age) == ("stale", age)
    why = {
        "older": "this release does not deviate yet",
        "newer": "this release fixed it",
        None: "fixed upstream",
    }
    assert [each for each, text in why.items() if text in str(cell.explanation)] == [age]
    assert (f"torchmetrics {version} is {age} than {known.newest}" in str(cell.explanation)) is bool(age)
    advice = failure(case, cell).partition("What to do: ")[2]
    do = {"older": "began after this release", "newer": "fixed it, end the departure", None: "Remove it"}
    assert [each for each, text in do.items() if text in advice] == [age]


def test_a_release_is_the_newest_known_one_however_it_is_written() -> None:
    known = Supported("some-metrics", "1.0", "2.0")
    ages = [known.age(version) for version in ("2.0.0", "2.0.post1+cpu", "2.0.1.dev0", "1.9.9")]
    assert ages == [None, None, "newer", "older"]


def test_what_the_installed_release_lacks_is_not_applicable() -> None:
    old = session("1.4.0")
    known = old.implementations
    old.implementations = tuple(replace(entry, releases=">=1.5") for entry in known if entry.id == THRESHOLD)
    assert [planned.reason for planned in old.plan()] == ["is new in 1.5"]
    assert old.predicted_cells(old.cases[0]) == []


def test_a_departure_that_ended_with_a_release_is_not_predicted_in_it() -> None:
    definition = find(THRESHOLD)
    ended = replace(
        definition, departures=tuple(replace(entry, releases="<1.7") for entry in definition.departures)
    )
    case = made_case(y_true=[[1], [0]], y_pred=[[float("nan")], [0.2]])
    before, since = (predict(ended, case.call(), release=Version(text)) for text in ("1.6", "1.7"))
    assert before.departures == ("torchmetrics-nan-makes-logits",)
    assert since.departures == ()
