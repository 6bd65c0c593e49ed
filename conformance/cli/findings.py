"""`conformance findings`: the findings of a results document as reports that can be filed."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from conformance.cli.errors import Readable, say
from conformance.report.publish import RESULTS, file_findings
from conformance.report.words import count
from conformance.results.store import read


@click.command()
@click.argument("results", default=Path("reports", RESULTS), type=Readable())
@click.option(
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where to write; the folder `findings` next to RESULTS if not given.",
)
@click.option(
    "--all", "demand_all", is_flag=True, help="Fail if no case of RESULTS shows one of the findings."
)
def findings(results: Path, output: Path | None, demand_all: bool) -> None:
    """Write one Markdown file for each finding of RESULTS, a results.json (reports/results.json if not given).

    Each has versions, stand-alone code, the observed outcome, what the documentation says, and the cause in
    the source. A run over other cases than those of the project shows few of them.
    """
    document = read(results)
    written, silent = file_findings(output or results.parent / "findings", document)
    for path in written:
        say(path)
    if not silent:
        return
    if not demand_all:
        say(f"{count(len(silent), 'finding')} more, of which no case of this run is an example.", error=True)
        return
    say(
        f"No case shows {count(len(silent), 'finding')}: {', '.join(silent)}. Add a case that does, or remove"
        " the finding if it was fixed upstream.",
        error=True,
    )
    sys.exit(1)
