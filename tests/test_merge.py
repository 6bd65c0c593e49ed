"""Merged shards are the run in one piece; what does not fit is named."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from made_cases import ADAPTERS, SEED, made_case
from projects import comparable

from conformance.adapters.base import Adapter
from conformance.adapters.places import Place
from conformance.calls.outcome import Outcome
from conformance.cases import Case
from conformance.laws import Judge, documented
from conformance.plugin import collecting
from conformance.plugin.collecting import laws
from conformance.results.build import document
from conformance.results.merge import merge
from conformance.results.store import ResultsError, dumps
from conformance.session.judging import case_result
from conformance.session.resolutions import table, to_json
from conformance.session.session import Answer, Session
from conformance.session.shard import Shard
from conformance.verdicts.verdicts import Cell, not_applicable, predicted_cell

CASES = (
    made_case(case_id="seed", family="name-resolution", **SEED),
    made_case(case_id="departing", y_true=[[1], [0]], y_pred=[[0.7], [0.2]], threshold=0.7),
    made_case("multiclass", case_id="classes", y_true=[0, 0, 0, 1], y_pred=[0, 0, 0, 0]),
    made_case(case_id="departing-more", y_true=[[1], [0], [1]], y_pred=[[0.7], [0.2], [1]], threshold=0.7),
    made_case(case_id="chosen", implementations=("keras.*",), **SEED),
)
OF = 3

ADAPTERS_BY_NAME = {adapter.origin: adapter for adapter in ADAPTERS}
SOME = tuple(ADAPTERS_BY_NAME[name] for name in ("keras", "torchmetrics", "sklearn"))

UNRESOLVED = Answer(Outcome("raises", type="ValueError", bases=("Exception",), message="no such metric"))


def run(
    shard: Shard | None = None,
    cases: tuple[Case, ...] = CASES,
    minute: int = 0,
    adapters: tuple[Adapter, ...] = SOME,
) -> dict[str, Any]:
    """Return the document of a run in which predictions and laws hold and no name resolves, as read from its file."""
    with Session(cases, adapters, shard=shard) as session:
        rows, judge = table(session), Judge(session)
        first = {(row.questions[0].case.id, row.questions[0].implementation.id): UNRESOLVED for row in rows}
        held = {
            (law.id, entry.id): {"implementation": entry.id, "verdict": "holds", "tried": 1}
            for law, entry in laws(session, judge)
        }
        made = document(
            [case_result(session, case, list(cells(session, case))) for case in session.own_cases],
            session,
            {
                name: {"python": "3.11", "packages": packages, "settings": {}}
                for name, packages in session.versions.items()
            },
            complete=True,
            generated=datetime(2020, 1, 1, 0, minute, tzinfo=UTC),
            resolutions=to_json(session, rows, first),
            laws=documented(judge, session.implementations, held),
        )
    read: dict[str, Any] = json.loads(dumps(made))
    return read


def cells(session: Session, case: Case) -> Iterator[Cell]:
    for planned in session.plan_of(case):
        entry = planned.implementation
        if planned.reason is not None:
            yield not_applicable(entry, planned.reason)
        elif (predictions := session.predictions_of(case.call(), entry)) is not None:
            yield predicted_cell(entry, predictions)


def shards(cases: tuple[Case, ...] = CASES, of: int = OF) -> dict[str, dict[str, Any]]:
    return {f"{index}.json": run(Shard(index, of), cases, index) for index in range(1, of + 1)}


@pytest.fixture(scope="module", autouse=True)
def _laws_over_few_cases() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(collecting, "FEWEST_CASES", 1)
        yield


@pytest.fixture(scope="module")
def made(_laws_over_few_cases: None) -> dict[str, dict[str, Any]]:
    return shards()


@pytest.fixture(scope="module")
def whole(_laws_over_few_cases: None) -> dict[str, Any]:
    return run()


def test_shards_put_together_are_the_run_in_one_piece_byte_for_byte(
    made: dict[str, Any], whole: dict[str, Any]
) -> None:
    together = merge(made)
    assert dumps(comparable(together)) == dumps(comparable(whole))
    assert list(together) == list(whole)
    assert together["generated"] == "2020-01-01T00:03:00+00:00"
    assert {len(document["cases"]) for document in made.values()} == {1, 2}
    # What the cases share is in more than one shard, with other numbers.
    assert together["not_applicable"] != made["1.json"]["not_applicable"]
    assert len(together["resolutions"]) == len(table(Session(CASES, SOME)))
    assert together["laws"] != made["1.json"]["laws"]
    assert together["cause_sets"] != made["1.json"]["cause_sets"]


def test_the_order_in_which_shards_are_given_does_not_matter(made: dict[str, Any]) -> None:
    turned = dict(reversed(made.items()))
    assert dumps(merge(turned)) == dumps(merge(made))


def test_a_finding_is_shown_by_the_smallest_case_of_all_shards(made: dict[str, Any]) -> None:
    found = {finding["id"]: finding for finding in merge(made)["findings"]}
    assert found["keras-threshold-is-rounded-to-float32"]["case"] == "departing"


def test_a_merge_is_complete_if_each_shard_is(made: dict[str, Any]) -> None:
    assert merge(made)["complete"] is True
    one = copy.deepcopy(made)
    one["2.json"]["shard"]["complete"] = False
    assert merge(one)["complete"] is False


def test_a_missing_shard_is_named(made: dict[str, Any]) -> None:
    given = {name: made[name] for name in ("1.json", "3.json")}
    with pytest.raises(ResultsError, match=r"^1\.json: its run lacks shard 2 of 3\. Run what"):
        merge(given)


def test_a_shard_given_twice_is_named(made: dict[str, Any]) -> None:
    with pytest.raises(ResultsError, match=r"^again\.json: is shard 2 of 3, as 2\.json is\."):
        merge({**made, "again.json": made["2.json"]})


def test_shards_of_other_runs_are_named(made: dict[str, Any]) -> None:
    other = run(Shard(2, OF), (*CASES[:-1], made_case(case_id="another", **SEED)))
    with pytest.raises(
        ResultsError, match=r"^1\.json: its run lacks shard 2 of 3\. 2\.json is of another run"
    ):
        merge({**made, "2.json": other})
    halves = copy.deepcopy(made["2.json"])
    halves["shard"]["of"] = 2
    with pytest.raises(ResultsError, match="or in another number of shards"):
        merge({**made, "2.json": halves})


def test_shards_in_which_a_package_has_two_versions_are_named(made: dict[str, Any]) -> None:
    one = copy.deepcopy(made)
    one["3.json"]["environments"][""]["packages"]["keras"] = "3.14.0"
    with pytest.raises(
        ResultsError, match=r"^3\.json: has keras 3\.14\.0 in the default environment, and 1\.json has"
    ):
        merge(one)


def test_an_older_format_cannot_be_put_together(made: dict[str, Any]) -> None:
    with pytest.raises(ResultsError, match=r"^old\.json: has format 1"):
        merge({"old.json": {**made["1.json"], "format": 1}})


@pytest.mark.parametrize(("key", "said"), [("cause_sets", "cause_sets"), ("pairs", "cases: pairs")])
def test_what_an_older_version_has_written_cannot_be_put_together(
    whole: dict[str, Any], key: str, said: str
) -> None:
    old = copy.deepcopy(whole)
    old.pop(key, None)
    for case in old["cases"]:
        case.pop(key, None)
    with pytest.raises(ResultsError, match=rf"^old\.json: has no {said}, so that it is of an older version"):
        merge({"old.json": old})


def test_runs_over_different_cases_are_put_together(whole: dict[str, Any]) -> None:
    one, other = run(cases=CASES[:2]), run(cases=CASES[2:])
    together = merge({"one.json": one, "other.json": other})
    assert [case["id"] for case in together["cases"]] == [case.id for case in CASES]
    assert comparable(together) == comparable(whole)


def test_a_law_that_one_run_refutes_stays_refuted_whichever_comes_first() -> None:
    one, other = run(cases=CASES[:2]), run(cases=CASES[2:])
    refuted = next(cell for law in one["laws"] for cell in law["cells"] if cell["verdict"] == "holds")
    refuted["verdict"] = "fails-undocumented"
    for documents in ((one, other), (other, one)):
        together = merge(dict(zip(("1.json", "2.json"), documents, strict=True)))
        cells = [cell for law in together["laws"] for cell in law["cells"]]
        assert [cell for cell in cells if cell["verdict"] == "fails-undocumented"] == [refuted]


# What shards divide beyond cells.


def test_laws_and_names_are_divided_evenly() -> None:
    def parts(shard: Shard | None) -> tuple[list[Any], list[Any]]:
        session = Session(CASES, SOME, shard=shard)
        tried = [(law.id, entry.id) for law, entry in laws(session, Judge(session))]
        return tried, [(row.origin, row.loss) for row in table(session)]

    shared = [parts(Shard(index, OF)) for index in range(1, OF + 1)]
    for whole, divided in zip(parts(None), zip(*shared, strict=True), strict=True):
        assert sorted(each for part in divided for each in part) == sorted(whole)
        sizes = [len(part) for part in divided]
        assert max(sizes) - min(sizes) <= 1


# Environments.


def older(release: str, folder: Path) -> Adapter:
    """Return the adapter of torchmetrics in a place with the metadata of another release: no framework is called."""
    info = folder / release / f"torchmetrics-{release}.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: torchmetrics\nVersion: {release}\n")
    return ADAPTERS_BY_NAME["torchmetrics"].elsewhere(release, Place(folder=str(folder / release)))


#: On the first, torchmetrics 1.7.1 and 1.7.3 differ.
RELEASES = (
    made_case(
        "multiclass",
        case_id="positions",
        y_true=[[0, 1], [1, 0]],
        y_pred=[[[0.9, 0.1], [0.1, 0.8], [0.0, 0.1]], [[0.1, 0.7], [0.9, 0.2], [0.0, 0.1]]],
        num_classes=3,
        top_k=2,
        average="micro",
    ),
    CASES[0],
    made_case(case_id="long", y_true=[1, 0] * 1000, y_pred=[0.5, 0.2] * 1000),
)


def test_runs_in_other_environments_are_put_together_as_if_they_were_one(tmp_path: Path) -> None:
    here = ADAPTERS_BY_NAME["torchmetrics"], ADAPTERS_BY_NAME["sklearn"]
    places = [older(release, tmp_path) for release in ("1.7.1", "1.7.3")]
    whole = run(cases=RELEASES, adapters=(here[0], *places, here[1]))
    parts = {
        f"{place.environment}.json": run(cases=RELEASES, adapters=(here[0], place, here[1]))
        for place in places
    }
    together = merge(parts)
    assert dumps(comparable(together)) == dumps(comparable(whole))
    assert together["environments"] == whole["environments"]
    groups = {
        cell["implementation"]: cell["group"] for case in together["cases"][:1] for cell in case["cells"]
    }
    name = "torchmetrics.functional.classification.multiclass_accuracy"
    assert groups[f"{name}@1.7.1"] != groups[f"{name}@1.7.3"]


def test_an_outcome_that_differs_in_one_environment_is_named(whole: dict[str, Any]) -> None:
    other = copy.deepcopy(whole)
    cell = other["cases"][2]["cells"][0]
    cell["outcome"] = {"kind": "value", "value": 0.125, "dtype": "float32"}
    with pytest.raises(
        ResultsError, match=rf"^other\.json: {re.escape(cell['implementation'])} has another outcome"
    ):
        merge({"one.json": whole, "other.json": other})
    assert comparable(merge({"one.json": whole, "again.json": copy.deepcopy(whole)})) == comparable(whole)


def test_a_case_with_other_inputs_is_named(whole: dict[str, Any]) -> None:
    other = copy.deepcopy(whole)
    other["cases"][0]["inputs"]["y_pred"] = [[0.25]]
    with pytest.raises(
        ResultsError, match=r"^other\.json: the case seed has another inputs than in one\.json"
    ):
        merge({"one.json": whole, "other.json": other})


def test_an_implementation_whose_package_is_not_there_is_named(whole: dict[str, Any]) -> None:
    one, other = copy.deepcopy(whole), copy.deepcopy(whole)
    name = one["cases"][0]["cells"][0]["implementation"]
    for each in (one, other):
        each |= json.loads(json.dumps(each).replace(json.dumps(name), '"gone.metric"'))
    with pytest.raises(ResultsError, match=r"^gone\.metric is of a package that is not installed"):
        merge({"one.json": one, "other.json": other})
