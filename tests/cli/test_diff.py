"""`conformance diff` of two files: what it prints, and its exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from conformance.cli import main

#: In format 1 explanations of causes have another name.
OLD: dict[str, Any] = {
    "format": 1,
    "generated": "2026-01-01T00:00:00+00:00",
    "environments": {"": {"packages": {"ours": "1.0"}}},
    "implementations": [{"id": "ours.accuracy", "framework": "ours", "packages": ["ours"]}],
    "cases": [
        {
            "id": name,
            "task": "binary",
            "inputs": {"y_true": [1, 0], "y_pred": [1, 1]},
            "parting": [],
            "cells": [
                {
                    "implementation": "ours.accuracy",
                    "verdict": "as-defined",
                    "group": "A",
                    "outcome": {"kind": "value", "value": 0.5, "dtype": "float64"},
                }
            ],
        }
        for name in ("one", "other")
    ],
}


def diff(folder: Path, new: dict[str, Any], *options: str) -> Result:
    for name, document in (("old.json", OLD), ("new.json", new)):
        (folder / name).write_text(json.dumps(document))
    return CliRunner().invoke(main, ["diff", str(folder / "old.json"), str(folder / "new.json"), *options])


@pytest.fixture
def new() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(OLD))
    return made | {"format": 2}


def test_nothing_changed_is_exit_code_0(new: dict[str, Any], tmp_path: Path) -> None:
    done = diff(tmp_path, new)
    assert (done.exit_code, done.output) == (0, "0 outcomes changed, 0 added, 0 removed, 2 unchanged\n")


def test_a_changed_outcome_is_exit_code_1_and_says_what_changed(new: dict[str, Any], tmp_path: Path) -> None:
    new["environments"][""]["packages"]["ours"] = "2.0"
    new["cases"][0]["cells"][0]["outcome"] = {"kind": "raises", "type": "ValueError"}
    new["cases"][1]["cells"][0]["outcome"]["value"] = 1.0
    new["cases"][1]["inputs"]["y_pred"] = [1, 0]
    done = diff(tmp_path, new)
    assert done.exit_code == 1
    assert done.output.splitlines() == [
        "2 outcomes changed, 0 added, 0 removed, 0 unchanged; 1 case edited",
        "ours: 1.0 -> 2.0",
        "",
        "ours.accuracy (ours 1.0 -> 2.0): 2 changed",
        "  one: 0.5 (as defined) in group A -> ValueError (as defined) in group A",
        "  other: 0.5 (as defined) in group A -> 1.0 (as defined) in group A",
        "    the case was edited",
    ]


def test_json_has_each_cell(new: dict[str, Any], tmp_path: Path) -> None:
    del new["cases"][1]
    done = diff(tmp_path, new, "--json")
    assert done.exit_code == 1
    found = json.loads(done.output)
    assert (found["format"], found["changed"], found["unchanged"]) == (1, [], 1)
    assert found["removed"] == [
        {"case": "other", "implementation": "ours.accuracy", "outcome": "0.5 (as defined)"}
    ]


@pytest.mark.parametrize("text", ["", "{", '{"format": 3}'])
def test_what_is_no_document_is_bad_input(text: str, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text(text)
    done = CliRunner().invoke(main, ["diff", str(tmp_path / "bad.json"), str(tmp_path / "bad.json")])
    assert done.exit_code == 2
    assert f"{tmp_path / 'bad.json'}: " in done.output
    assert "Traceback" not in done.output


def test_releases_of_two_packages_are_not_compared() -> None:
    done = CliRunner().invoke(main, ["diff", "torchmetrics==1.9.0", "keras==3.9.0"])
    assert done.exit_code == 2
    assert "torchmetrics==1.9.0 and keras==3.9.0 are no releases of one package" in done.output
