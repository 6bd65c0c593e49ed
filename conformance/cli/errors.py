"""Output of commands, and exit code 2 with the reason on standard error for bad input."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import Any

import click

from conformance.calls.text import visible


def say(text: object, *, error: bool = False, **style: Any) -> None:
    """Print text on standard output, or on standard error, so that nothing in it acts on a terminal.

    Args:
        text: what to print.
        error: whether to print it on standard error.
        style: colours and the like, as `click.style` takes them; for a terminal only, and not where NO_COLOR is set.
    """
    plain = visible(str(text))
    click.echo(plain if os.environ.get("NO_COLOR") or not style else click.style(plain, **style), err=error)


@contextlib.contextmanager
def while_read() -> Iterator[None]:
    """Print as long as somebody reads: `| head` is no error."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()


class BadInput(click.ClickException):
    """A message about bad input."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        """Print the message without a prefix: a diagnostic starts with its position."""
        say(self.message, error=True)


@contextlib.contextmanager
def shown_without_traceback() -> Iterator[None]:
    """Turn the errors of bad input, and of output that cannot be written, into exit code 2."""
    try:
        try:
            with while_read():
                yield
        finally:
            sys.stdout.flush()
    except OSError as error:
        if error.filename is None:
            _drop_output()
        raise BadInput(f"{error.filename or 'standard output'}: {error.strerror or error}") from error
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except Exception as error:
        # Imported here because help and version need none of it.
        from conformance.ask.arrays import AskError
        from conformance.results.store import ResultsError
        from conformance.session.corpus import INPUT_ERRORS

        if isinstance(error, (*INPUT_ERRORS, AskError, ResultsError)):
            raise BadInput(str(error)) from error
        raise


def _drop_output() -> None:
    """Let the interpreter end without a second error about what is still to be written."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
