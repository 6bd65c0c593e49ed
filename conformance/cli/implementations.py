"""`conformance implementations`: every implementation, and which cases it runs on."""

from __future__ import annotations

import click

from conformance.adapters.admission import admission
from conformance.adapters.registry import adapters
from conformance.cases import matches
from conformance.cli.errors import say


@click.command()
@click.argument("patterns", nargs=-1, metavar="[GLOB]...")
def implementations(patterns: tuple[str, ...]) -> None:
    """List the implementations whose id matches one of the GLOBs (all if none is given).

    Implementations that run on the same cases are grouped. The task, the parameters named in a case, its updates
    and the ranks of y_true and y_pred decide, never values or dtypes. No framework is imported.
    """
    found = adapters()
    alike: dict[str, list[str]] = {}
    for adapter in found:
        for entry in adapter.implementations:
            if not patterns or any(matches(pattern, entry.id) for pattern in patterns):
                alike.setdefault(admission(entry), []).append(entry.id)
    for conditions, names in alike.items():
        say("\n".join([conditions, *(f"  {name}" for name in names)]))
