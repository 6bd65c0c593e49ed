"""`conformance diff`: what changed between two results documents."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from conformance.cli.errors import Readable, say
from conformance.report.changes import compared
from conformance.report.difference import MOST_SHOWN, difference, has_changed
from conformance.results.store import read


@click.command()
@click.argument("old", type=Readable())
@click.argument("new", type=Readable())
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
@click.option(
    "--all", "everything", is_flag=True, help=f"Show more than {MOST_SHOWN} cells of an implementation."
)
def diff(old: Path, new: Path, as_json: bool, everything: bool) -> None:
    """Show what changed from OLD to NEW, each a results.json.

    Of each outcome that changed it says whether the case was edited, a release changed, or neither. Exit code 0:
    nothing changed; 1: something did.
    """
    found = compared(read(new), read(old))
    if as_json:
        click.echo(json.dumps({"format": 1, **found}, ensure_ascii=True, indent=1))
    else:
        for line in difference(found, most=None if everything else MOST_SHOWN):
            say(line)
    if has_changed(found):
        sys.exit(1)
