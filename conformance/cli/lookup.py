"""`conformance lookup`: what an implementation computes, and which calls equal it."""

from __future__ import annotations

import json
import shutil
import sys

import click

from conformance.ask import lookup as asking
from conformance.cli.errors import BadInput, say


@click.command()
@click.argument("name", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print the answer for programs, and nothing else.")
def lookup(name: tuple[str, ...], as_json: bool) -> None:
    """Show what NAME computes, rule by rule, and which calls of other frameworks equal it.

    NAME is the id of an implementation, the end of it, or a part; or a string and the call that takes it, as in
    "accuracy" in compile. Where it fits several, they are listed. No framework is imported.

    Equal calls are those that give the same on ordinary inputs. On the cases that are shipped, which look for
    differences, they are compared as the definitions predict.

    The keys of --json are the attributes of `Description`, `Equal`, `Difference`, `Rule` and `Known`
    in conformance/ask/description.py; where NAME fits several, `matches`: id -> what it computes.
    """
    try:
        found = asking.lookup(" ".join(name))
    except asking.UnknownName as error:
        raise BadInput(str(error)) from error
    except asking.AmbiguousName as error:
        say(json.dumps({"format": 1, "matches": error.matches}, indent=2) if as_json else error)
        return
    if as_json:
        sys.stdout.write(json.dumps(found.to_json(), indent=2) + "\n")
        return
    for line in found.lines(max(40, shutil.get_terminal_size().columns)):
        say(line)
