"""Keys of outcomes: whatever can change an outcome changes its key, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_cases import ADAPTERS, ENTRIES, made_case

from conformance.adapters.base import Adapter, Call, Update
from conformance.adapters.places import Place
from conformance.cache import keys
from conformance.cache.keys import call_key, outcome_key, surroundings_key

SCORE = ENTRIES["sklearn.metrics.accuracy_score"]
BINARY = ENTRIES["keras.metrics.BinaryAccuracy"]
ADAPTER = next(adapter for adapter in ADAPTERS if adapter.framework == "sklearn")
CALL = made_case(y_true=[[1, 0], [0, 1]], y_pred=[[0.5, 0.2], [0.9, 0.8]]).call()


def with_data(change: Callable[[np.ndarray[Any, Any]], np.ndarray[Any, Any]]) -> Call:
    (update,) = CALL.updates
    return replace(CALL, updates=(replace(update, y_pred=change(np.asarray(update.y_pred))),))


CHANGED = {
    "a value by one unit in the last place": with_data(lambda a: np.nextafter(a, np.inf)),
    "the dtype": with_data(lambda a: a.astype("float64") if a.dtype != "float64" else a.astype("float32")),
    "the shape": with_data(lambda a: a.reshape(4, 1)),
    "the order in memory": with_data(np.asfortranarray),
    "the sign of a zero": with_data(lambda a: a * 0 * -1),
    "weights": replace(CALL, updates=(replace(CALL.updates[0], sample_weight=np.ones(2)),)),
    "updates": replace(CALL, updates=CALL.updates * 2),
    "a parameter": replace(CALL, parameters={"threshold": 0.5}),
}


@pytest.mark.parametrize("what", CHANGED)
def test_another_call_has_another_key(what: str) -> None:
    assert outcome_key("here", BINARY, CHANGED[what]) != outcome_key("here", BINARY, CALL)
    assert call_key(CHANGED[what]) != call_key(CALL)
    assert len({outcome_key("here", BINARY, call) for call in CHANGED.values()}) == len(CHANGED)


def test_equal_calls_have_one_key() -> None:
    again = made_case(y_true=[[1, 0], [0, 1]], y_pred=[[0.5, 0.2], [0.9, 0.8]], case_id="another").call()
    assert outcome_key("here", BINARY, again) == outcome_key("here", BINARY, CALL)
    assert call_key(again) == call_key(CALL)
    assert outcome_key("there", BINARY, CALL) != outcome_key("here", BINARY, CALL)
    assert outcome_key("here", SCORE, CALL) != outcome_key("here", BINARY, CALL)


def test_objects_are_told_from_each_other_by_their_values() -> None:
    calls = [
        Call("binary", (Update(np.array(each, dtype=object), np.array([1, 0])),))
        for each in (["a", 1], ["a", "1"])
    ]
    assert call_key(calls[0]) != call_key(calls[1])


def test_surroundings_are_packages_processor_variables_memory_and_code(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = [
        surroundings_key(ADAPTER, 10**9),
        surroundings_key(ADAPTER, 10**9),
        surroundings_key(ADAPTER, 10**10),
    ]
    assert found[0] == found[1]
    with monkeypatch.context() as changed:
        changed.setenv("OMP_THAT_DAY", "1")
        found.append(surroundings_key(ADAPTER, 10**9))
    with monkeypatch.context() as changed:
        changed.setenv("WINDOWID", "1")
        assert surroundings_key(ADAPTER, 10**9) == found[0]
    with monkeypatch.context() as changed:
        changed.setattr(keys, "_processor", lambda: "another")
        found.append(surroundings_key(ADAPTER, 10**9))
    with monkeypatch.context() as changed:
        changed.setattr(keys, "_code", lambda path: "other lines")
        found.append(surroundings_key(ADAPTER, 10**9))
    assert None not in found
    assert len(set(found)) == len(found) - 1


def installed(
    folder: Path, version: str = "1.0", record: str | None = "x.py,sha256=a,1", link: str = ""
) -> Adapter:
    """Return an adapter of a package in a folder, as an installer leaves it."""
    info = folder / f"some_metrics-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: some-metrics\nVersion: {version}\n")
    if record is not None:
        (info / "RECORD").write_text(record)
    if link:
        (info / "direct_url.json").write_text(link)
    return replace(ADAPTER, distributions={"some-metrics": "some_metrics"}, place=Place(folder=str(folder)))


def test_the_contents_of_a_package_count_not_its_version_alone(tmp_path: Path) -> None:
    made = (
        installed(tmp_path / "a"),
        installed(tmp_path / "b", version="1.1"),
        installed(tmp_path / "c", record="x.py,sha256=b,1"),
    )
    found = [surroundings_key(adapter, 1) for adapter in made]
    assert None not in found
    assert len(set(found)) == 3


def test_packages_in_development_have_no_key(tmp_path: Path) -> None:
    edited = '{"url": "file:///somewhere", "dir_info": {"editable": true}}'
    assert surroundings_key(installed(tmp_path / "a", record=None), 1) is None
    assert surroundings_key(installed(tmp_path / "b", link=edited), 1) is None
