"""`conformance check`: validate case files."""

from __future__ import annotations

from pathlib import Path

import click

from conformance.adapters.registry import adapters
from conformance.calls.text import count
from conformance.cases.doubts import doubts
from conformance.cli.errors import say
from conformance.session.corpus import read_all


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
def check(paths: tuple[Path, ...]) -> None:
    """Validate case files: PATHs, files or folders, or else the cases that are shipped.

    Every error is printed as file:line:column. A warning names a well-formed case that is unfinished, or whose y_true
    and y_pred have different numbers of samples without a `because`. No framework is imported.
    """
    loaded = read_all(paths, adapters())
    for case in loaded.cases:
        for doubt in doubts(case):
            say(doubt, error=True)
    places = [*(case.file for case in loaded.cases), *(run.file for run in loaded.runs)]
    numbers = (len(loaded.cases), "case"), (len(loaded.runs), "training run")
    said = " and ".join(count(number, name) for number, name in numbers if number)
    say(f"{said} in {count(len(set(places)), 'file')} {'is' if len(places) == 1 else 'are'} well-formed.")
