"""Further ways to use a metric: lines inserted into a recipe. Standard library only."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass

#: Name of what a script raises where an update that should have raised does not.
ACCEPTED = "UpdateAccepted"


@dataclass(frozen=True)
class Lines:
    """The parts of a script, filled in for one case.

    Attributes:
        setup: lines run first.
        update: all updates of the case.
        result: the expression for the result.
        state: name of the object that keeps the state, or empty.
        reset: line that makes it as new.
        stray: an update with the first sample of the last update.
        broken: an update in which y_true has one sample more than y_pred.
    """

    setup: str
    update: str
    result: str
    state: str = ""
    reset: str = ""
    stray: str = ""
    broken: str = ""


@dataclass(frozen=True)
class Usage:
    """A further way to use a metric.

    Attributes:
        says: what is done, to follow on the words of the case.
        body: the lines before the result is computed.
        imports: what these lines need besides the imports of the recipe.
        of_state: whether it is done to the object that keeps the state, so that there has to be one.
    """

    says: str
    body: Callable[[Lines], tuple[str, ...]]
    imports: tuple[str, ...] = ()
    of_state: bool = True


def _plain(lines: Lines) -> tuple[str, ...]:
    return lines.setup, lines.update


def _again(lines: Lines) -> tuple[str, ...]:
    once = (lines.setup, lines.update, lines.result)
    return once if lines.state else (*once, lines.setup, lines.update)


def _reset(lines: Lines) -> tuple[str, ...]:
    return lines.setup, lines.update, lines.stray, lines.reset, lines.update


def _raises(lines: Lines) -> tuple[str, ...]:
    return (
        f"class {ACCEPTED}(Exception):\n    pass\n",
        lines.setup,
        lines.update,
        f"try:\n{textwrap.indent(lines.broken, '    ')}\nexcept Exception:\n    pass\n"
        f'else:\n    raise {ACCEPTED}("the update with an extra target did not raise")',
    )


def _copied(copy: str) -> Callable[[Lines], tuple[str, ...]]:
    def body(lines: Lines) -> tuple[str, ...]:
        return (
            lines.setup,
            lines.update,
            f"kept = {copy.format(lines.state)}",
            lines.stray,
            f"{lines.state} = kept",
        )

    return body


USAGES: Mapping[str, Usage] = {
    "plain": Usage("as it is", _plain, of_state=False),
    "again": Usage("computed twice, the second value", _again, of_state=False),
    "reset": Usage("after another sample and a reset, updated again", _reset),
    "exception": Usage("after a further update that raises", _raises),
    "pickle": Usage(
        "pickled and loaded before another sample is added to the original",
        _copied("pickle.loads(pickle.dumps({}))"),
        ("import pickle",),
    ),
    "deepcopy": Usage(
        "deep-copied before another sample is added to the original",
        _copied("copy.deepcopy({})"),
        ("import copy",),
    ),
}
