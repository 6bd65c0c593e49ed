"""From a recipe and a case to the lines of Python that are run. Needs the standard library and NumPy only."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from conformance.adapters.base import Call, Expression, Implementation, Recipe, Update
from conformance.adapters.usage import USAGES

#: Names of the arrays of an update.
DATA = ("y_true", "y_pred", "sample_weight", "mask")


@dataclass(frozen=True)
class Script:
    """Lines that compute one outcome.

    Attributes:
        imports: import statements, one a line.
        body: lines to run after them; may be empty.
        result: an expression for the result, evaluated after the body.
        resolved: an expression for what a name became, evaluated after that; may be empty.
        kept: the first lines of the body, if what they make can serve further calls; see `Recipe.keeps_setup`.
    """

    imports: str
    body: str
    result: str
    resolved: str = ""
    kept: str = ""


def arguments(implementation: Implementation, call: Call) -> dict[str, Any]:
    """Keyword arguments of the call, under the framework's names: fixed, derived, then named by the case."""
    named = {
        own: call.parameters[name]
        for name, own in implementation.parameters.items()
        if name in call.parameters and own not in implementation.fixed
    }
    derived = {
        name: value
        for name, derive in implementation.derived.items()
        if name not in named and (value := derive(call)) is not None
    }
    return {**implementation.fixed, **derived, **named}


def script(implementation: Implementation, call: Call) -> Script:
    """Fill in the recipe of an implementation for one case, and weave in what its `usage` adds.

    The lines expect the names that `bindings` binds.
    """
    recipe = implementation.recipe
    fields = _fields(implementation, call)
    plain = {**fields, **_data(recipe, call)}

    def update(written: Mapping[str, str]) -> str:
        return filled(recipe.update, {**fields, **_data(recipe, call, written)})

    updates = filled(recipe.update, plain)
    if recipe.data == "each" and updates and len(call.updates) != 1:
        names = ", ".join(
            ["y_true", "y_pred", *["sample_weight"] * has_weights(call), *["mask"] * has_mask(call)]
        )
        updates = f"for {names} in updates:\n{textwrap.indent(updates, '    ')}"
    setup, result = filled(recipe.setup, plain), filled(recipe.result, plain)
    parts = {
        "setup": setup,
        "updates": updates,
        "result": result,
        "state": recipe.state,
        "reset": recipe.reset,
        "anew": "" if recipe.state else f"{setup}\n{updates}".strip("\n"),
    }
    usage = USAGES.get(call.usage, USAGES["plain"])
    if "{stray}" in usage.body:
        parts["stray"] = update({name: f"{name}[:1]" for name in DATA})
    if any("{broken}" in part for part in usage.body):
        broken = update({"y_true": "np.concatenate([y_true, y_true[:1]])"})
        parts["broken"] = textwrap.indent(broken, "    ")
    body = "\n".join(lines for part in usage.body if (lines := part.format(**parts)))
    kept = setup if recipe.keeps_setup else ""
    return Script("\n".join((*recipe.imports, *usage.imports)), body, result, recipe.resolved, kept)


def expression(implementation: Implementation, call: Call, names: Mapping[str, str]) -> str:
    """Return the result of a recipe with expressions in place of the names of arrays."""
    fields = {**_fields(implementation, call), **_data(implementation.recipe, call, names)}
    return filled(implementation.recipe.result, fields)


def _fields(implementation: Implementation, call: Call) -> dict[str, str]:
    """Return what stands for each placeholder of a recipe but those of the data."""
    recipe = implementation.recipe
    text = "\n".join(part for part in (recipe.setup, recipe.update, recipe.result) if part)
    own = arguments(implementation, call)
    placed = {name: f"{name}={literal(value)}" for name, value in own.items() if f"{{{name}}}" in text}
    rest = ", ".join(f"{name}={literal(value)}" for name, value in own.items() if name not in placed)
    unnamed = dict.fromkeys([*implementation.parameters.values(), *implementation.derived], "")
    return {**unnamed, **placed, "arguments": rest, "program": call.program}


def _data(recipe: Recipe, call: Call, written: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return what stands for the placeholders of the data; `written` replaces the bare names of arrays."""
    expression = recipe.forms[call.usage].expression if call.usage in recipe.forms else recipe.expression
    texts = {}
    for name in DATA:
        arrays = [getattr(update, name) for update in call.updates]
        dtypes = dict.fromkeys(array.dtype for array in arrays if array is not None)
        texts[name] = _passed(expression, (written or {}).get(name, name), dtypes)
    if not has_weights(call):
        return {**texts, "sample_weight": "", "weight": ""}
    return {**texts, "weight": f"sample_weight={texts['sample_weight']}"}


def _passed(expression: Expression, name: str, dtypes: Iterable[np.dtype[Any]]) -> str:
    """Return what passes an array; the dtype is asked for in the lines where it depends on the update."""
    of = {expression(name, dtype): dtype for dtype in dtypes}
    if len(of) == 1:
        return next(iter(of))
    text = usual = expression(name, np.dtype(float))
    for special, dtype in of.items():
        if special != usual:
            text = f'({special} if {name}.dtype.name == "{dtype.name}" else {text})'
    return text


def bindings(implementation: Implementation, call: Call) -> dict[str, Any]:
    """Names that the script expects, bound to the arrays of the case."""
    return bound(implementation.recipe.data, call)


def bound(data: str, call: Call) -> dict[str, Any]:
    """The same, for a value of `Recipe.data`."""
    if data == "joined" and len(call.updates) > 1:
        return _names(joined(call.updates), call)
    if len(call.updates) == 1 and data != "list":
        return _names(call.updates[0], call)
    return {"updates": [tuple(_names(update, call).values()) for update in call.updates]}


def has_weights(call: Call) -> bool:
    """Whether any update of the case has sample weights."""
    return any(update.sample_weight is not None for update in call.updates)


def has_mask(call: Call) -> bool:
    """Whether any update of the case has a mask."""
    return any(update.mask is not None for update in call.updates)


def literal(value: Any) -> str:
    """Python text of a parameter: numbers, strings, booleans, None, and lists and mappings of these.

    >>> literal([0.5, float("nan")])
    "[0.5, float('nan')]"
    """
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(literal(item) for item in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{literal(key)}: {literal(item)}' for key, item in value.items())}}}"
    if isinstance(value, float) and not np.isfinite(value):
        return f"float('{value}')"
    return repr(value)


def filled(template: str, fields: Mapping[str, str]) -> str:
    """Replace the placeholders of a template; an empty text takes the comma before it along."""

    def text(found: re.Match[str]) -> str:
        comma, name = found.group(1) or "", found.group(2)
        if name not in fields:
            return found.group()
        return comma + fields[name] if fields[name] else ""

    return re.sub(r"(, )?\{(\w+)\}", text, template)


def _names(update: Update, call: Call) -> dict[str, Any]:
    weight = {"sample_weight": update.sample_weight} if has_weights(call) else {}
    mask = {"mask": update.mask} if has_mask(call) else {}
    return {"y_true": update.y_true, "y_pred": update.y_pred, **weight, **mask}


def joined(updates: Sequence[Update]) -> Update:
    """Return all updates as one; raises ValueError where NumPy cannot concatenate them."""
    weights = [update.sample_weight for update in updates if update.sample_weight is not None]
    masks = [update.mask for update in updates if update.mask is not None]
    return Update(
        np.concatenate([update.y_true for update in updates]),
        np.concatenate([update.y_pred for update in updates]),
        np.concatenate(weights) if weights else None,
        np.concatenate(masks) if masks else None,
    )
