"""`conformance implementations`: every implementation, and which cases it runs on."""

from __future__ import annotations

import json
from typing import Any

import click

from conformance.adapters.admission import admission
from conformance.adapters.base import TASKS, Implementation
from conformance.adapters.registry import adapters
from conformance.cases import matches
from conformance.cli.errors import BadInput, say
from conformance.session.corpus import check_patterns


@click.command()
@click.argument("patterns", nargs=-1, metavar="[GLOB]...")
@click.option("--quantity", metavar="GLOB", help="Only those of a quantity, such as top-k-accuracy.")
@click.option("--task", type=click.Choice(TASKS), help="Only those that run on cases of a task.")
@click.option("-l", "--long", is_flag=True, help="Say which cases each runs on.")
@click.option("--json", "as_json", is_flag=True, help="Print all of it for programs, and nothing else.")
def implementations(
    patterns: tuple[str, ...], quantity: str | None, task: str | None, long: bool, as_json: bool
) -> None:
    """List the implementations whose id matches one of the GLOBs (all if none is given), one a line.

    A line has the id, the quantity and the tasks. Which cases an implementation runs on is decided by the task, the
    parameters named in a case, its updates and the ranks of y_true and y_pred, never by values or dtypes: --long says
    it. In a GLOB only * and ? are special. No framework is imported.
    """
    known = [entry for adapter in adapters() for entry in adapter.implementations]
    check_patterns(patterns, [entry.id for entry in known], "implementation")
    check_patterns([quantity] if quantity else [], {entry.quantity for entry in known}, "quantity")
    found = [
        entry
        for entry in known
        if (not patterns or any(matches(pattern, entry.id) for pattern in patterns))
        and (quantity is None or matches(quantity, entry.quantity))
        and (task is None or task in entry.tasks)
    ]
    if not found:
        raise BadInput("No implementation is all of this: leave out a GLOB, --quantity or --task.")
    if as_json:
        say(json.dumps([_described(entry) for entry in found], indent=2))
        return
    width = max(len(entry.id) for entry in found)
    second = max(len(entry.quantity) for entry in found)
    for entry in found:
        say(f"{entry.id:{width}}  {entry.quantity:{second}}  {', '.join(sorted(entry.tasks))}")
        if long:
            say(f"    {admission(entry)}")


def _described(entry: Implementation) -> dict[str, Any]:
    return {
        "id": entry.id,
        "quantity": entry.quantity,
        "tasks": sorted(entry.tasks),
        "parameters": list(entry.parameters),
        "sample_weight": entry.weights,
        "definition": entry.definition,
        "runs_on": admission(entry),
    }
