"""`conformance since`: what changed from release to release."""

from __future__ import annotations

import json
import shutil
import sys

import click

from conformance.ask import since as asking
from conformance.ask.lookup import AmbiguousName, UnknownName
from conformance.cli.errors import BadInput, say


@click.command()
@click.argument("name", nargs=-1)
@click.option("--from", "after", metavar="RELEASE", help="Only what changed after this release.")
@click.option("--to", "until", metavar="RELEASE", help="Only what changed up to this release.")
@click.option("--json", "as_json", is_flag=True, help="Print the changes for programs, and nothing else.")
def since(name: tuple[str, ...], after: str | None, until: str | None, as_json: bool) -> None:
    """Show what releases changed, with the smallest input that shows it and the link.

    NAME is a framework, or an implementation as `conformance lookup` takes it; all frameworks if it is not given.
    --from and --to say what an upgrade changes. No framework is imported.
    """
    if "==" in (asked := " ".join(name)):
        package, _, release = asked.partition("==")
        raise BadInput(f"{asked} is a release: write {package} --from {release}, or --to {release}.")
    try:
        found = asking.since(asked or None, after=after, until=until)
    except (UnknownName, AmbiguousName, ValueError) as error:
        raise BadInput(str(error)) from error
    if as_json:
        sys.stdout.write(json.dumps(found.to_json(), indent=2) + "\n")
        return
    for line in found.lines(max(40, shutil.get_terminal_size().columns)):
        say(line)
