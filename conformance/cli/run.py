"""`conformance run`: evaluate cases and show the matrix."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import click

from conformance.cli.answering import answers_of, limits, selection
from conformance.cli.errors import say
from conformance.report import alike, listing, terminal
from conformance.results.build import document
from conformance.results.store import dumps
from conformance.session.corpus import open_session
from conformance.session.judging import has_failures, judged


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@selection
@click.option("--json", "as_json", is_flag=True, help="Print the results document and nothing else.")
@limits
def run(paths: tuple[Path, ...], as_json: bool, **options: Any) -> None:
    """Evaluate cases; show which implementations agree, and why the others diverge.

    PATHs are files or folders of cases; none: the cases that are shipped. In a GLOB only * and ? are special; the
    options may be repeated.
    """
    with open_session(paths, **options) as session:
        answers = answers_of(session)
        environments = session.environments()
    results = judged(session, answers)
    shown = document(results, session, environments, complete=session.whole)
    if as_json:
        sys.stdout.write(dumps(shown))
    else:
        width = max(40, shutil.get_terminal_size().columns)
        for part in (listing, alike, terminal):
            for line in part(shown, width=width):
                say(line)
    if has_failures(results):
        sys.exit(1)
