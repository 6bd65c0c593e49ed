"""`conformance explain`: which definitions give a number, and how two of them work on a case."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from conformance.adapters.registry import adapters
from conformance.ask.explain import explain as explained
from conformance.ask.lookup import AmbiguousName, UnknownName
from conformance.ask.working import working
from conformance.cli.errors import BadInput, say
from conformance.cli.options import arrays
from conformance.session.corpus import check_patterns, read_cases


@click.command()
@click.argument("case", nargs=-1, metavar="[CASE A B]")
@click.option("--value", metavar="NUMBER", help="Your number: 0.7342, 73.4% or 1/3.")
@arrays(required=False)
@click.option(
    "--cases",
    metavar="PATH",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Where CASE is: a file or a folder; none: the cases that are shipped.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the answer for programs, and nothing else.")
def explain(
    case: tuple[str, ...], value: str | None, cases: tuple[Path, ...], as_json: bool, **asked: Any
) -> None:
    """Show what gives a number on your arrays, or how two implementations work on a case. Imports no framework.

    With --value NUMBER, --y-true and --y-pred: implementations go first, then implementations with one thing
    changed, such as a threshold, an average or an axis. 0.73 stands for all that round to it; what gives it exactly
    goes first, then likely mistakes.

    With CASE A B: how the implementations A and B count each sample of a case, which rules they follow, and why they
    differ. A and B are ids, or the ends of ids.

    DATA is a .npy, .csv, .parquet or .pt file, or text such as '0 1 1' or '[[.1, .9], [.8, .2]]'. In a CSV file each
    line is a sample, and there is no header. Without --task the task is the one that the arrays look like.

    The keys of --json are the attributes of `Explained` in conformance/ask/explained.py or of `Working` in
    conformance/ask/working.py, and of their parts.
    """
    if case:
        if len(case) != 3 or value is not None or asked:
            raise click.UsageError("Give CASE A B, a case and two implementations, and no arrays or number.")
        found = _worked(cases, *case)
    else:
        missing = [name for name in ("y_true", "y_pred") if name not in asked]
        if value is None or missing or cases:
            raise click.UsageError("Give CASE A B, or --value, --y-true and --y-pred.")
        found = explained(value, **asked)
    if as_json:
        sys.stdout.write(json.dumps(found.to_json(), indent=2) + "\n")
        return
    for line in found.lines(max(40, shutil.get_terminal_size().columns)):
        say(line)


def _worked(paths: Sequence[Path], name: str, one: str, other: str) -> Any:
    known = {case.id: case for case in read_cases(paths, adapters())}
    check_patterns((name,), known, "case")
    if name not in known:
        raise BadInput(f"{name!r} is a pattern: give the id of one case.")
    try:
        return working(known[name], one, other)
    except (UnknownName, AmbiguousName) as error:
        raise BadInput(str(error)) from error
