"""The command line: `conformance COMMAND`. Exit codes: 0 as defined, 1 unexplained, stale or lost, 2 bad input."""

from __future__ import annotations

import importlib
from typing import Any

import click

from conformance.cli.errors import shown_without_traceback

#: Name -> what it does. Each is a module here, with the command under the same name in it.
_COMMANDS = {
    "accept": "Pin observed departures in the case files.",
    "check": "Validate case files.",
    "compare": "Compare implementations on your own arrays.",
    "coverage": "Show which variants of rules no case distinguishes.",
    "diff": "Show what changed between two results documents.",
    "environments": "List, install and remove other releases of frameworks.",
    "export": "Write test vectors of a definition, for any language.",
    "explain": "Show what gives a number on your own arrays.",
    "findings": "Write the findings as reports, ready to be filed.",
    "implementations": "List implementations, and which cases each runs on.",
    "lookup": "Show what an implementation computes, and what equals it.",
    "merge": "Put results documents together, of shards for example.",
    "new": "Scaffold a case, with today's outcomes as a comment.",
    "report": "Render a results document.",
    "run": "Evaluate cases and show which implementations agree.",
    "since": "Show what changed from release to release.",
}


class _Commands(click.Group):
    """Imports a command when it is used: help needs none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command = getattr(importlib.import_module(f"conformance.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        # Help is printed here.
        with shown_without_traceback():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> object:
        with shown_without_traceback():
            return super().invoke(ctx)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    invoke_without_command=True,
    epilog="Exit codes: 0 every checked outcome is as defined or a known deviation, 1 something is unexplained, stale"
    " or lost, 2 bad input, 130 interrupted.",
)
@click.version_option(package_name="metric-conformance")
@click.pass_context
def main(context: click.Context) -> None:
    """Compare implementations of a metric across frameworks, case by case."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
