"""`conformance diff`: what changed between two results documents, or between two releases."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from conformance.cli.errors import BadInput, Readable, say
from conformance.cli.options import arrays, limits


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--case", "cases", metavar="GLOB", multiple=True, help="Of two releases: only these cases.")
@click.option(
    "--implementation", "implementations", metavar="GLOB", multiple=True, help="Of two releases: only these."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
@click.option("--all", "everything", is_flag=True, help="Show all cells of an implementation.")
@arrays(required=False)
@limits
def diff(old: str, new: str, as_json: bool, everything: bool, **asked: Any) -> None:
    """Show what changed from OLD to NEW: two results.json, or two releases of a framework.

    A release is PACKAGE==1.6.1, PACKAGE==PATH_OR_URL, or a configured environment. Both are called on the shipped
    cases, or on your own arrays (--y-true, --y-pred and what belongs to them).

    Of each outcome that changed it says whether the case was edited, a release changed, or neither. Exit code 0:
    nothing changed; 1: something did.
    """
    # Imported here because help needs none of it.
    from conformance.report.changes import compared
    from conformance.report.difference import MOST_SHOWN, difference, has_changed
    from conformance.results.store import read

    are_files = [Path(each).exists() for each in (old, new)]
    if not any(are_files) and not any(each.endswith(".json") for each in (old, new)):
        found = _of_releases(old, new, asked)
    else:
        context = click.get_current_context()
        one, other = (read(Readable().convert(each, None, context)) for each in (old, new))
        found = compared(other, one)
    if as_json:
        click.echo(json.dumps({"format": 1, **found}, ensure_ascii=True, indent=1))
    else:
        for line in difference(found, most=None if everything else MOST_SHOWN):
            say(line)
    if has_changed(found):
        sys.exit(1)


def _of_releases(old: str, new: str, asked: dict[str, Any]) -> dict[str, Any]:
    from conformance.adapters.places import normal
    from conformance.adapters.registry import adapters
    from conformance.ask.question import question
    from conformance.ask.upgrade import upgrade
    from conformance.cache.store import opened
    from conformance.cases import Case
    from conformance.cli.answering import answers_of
    from conformance.environments.install import prepared
    from conformance.environments.requests import request
    from conformance.session.corpus import check_patterns, read_cases

    options = {name: asked.pop(name) for name in ("cases", "implementations", "timeout", "memory")}
    known = adapters()
    names = [entry.id for adapter in known for entry in adapter.implementations]
    check_patterns(options["implementations"], names, "implementation")
    if "y_true" in asked or "y_pred" in asked:
        if lacking := [name for name in ("y_true", "y_pred") if name not in asked]:
            raise BadInput(f"--{lacking[0].replace('_', '-')} is missing: arrays come in pairs.")
        given = {name: asked.pop(name) for name in list(asked) if name in _OF_A_QUESTION}
        cases: tuple[Case, ...] = (question(**given, parameters=asked),)
    else:
        if asked:
            raise BadInput(f"--{next(iter(asked)).replace('_', '-')} belongs to --y-true and --y-pred.")
        cases = read_cases((), known)
        check_patterns(options["cases"], [case.id for case in cases], "case")
    frameworks = {normal(request(each, Path.cwd()).distribution) for each in (old, new)} - {""}
    if len(frameworks) > 1:
        raise BadInput(f"{old} and {new} are no releases of one package: name two of the same one.")
    environments = prepared((old, new), Path.cwd(), lambda line: say(line, error=True))
    if len(environments) < 2:
        raise BadInput(f"{old} and {new} are the same environment: name two.")
    before, after = environments
    return upgrade(
        cases,
        known,
        before,
        after,
        answering=answers_of,
        chosen_cases=options.pop("cases"),
        cache=opened(None),
        **options,
    )


#: What makes a question, apart from parameters.
_OF_A_QUESTION = ("y_true", "y_pred", "task", "sample_weight", "batches", "loss")
