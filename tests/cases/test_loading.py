from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from made_cases import FRAMEWORKS

from conformance.cases import CaseErrors, load

NEXT = "name a case file or a folder with some, or none for the cases that are shipped"

MINIMAL = """\
format: 1
theme: t
cases:
  - {{id: {id}, title: T, task: binary, y_true: [1], y_pred: [0.5]}}
"""

FULL = """\
# yaml-language-server: $schema=x
format: 1
theme: Probabilities
family: threshold
cases:
  - id: full
    title: Everything
    task: multiclass   # three classes
    metric: accuracy
    because: it has to be read
    y_true: [[0, 1],
      [1, 2]]
    # the scores
    y_pred: [[0.1, .nan], [-.inf, -0.0]]

    sample_weight: 2
    threshold: 1
    average: null
    labels: [0, a, true]
    loss: mse
    dtype: {y_pred: float32, metric: float64}
    implementations: ["keras.*"]
    tags: [a-b, c2]
    see: https://example.org/x
    # the end

  - id: second
    title: no
    task: binary
    updates: []
"""


def test_a_case_with_only_the_required_keys_is_read(cases_of):
    (case,) = cases_of(MINIMAL.format(id="seed"))
    assert (case.id, case.title, case.task, case.metric) == ("seed", "T", "binary", "accuracy")
    assert (case.family, case.theme, case.file, case.line) == (None, "t", "cases.yaml", 4)
    assert (case.tags, case.see, case.expect, case.because, case.implementations) == ((), (), (), None, None)
    assert case.inputs == {"y_true": [1], "y_pred": [0.5]}


def test_every_key_of_a_case_is_read(cases_of):
    case, _ = cases_of(FULL)
    assert (case.family, case.because, case.tags) == ("threshold", "it has to be read", ("a-b", "c2"))
    assert case.see == ("https://example.org/x",)
    assert case.implementations == ("keras.*",)
    call = case.call()
    assert call.task == "multiclass"
    assert call.parameters == {"threshold": 1, "average": None, "labels": [0, "a", True]}
    assert type(call.parameters["threshold"]) is int
    assert (call.loss, call.metric_dtype, call.batches) == ("mse", "float64", None)
    (update,) = call.updates
    assert str(update.y_pred.tolist()) == "[[0.10000000149011612, nan], [-inf, -0.0]]"
    assert update.y_pred.dtype == "float32"
    assert update.sample_weight.shape == ()


def test_inputs_hold_data_and_parameters_as_written_and_nothing_else(cases_of):
    case, _ = cases_of(FULL)
    assert list(case.inputs) == [
        "y_true",
        "y_pred",
        "sample_weight",
        "threshold",
        "average",
        "labels",
        "loss",
        "dtype",
    ]
    assert case.inputs["y_true"] == [[0, 1], [1, 2]]
    assert case.inputs["dtype"] == {"y_pred": "float32", "metric": "float64"}


def test_the_source_of_the_inputs_is_kept_line_by_line(cases_of):
    case, second = cases_of(FULL)
    assert case.inputs_yaml.splitlines() == [
        "task: multiclass   # three classes",
        "y_true: [[0, 1],",
        "  [1, 2]]",
        "y_pred: [[0.1, .nan], [-.inf, -0.0]]",
        "sample_weight: 2",
        "threshold: 1",
        "average: null",
        "labels: [0, a, true]",
        "loss: mse",
        "dtype: {y_pred: float32, metric: float64}",
    ]
    assert second.inputs_yaml == "task: binary\nupdates: []"


def test_the_source_of_a_case_in_braces_is_the_whole_case(cases_of):
    (case,) = cases_of(MINIMAL.format(id="seed"))
    assert case.inputs_yaml == "{id: seed, title: T, task: binary, y_true: [1], y_pred: [0.5]}"


def test_the_source_does_not_run_into_what_follows_the_case(cases_of):
    text = (
        "format: 1\ncases:\n- id: a\n  title: T\n  task: binary\n  y_true: [1]\n  y_pred:\n  - 1\ntheme: t\n"
    )
    (case,) = cases_of(text)
    assert case.inputs_yaml == "task: binary\ny_true: [1]\ny_pred:\n- 1"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system_are_read_alike(cases_of, end):
    case, second = cases_of(FULL.replace("\n", end).encode())
    assert case.inputs_yaml.startswith("task: multiclass   # three classes\ny_true: [[0, 1],\n")
    assert (second.line, second.inputs_yaml) == (27, "task: binary\nupdates: []")


def test_a_last_line_without_an_end_is_read(cases_of):
    _, second = cases_of(FULL.rstrip("\n"))
    assert second.inputs_yaml == "task: binary\nupdates: []"


def test_a_title_may_be_a_word_that_other_yaml_versions_take_for_false(cases_of):
    assert cases_of(FULL)[1].title == "no"


def test_a_case_survives_pickling_and_copying(cases_of):
    case, _ = cases_of(FULL)
    case.call()
    for twin in (pickle.loads(pickle.dumps(case)), copy.deepcopy(case)):
        assert twin == case
        assert hash(twin) == hash(case)
        assert twin.call().updates[0].y_true.tolist() == [[0, 1], [1, 2]]


def test_a_call_is_built_once_and_its_arrays_cannot_be_written_to(cases_of):
    (case,) = cases_of(MINIMAL.format(id="seed"))
    assert case.call() is case.call()
    with pytest.raises(ValueError, match="read-only"):
        case.call().updates[0].y_true[0] = 5


def test_folders_are_searched_at_any_depth_in_the_order_of_their_paths(tmp_path):
    (tmp_path / "b" / "deep").mkdir(parents=True)
    for name, case_id in (("b/deep/x.yml", "third"), ("b/a.yaml", "second"), ("a.yaml", "first")):
        (tmp_path / name).write_text(MINIMAL.format(id=case_id))
    (tmp_path / "notes.txt").write_text("not a case")
    assert [case.id for case in load([tmp_path], known=())] == ["first", "second", "third"]


def test_a_file_that_is_reached_twice_is_read_once(tmp_path):
    (tmp_path / "a.yaml").write_text(MINIMAL.format(id="one"))
    assert len(load([tmp_path, tmp_path / "a.yaml"], known=())) == 1


def test_a_file_outside_the_working_directory_keeps_its_whole_path(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    (tmp_path / "a.yaml").write_text(MINIMAL.format(id="one"))
    monkeypatch.chdir(tmp_path / "here")
    assert load([Path("../a.yaml")], known=())[0].file == (tmp_path / "a.yaml").as_posix()


def test_a_missing_path_and_a_folder_without_cases_are_both_reported(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(CaseErrors) as caught:
        load([Path("nowhere"), Path("empty")], known=())
    assert str(caught.value).splitlines() == [
        f"nowhere: no such file or folder; {NEXT}",
        f"empty: no case file (*.yaml, *.yml) in this folder; {NEXT}",
    ]


def test_a_folder_that_cannot_be_read_is_an_error() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "a.yaml").write_text(MINIMAL.format(id="a"))
        (folder / "closed").mkdir()
        folder.chmod(0o755)
        (folder / "closed").chmod(0)
        user = os.geteuid()
        try:
            if user == 0:  # root reads everything
                os.seteuid(65534)
            with pytest.raises(CaseErrors) as caught:
                load([folder], known=())
        finally:
            os.seteuid(user)
    assert str(caught.value) == f"{folder / 'closed'}: the folder cannot be read: Permission denied"


def test_a_link_that_leads_nowhere_and_a_folder_with_the_name_of_a_file_are_no_cases(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").symlink_to("nothing.yaml")
    (tmp_path / "b.yaml").mkdir()
    (tmp_path / "b.yaml" / "c.yaml").write_text(MINIMAL.format(id="c"))
    with pytest.raises(CaseErrors) as caught:
        load([tmp_path], known=())
    assert str(caught.value) == "a.yaml: cannot be read: No such file or directory"


def test_of_many_errors_the_first_are_shown_and_the_others_counted(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    cases = "".join(
        f"  - {{id: c-{i}, title: T, task: binary, y_tru: [1], y_pred: [0]}}\n" for i in range(20_000)
    )
    (tmp_path / "cases.yaml").write_text(f"format: 1\ntheme: t\ncases:\n{cases}")
    with pytest.raises(CaseErrors) as caught:
        load([tmp_path], known=())
    lines = str(caught.value).splitlines()
    assert len(caught.value.diagnostics) == 40_000
    assert lines[1] == "cases.yaml:4:39: unknown key 'y_tru' (did you mean 'y_true'?)"
    assert len(lines) == 101
    assert lines[-1] == "... and 39,900 more errors"


def test_an_id_that_another_file_has_is_refused_with_both_places(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a.yaml", "b.yaml"):
        Path(name).write_text(MINIMAL.format(id="twin"))
    with pytest.raises(CaseErrors) as caught:
        load([tmp_path], known=())
    assert str(caught.value) == "b.yaml:4:10: duplicate id 'twin': a.yaml:4 has it already"


def test_the_errors_of_all_files_are_told_at_once(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text("format: 1\ntheme: [\n")
    Path("b.yaml").write_text(MINIMAL.format(id="A"))
    Path("c.yaml").write_text(MINIMAL.format(id="5"))
    with pytest.raises(CaseErrors) as caught:
        load([tmp_path], known=())
    assert [diagnostic.file for diagnostic in caught.value.diagnostics] == ["a.yaml", "b.yaml", "c.yaml"]


def test_reading_cases_imports_no_framework():
    code = "import sys, conformance.cases as c; print(*{m.split('.')[0] for m in sys.modules})"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert not set(FRAMEWORKS) & set(modules.split())
