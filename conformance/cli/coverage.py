"""`conformance coverage`: what the cases cannot tell apart."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import click

from conformance.adapters.registry import adapters
from conformance.cli.errors import say
from conformance.coverage import Coverage, Listed, read
from conformance.coverage import coverage as covered
from conformance.session.corpus import read_cases

_TITLES = {
    "pair": "Definitions that no case tells apart",
    "variant": "Variants that no case tells from the definition",
    "parameter": "Parameters that no case uses",
    "basis": "Rules without a basis",
    "expect": "Outcomes that are pinned more than once",
    "open": "Predictions that are left open",
    "list": "Entries of the list of equivalents that do not hold",
}


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@click.option(
    "--json", "as_json", is_flag=True, help="Print everything as JSON, what is listed as equivalent too."
)
@click.option("--reasons", is_flag=True, help="Also show what is listed as equivalent, and why.")
@click.option(
    "--thorough", is_flag=True, help="Hold the list of equivalents against every case; takes minutes."
)
def coverage(paths: tuple[Path, ...], as_json: bool, reasons: bool, thorough: bool) -> None:
    """Say what the cases in PATHs, or else those that are shipped, cannot tell apart.

    Predictions alone decide; no framework is imported. Exit code 1 while something is left that is not listed as
    equivalent, with a reason.
    """
    found = adapters()
    cases = read_cases(paths, found)
    implementations = [entry for adapter in found for entry in adapter.implementations]
    result = covered(implementations, cases, read(), thorough=thorough)
    if as_json:
        click.echo(json.dumps(result.to_json(), ensure_ascii=False, indent=1))
    else:
        for line in _lines(result, reasons):
            say(line)
    if result.holes:
        sys.exit(1)


def _lines(result: Coverage, reasons: bool) -> Iterator[str]:
    for kind, holes in groupby(
        sorted(result.holes, key=lambda hole: list(_TITLES).index(hole.kind)), lambda hole: hole.kind
    ):
        listed = list(holes)
        yield f"{_TITLES[kind]}: {len(listed)}"
        yield from (f"  {hole.who}: {hole.what}" for hole in listed)
        yield ""
    if reasons:
        yield from _reasons("Told apart by no legal input", result.equivalent)
        yield from _reasons("Not composable", result.unfit)
    counts = result.counts
    yield (
        f"{counts['cases']} cases, {counts['implementations']} implementations of {counts['definitions']} definitions:"
        f" {counts['pairs told']} of {counts['pairs']} pairs and {counts['variants told']} of {counts['variants']}"
        " variants are told apart"
    )
    yield f"{counts['equivalent']} listed as equivalent, {counts['unfit']} cannot be composed"
    yield f"{counts['open']} of {counts['open of']} cells are left open"
    yield f"{len(result.holes)} left" if result.holes else "nothing is left"


def _reasons(title: str, entries: tuple[Listed, ...]) -> Iterator[str]:
    yield f"{title}: {len(entries)}"
    for reason, listed in groupby(
        sorted(entries, key=lambda entry: entry.reason), lambda entry: entry.reason
    ):
        yield f"  {reason}"
        yield from (f"    {entry.who}: {entry.what}" for entry in listed)
    yield ""
