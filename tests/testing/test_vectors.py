"""Test vectors: what they say, and that a right implementation in another language passes and a wrong one fails."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from made_cases import ENTRIES

from conformance.cli import main
from conformance.oracle.numbers import dtype
from conformance.results.store import dumps
from conformance.testing.claims import claimed
from conformance.testing.vectors import schema, vectors

_ROOT = Path(__file__).parents[2]
_EXAMPLES = _ROOT / "examples"
_README = (_ROOT / "README.md").read_text(encoding="utf-8")
_ID = "keras.metrics.BinaryAccuracy"

#: Of each kind of outcome some: values, vectors of them, exceptions, several that are left open, none in particular.
_DEFINITIONS = (
    "sklearn.metrics.accuracy_score",
    "torchmetrics.functional.classification.multiclass_accuracy",
)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The vectors of one definition, as the command writes them."""
    path = tmp_path_factory.mktemp("vectors") / "vectors.json"
    subprocess.run(
        [_conformance(), "export", "--definition", _ID, "--output", path],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )
    return path


def _conformance() -> Path:
    return Path(sys.executable).with_name("conformance")


def _by_id(document: Mapping[str, Any]) -> dict[str, Any]:
    return {vector["id"]: vector for vector in document["vectors"]}


def test_a_vector_has_the_exact_value_and_what_it_tests(exported: Path) -> None:
    found = _by_id(json.loads(exported.read_text(encoding="utf-8")))
    assert found["exactly-one-half"]["expected"] == {
        "kind": "value",
        "value": 0.5,
        "exact": "1/2",
        "dtype": "float32",
        "tolerance": 1.5 * 2**-24,
    }
    assert "decision-rule" in found["exactly-one-half"]["axes"]
    assert found["exactly-one-half"]["updates"][0]["y_pred"]["dtype"] == "float64"
    assert "accumulation" in found["last-batch-is-smaller"]["axes"]
    assert found["last-batch-is-smaller"]["expected"]["exact"] == "2/3"
    assert found["float16-counter-overflows"]["axes"] == ["threshold-precision", "accumulation"]


def test_the_same_bytes_are_written_every_time(exported: Path) -> None:
    assert exported.read_bytes() == dumps(vectors(_ID)).encode()


def test_vectors_are_as_the_schema_says(request: pytest.FixtureRequest) -> None:
    Draft202012Validator.check_schema(schema())
    validator = Draft202012Validator(schema())
    names = list(ENTRIES) if request.config.getoption("--thorough") else _DEFINITIONS
    kinds, deviations = set(), 0
    for name in names:
        if not claimed(name).cases():
            continue
        document = vectors(name)
        assert not list(validator.iter_errors(document)), name
        for vector in document["vectors"]:
            kinds.add(vector["expected"]["kind"])
            deviations += "documented" in vector
            _check_values(vector)
    assert kinds == {"value", "raises", "one-of", "unspecified"}
    assert deviations


def _check_values(vector: Mapping[str, Any]) -> None:
    """The values are those of the dtypes, and the float64 is the one nearest to the exact value."""
    for update in vector["updates"]:
        for array in update.values():
            if array["dtype"] == "text" or not array["shape"]:
                continue
            read = np.asarray(_floats(array["values"]), dtype="float64").reshape(array["shape"])
            assert (read.astype(dtype(array["dtype"])).astype("float64") == read).all() or np.isnan(
                read
            ).any()
    expected = vector["expected"]
    pairs = zip(_flat(expected.get("exact", [])), _flat(expected.get("value", [])), strict=False)
    for exact, value in pairs:
        assert exact == "nan" or float(Fraction(exact)) == value


def _flat(value: Any) -> Iterator[Any]:
    for item in value if isinstance(value, list) else [value]:
        yield from _flat(item) if isinstance(item, list) else [item]


def _floats(value: Any) -> Any:
    if isinstance(value, list):
        return [_floats(item) for item in value]
    return float(value["float"]) if isinstance(value, dict) else value


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("BinaryAcuracy", "did you mean 'BinaryAccuracy'?"),
        ("accuracy", "Give the whole name of one"),
        (
            "keras.Model.compile[loss=CE]@torch",
            "No shipped case applies to keras.Model.compile[loss=CE]@torch",
        ),
    ],
)
def test_a_name_that_fits_none_or_several_or_has_no_case_is_bad_input(name: str, says: str) -> None:
    done = CliRunner().invoke(main, ["export", "--definition", name])
    assert (done.exit_code, done.stdout) == (2, "")
    assert says in done.stderr


def _checked(vectors: Path, module: Path) -> subprocess.CompletedProcess[str]:
    executable = shutil.which("node")
    if executable is None:
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing("this test runs scripts with Node 20 or newer and found none on PATH")
    program = [executable, _EXAMPLES / "check_vectors.mjs", vectors, module]
    return subprocess.run(program, capture_output=True, text=True, timeout=60)


def test_a_right_implementation_in_javascript_passes(exported: Path) -> None:
    done = _checked(exported, _EXAMPLES / "binary_accuracy.mjs")
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout.partition(" of ")[0]) > 50


def test_a_wrong_one_fails_with_the_ids_of_cases(exported: Path, tmp_path: Path) -> None:
    right = (_EXAMPLES / "binary_accuracy.mjs").read_text(encoding="utf-8")
    wrong = tmp_path / "wrong.mjs"
    wrong.write_text(right.replace("score > threshold", "score >= threshold"), encoding="utf-8")
    done = _checked(exported, wrong)
    assert done.returncode == 1
    assert "exactly-one-half: A score of exactly 0.5\n  1, expected 1/2 (tests decision-rule)" in done.stdout
    assert "seed-accuracy-is-not-binary-accuracy" not in done.stdout
    assert "".join(done.stdout.splitlines(keepends=True)[:4]) in _README


def test_the_readme_shows_the_example() -> None:
    assert f"```js\n{(_EXAMPLES / 'binary_accuracy.mjs').read_text(encoding='utf-8')}```" in _README
