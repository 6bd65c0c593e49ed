"""Options that commands share, and the cells of a session computed, with a progress bar on a terminal."""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Callable, Iterator
from typing import Any

import click

from conformance.adapters.base import PARAMETERS, TASKS
from conformance.ask.arrays import read
from conformance.cases.validate import schema
from conformance.cli.remaining import Remaining
from conformance.session.session import Answer, Session
from conformance.workers.limits import gigabytes, seconds

#: Options whose value is data.
_DATA = {"y_true": "Targets", "y_pred": "Predictions", "sample_weight": "Weights"}

#: Type of a key in the schema of case files -> what an option of that name is.
_OPTIONS: dict[str, dict[str, Any]] = {
    "number": {"type": float},
    "integer": {"type": int},
    "boolean": {"type": bool},
    "string": {"metavar": "NAME"},
    "array": {"metavar": "DATA", "callback": lambda context, option, text: _data(context, option, text)},
}


def _reading(number: Callable[[str], Any]) -> Callable[[click.Context, click.Parameter, str], Any]:
    def read(context: click.Context, parameter: click.Parameter, text: str) -> Any:
        try:
            return number(text)
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
            name, metavar=unit, callback=_reading(number), default=default, show_default=True, help=text
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
    keys = schema()["$defs"]["Case"]["properties"]
    for name, title in _DATA.items():
        yield click.Option(
            [_option(name)],
            metavar="DATA",
            callback=_data,
            required=required and name != "sample_weight",
            help=f"{title}: a file, or the values.",
        )
    yield click.Option(["--task"], type=click.Choice(TASKS), help=keys["task"]["description"])
    yield click.Option(
        ["--batches"], metavar="SIZE", callback=_reading(_sizes), help="Samples in each update: 32, or 3,1."
    )
    for name in (*PARAMETERS, "loss"):
        kind = keys[name].get("type", "string")
        kind = kind[0] if isinstance(kind, list) else kind
        both = f"{_option(name)}/{_option(f'no_{name}')}" if kind == "boolean" else _option(name)
        yield click.Option([both], default=None, help=keys[name]["description"], **_OPTIONS[kind])


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _data(context: click.Context, option: click.Parameter, text: str | None) -> Any:
    if text is None:
        return None
    array = read(text, option.name or "")
    return array if option.name in _DATA else array.tolist()


def _sizes(text: str | None) -> int | list[int] | None:
    if text is None:
        return None
    try:
        first, *others = map(int, text.replace(",", " ").split())
    except ValueError:
        raise ValueError(
            f"{text!r} is neither the size of a batch nor the sizes of all, such as 3,1."
        ) from None
    return [first, *others] if others else first


def selection(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options `cases` and `implementations` to a command that runs cases."""
    for name, option in (("cases", "--case"), ("implementations", "--implementation")):
        command = click.option(option, name, metavar="GLOB", multiple=True, help="Run only these.")(command)
    return command


def answers_of(
    session: Session, answers: dict[tuple[str, str], Answer] | None = None
) -> dict[tuple[str, str], Answer]:
    """Return (case id, implementation id) -> outcome, for every cell that can run.

    Args:
        session: the run.
        answers: where to put them; has those that arrived where this is interrupted.
    """
    answers = {} if answers is None else answers
    planned = [cell for cell in session.plan() if cell.reason is None]
    remaining = Remaining()
    for cell in planned:
        entry = cell.implementation
        # What takes how long: a model is built, a metric is not, and shards need processes of their own.
        kind = session.adapter_of(entry).origin, f"{entry.updates} {entry.sharded}"
        remaining.asked(*kind)
        session.ask(cell.case.call(), entry, functools.partial(remaining.answered, *kind))
    bar: Any = contextlib.nullcontext(planned)
    if sys.stderr.isatty():
        bar = click.progressbar(
            planned,
            file=sys.stderr,
            label="cells",
            show_eta=False,
            show_percent=True,
            show_pos=True,
            item_show_func=lambda _: str(remaining),
        )
    with bar as cells:
        for cell in cells:
            # Work for the time in which frameworks are imported and called.
            session.predictions_of(cell.case.call(), cell.implementation)
            answers[cell.case.id, cell.implementation.id] = session.answer_to(
                cell.case.call(), cell.implementation
            )
    return answers
