"""`conformance export`: test vectors of a definition, for an implementation in any language."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from conformance.ask.lookup import AmbiguousName, UnknownName
from conformance.cli.errors import BadInput
from conformance.results.store import dumps, write
from conformance.testing.vectors import schema, vectors


@click.command()
@click.option("--definition", metavar="NAME", help="Id of an implementation, the end of it, or a part.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json"]),
    default="json",
    show_default=True,
    help="How they are written.",
)
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write here, not on standard output.",
)
@click.option("--schema", "as_schema", is_flag=True, help="Print the JSON Schema of the vectors instead.")
def export(definition: str | None, form: str, output: Path | None, as_schema: bool) -> None:
    """Write test vectors of a definition: a vector for each shipped case that applies to the implementation NAME.

    A vector has the input, and the value as a fraction, as a float64 and with its tolerance, or the exception and its
    reason. It also says which rules it tests. No framework is imported, and the same release of this package writes
    the same bytes everywhere.
    """
    if as_schema:
        text = json.dumps(schema(), indent=2) + "\n"
    elif definition is None:
        raise click.UsageError(
            "Name a definition: --definition NAME. `conformance implementations` lists all."
        )
    else:
        try:
            text = dumps(vectors(definition))
        except (UnknownName, AmbiguousName) as error:
            raise BadInput(str(error)) from error
    if output is None:
        sys.stdout.write(text)
    else:
        write(output, text)
