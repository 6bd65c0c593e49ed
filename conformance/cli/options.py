"""Options that commands share. To show help of a command imports nothing but these."""

from __future__ import annotations

import contextlib
import functools
import json
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import click

import conformance
from conformance.adapters.base import METRICS, PARAMETERS, TASKS
from conformance.workers.limits import gigabytes, seconds

#: Options whose value is data.
_DATA = {"y_true": "Targets", "y_pred": "Predictions", "sample_weight": "Weights"}

#: Type of a key in the schema of case files -> what an option of that name is.
_OPTIONS: dict[str, dict[str, Any]] = {
    "number": {"type": float},
    "integer": {"type": int},
    "boolean": {"type": bool},
    "string": {"metavar": "NAME"},
    "scalar": {"metavar": "VALUE", "callback": lambda context, option, text: text and _scalar(text)},
    "array": {"metavar": "DATA", "callback": lambda context, option, text: _data(context, option, text)},
}


def reading(parse: Callable[[str], Any]) -> Callable[[click.Context, click.Parameter, str | None], Any]:
    """Return a callback that reads the value of an option, if there is one; a ValueError says what is wrong with it."""

    def read(context: click.Context, parameter: click.Parameter, text: str | None) -> Any:
        try:
            return None if text is None else parse(text)
        except ValueError as error:
            raise click.BadParameter(str(error), context, parameter) from error

    return read


def limits(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options `timeout` and `memory` to a command that calls frameworks."""
    for name, unit, number, default, text in (
        ("--memory", "GIGABYTES", gigabytes, "4", "How much data a worker process may allocate."),
        ("--timeout", "SECONDS", seconds, "60", "How long one call may take."),
    ):
        command = click.option(
            name, metavar=unit, callback=reading(number), default=default, show_default=True, help=text
        )(command)
    return command


def arrays(*, required: bool = True) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add the options for a user's own data, and for all that a case may say of a call.

    The command gets what is given, under the names that `compare.compare` has: data as arrays, the rest as it is
    in a case. What is not given is not passed.

    Args:
        required: whether y_true and y_pred have to be given.
    """

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        added = list(_asked(required))
        names = [option.name for option in added]

        @functools.wraps(command)
        def called(**values: Any) -> None:
            command(
                **{name: value for name, value in values.items() if value is not None or name not in names}
            )

        called.__dict__.setdefault("__click_params__", []).extend(reversed(added))
        return called

    return decorate


def _asked(required: bool) -> Iterator[click.Option]:
    # As a file: its package imports what validates documents.
    schema = (files(conformance) / "cases" / "case.schema.json").read_text(encoding="utf-8")
    keys = json.loads(schema)["$defs"]["Case"]["properties"]
    for name, title in _DATA.items():
        yield click.Option(
            [_option(name)],
            metavar="DATA",
            callback=_data,
            required=required and name != "sample_weight",
            help=f"{title}: a file, or the values.",
        )
    for name, choices in (("task", TASKS), ("metric", METRICS)):
        yield click.Option([_option(name)], type=click.Choice(choices), help=keys[name]["description"])
    yield click.Option(
        ["--batches"], metavar="SIZE", callback=reading(_sizes), help="Samples in each update: 32, or 3,1."
    )
    for name in (*PARAMETERS, "loss"):
        kind = keys[name].get("type", "string")
        # An option gives one value of what may be a list.
        several = [one for one in kind if one not in ("null", "array")] if isinstance(kind, list) else [kind]
        if set(several) == {"boolean", "string"}:
            # Both have one name, and none converts what the other gives.
            raw: dict[str, Any] = {"type": click.UNPROCESSED, "default": None}
            yield click.Option([_option(name)], metavar="TEXT", help=keys[name]["description"], **raw)
            yield click.Option([_option(f"no_{name}"), name], flag_value=False, is_flag=True, **raw)
            continue
        kind = several[0] if len(several) == 1 else "scalar"
        both = f"{_option(name)}/{_option(f'no_{name}')}" if kind == "boolean" else _option(name)
        yield click.Option([both], default=None, help=keys[name]["description"], **_OPTIONS[kind])


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _data(context: click.Context, option: click.Parameter, text: str | None) -> Any:
    if text is None:
        return None
    from conformance.ask.arrays import read

    array = read(text, option.name or "")
    return array if option.name in _DATA else array.tolist()


def _scalar(text: str) -> int | float | bool | str:
    """Return a number or a truth value; other text as it is."""
    for read in (int, float, {"true": True, "false": False}.__getitem__):
        with contextlib.suppress(ValueError, KeyError):
            return read(text)
    return text


def _sizes(text: str) -> int | list[int]:
    try:
        first, *others = map(int, text.replace(",", " ").split())
    except ValueError:
        raise ValueError(
            f"{text!r} is neither the size of a batch nor the sizes of all, such as 3,1."
        ) from None
    return [first, *others] if others else first


def _placed(context: click.Context, option: click.Parameter, names: tuple[str, ...]) -> Any:
    # Help needs neither this nor what installs.
    if not names:
        return ()
    from conformance.cli.errors import say
    from conformance.environments.install import prepared

    return prepared(names, Path.cwd(), lambda line: say(line, error=True))


def environments(
    command: Callable[..., None], callback: Callable[..., Any] | None = None
) -> Callable[..., None]:
    """Add the option `environments`, as the names that are given, to a command that calls frameworks."""
    return click.option(
        "--environment",
        "environments",
        metavar="NAME",
        multiple=True,
        callback=callback,
        help="Also call another release, such as PACKAGE==1.6.1, or a configured environment.",
    )(command)


def selection(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options `cases`, `implementations` and `environments` to a command that runs cases."""
    command = environments(command, _placed)
    for name, option in (("cases", "--case"), ("implementations", "--implementation")):
        command = click.option(option, name, metavar="GLOB", multiple=True, help="Run only these.")(command)
    return command
