"""`conformance compare`: the user's own arrays on every implementation."""

from __future__ import annotations

import shutil
from typing import Any

import click

from conformance.ask.arrays import read
from conformance.ask.compare import compare as compared
from conformance.cli.answering import limits
from conformance.cli.errors import say


@click.command()
@click.option("--y-true", metavar="DATA", required=True, help="Targets: a file, or the values.")
@click.option("--y-pred", metavar="DATA", required=True, help="Predictions: a file, or the values.")
@click.option("--sample-weight", metavar="DATA", help="Weights: a file, or the values.")
@click.option("--task", type=click.Choice(["binary", "multiclass", "multilabel"]))
@click.option("--mine", metavar="NUMBER|ID", help="Your number, or the implementation that you use.")
@click.option("--batches", metavar="SIZE", type=int, help="Samples in a batch, for metrics that keep state.")
@click.option("--implementations", metavar="GLOB", multiple=True, help="Call only these.")
@click.option("--threshold", type=float)
@click.option("--top-k", type=int)
@click.option("--average", metavar="[micro|macro|weighted|none]")
@click.option("--ignore-index", type=int)
@click.option("--num-classes", type=int)
@click.option("--num-labels", type=int)
@click.option("--multidim-average", metavar="[global|samplewise]")
@click.option("--loss", metavar="NAME", help="The loss given to compile().")
@limits
def compare(y_true: str, y_pred: str, sample_weight: str | None, **options: Any) -> None:
    """Call every implementation on your arrays; show which agree, and why others differ from your number.

    DATA is a .npy, .csv, .parquet or .pt file, or text such as '0 1 1' or '[[.1, .9], [.8, .2]]'. In a CSV file each
    line is a sample, and there is no header. Without --task the task is the one that the arrays look like.
    """
    given = {name: value for name, value in options.items() if value is not None}
    weight = None if sample_weight is None else read(sample_weight, "sample_weight")
    found = compared(read(y_true, "y_true"), read(y_pred, "y_pred"), sample_weight=weight, **given)
    for line in found.lines(max(40, shutil.get_terminal_size().columns)):
        say(line)
