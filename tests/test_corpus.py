"""The cases that are shipped, each with its reason. Needs no framework."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from made_cases import ENTRIES
from shipped_cases import CASES, FOLDER, cells_of

from conformance.adapters.match import matches
from conformance.cases import Case
from conformance.cases.expectations import expectation
from conformance.cases.validate import schema

FILES = sorted(FOLDER.glob("*/*.yaml"))


def test_there_are_sixty_cases_of_twelve_families() -> None:
    assert len(CASES) >= 60
    assert None not in {case.family for case in CASES}
    assert len({case.family for case in CASES}) >= 12


def test_every_id_is_unique() -> None:
    assert [case_id for case_id, times in Counter(case.id for case in CASES).items() if times > 1] == []


def test_a_case_says_why_it_exists() -> None:
    assert [case.id for case in CASES if not (case.title.strip() and case.because)] == []


def test_a_vector_has_a_reason_of_one_sentence_or_two_short_ones() -> None:
    vectors = [case for case in CASES if case.file.endswith("vectors.yaml")]
    assert vectors
    assert [case.id for case in vectors if len(case.because or "") > 160] == []


def test_every_link_is_https() -> None:
    links = {link for case in CASES for place in (case, *case.expect) for link in place.see}
    assert [link for link in links if not link.startswith("https://")] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_first_line_of_a_file_wires_the_schema_for_editors(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    prefix = "# yaml-language-server: $schema="
    assert first.startswith(prefix)
    assert (path.parent / first.removeprefix(prefix)).resolve().is_file()


def test_the_folder_holds_one_folder_of_case_files_per_family_and_nothing_else() -> None:
    assert sorted(path for path in FOLDER.rglob("*") if not path.is_dir()) == FILES
    assert {(case.file.split("/")[-2], case.family) for case in CASES} == {
        (family, family) for family in schema()["properties"]["family"]["enum"]
    }


def test_somebody_is_asked_about_every_case() -> None:
    assert [case.id for case in CASES if not cells_of(case)] == []


def test_every_implementation_is_asked_about_some_case() -> None:
    asked = {cell.implementation.id for case in CASES for cell in cells_of(case)}
    # What a string becomes is asked in the table of metric strings, see test_resolutions.py.
    assert asked | {name for name, entry in ENTRIES.items() if entry.asked == "table"} == set(ENTRIES)


def test_at_most_a_tenth_of_the_cells_rests_on_expect() -> None:
    assert share_that_rests_on_expect(CASES) <= 0.1


def share_that_rests_on_expect(cases: tuple[Case, ...]) -> float:
    cells = [(case, cell.implementation.id) for case in cases for cell in cells_of(case)]
    resting = [
        1
        for case, implementation in cells
        if any(matches(expected.pattern, implementation) for expected in case.expect)
    ]
    return len(resting) / len(cells)


def test_a_corpus_that_pins_everything_rests_on_expect() -> None:
    pinned = tuple(
        replace(case, expect=tuple(expectation(pattern, 1.0, 1, 1) for pattern in ("*", "*@*")))
        for case in CASES[:5]
    )
    assert share_that_rests_on_expect(pinned) == 1


def test_no_reason_refers_to_another_case() -> None:
    """Words of three hyphens or more are ids of cases; shorter ones may be ordinary words."""
    known = {case.id for case in CASES if case.id.count("-") >= 2}
    assert [
        case.id for case in CASES if known & set(re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)+", case.because or ""))
    ] == []
