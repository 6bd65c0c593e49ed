"""The cases that are shipped: enough of them, each with its reason, none for nothing. No framework needed."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from made_cases import ENTRIES, foreseen_cells
from shipped_cases import CASES, FOLDER

from conformance.cases import Case
from conformance.cases.expectations import expectation
from conformance.cases.match import matches
from conformance.cases.model import Family
from conformance.verdicts.causes import axes_of, partings
from conformance.verdicts.groups import grouped
from conformance.verdicts.verdicts import Cell

FILES = sorted(FOLDER.glob("*/*.yaml"))

_CASES = pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)


@cache
def cells_of(case: Case) -> list[Cell]:
    """What is foreseen for a case; looked up by several tests, and predicted once."""
    return foreseen_cells(case)


def test_there_are_sixty_cases_of_twelve_families() -> None:
    assert len(CASES) >= 60
    assert None not in {case.family for case in CASES}
    assert len({case.family for case in CASES}) >= 12


def test_every_id_is_unique() -> None:
    assert [case_id for case_id, times in Counter(case.id for case in CASES).items() if times > 1] == []


@_CASES
def test_a_case_says_why_it_exists(case: Case) -> None:
    assert len((case.because or "").split()) >= 8
    assert case.title.strip()


@_CASES
def test_every_link_is_https(case: Case) -> None:
    for link in (*case.see, *(link for expected in case.expect for link in expected.see)):
        assert link.startswith("https://"), link


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_first_line_of_a_file_wires_the_schema_for_editors(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    prefix = "# yaml-language-server: $schema="
    assert first.startswith(prefix)
    assert (path.parent / first.removeprefix(prefix)).resolve().is_file()


def test_the_folder_holds_one_folder_of_case_files_per_family_and_nothing_else() -> None:
    assert sorted(path for path in FOLDER.rglob("*") if not path.is_dir()) == FILES
    assert {(case.file.split("/")[-2], case.family) for case in CASES} == {
        (family, family) for family in get_args(Family)
    }


@_CASES
def test_somebody_is_asked_about_every_case(case: Case) -> None:
    assert cells_of(case)


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


# No case for nothing.


def fingerprint(case: Case) -> Any:
    """Who stands with whom, and for which causes - if every prediction holds."""
    groupings = grouped(cells_of(case))
    parts = {quantity: _names(grouping.groups.values()) for quantity, grouping in groupings.items()}
    return frozenset(parts.items()), axes_of(partings(groupings, case.call(), {}))


def _names(groups: Any) -> frozenset[frozenset[str]]:
    return frozenset(frozenset(_id(cell) for cell in cells) for cells in groups)


def _id(cell: Cell) -> str:
    return cell.implementation.id


def alike() -> list[tuple[Case, ...]]:
    """Sets of cases that part the same implementations into the same groups for the same causes."""
    found: dict[Any, list[Case]] = defaultdict(list)
    for case in CASES:
        found[fingerprint(case)].append(case)
    return [tuple(cases) for cases in found.values() if len(cases) > 1]


def test_of_cases_that_part_alike_all_but_one_name_another_and_say_what_else() -> None:
    silent = [[case.id for case in cases if not _names_one_of(case, cases)] for cases in alike()]
    assert [ids for ids in silent if len(ids) > 1] == []


def _names_one_of(case: Case, cases: tuple[Case, ...]) -> bool:
    return any(other.id in _slugs(case) for other in cases if other is not case)


def _slugs(case: Case) -> set[str]:
    return set(re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)+", case.because or ""))


@_CASES
def test_a_case_that_is_named_exists(case: Case) -> None:
    """Words of three hyphens or more are ids of cases; a renamed case must not leave its name behind."""
    known = {other.id for other in CASES}
    assert [slug for slug in _slugs(case) if slug.count("-") >= 3 and slug not in known] == []
