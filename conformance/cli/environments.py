"""`conformance environments`: other releases of frameworks, in the user's cache or in a configuration."""

from __future__ import annotations

from pathlib import Path

import click

from conformance.cli.errors import BadInput, say
from conformance.environments.install import cache, listed, prepared
from conformance.environments.install import remove as delete
from conformance.environments.requests import Request, configured


@click.group(invoke_without_command=True)
@click.pass_context
def environments(context: click.Context) -> None:
    """List other releases of frameworks that a run can call as well: in the cache, and in the configuration.

    Where one is asked for, such as with `conformance run --environment PACKAGE==1.6.1`, it is installed into the cache
    the first time. [tool.conformance.environments] in pyproject.toml, or [environments] in conformance.toml, names
    environments: `old = "PACKAGE==1.6.1"`, or `old = {python = "/path/to/bin/python"}` for what needs an interpreter of
    its own.
    """
    if context.invoked_subcommand is not None:
        return
    named = configured(Path.cwd())
    for name, entry in named.items():
        say(f"{name}: {_described(entry)}")
    found = listed()
    tags = {each.tag for each in found}
    for each in found:
        more = [f"from {each.source}"] if each.source else []
        more += [f"for {each.tag}"] if len(tags) > 1 else []
        said = f" ({', '.join(more)})" if more else ""
        say(f"{each.requirement}{said}: {_size(each.folder)}")
    if found:
        say(f"The cache is {cache()}.")
    if not found and not named:
        say("There are none, in the cache or in the configuration. See conformance environments --help.")


@environments.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
def install(names: tuple[str, ...]) -> None:
    """Install releases into the cache, so that a run needs no package index.

    A NAME is a release such as PACKAGE==1.6.1, a path or URL as in PACKAGE==PATH, or a name of the configuration.
    """
    for environment in prepared(names, Path.cwd(), lambda line: say(line, error=True)):
        where = environment.place.folder or environment.place.interpreter
        say(f"@{environment.name}: {where}")


@environments.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
def remove(names: tuple[str, ...]) -> None:
    """Remove releases from the cache, for all interpreters; no run should be using them."""
    found = listed()
    chosen = {name: [each for each in found if each.requirement == _requirement(name)] for name in names}
    for name, those in chosen.items():
        if not those:
            known = ", ".join(dict.fromkeys(each.requirement for each in found)) or "nothing"
            raise BadInput(f"{name} is not in the cache {cache()}: it has {known}.")
    for each in dict.fromkeys(each for those in chosen.values() for each in those):
        delete(each)
        say(f"removed {each.requirement}")


def _requirement(name: str) -> str:
    """Return the requirement that a name of the configuration stands for, or the name."""
    entry = configured(Path.cwd()).get(name)
    return f"{entry.distribution}=={entry.release}" if entry else name


def _described(entry: Request) -> str:
    what = f"{entry.distribution}=={entry.release or entry.source}" if entry.distribution else ""
    return ", with ".join(filter(None, (what, entry.python)))


def _size(folder: Path) -> str:
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return f"{size / 10**6:.1f} MB"
