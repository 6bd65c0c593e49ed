"""`conformance coverage`: which variants of rules no case distinguishes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click
import yaml

from conformance.adapters.registry import adapters
from conformance.calls.text import one_line
from conformance.cli.errors import BadInput, Readable, writing
from conformance.coverage import Coverage, survivors
from conformance.coverage import coverage as covered
from conformance.session.corpus import read_cases


@click.command(short_help="Show which variants of rules no case distinguishes.")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@click.option(
    "--survivors",
    "path",
    default=survivors.PATH,
    type=Readable(),
    help="The list of variants that may survive; the one of the project if not given.",
)
@click.option("--write", is_flag=True, help="Rewrite the list of survivors, keeping its reasons.")
def coverage(paths: tuple[Path, ...], path: Path, write: bool) -> None:
    """Try variants of every rule on the cases in PATHs, or on the shipped ones.

    Each variant changes one rule of a definition. A case kills it if its prediction changes. Only predictions are
    computed; no framework is imported. Exit code 1 if a variant survives that is not listed with a reason, if a
    listed one is killed, or if something else is missing.
    """
    found = adapters()
    cases = read_cases(paths, found)
    implementations = [entry for adapter in found for entry in adapter.implementations]
    try:
        listed = survivors.read(path)
    except (ValueError, yaml.YAMLError) as error:
        raise BadInput(
            f"{path}: is no list of survivors ({one_line(str(error))}). Write one with --write."
        ) from error
    result = covered(implementations, cases, listed)
    if write:
        with writing(path):
            survivors.write(result.survivors, listed, path)
        click.echo(f"{len(result.survivors)} survivors are listed in {path}")
        sys.exit(any(name not in listed for name in result.survivors))
    for line in _lines(result):
        click.echo(line)
    if result.problems:
        sys.exit(1)


def _lines(result: Coverage) -> Iterator[str]:
    for title, lines in result.problems.items():
        yield f"{title}: {len(lines)}"
        yield from (f"  {line}" for line in lines)
        yield ""
    yield f"{result.killed} variants are killed, {len(result.survivors)} survive"
    yield f"{result.open} of {result.cells} predictions are left open"
    problems = sum(map(len, result.problems.values()))
    yield f"{problems} left" if problems else "nothing is left"
