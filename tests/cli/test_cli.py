"""The commands, as a user types them."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest
from made_cases import FRAMEWORKS
from projects import CASES, SUITE, Project, cells

ROOT = Path(__file__).parents[2]

DIVERGENT = """\
format: 1
theme: Diverging
cases:
  - id: seed
    title: Scores where labels are meant
    task: binary
    y_true: [[1], [1], [0], [0]]
    y_pred: [[0.51], [1], [0], [0.4]]
"""


@pytest.mark.parametrize("arguments", [(), ("-h",), ("--help",)])
def test_help_lists_the_commands(project: Project, arguments: tuple[str, ...]) -> None:
    done = project.conformance(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    for command in ("check", "run", "report"):
        assert f"\n  {command} " in done.stdout


def test_implementations_are_listed_one_a_line(project: Project) -> None:
    done = project.conformance("implementations", "good_*", "keras.metrics.*", "--task", "binary")
    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.split("  ") for line in done.stdout.splitlines()]
    named = {name: [part.strip() for part in rest if part] for name, *rest in lines}
    assert named["good_metrics.binary_accuracy"] == ["accuracy", "binary"]
    assert named["keras.metrics.BinaryAccuracy"] == ["accuracy", "binary, multilabel"]
    assert "keras.metrics.CategoricalAccuracy" not in named
    assert not any("@" in name for name in named)


def test_implementations_are_chosen_by_quantity_and_described_for_programs(project: Project) -> None:
    asked = ("implementations", "--quantity", "top-k-*", "sklearn.*")
    entries = json.loads(project.conformance(*asked, "--json").stdout)
    assert {entry["quantity"] for entry in entries} == {"top-k-accuracy"}
    first = entries[0]
    assert first["id"] == "sklearn.metrics.top_k_accuracy_score"
    assert first["parameters"] == ["top_k", "normalize", "labels"]
    assert f"    {first['runs_on']}\n" in project.conformance(*asked, "--long").stdout


def test_check_counts_what_is_well_formed(project: Project) -> None:
    done = project.conformance("check", "cases")
    assert (done.returncode, done.stdout, done.stderr) == (0, "2 cases in 1 file are well-formed.\n", "")


def test_check_warns_of_unequal_lengths_that_no_reason_is_given_for(project: Project) -> None:
    unequal = CASES.replace("y_true: [1, 0, 1, 1]", "y_true: [1, 0, 1]")
    project.write("cases/small.yaml", unequal)
    done = project.conformance("check", "cases")
    assert (done.returncode, done.stdout) == (0, "2 cases in 1 file are well-formed.\n")
    assert done.stderr == (
        "cases/small.yaml:4:1: warning: on-the-threshold: y_true has 3 samples and y_pred 4 samples: correct one, or"
        " say in `because` why\n"
    )
    project.write(
        "cases/small.yaml",
        unequal.replace("    y_true: [1, 0, 1]\n", "    y_true: [1, 0, 1]\n    because: On purpose.\n"),
    )
    assert project.conformance("check", "cases").stderr == ""


def test_check_warns_of_what_is_still_to_be_written(project: Project) -> None:
    project.write("cases/small.yaml", CASES.replace("title: Labels of two classes", "title: TODO"))
    done = project.conformance("check", "cases")
    assert (done.returncode, done.stderr) == (
        0,
        "cases/small.yaml:10:1: warning: two-classes: title still says TODO\n",
    )


def test_check_without_a_path_reads_the_cases_of_the_project(project: Project) -> None:
    done = project.conformance("check")
    files = len(list((ROOT / "cases").rglob("*.yaml")))
    assert done.returncode == 0, done.stderr
    assert f" in {files} files are well-formed." in done.stdout
    assert done.stderr == ""


def test_check_prints_every_error_of_every_file_on_stderr(project: Project) -> None:
    project.write("cases/small.yaml", CASES.replace("task: binary", "tusk: binary"))
    project.write("cases/worse.yaml", "format: [1\n")
    done = project.conformance("check", "cases", "nowhere")
    assert (done.returncode, done.stdout) == (2, "")
    lines = done.stderr.splitlines()
    assert any(
        line.startswith("cases/small.yaml:6:5: unknown key 'tusk' (did you mean 'task'?)") for line in lines
    )
    assert any(line.startswith("cases/worse.yaml:") for line in lines)
    assert any(line.startswith("nowhere: no such file or folder; name a case file") for line in lines)
    assert "Traceback" not in done.stderr


def test_check_refuses_an_expect_for_an_implementation_that_is_never_asked(project: Project) -> None:
    expect = "    expect:\n      keras.metrics.CategoricalAccuracy: 0.5\n"
    project.write("cases/small.yaml", DIVERGENT + expect)
    done = project.conformance("check", "cases")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "cases/small.yaml:10:7: expect for keras.metrics.CategoricalAccuracy is never checked: it supports only "
        "multiclass cases, not binary. Remove it, or change the case."
    ]


def test_check_imports_no_framework(project: Project) -> None:
    done = project.python(
        "-c",
        "import sys\n"
        "from conformance.cli import main\n"
        "main(['check'], standalone_mode=False)\n"
        f"print('imported:', sorted(set({FRAMEWORKS}) & set(sys.modules)))",
    )
    assert "imported: []" in done.stdout, done.stderr


def test_run_shows_groups_and_why_they_part(project: Project) -> None:
    project.write("cases/small.yaml", DIVERGENT)
    done = project.conformance("run", "cases", "--implementation", "good_*", "--implementation", "sklearn.*")
    assert (done.returncode, done.stderr) == (0, "")
    assert "seed  diverge: refusal\n  Scores where labels are meant\n" in done.stdout
    assert "    A  ValueError  sklearn.metrics.accuracy_score, " in done.stdout
    assert "    B  1.0         sklearn.metrics.accuracy_score[Binarizer], " in done.stdout
    assert "A and B differ because A raises" in done.stdout
    assert "1 case, " in done.stdout


def test_run_as_json_prints_the_document_and_nothing_else(project: Project) -> None:
    done = project.conformance("run", "cases", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    results = json.loads(done.stdout)
    assert results["complete"] is True
    assert {key: cell["outcome"]["value"] for key, cell in cells(results).items()} == {
        ("on-the-threshold", "good_metrics.binary_accuracy"): 0.75,
        ("two-classes", "good_metrics.multiclass_accuracy"): 0.75,
    }


def test_run_narrows_to_cases_and_says_so_in_the_document(project: Project) -> None:
    results = json.loads(project.conformance("run", "cases", "--json", "--case", "two-*").stdout)
    assert results["complete"] is False
    assert [case["id"] for case in results["cases"]] == ["two-classes"]


def test_run_takes_a_timeout_longer_than_can_be_waited_for(project: Project) -> None:
    done = project.conformance("run", "cases", "--timeout", "1e300")
    assert done.returncode == 0, done.stderr
    assert "every checked outcome is as defined or a known deviation" in done.stdout


def test_run_ends_with_1_where_a_cell_is_not_as_documented(project: Project) -> None:
    project.install("bad-metrics")
    project.write(
        "cases/small.yaml", CASES.replace("[good_metrics.binary_accuracy]", "[bad_metrics.at_or_above]")
    )
    done = project.conformance("run", "cases")
    assert done.returncode == 1, done.stderr
    assert "! bad_metrics.at_or_above: unexplained. Observed 1.0 (float32), predicted 3/4" in done.stdout


def test_report_renders_a_document_where_it_is_told_to(project: Project) -> None:
    (project.folder / "results.json").write_text(project.conformance("run", "cases", "--json").stdout)
    done = project.conformance("report", "results.json", "--output", "out/page")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"out/page/{name}" for name in ("divergences/README.md", "divergences/other.md", "index.html")
    ]
    assert b"2 cases were run on " in project.written("out/page")["index.html"]
    assert project.conformance("report", "results.json").returncode == 0
    assert (project.folder / "index.html").read_bytes() == project.written("out/page")["index.html"]


def test_progress_is_shown_on_a_terminal_and_not_in_the_output(project: Project) -> None:
    controller, terminal = pty.openpty()
    with subprocess.Popen(
        [project.interpreter, "-c", "from conformance.cli import main; main()", "run", "cases", "--json"],
        cwd=project.folder,
        env={**project.variables(), "TERM": "xterm"},
        stdout=subprocess.PIPE,
        stderr=terminal,
    ) as run:
        os.close(terminal)
        assert run.stdout is not None
        output = run.stdout.read()
        shown = b""
        # Reading from a terminal that nobody writes to any more is an error on Linux.
        try:
            while part := os.read(controller, 4096):
                shown += part
        except OSError:
            os.close(controller)
    assert json.loads(output)["complete"] is True
    assert b"100%" in shown


#: What an escape sequence, a direction mark or a workflow command would be, were it printed as it is.
_ACTING = ("\x1b", "\u202e", "\n::error", "\n  ::error", "\r")


def test_a_hostile_title_and_file_name_reach_neither_terminal_nor_job_as_they_are(project: Project) -> None:
    project.write("pytest.ini", "[pytest]\nconformance-cases = cases\n")
    title = r'"t\n::error file=README.md::x \u202e"'
    case = CASES.replace("A score on the threshold is not above it", title).replace(
        "implementations: [good_metrics.binary_accuracy]",
        "implementations: [good_metrics.binary_accuracy]\n    expect: {good_metrics.binary_accuracy: "
        r'{value: 0.1, because: "so\n  ::error::x"}}',
    )
    (project.folder / "cases/small.yaml").unlink()
    name = "cases/a\n::error file=x::y\x1b[31m.yaml"
    project.write(name, "format: 1\n")
    wrong = project.conformance("check", "cases")
    assert wrong.returncode == 2
    project.write(name, case)
    for done in (wrong, project.conformance("run", "cases"), project.pytest(*SUITE)):
        said = "\n" + done.stdout + done.stderr
        assert "error file=" in said
        assert not [text for text in _ACTING if text in said]


def test_run_shows_the_summary_only_where_it_is_told_to_be_quiet(project: Project) -> None:
    done = project.conformance("run", "cases", "-q")
    assert done.returncode == 0
    assert done.stdout.startswith("2 cases, ")
    assert "on-the-threshold" not in done.stdout


def test_run_shows_only_what_fails_where_it_is_told_to(project: Project) -> None:
    expected = "    expect: {good_metrics.multiclass_accuracy: 0.1}\n"
    project.write("cases/small.yaml", CASES + expected)
    done = project.conformance("run", "cases", "--only-failing")
    assert done.returncode == 1
    assert done.stdout.startswith("two-classes  ")
    assert "\non-the-threshold" not in done.stdout


def test_who_reads_the_first_lines_only_gets_no_error(project: Project) -> None:
    program = f"{project.interpreter} -c 'from conformance.cli import main; main()' run cases"
    command = f"set -o pipefail; {program} | head -n 1"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=project.folder,
        env=project.variables(),
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (1, "1 outcome\npartial run (filtered or interrupted)\n"),
        (0, "0 outcomes\npartial run (filtered or interrupted)\nno outcome was checked\n"),
    ],
)
def test_ctrl_c_shows_what_was_done(project: Project, before: int, said: str) -> None:
    # So many answers arrive; while the next is waited for, the user ends the run.
    program = (
        "from conformance.session.session import Session\n"
        "asked, answer = [], Session.answer_to\n"
        "def once(session, *arguments):\n"
        "    asked.append(arguments)\n"
        f"    if len(asked) > {before}:\n"
        "        raise KeyboardInterrupt\n"
        "    return answer(session, *arguments)\n"
        "Session.answer_to = once\n"
        "from conformance.cli import main; main()\n"
    )
    done = project.python("-c", program, "run", "cases")
    assert done.returncode == 130, done.stderr
    assert done.stdout.startswith("on-the-threshold  ") == bool(before)
    assert said in done.stdout


def test_colours_are_for_terminals_and_not_where_nobody_wants_them(project: Project) -> None:
    program = ["-c", "from conformance.cli import main; main()", "run", "cases"]

    def shown(**more: str) -> bytes:
        controller, terminal = pty.openpty()
        variables = {**project.variables(), "TERM": "xterm", **more}
        subprocess.run(
            [project.interpreter, *program],
            cwd=project.folder,
            env=variables,
            stdout=terminal,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        os.close(terminal)
        text = os.read(controller, 1 << 16)
        os.close(controller)
        return text

    assert b"\x1b[1mon-the-threshold" in shown()
    assert b"\x1b" not in shown(NO_COLOR="1")
