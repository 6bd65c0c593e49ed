"""What is asked for and cannot be had is said in a sentence, before anything is installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.adapters.places import Place, PlaceError
from conformance.adapters.registry import adapters
from conformance.environments.install import prepared
from conformance.environments.model import Environment, with_environments
from conformance.environments.requests import request


def test_a_release_is_written_in_many_ways_and_a_path_starts_at_its_folder(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    assert request("keras == 3.09.0", tmp_path).release == "3.9.0"
    assert request("keras==mine", tmp_path).source == str(tmp_path / "mine")
    assert request("keras==git+https://example.org/keras@main", tmp_path).source.endswith("@main")


def test_one_release_is_an_environment_of_each_adapter_of_its_framework(tmp_path: Path) -> None:
    (tmp_path / "conformance.toml").write_text('[environments]\nold = {python = "bin/python"}\n')
    (tmp_path / "below").mkdir()
    old = request("old", tmp_path / "below")
    assert (old.name, old.python) == ("old", str(tmp_path / "bin" / "python"))
    found = with_environments(adapters(), [Environment("3.9.0", Place(folder="somewhere"), "keras")])
    origins = [adapter.origin for adapter in found if adapter.framework == "keras"]
    assert origins == ["keras", "keras@3.9.0", "keras@torch", "keras@torch,3.9.0"]
    (torch,) = (adapter for adapter in found if adapter.origin == "keras@torch,3.9.0")
    entry = next(entry for entry in torch.implementations if entry.id.startswith("keras.metrics.Accuracy@"))
    assert (entry.id, entry.known_as) == (
        "keras.metrics.Accuracy@torch,3.9.0",
        "keras.metrics.Accuracy@torch",
    )
    assert entry.definition == "keras.metrics.Accuracy@torch"
    assert {lookup.implementation for lookup in torch.lookups} <= {
        entry.id for entry in torch.implementations
    }


def test_an_interpreter_has_the_frameworks_for_which_it_has_all_they_need(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there = {"keras": "3.15.1", "tensorflow-cpu": "2.17.0", "numpy": "1.26.4"}
    monkeypatch.setattr(Place, "version", lambda place, name: there.get(name))
    found = with_environments(adapters(), [Environment("old", Place(interpreter="python"))])
    assert [adapter.origin for adapter in found if "old" in adapter.environment] == ["keras@old"]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("torchmetric==1.6.1", "No framework is the package 'torchmetric' (did you mean 'torchmetrics'?)"),
        ("tensorflow==2.17.0", "name an interpreter in [tool.conformance.environments]"),
        ("keras>=3", "'keras>=3' is no environment of the configuration"),
        ("keras==3.*", "'3.*' is neither a release, nor a path in"),
        ("olf", "'olf' is no environment of the configuration (did you mean 'old'?)"),
    ],
)
def test_what_cannot_be_had_is_said(tmp_path: Path, asked: str, says: str) -> None:
    (tmp_path / "conformance.toml").write_text('[environments]\nold = {python = "/nowhere/python"}\n')
    with pytest.raises(PlaceError) as error:
        prepared([asked], tmp_path, pytest.fail)
    assert says in str(error.value)


def test_an_interpreter_that_is_not_there_is_said(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.conformance.environments]\nold = {python = "gone/python"}\n'
    )
    (old,) = prepared(["old"], tmp_path, pytest.fail)
    with pytest.raises(PlaceError, match="gone/python cannot be used as an interpreter"):
        with_environments(adapters(), [old])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[environments]\n"a,b" = "keras==3.9.0"', "'a,b' cannot name an environment"),
        ("[environments]\nold = {pyhton = '/bin/python'}", "has the key 'pyhton' (did you mean 'python'?)"),
        ("[environments]\nold = 2", 'write old = "DISTRIBUTION==RELEASE"'),
        ("environments = 2", "environments is no table"),
        ("environments = ", "cannot be read"),
    ],
)
def test_what_is_wrong_in_a_configuration_is_said_with_its_place(
    tmp_path: Path, text: str, says: str
) -> None:
    file = tmp_path / "conformance.toml"
    file.write_text(text)
    with pytest.raises(PlaceError) as error:
        request("old", tmp_path)
    assert says in str(error.value)
    assert str(file) in str(error.value)


def test_two_environments_of_one_name_are_an_error(tmp_path: Path) -> None:
    both = [
        Environment("torch", Place(folder="somewhere"), "keras"),
        Environment("new", Place(folder="somewhere"), "keras"),
    ]
    with pytest.raises(PlaceError, match="Two environments would be called keras@torch"):
        with_environments(adapters(), both)
