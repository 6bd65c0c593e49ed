"""`conformance explain`: which definitions give a number."""

from __future__ import annotations

import json
import shutil
import sys
from typing import Any

import click

from conformance.ask.explain import explain as explained
from conformance.cli.answering import arrays
from conformance.cli.errors import say


@click.command()
@click.option("--value", metavar="NUMBER", required=True, help="Your number: 0.7342, 73.4% or 1/3.")
@arrays()
@click.option("--json", "as_json", is_flag=True, help="Print the answer for programs, and nothing else.")
def explain(value: str, as_json: bool, **asked: Any) -> None:
    """Show what gives a number on your arrays. No framework is imported.

    Implementations go first, then implementations with one thing changed: a threshold, an average, an axis. 0.73
    stands for all that round to it; what gives it exactly goes first, then likely mistakes.

    DATA is a .npy, .csv, .parquet or .pt file, or text such as '0 1 1' or '[[.1, .9], [.8, .2]]'. In a CSV file each
    line is a sample, and there is no header. Without --task the task is the one that the arrays look like.

    The keys of --json are the attributes of `Explained` in conformance/ask/explained.py, and of its parts.
    """
    found = explained(value, **asked)
    if as_json:
        sys.stdout.write(json.dumps(found.to_json(), indent=2) + "\n")
        return
    for line in found.lines(max(40, shutil.get_terminal_size().columns)):
        say(line)
