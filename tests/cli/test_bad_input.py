"""Bad input of every command: exit code 2, and a sentence with what is wrong, where, and what to do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from projects import CASES, Project, small_project

from conformance.cli import main

FULL = Path("/dev/full")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with cases, and files that are not what a command wants."""
    made = small_project(tmp_path_factory.mktemp("bad")).folder
    one = CASES.partition("  - id: two")[0].replace(
        "good_metrics.binary_accuracy", "sklearn.metrics.accuracy_score"
    )
    for name, content in {
        "one.yaml": one,
        "cases/small.yaml": one,
        "text.txt": "words\n",
        "empty": "",
        "list.json": "[]",
        "deep.json": "[" * 100_000,
        "old.json": '{"format": 0}',
        "odd.json": '{"format": 1, "cases": [3]}',
        "results.json": '{"format": 2}',
        "colon.yaml": "a: [\n",
        "ranks.yaml": one.replace("accuracy_score]", "accuracy_score*]"),
    }.items():
        (made / name).write_text(content)
    (made / "binary").write_bytes(bytes(range(256)))
    (made / "folder").mkdir()
    (made / "loop").symlink_to("loop")
    return made


NO_CASES = "name a case file or a folder with some"
NO_RESULTS = "is no results document ({}). Run pytest to write one."
NO_SPACE = "No space left on device: free some, or write elsewhere."
NEW = ("new", "mine", "--no-run", "--file")
REPORT = ("report", "results.json", "--output")
COMPARE = ("compare", "--y-true", "1 0", "--y-pred", "1 0")


@pytest.mark.parametrize("command", ["check", "run", "coverage", "accept"])
@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("nowhere", f"nowhere: no such file or folder; {NO_CASES}"),
        ("loop", f"loop: no such file or folder; {NO_CASES}"),
        ("folder", f"folder: no case file (*.yaml, *.yml) in this folder; {NO_CASES}"),
        ("binary", "binary:3:115: not UTF-8: byte 0x80 does not belong here"),
        ("empty", "empty:1:1: the file is empty: a case file starts with format: 1"),
        ("list.json", "list.json:1:1: expected a mapping with format, theme and cases, got a list"),
        ("/dev/full", f"/dev/full: neither a file nor a folder; {NO_CASES}"),
    ],
)
def test_a_path_without_cases(folder: Path, command: str, path: str, said: str) -> None:
    check_that_it_says(folder, (command, path), said)


@pytest.mark.parametrize("arguments", [("report",), ("report", "results.json", "--against"), ("findings",)])
@pytest.mark.parametrize(
    ("path", "said"),
    [
        (
            "nowhere.json",
            "nowhere.json: cannot be read (No such file or directory). Run pytest to write one.",
        ),
        ("folder", "File 'folder' is a directory."),
        ("loop", "loop: cannot be read (Too many levels of symbolic links). Run pytest to write one."),
        ("binary", "binary: is no results document ("),
        ("empty", f"empty: {NO_RESULTS.format('it is empty')}"),
        ("text.txt", "text.txt: is no results document ("),
        ("deep.json", f"deep.json: {NO_RESULTS.format('it is nested too deeply')}"),
        ("list.json", f"list.json: {NO_RESULTS.format('it is no object')}"),
        ("old.json", "old.json: has format 0, this version reads 1 and 2."),
        ("odd.json", "odd.json: is not a complete results document: cases[0]: "),
        ("/dev/full", "File '/dev/full' is a device."),
    ],
)
def test_a_file_without_results(folder: Path, arguments: tuple[str, ...], path: str, said: str) -> None:
    check_that_it_says(folder, (*arguments, path), said)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "cases", "--case", "on-the-treshold"), "(did you mean 'on-the-threshold'?)"),
        (
            ("run", "one.yaml", "--case", "nine"),
            "No case matches 'nine'. There is 1; only * and ? are special.",
        ),
        (
            ("run", "cases", "--implementation", "keras.metrics.binaryaccuracy"),
            "No implementation matches 'keras.metrics.binaryaccuracy' (did you mean 'keras.metrics.BinaryAccuracy'?)",
        ),
        (("run", "cases", "--timeout", "soon"), "'soon' is not a positive number of seconds."),
        (("run", "cases", "--timeout", "0"), "'0' is not a positive number of seconds."),
        (("run", "cases", "--timeout", "nan"), "'nan' is not a positive number of seconds."),
        (("run", "cases", "--timeout", "inf"), "'inf' is not a positive number of seconds."),
        (("run", "cases", "--memory", "much"), "'much' is not a positive number of gigabytes."),
        (("run", "cases", "--mine", "sklearn.metrics.*"), "--mine sklearn.metrics.*: "),
        (
            ("coverage", "ranks.yaml"),
            "ranks.yaml:4:1: the definition sklearn.metrics.accuracy_score[argmax] cannot be",
        ),
        (("run", "cases", "--mine", "keras.metrics.Acuracy"), "(did you mean 'keras.metrics.Accuracy'?)"),
        (("accept",), "name the files or folders of your own as PATH."),
        ((*NEW, "folder"), "File 'folder' is a directory."),
        ((*NEW, "/dev/full"), "File '/dev/full' is a device."),
        ((*NEW, "binary"), "binary:3:115: not UTF-8"),
        ((*NEW, "list.json"), "list.json:1:1: expected a mapping"),
        (
            (*NEW, "one.yaml/x.yaml"),
            "one.yaml: File exists: a file is where a folder is needed; name another path.",
        ),
        ((*NEW, "x.yaml", "--y-true", "empty.npy"), "--y-true empty.npy: no such file."),
        ((*REPORT, "one.yaml"), "Directory 'one.yaml' is a file."),
        (
            (*REPORT, "one.yaml/x"),
            "one.yaml/x/divergences: Not a directory: a file is where a folder is needed",
        ),
        ((*REPORT, "out", "--summary", "folder"), "File 'folder' is a directory."),
        (
            (*REPORT, "out", "--summary", "nowhere/x"),
            "nowhere/x: No such file or directory: make the folder, or correct the path.",
        ),
        ((*REPORT, "out", "--summary", "/dev/full"), f"/dev/full: {NO_SPACE}"),
        (("findings", "results.json", "--output", "one.yaml"), "Directory 'one.yaml' is a file."),
        (("coverage", "cases", "--survivors", "folder"), "File 'folder' is a directory."),
        (("coverage", "cases", "--survivors", "/dev/full"), "File '/dev/full' is a device."),
        (("coverage", "cases", "--survivors", "binary"), "binary: is no list of survivors ("),
        (("coverage", "cases", "--survivors", "colon.yaml"), "colon.yaml: is no list of survivors ("),
        (
            ("coverage", "cases", "--survivors", "list.json"),
            "list.json: is no list of survivors (expected a mapping",
        ),
        (
            ("implementations", "keras.metrics.binaryaccuracy"),
            "(did you mean 'keras.metrics.BinaryAccuracy'?)",
        ),
        (("implementations", "--quantity", "accuracies"), "(did you mean 'accuracy'?)"),
        (
            ("implementations", "sklearn.*", "--quantity", "string-*"),
            "No implementation is all of this: leave out",
        ),
        (("implementations", "--task", "regression"), "'regression' is not one of 'binary', "),
        (
            ("lookup", "no-such-metric"),
            "There is no implementation 'no-such-metric'. `conformance implementations`",
        ),
        (("lookup",), "Missing argument"),
        (("export", "--definition", "no-such-metric"), "There is no implementation 'no-such-metric'."),
        (("export", "--schema", "--output", "folder"), "File 'folder' is a directory."),
        (
            ("export", "--schema", "--output", "one.yaml/x"),
            "one.yaml: File exists: a file is where a folder is needed",
        ),
        (("explain",), "Give CASE A B, or --value, --y-true and --y-pred."),
        (("explain", "no-such-case", "a", "b"), "No case matches 'no-such-case'."),
        (
            ("explain", "--value", "half", "--y-true", "1", "--y-pred", "1"),
            "value: 'half' is not a number: give one",
        ),
        (("compare",), "Missing option '--y-true'."),
        ((*COMPARE[:2], "nowhere.npy", *COMPARE[3:]), "y_true: nowhere.npy is no file."),
        (
            (*COMPARE, "--implementations", "keras.metrics.Acuracy"),
            "(did you mean 'keras.metrics.Accuracy'?)",
        ),
        (("nonsense",), "No such command 'nonsense'"),
        (("check", "--nonsense"), "No such option '--nonsense'"),
    ],
)
def test_other_bad_input(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    check_that_it_says(folder, arguments, said)


def check_that_it_says(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    before = sorted(folder.rglob("*"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("CI", raising=False)
        done = CliRunner().invoke(main, arguments)
    assert (done.exit_code, type(done.exception)) == (2, SystemExit), (done.output, done.exception)
    assert said in done.stderr
    sentences = [
        line for line in done.stderr.splitlines() if line and not line.startswith(("Usage: ", "Try "))
    ]
    assert len(sentences) == 1, done.stderr
    if "--summary" not in arguments:
        assert done.stdout == ""
        assert sorted(folder.rglob("*")) == before


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("check", "one.yaml"),
        ("run", "one.yaml"),
        ("implementations",),
        ("lookup", "BinaryAccuracy"),
        ("export", "--schema"),
        (*REPORT, "out"),
    ],
)
def test_output_that_cannot_be_written(
    folder: Path,
    arguments: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(folder)
    with FULL.open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        with pytest.raises(SystemExit) as ended:
            main(arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().err == f"standard output: {NO_SPACE}\n"


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
def test_the_interpreter_says_no_more_of_output_that_cannot_be_written(project: Project) -> None:
    with FULL.open("w") as full:
        done = subprocess.run(
            [project.interpreter, "-c", "from conformance.cli import main; main()", "check", "cases"],
            cwd=project.folder,
            env=project.variables(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert (done.returncode, done.stderr) == (2, f"standard output: {NO_SPACE}\n")
