"""The parts of a run: each entry is in one of them, and they cost about the same."""

from __future__ import annotations

import itertools

import pytest
from made_cases import ADAPTERS, SEED, made_case

from conformance.session.session import Session
from conformance.session.shard import Shard, part

_COSTS = [7, 1, 1, 5, 0, 3, 3, 2, 9, 0, 4, 1]


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "1/0", "-1/3", "1/3/3", "a/b", "", "1.5/3", "٣/٤"])
def test_what_is_no_shard_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="write I/N, with I from 1 to N, such as 1/3"):
        Shard.parse(text)


@pytest.mark.parametrize("of", [1, 2, 3, 12])
def test_each_entry_is_in_one_shard_in_the_order_of_the_run(of: int) -> None:
    parts = [part(Shard(index, of), range(len(_COSTS)), _COSTS) for index in range(1, of + 1)]
    assert sorted(itertools.chain(*parts)) == list(range(len(_COSTS)))
    assert all(list(found) == sorted(found) for found in parts)


def test_shards_cost_about_the_same() -> None:
    loads = [
        sum(_COSTS[place] for place in part(Shard(index, 3), range(len(_COSTS)), _COSTS))
        for index in (1, 2, 3)
    ]
    assert loads == [12, 12, 12]


def test_entries_that_cost_nothing_are_spread_too() -> None:
    assert [len(part(Shard(index, 2), range(6), [0] * 6)) for index in (1, 2)] == [3, 3]


def test_without_a_shard_it_is_everything() -> None:
    assert part(None, "abc", ()) == ("a", "b", "c")


def test_a_session_plans_the_cases_of_its_shard_with_all_of_their_cells() -> None:
    cases = [made_case(case_id=name, **SEED) for name in "abcde"]
    whole = {(cell.case.id, cell.implementation.id) for cell in Session(cases, ADAPTERS).plan()}
    parts = [
        {(cell.case.id, cell.implementation.id) for cell in Session(cases, ADAPTERS, shard=shard).plan()}
        for shard in (Shard(1, 2), Shard(2, 2))
    ]
    assert parts[0] | parts[1] == whole
    assert not {case for case, _ in parts[0]} & {case for case, _ in parts[1]}
