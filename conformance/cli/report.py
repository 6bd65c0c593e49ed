"""`conformance report`: render a results document."""

from __future__ import annotations

from pathlib import Path

import click

from conformance.cli.errors import BadInput, shown_without_traceback
from conformance.publish import render
from conformance.results import ResultsError, read


@click.command(short_help="Render a results document.")
@click.argument("results", type=click.Path(path_type=Path))
@click.option(
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where to write; the folder of RESULTS if not given.",
)
def report(results: Path, output: Path | None) -> None:
    """Write index.html and divergences.md from RESULTS, a results.json."""
    with shown_without_traceback():
        document = read(results)
        try:
            written = render(output or results.parent, document)
        except ResultsError as error:
            raise BadInput(f"{results}: {error}") from error
    for path in written:
        click.echo(path)
