"""Bad input ends a command with exit code 2 and what is wrong, on standard error."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import click

from conformance.results.document import ResultsError
from conformance.session.corpus import INPUT_ERRORS


class BadInput(click.ClickException):
    """What is wrong, as it is shown."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        """Print the message without a prefix: a diagnostic starts with its place."""
        click.echo(self.message, err=True)


@contextlib.contextmanager
def shown_without_traceback() -> Iterator[None]:
    """Turn the errors of bad input into exit code 2."""
    try:
        yield
    except (*INPUT_ERRORS, ResultsError) as error:
        raise BadInput(str(error)) from error
    except OSError as error:
        raise BadInput(f"{error.filename or 'The output'}: {error.strerror or error}") from error
