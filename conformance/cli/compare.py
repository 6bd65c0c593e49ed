"""`conformance compare`: the user's own arrays on every implementation."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import click

from conformance.cli.errors import say
from conformance.cli.options import arrays, environments, limits


@click.command()
@arrays()
@click.option(
    "--mine",
    metavar="NUMBER|ID",
    help="Your number: 0.7342, 73.4% or 1/3; or the implementation that you use.",
)
@click.option("--implementations", metavar="GLOB", multiple=True, help="Call only these.")
@environments
@click.option(
    "--html",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    help="Write the answer to FILE, a page, as well.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the answer for programs, and nothing else.")
@limits
def compare(html: Path | None, as_json: bool, **asked: Any) -> None:
    """Call every implementation on your arrays; show which agree, and why others differ from your number.

    DATA is a .npy, .csv, .parquet or .pt file, or text such as '0 1 1' or '[[.1, .9], [.8, .2]]'. In a CSV file each
    line is a sample, and there is no header. Without --task the task is the one that the arrays look like.

    The keys of --json are the attributes of `Comparison` and of its parts in conformance/ask/comparison.py.
    """
    # Imported here because help needs none of it.
    from conformance.ask.compare import compare as compared
    from conformance.results.store import write

    found = compared(**asked)
    if html is not None:
        write(html, found.page())
    if as_json:
        sys.stdout.write(json.dumps(found.to_json(), indent=2) + "\n")
        return
    for line in found.lines(max(40, shutil.get_terminal_size().columns)):
        say(line)
