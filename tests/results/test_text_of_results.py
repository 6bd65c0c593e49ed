"""The text of a results document: strict JSON, the same for the same results, and not long."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from made_cases import ADAPTERS, made_case
from made_documents import LATE, made_document

from conformance.calls.outcome import Outcome, decode_floats
from conformance.cases import Case
from conformance.report import html
from conformance.results.build import document
from conformance.results.store import FORMAT, ResultsError, dumps, pieces, read, write
from conformance.session.judging import case_result
from conformance.session.session import Session


def test_the_text_is_strict_json_and_says_special_floats_in_words(session: Session) -> None:
    def fail(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    text = dumps(made_document(session))
    results = json.loads(text, parse_constant=fail)
    special = next(case for case in results["cases"] if case["id"] == "special")
    assert special["inputs"]["y_pred"] == [[{"float": "nan"}], [{"float": "-0.0"}], [{"float": "inf"}]]
    assert special["cells"][0]["outcome"]["value"] == [{"float": "nan"}, {"float": "-inf"}, {"float": "-0.0"}]


def test_a_float_that_json_does_not_have_is_refused_and_not_written() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        dumps({"format": FORMAT, "ratio": math.nan})


def test_special_floats_come_back_as_they_were(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    write(path, dumps(made_document(session)))
    special = next(case for case in read(path)["cases"] if case["id"] == "special")
    ((nan,), (zero,), (infinity,)) = decode_floats(special["inputs"]["y_pred"])
    assert math.isnan(nan)
    assert math.copysign(1, zero) == -1
    assert infinity == math.inf
    value = Outcome.from_json(special["cells"][0]["outcome"]).value
    assert math.isnan(value[0])
    assert value[1:] == [-math.inf, 0.0]
    assert math.copysign(1, value[2]) == -1


def test_what_is_read_and_written_again_is_the_same_text(session: Session, tmp_path: Path) -> None:
    path, text = tmp_path / "results.json", dumps(made_document(session))
    write(path, text)
    assert dumps(read(path)) == text == path.read_text(encoding="utf-8")


def test_two_runs_give_the_same_bytes_but_for_time_and_environment(session: Session) -> None:
    elsewhere = {"keras": {"python": "3.12", "packages": {"keras": "3.14.0"}}}
    one = made_document(session)
    other = made_document(session, LATE, environments=elsewhere)
    assert dumps(one) != dumps(other)
    for results in (one, other):
        del results["generated"], results["environments"]
    assert dumps(one) == dumps(other)


def test_a_second_session_gives_the_same_bytes(cases: tuple[Case, ...], session: Session) -> None:
    with Session(cases, ADAPTERS) as again:
        assert dumps(made_document(again)) == dumps(made_document(session))


def test_the_time_is_written_with_its_zone(session: Session) -> None:
    assert made_document(session)["generated"] == "2020-01-01T00:00:00+00:00"


def test_a_cell_and_a_reason_take_one_line_each(session: Session) -> None:
    results = made_document(session)
    lines = dumps(results).splitlines()
    cells = sum(len(case["cells"]) for case in results["cases"])
    assert sum(line.startswith('{"implementation":') and '"group":' in line for line in lines) == cells
    reasons = len(results["not_applicable"])
    assert sum(line.startswith('"reason":') for line in lines) == reasons > 0


# A large document is packed.


@pytest.fixture
def packing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conformance.report.packing.WRITTEN_OUT", 0)
    monkeypatch.setattr("conformance.report.packing.LARGE", 0)


def test_what_other_programs_read_is_written_out_unless_there_are_thousands_of_cases(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results, path = made_document(session), tmp_path / "results.json"
    monkeypatch.setattr("conformance.report.packing.WRITTEN_OUT", 0)
    monkeypatch.setattr("conformance.report.packing.EXPLAINING", {"rules", "since"})
    monkeypatch.setattr("conformance.report.packing.LEAST", 2)
    write(path, dumps(results))
    raw = json.loads(path.read_text(encoding="utf-8"))
    assert raw["shared"]
    assert read(path) == results
    for case, was in zip(raw["cases"], results["cases"], strict=True):
        for cell, cell_was in zip(case["cells"], was["cells"], strict=True):
            assert {**cell, "rules": cell_was.get("rules")} == {**cell_was, "rules": cell_was.get("rules")}
        assert case["inputs"] == was["inputs"]


@pytest.mark.usefixtures("packing")
def test_a_large_document_is_packed_and_read_as_it_was(session: Session, tmp_path: Path) -> None:
    results, path = made_document(session), tmp_path / "results.json"
    write(path, pieces(results))
    raw = json.loads(path.read_text(encoding="utf-8"))
    assert raw.keys() - results.keys() == {"shared"}
    assert read(path) == json.loads(json.dumps(results))
    assert dumps(read(path)) == path.read_text(encoding="utf-8")
    assert html(read(path)) == html(results)


@pytest.mark.usefixtures("packing")
def test_what_is_long_and_there_more_than_once_is_written_once(session: Session) -> None:
    again, once = {"says": "x" * 100, "of": [{"says": "y" * 100}]}, {"says": "z" * 100}
    made = made_document(session) | {"of tomorrow": [again, once, {"too": again, "short": "x"}, again["of"]]}
    raw = json.loads(dumps(made))
    first, *others = raw["of tomorrow"]
    assert others == [once, {"too": first, "short": "x"}, raw["shared"][first["$"]]["of"]]
    assert sum("y" * 100 in str(entry) for entry in raw["shared"]) == 1
    assert "z" * 100 not in str(raw["shared"])


@pytest.mark.usefixtures("packing")
def test_lines_that_different_texts_have_are_written_once(session: Session, tmp_path: Path) -> None:
    line = "import " + "x" * 100
    texts = [f"{line}\nprint(1)\n", f"{line}\nprint(2)\n", "no line\nis there twice"]
    text = dumps(made_document(session) | {"of tomorrow": texts})
    assert text.count(line) == 1
    assert texts[2] in json.loads(text)["of tomorrow"]
    path = tmp_path / "results.json"
    write(path, text)
    assert read(path)["of tomorrow"] == texts


@pytest.mark.usefixtures("packing")
@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"shared": [], "since": {"$": 0}}, "it refers to the entry 0 of what is shared, where there are 0"),
        ({"shared": [{"$": 0}]}, "it refers to the entry 0 of what is shared, where there are 0"),
        ({"shared": ["a"], "since": {"$": "a"}}, "it refers to the entry 'a' of what is shared"),
        ({"shared": ["a"], "since": {"$": 0}}, "since: Input should be a valid list"),
        ({"shared": [1], "since": {"$": ["a", {"$": 0}]}}, "it has a text whose lines are no texts"),
        (
            {"texts": [], "divergences": [], "traces": []},
            "its format is 2, with texts, divergences and traces",
        ),
    ],
)
def test_what_cannot_be_unpacked_is_an_error(tmp_path: Path, more: dict[str, Any], said: str) -> None:
    path = tmp_path / "results.json"
    path.write_text(json.dumps({"format": FORMAT, **more}))
    with pytest.raises(ResultsError, match=f"is not a complete results document: {said}"):
        read(path)


@pytest.mark.usefixtures("packing")
def test_a_cell_and_what_its_case_adds_take_few_bytes() -> None:
    """Ten thousand cases stay readable; half of these cells raise."""

    def size(number: int) -> tuple[int, int]:
        scores = [[index / 100, 1 - index / 100, 0.5, 0.25] for index in range(number)]
        cases = [made_case(case_id=f"made-{n}", y_true=[0, 1, 1, 0], y_pred=y) for n, y in enumerate(scores)]
        with Session(cases, ADAPTERS, implementations=["sklearn*"]) as session:
            results = [case_result(session, case, session.predicted_cells(case)) for case in cases]
            made = document(results, session, {}, complete=True)
        return len(dumps(made).encode()), sum(len(result.cells) for result in results)

    (few, cells), (many, more) = size(10), size(40)
    assert (many - few) / (more - cells) < 60
