"""Adapters that evaluate one compiled model on many calls: to build it takes far longer than all that follows.

The lines that build and evaluate it are those of the product's own recipes.
"""

from __future__ import annotations

import textwrap
from dataclasses import replace

from conformance.adapters.base import Adapter, Implementation
from conformance.adapters.registry import adapters

_LINES = """\
{{steps}}
{{names}}
draws, rows = updates, []
for start in range(0, len(draws), steps):
    updates = draws[start : start + steps]
    y_true, y_pred, *weights = map(np.concatenate, zip(*updates))
    sample_weight = weights[0] if weights else None
    if not rows:
{model}
    try:
        {evaluation}
        rows.append([0, *(values[name] for name in names)])
    except Exception:
        rows.append([1, *(0 for name in names)])
"""


def _shared(entry: Implementation) -> Implementation:
    """Return the way to evaluate one model on calls of `steps` updates each: of each, whether it raises, and values."""
    *model, evaluation = entry.recipe.update.replace('["accuracy"]', "names").splitlines()
    lines = _LINES.format(model=textwrap.indent("\n".join(model), " " * 8), evaluation=evaluation)
    recipe = replace(
        entry.recipe, update=lines, result="np.array(rows, dtype=float)", data="list", resolved=""
    )
    return replace(entry, recipe=recipe, parameters={"steps": "steps", "names": "names"})


def _ways(adapter: Adapter) -> tuple[Implementation, ...]:
    """Return the ways to compile "accuracy"; the other strings differ from them in the string only."""
    ways = (".compile[accuracy]", ".compile[accuracy,dataset]", "=accuracy]", "=accuracy,dataset]")
    suffix = f"@{adapter.environment}" if adapter.environment else ""
    return tuple(entry for entry in adapter.implementations if entry.id.removesuffix(suffix).endswith(ways))


#: Name in this module, where a worker finds it, -> adapter.
SHARING = {
    name: replace(adapter, path=f"{__name__}:{name}", implementations=tuple(map(_shared, _ways(adapter))))
    for adapter in adapters()
    if _ways(adapter)
    for name in [adapter.origin.upper().replace("@", "_")]
}
globals().update(SHARING)
