"""What CI services show: a summary in Markdown, and annotations at the lines of the cases."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from synthetic_results import build

from conformance.cli import main
from conformance.report import job_annotations, job_summary


@pytest.fixture
def repository(results: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with the files of all cases."""
    for case in results["cases"]:
        path = tmp_path / case["file"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_summary_says_in_a_sentence_what_ran_and_lists_what_needs_a_look(results: dict[str, Any]) -> None:
    text = job_summary(results)
    assert "11 cases were run on 21 implementations" in text
    assert "| unexplained | `threshold-in-float64` | `torchmetrics.Accuracy` | The value is 0.750001" in text
    assert "| `decision-rule` | 1 |" in text
    assert "<" not in re.sub(r"`[^`]*`", "", text), "nothing becomes markup"


def test_the_summary_of_a_calm_run_is_short(results: dict[str, Any]) -> None:
    results["cases"] = [case for case in results["cases"] if case["id"].startswith("seed-")]
    results["laws"][0]["cells"] = results["laws"][0]["cells"][:2]
    assert "Needs attention" not in job_summary(results)
    assert len(job_summary(results).splitlines()) < 20


def test_the_summary_says_what_changed(results: dict[str, Any]) -> None:
    old = copy.deepcopy(results)
    old["cases"][0]["cells"][1]["outcome"]["value"] = 0.125
    text = job_summary(results, old)
    assert "1 outcome changed, 0 added, 0 removed, 73 unchanged." in text
    assert re.search(r"`0.125 \(as defined\)` \| `.*` \| unknown \|", text)


def test_there_is_one_annotation_for_each_outcome_that_needs_a_look_at_its_line(
    results: dict[str, Any], repository: Path
) -> None:
    lines = list(job_annotations(results))
    assert len(lines) == 5
    assert any(
        line.startswith(
            "::error file=cases/threshold.yaml,line=5,title=unexplained%3A torchmetrics.Accuracy::"
            "threshold-in-float64: The value is 0.750001 where the definition says 3/4. What to do: "
        )
        for line in lines
    )


def test_an_annotation_names_no_file_that_the_repository_does_not_have(
    results: dict[str, Any], repository: Path
) -> None:
    (repository / "cases" / "threshold.yaml").unlink()
    lines = [line for line in job_annotations(results) if "threshold-in-float64: " in line]
    assert lines
    assert all(line.startswith("::error title=") for line in lines)


def test_a_law_that_fails_undocumented_is_annotated_at_its_smallest_case(
    results: dict[str, Any], repository: Path
) -> None:
    (line,) = (line for line in job_annotations(results) if "fails undocumented" in line)
    assert line.startswith(
        "::error file=cases/logits.yaml,line=5,title=fails undocumented%3A torchmetrics.Accuracy::"
        "batches: logits-in-batches: A sigmoid sees one update."
    )
    assert "What to do: Run both programs." in line
    text = job_summary(results)
    assert "| fails undocumented | `batches` | `torchmetrics.Accuracy` | A sigmoid sees one update." in text
    assert "1 not refuted, 1 fail as defined, 1 fail undocumented." in text


def test_a_law_that_several_fail_counts_once_and_its_verdict_cannot_become_markup(
    results: dict[str, Any],
) -> None:
    cells = results["laws"][0]["cells"]
    cells[1]["verdict"] = "fails-undocumented"
    cells[0]["verdict"] = "<img src=x>"
    text = job_summary(results)
    assert "4 outcomes and 1 law need attention" in text
    assert "<img" not in text


@pytest.mark.parametrize(
    ("entry", "says", "advice"),
    [
        (
            {},
            "It became SparseCategoricalAccuracy, which is not what the definition says.",
            "Compile a model",
        ),
        ({"resolved": None, "raises": "TypeError"}, "It raised TypeError, which", "Compile a model"),
        (
            {"verdict": "crashed", "explanation": "The process died."},
            "The process died.",
            "Run the reproducer in",
        ),
        (
            {
                "verdict": "unexplained",
                "problem": "false-version",
                "explanation": "It reports a false version: 2 for 1.",
            },
            "It reports a false version: 2 for 1.",
            "Reinstall the package",
        ),
    ],
)
def test_what_is_said_of_a_name_is_what_came_of_it(
    results: dict[str, Any], entry: dict[str, Any], says: str, advice: str
) -> None:
    results["resolutions"][1] |= {"agrees": False, **entry}
    (line,) = (line for line in job_annotations(results) if "keras%3A accuracy" in line)
    assert says in line
    assert f"What to do: {advice}" in line


def test_a_name_that_became_something_else_is_annotated_and_summarised(results: dict[str, Any]) -> None:
    results["resolutions"][1]["agrees"] = False
    (line,) = (line for line in job_annotations(results) if "keras%3A accuracy" in line)
    assert line.startswith(
        "::error title=unexplained%3A keras%3A accuracy::loss mse, y_true (N,), y_pred (N, 3): It became"
    )
    assert "4 outcomes, 1 law and 1 name need attention" in job_summary(results)


def test_no_text_of_the_results_ends_an_annotation_or_begins_another(results: dict[str, Any]) -> None:
    for case in results["cases"]:
        for cell in case["cells"]:
            cell["explanation"] = "one\n::warning::two\r100 %"
    for cell in results["laws"][0]["cells"]:
        cell["explanation"] = "one\n::warning::two\r100 %"
    lines = list(job_annotations(results))
    assert all("\n" not in line and "\r" not in line for line in lines)
    assert all(r"one%0A\x3a:warning::two" in line for line in lines)


def test_the_command_compares_summarises_and_annotates(tmp_path: Path) -> None:
    new, old, summary = (tmp_path / name for name in ("results.json", "old.json", "summary.md"))
    new.write_text(json.dumps(build()))
    earlier = build()
    earlier["generated"] = "2020-01-01T00:00:00+00:00"
    old.write_text(json.dumps(earlier))
    summary.write_text("before\n")
    options = ["--against", str(old), "--summary", str(summary), "--annotations"]
    done = CliRunner().invoke(main, ["report", str(new), *options])
    assert done.exit_code == 0, done.output
    assert summary.read_text().startswith("before\n## metric-conformance")
    assert "### What changed" in summary.read_text()
    assert done.output.count("::error ") == 5
    assert (tmp_path / "index.html").exists()


def test_an_old_document_that_is_broken_or_newer_is_the_one_that_is_named(tmp_path: Path) -> None:
    new, old = tmp_path / "results.json", tmp_path / "old.json"
    new.write_text(json.dumps(build()))
    for document, said in (
        (
            {**build(), "cases": [{"id": 1}]},
            "is not a complete results document: cases[0].id: Input should be",
        ),
        ({**build(), "generated": "2030-01-01T00:00:00+00:00"}, "after the results"),
    ):
        old.write_text(json.dumps(document))
        done = CliRunner().invoke(main, ["report", str(new), "--against", str(old)])
        assert done.exit_code == 2, done.output
        assert done.output.startswith(f"{old}: ")
        assert said in done.output


def test_an_old_document_that_cannot_be_read_is_bad_input(tmp_path: Path) -> None:
    new = tmp_path / "results.json"
    new.write_text(json.dumps(build()))
    done = CliRunner().invoke(main, ["report", str(new), "--against", str(tmp_path / "gone.json")])
    assert done.exit_code == 2
    assert "gone.json: cannot be read" in done.output
