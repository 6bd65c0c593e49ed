"""`conformance compare`: the user's own arrays on every implementation."""

from __future__ import annotations

import shutil
from typing import Any

import click

from conformance.ask.compare import compare as compared
from conformance.cli.answering import arrays, limits
from conformance.cli.errors import say


@click.command()
@arrays()
@click.option("--mine", metavar="NUMBER|ID", help="Your number, or the implementation that you use.")
@click.option("--implementations", metavar="GLOB", multiple=True, help="Call only these.")
@limits
def compare(**asked: Any) -> None:
    """Call every implementation on your arrays; show which agree, and why others differ from your number.

    DATA is a .npy, .csv, .parquet or .pt file, or text such as '0 1 1' or '[[.1, .9], [.8, .2]]'. In a CSV file each
    line is a sample, and there is no header. Without --task the task is the one that the arrays look like.
    """
    for line in compared(**asked).lines(max(40, shutil.get_terminal_size().columns)):
        say(line)
