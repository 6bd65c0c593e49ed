"""The code of every finding's report runs by itself, in a clean process of its own, and prints what is reported."""

from __future__ import annotations

import ast
import math
import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from forked import Done, Server, importing, run_alone
from shipped_cases import exhibited, exhibited_by_case

from conformance.calls.outcome import Outcome
from conformance.oracle import lasting_findings
from conformance.oracle.prediction import Prediction
from conformance.results.exhibits import Exhibit

#: Digits that frameworks print; torch prints four.
_PRINTED = 1e-4


@pytest.fixture(scope="module")
def done(request: pytest.FixtureRequest) -> Iterator[Callable[[str], Done]]:
    """Says what the script of a finding did, of the tests that were chosen.

    Each has a process of its own; with --thorough, an interpreter that has imported nothing.
    """
    here = [item for item in request.session.items if getattr(item, "module", None) is request.module]
    parameters = [item.callspec.params for item in here if hasattr(item, "callspec")]
    chosen = [named["name"] for named in parameters if "name" in named]
    with ThreadPoolExecutor(2) as executor:
        if request.config.getoption("--thorough"):
            alone = {name: executor.submit(run_alone, exhibited()[name].code) for name in chosen}
            yield lambda name: alone[name].result()
        else:
            together: dict[str, dict[str, str]] = {}
            for name in chosen:
                together.setdefault(framework_of(exhibited()[name]), {})[name] = exhibited()[name].code
            forked = {key: executor.submit(run_forked, key, codes) for key, codes in together.items()}
            yield lambda name: forked[framework_of(exhibited()[name])].result()[name]


def run_forked(framework: str, codes: Mapping[str, str]) -> dict[str, Done]:
    """Run scripts that begin with the same imports, one after the other; return what each did, by its name."""
    server = importing(framework)
    return {name: server.run(code) for name, code in codes.items()}


def framework_of(exhibit: Exhibit) -> str:
    """Return the framework, and the environment, whose imports a script begins with."""
    name = exhibit.cell.implementation.id
    return name.partition(".")[0] + "".join(name.partition("@")[1:])


@pytest.mark.parametrize("name", [finding.id for finding in lasting_findings()])
def test_the_code_prints_what_is_reported(name: str, done: Callable[[str], Done]) -> None:
    exhibit, finished = exhibited()[name], done(name)
    said = finished.stdout + finished.stderr
    if not leaves_open(exhibit):
        assert shows(finished, exhibit.cell.outcome, is_named(exhibit)), said
        assert not is_documented(exhibit, finished), f"this is what is documented: {said}"
    elif is_documented(exhibit, finished):
        # Any outcome may come, the documented one too. The report shows a case of which another came.
        others = {other.case.id: other for other in exhibited_by_case()[name]}
        ran = run_forked(framework_of(exhibit), {case: other.code for case, other in others.items()})
        assert not all(is_documented(other, ran[case]) for case, other in others.items())


def is_named(exhibit: Exhibit) -> bool:
    """Whether a script says what a name became, because the framework can be asked."""
    return bool(exhibit.cell.implementation.recipe.resolved)


def is_documented(exhibit: Exhibit, finished: Done) -> bool:
    """Whether a script did what the documentation says."""
    outcome = exhibit.cell.outcome
    claimed = [
        option
        for option in claims(exhibit)
        # Where the number is the same and its dtype is not, a framework prints a dtype that is not its usual one.
        if option.value != outcome.value
        or option.dtype == outcome.dtype
        or f"{option.dtype}" in finished.stdout
    ]
    return any(shows(finished, option, is_named(exhibit)) for option in claimed)


def leaves_open(exhibit: Exhibit) -> bool:
    """Whether the finding is that any outcome may come: only that it is not the documented one can be checked."""
    predictions = exhibit.cell.predictions
    return predictions is not None and predictions.predicted.kind == "unspecified"


def claims(exhibit: Exhibit) -> list[Outcome]:
    predictions = exhibit.cell.predictions
    assert predictions is not None
    return [_outcome(option) for option in (*predictions.claimed.options, predictions.claimed)]


def _outcome(predicted: Prediction) -> Outcome:
    if predicted.kind == "value":
        return Outcome(
            "value", value=_floats(predicted.value), dtype=predicted.dtype, resolved=predicted.resolved
        )
    return Outcome("raises", type=predicted.type or "Exception")


def _floats(value: Any) -> Any:
    if value is None:
        return None
    return [_floats(item) for item in value] if isinstance(value, list) else float(value)


def shows(finished: Done, outcome: Outcome, named: bool = False) -> bool:
    """Whether a script printed this value and, below it, what a name became, or ended with this exception."""
    if outcome.kind == "raises":
        name = r"\w+" if outcome.type == "Exception" else re.escape(outcome.type or "")
        return finished.returncode != 0 and bool(re.search(rf"(?m)^(\w+\.)*{name}\b", finished.stderr))
    if finished.returncode != 0:
        return False
    value, _, name = finished.stdout.strip().rpartition("\n")
    if outcome.value is None:
        return name == outcome.resolved
    if not named or outcome.resolved is None:
        return _alike(printed(finished.stdout), outcome.value)
    return name == outcome.resolved and _alike(printed(value), outcome.value)


def printed(text: str) -> Any:
    """Return the number, or nested lists of numbers, that a framework printed.

    >>> printed("tf.Tensor([1. nan], shape=(2,), dtype=float32)")
    [1.0, nan]
    """
    body = re.sub(r"(, shape=.*)?(, dtype=.*)?\)?$", "", text.strip(), flags=re.DOTALL)
    body = re.sub(r"^(tf\.Tensor|tensor|array)\(", "", body)
    body = re.sub(r"(?<=[\w.\]])\s+(?=[-\w.\[])", ", ", body)
    return _numbers(ast.literal_eval(re.sub(r"-?(nan|inf)", r"'\g<0>'", body)))


def _numbers(value: Any) -> Any:
    return [_numbers(item) for item in value] if isinstance(value, list) else float(str(value).strip("'"))


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, list) or isinstance(other, list):
        both = isinstance(one, list) and isinstance(other, list) and len(one) == len(other)
        return both and all(map(_alike, one, other))
    return (
        one == other or abs(one - other) <= _PRINTED * max(1, abs(other)) or (one != one and other != other)
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.5", 0.5),
        ("-inf", -math.inf),
        ("tensor(0.5000)", 0.5),
        ("tensor([0.5000, 1.0000])", [0.5, 1.0]),
        ("tensor([[nan]], dtype=torch.float64)", [[math.nan]]),
        ("tf.Tensor(-1.0, shape=(), dtype=float32)", -1.0),
        ("tf.Tensor([1. 0.], shape=(2,), dtype=float32)", [1.0, 0.0]),
        ("tf.Tensor(\n[[1.]\n [0.]], shape=(2, 1), dtype=float32)", [[1.0], [0.0]]),
        ("[0.5 inf]", [0.5, math.inf]),
    ],
)
def test_what_frameworks_print_is_read(text: str, value: Any) -> None:
    assert _alike(printed(text), value)
    assert not _alike(printed(text), 0.25)


def test_a_forked_program_that_takes_too_long_is_said_to() -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        Server("", os.environ).run("import time; time.sleep(60)", timeout=0.2)


def test_a_program_that_cannot_be_forked_says_why() -> None:
    with pytest.raises(RuntimeError, match="no_such_module"):
        Server("import no_such_module", os.environ).run("print(1)")


@pytest.mark.parametrize(
    "run", [run_alone, lambda code: Server("", os.environ).run(code)], ids=["alone", "forked"]
)
def test_a_script_that_ends_well_raised_nothing_and_one_that_fails_printed_nothing(
    run: Callable[[str], Done],
) -> None:
    well, failed = run("print(1)"), run("raise KeyError(1)")
    assert shows(well, Outcome("value", value=1.0))
    assert not shows(well, Outcome("raises", type="Exception"))
    assert shows(failed, Outcome("raises", type="KeyError"))
    assert not shows(failed, Outcome("raises", type="ValueError"))
    assert not shows(failed, Outcome("value", value=1.0))
