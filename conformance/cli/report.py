"""`conformance report`: render a results document."""

from __future__ import annotations

from pathlib import Path

import click

from conformance.cli.errors import BadInput, Readable, say, writing
from conformance.report import job_annotations, job_summary
from conformance.report.publish import render
from conformance.results.store import read


@click.command()
@click.argument("results", type=Readable())
@click.option(
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where to write; the folder of RESULTS if not given.",
)
@click.option(
    "--against",
    metavar="OLD",
    type=Readable(),
    help="An older results.json; the page then says what changed since.",
)
@click.option(
    "--summary",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help='Append a summary in Markdown to FILE, such as "$GITHUB_STEP_SUMMARY".',
)
@click.option(
    "--annotations",
    "annotated",
    is_flag=True,
    help="Print a workflow command for each outcome that needs attention, at the line of its case.",
)
def report(
    results: Path, output: Path | None, against: Path | None, summary: Path | None, annotated: bool
) -> None:
    """Write index.html and divergences/ from RESULTS, a results.json."""
    document = read(results)
    old = read(against) if against else None
    then, now = (old or {}).get("generated"), document.get("generated")
    # ISO 8601 in UTC: the order of the texts is that of the times.
    if then and now and then > now:
        raise BadInput(f"{against}: It was generated at {then}, after the results ({now}): exchange the two.")
    written = render(output or results.parent, document, old)
    if summary:
        with writing(summary), summary.open("a", encoding="utf-8") as stream:
            stream.write(job_summary(document, old))
    for path in written:
        say(path)
    if annotated:
        for line in job_annotations(document):
            click.echo(line)  # a workflow command, whose parts are escaped
