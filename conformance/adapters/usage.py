"""Further ways to use a metric: lines inserted into a recipe. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: Name of what a script raises where an update that should have raised does not.
ACCEPTED = "UpdateAccepted"


@dataclass(frozen=True)
class Usage:
    """A further way to use a metric.

    Attributes:
        body: the lines before the result is computed. Placeholders stand for parts of the recipe, filled in for one
            case: `{setup}`, `{updates}` (all of the case), `{result}`, `{state}` and `{reset}`; and for `{stray}`, an
            update with the first sample of the last update, `{broken}`, one (indented) in which y_true has a sample
            more than y_pred, and `{anew}`, setup and updates where nothing keeps a state.
        imports: what these lines need besides the imports of the recipe.
        of_state: whether it is done to the object that keeps the state, so that there has to be one.
    """

    body: tuple[str, ...]
    imports: tuple[str, ...] = ()
    of_state: bool = True


def _copied(copy: str) -> Usage:
    body = ("{setup}", "{updates}", f"kept = {copy}", "{stray}", "{state} = kept")
    return Usage(body, (f"import {copy.partition('.')[0]}",))


USAGES: Mapping[str, Usage] = {
    "plain": Usage(("{setup}", "{updates}"), of_state=False),
    "again": Usage(("{setup}", "{updates}", "{result}", "{anew}"), of_state=False),
    "reset": Usage(("{setup}", "{updates}", "{stray}", "{reset}", "{updates}")),
    "exception": Usage(
        (
            f"class {ACCEPTED}(Exception):\n    pass\n",
            "{setup}",
            "{updates}",
            "try:\n{broken}\nexcept Exception:\n    pass",
            f'else:\n    raise {ACCEPTED}("the update with an extra target did not raise")',
        )
    ),
    "pickle": _copied("pickle.loads(pickle.dumps({state}))"),
    "deepcopy": _copied("copy.deepcopy({state})"),
}
