"""The options of commands that take a user's own arrays: one for all that a case may say of a call."""

from __future__ import annotations

from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from conformance.adapters.base import PARAMETERS
from conformance.cli.options import arrays

DATA = ("--y-true", "0 1 1", "--y-pred", "[0, 1, 0]")


def asked(*arguments: str, required: bool = True) -> tuple[Result, dict[str, Any]]:
    given: dict[str, Any] = {}

    @click.command()
    @arrays(required=required)
    def command(**values: Any) -> None:
        given.update(values)

    return CliRunner().invoke(command, arguments), given


def test_what_is_not_given_is_not_passed() -> None:
    result, given = asked(*DATA)
    assert result.exit_code == 0, result.output
    assert {name: array.tolist() for name, array in given.items()} == {
        "y_true": [0, 1, 1],
        "y_pred": [0, 1, 0],
    }
    assert asked(required=False)[1] == {}
    assert asked()[0].exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "name", "value"),
    [
        (("--threshold", "1"), "threshold", 1.0),
        (("--top-k", "2"), "top_k", 2),
        (("--no-normalize",), "normalize", False),
        (("--normalize", "pred"), "normalize", "pred"),
        (("--adjusted",), "adjusted", True),
        (("--labels", "0 2"), "labels", [0, 2]),
        (("--labels", "[cat, dog]"), "labels", ["cat", "dog"]),
        (("--average", "macro"), "average", "macro"),
        (("--metric", "recall"), "metric", "recall"),
        (("--zero-division", "1"), "zero_division", 1),
        (("--zero-division", "warn"), "zero_division", "warn"),
        (("--zero-division", "inf"), "zero_division", float("inf")),
        (("--pos-label", "0.5"), "pos_label", 0.5),
        (("--pos-label", "true"), "pos_label", True),
        (("--pos-label", "cat"), "pos_label", "cat"),
        (("--loss", "mse"), "loss", "mse"),
        (("--batches", "32"), "batches", 32),
        (("--batches", "2,1"), "batches", [2, 1]),
    ],
)
def test_an_option_has_the_type_that_a_case_has(arguments: tuple[str, ...], name: str, value: Any) -> None:
    result, given = asked(*DATA, *arguments)
    assert result.exit_code == 0, result.output
    assert given[name] == value
    assert type(given[name]) is type(value)


def test_every_parameter_of_a_case_is_an_option() -> None:
    result, _ = asked("--help")
    assert all(f"--{name.replace('_', '-')} " in result.output for name in PARAMETERS)


def test_an_unknown_option_gets_a_suggestion() -> None:
    result, _ = asked(*DATA, "--treshold", "0.5")
    assert result.exit_code == 2
    assert "'--threshold'" in result.output
