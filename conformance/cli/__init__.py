"""The command line: `conformance COMMAND`. Exit codes: 0 as documented, 1 unexplained, stale or lost, 2 bad input."""

from __future__ import annotations

import click

from conformance.cli.accept import accept
from conformance.cli.check import check
from conformance.cli.coverage import coverage
from conformance.cli.findings import findings
from conformance.cli.implementations import implementations
from conformance.cli.new import new
from conformance.cli.report import report
from conformance.cli.run import run


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    invoke_without_command=True,
    epilog="Exit codes: 0 everything is as documented, 1 something is unexplained, stale or lost, 2 bad input.",
)
@click.version_option(package_name="metric-conformance")
@click.pass_context
def main(context: click.Context) -> None:
    """Compare what Keras, torchmetrics and scikit-learn call accuracy, case by case."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


for _command in (check, run, new, accept, report, findings, coverage, implementations):
    main.add_command(_command)
