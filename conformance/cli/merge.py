"""`conformance merge`: put results documents together."""

from __future__ import annotations

from pathlib import Path

import click

from conformance.cli.errors import BadInput, Readable, say
from conformance.report.publish import PAGE, RESULTS, publish
from conformance.results.merge import merge as merged
from conformance.results.store import dumps, read, write


@click.command()
@click.argument("results", nargs=-1, required=True, type=Readable())
@click.option(
    "--output",
    required=True,
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="A .json file to write, or a folder for results.json and the whole report.",
)
def merge(results: tuple[Path, ...], output: Path) -> None:
    """Put RESULTS together, each a results.json: shards of a run, or runs in other environments or over other cases.

    All shards of a run together are the document that the run would have given in one piece.
    """
    twice = next((path for path in results if results.count(path) > 1), None)
    if twice is not None:
        raise BadInput(f"{twice}: is given twice. Name each document once.")
    together = merged({str(path): read(path) for path in results})
    if output.suffix == ".json" and not output.is_dir():
        write(output, dumps(together))
        say(output)
        return
    publish(output, together)
    for name in (RESULTS, PAGE):
        say(output / name)
