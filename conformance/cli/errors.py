"""Output of commands, and exit code 2 with the reason on standard error for bad input."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Iterator
from pathlib import Path
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


#: What the system says of a path -> what to do.
_NEXT = {
    errno.ENOENT: "make the folder, or correct the path",
    errno.ENOTDIR: "a file is where a folder is needed; name another path",
    errno.EEXIST: "a file is where a folder is needed; name another path",
    errno.EISDIR: "name a file in it",
    errno.ENOSPC: "free some, or write elsewhere",
    errno.EACCES: "change its permissions, or name another path",
    errno.EROFS: "write elsewhere",
}


class BadInput(click.ClickException):
    """A message about bad input."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        """Print the message without a prefix: a diagnostic starts with its position."""
        say(self.message, error=True)


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Name a file in the error of writing it, which the system does not where it was opened already."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


class Readable(click.Path):
    """A path of a file that is read whole: one that is not there, or a regular one or a pipe, not a device."""

    def __init__(self) -> None:
        super().__init__(path_type=Path, dir_okay=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Fail for a device, which may have no end."""
        path = Path(str(super().convert(value, param, ctx)))
        if path.is_char_device() or path.is_block_device():
            self.fail(f"File {str(path)!r} is a device.", param, ctx)
        return path


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
        told = f"{error.filename or 'standard output'}: {error.strerror or error}"
        raise BadInput(f"{told}: {_NEXT.get(error.errno or 0, 'name another path')}.") from error
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
