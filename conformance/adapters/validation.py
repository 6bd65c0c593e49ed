"""What an adapter can get wrong and what can be seen without calling its framework."""

from __future__ import annotations

import builtins
import re
import symtable
from collections.abc import Collection, Iterator
from functools import cache

from pydantic import ConfigDict, TypeAdapter, ValidationError

from conformance.adapters.admission import RANKS
from conformance.adapters.base import METRICS, PARAMETERS, TASKS, Adapter, Implementation
from conformance.adapters.releases import bounds, bounds_of_others
from conformance.adapters.script import filled
from conformance.calls.text import did_you_mean

#: The names of the data that a recipe may use, by `Recipe.data`.
_DATA = {
    "each": ("y_true", "y_pred", "sample_weight", "mask"),
    "joined": ("y_true", "y_pred", "sample_weight", "mask"),
    "list": ("updates",),
}
_PLACEHOLDERS = ("arguments", "weight", "sample_weight", "y_true", "y_pred")


def problems(adapter: Adapter, quantities: Collection[str]) -> list[str]:
    """Return everything that is wrong with an adapter: entry, field, what is wrong, and what to do.

    Args:
        adapter: the adapter.
        quantities: all known quantities.
    """
    # The rest relies on the types.
    wrong = [*_mistyped(adapter)]
    if wrong:
        return wrong
    wrong += _of_adapter(adapter)
    for entry in adapter.implementations:
        found = [
            *_id(entry, adapter.environment),
            *_words(entry, quantities),
            *_parameters(entry),
            *_releases(entry),
            *_recipe(entry),
        ]
        wrong += [f"{entry.id}: {problem}" for problem in found]
    return wrong


@cache
def _types() -> TypeAdapter[tuple[Adapter]]:
    return TypeAdapter(tuple[Adapter], config=ConfigDict(strict=True, revalidate_instances="always"))


def _mistyped(adapter: Adapter) -> Iterator[str]:
    """Yield which fields, of the adapter and all that it holds, are not of the types that their classes declare."""
    try:
        _types().validate_python((adapter,))
    except ValidationError as error:
        for found in error.errors():
            _, *path = found["loc"]
            where = ""
            if path[0] == "implementations" and len(path) > 2:
                entry = adapter.implementations[int(path[1])]
                where, path = f"{entry.id if isinstance(entry.id, str) else 'an implementation'}: ", path[2:]
            field = ".".join(map(str, path))
            given, wanted = found["input"], found["msg"].removeprefix("Input should be ")
            yield f"{where}{field} is {given!r:.60}, of type {type(given).__name__}: it should be {wanted}."


def _of_adapter(adapter: Adapter) -> Iterator[str]:
    if not adapter.framework.isidentifier():
        yield f"framework is {adapter.framework!r}: write a name like that of a Python module."
    if adapter.processes < 1:
        yield f"processes is {adapter.processes}: no cell would ever run. Write 1 or more."
    if adapter.definitions and not re.fullmatch(r"[\w.]+:\w+", adapter.definitions):
        yield f"definitions is {adapter.definitions!r}: write 'package.module:ATTRIBUTE'."
    ids = [entry.id for entry in adapter.implementations]
    for lookup in adapter.lookups:
        if lookup.implementation not in ids:
            yield (
                f"lookups: {lookup.implementation!r} is not the id of an implementation of this adapter"
                f"{did_you_mean(lookup.implementation, ids)}."
            )


def _id(entry: Implementation, environment: str) -> Iterator[str]:
    if not entry.id.strip() or not entry.id.isprintable():
        yield "id is empty or has characters that cannot be printed: write an import path."
    if entry.id.partition("@")[2] != environment:
        ending = f"in @{environment}" if environment else "without an @"
        yield (
            f"id has to end {ending}, as the adapter runs in the environment {environment!r}."
            " Rename it, or correct the `environment` of the adapter."
        )


def _words(entry: Implementation, quantities: Collection[str]) -> Iterator[str]:
    for field, words, known in (
        ("quantity", (entry.quantity,), sorted(quantities)),
        ("metric", (entry.metric,), METRICS),
        ("ranks", (entry.ranks,), tuple(RANKS)),
        ("tasks", sorted(entry.tasks), TASKS),
        ("only_with", sorted(entry.only_with), sorted(entry.tasks)),
    ):
        for word in words:
            if word not in known:
                yield f"{field} has {word!r}{did_you_mean(word, known)}; known are {', '.join(known)}."


def _parameters(entry: Implementation) -> Iterator[str]:
    own = tuple(entry.parameters)
    for field, names, known in (
        ("parameters", own, PARAMETERS),
        ("defaults", tuple(entry.defaults), own),
        ("only_with", tuple(entry.only_with.values()), own),
        ("parameter_releases", tuple(entry.parameter_releases), own),
    ):
        for name in names:
            if name not in known:
                yield (
                    f"{field} has {name!r}, which is no parameter of {'a case' if field == 'parameters' else 'it'}"
                    f"{did_you_mean(name, known)}; known are {', '.join(known) or 'none'}."
                )
    for name in (*entry.parameters.values(), *entry.fixed, *entry.derived):
        if not name.isidentifier():
            yield f"it has the argument {name!r}, which cannot be a keyword argument: write the framework's name."


def _releases(entry: Implementation) -> Iterator[str]:
    ranges = {"releases": entry.releases}
    ranges |= {f"parameter_releases.{name}": text for name, text in entry.parameter_releases.items()}
    for field, text in ranges.items():
        try:
            bounds(text)
            if others := ", ".join(bounds_of_others(text)):
                yield f"{field} is {text!r}: it depends on releases of the framework alone, not of {others}."
        except ValueError as error:
            yield f"{field} has {error}. Write a PEP 440 specifier, such as '>=1.8,<2'."


def _recipe(entry: Implementation) -> Iterator[str]:
    """Yield what is wrong with the lines of a recipe, from their syntax and their names alone."""
    recipe = entry.recipe
    if not recipe.result and not recipe.resolved:
        yield "recipe.result is empty: write the expression whose value is the result."
    own = dict.fromkeys([*entry.parameters.values(), *entry.fixed, *entry.derived])
    known = (*_PLACEHOLDERS, *own)
    texts = {
        **{name: f"{name}=None" for name in (*own, "arguments")},
        "y_true": "y_true",
        "y_pred": "y_pred",
        "weight": "sample_weight=sample_weight" if entry.weights and recipe.data != "list" else "",
        "sample_weight": "sample_weight" if entry.weights and recipe.data != "list" else "",
    }
    parts = {
        "before": recipe.before,
        "imports": "\n".join(recipe.imports),
        "setup": filled(recipe.setup, texts),
        "update": filled(recipe.update, texts),
        "result": _assigned(filled(recipe.result, texts)),
        "resolved": _assigned(recipe.resolved),
        "reset": recipe.reset,
        "state": recipe.state,
    }
    broken = [message for name, text in parts.items() if (message := _syntax_error(name, text))]
    yield from broken
    unbound = frozenset() if broken else _unbound("\n".join(parts.values()))
    provided = {"np", "__name__", *_DATA[recipe.data]}
    lines = "\n".join((recipe.setup, recipe.update, recipe.result))
    for name in sorted(unbound - provided):
        if name not in known and f"{{{name}}}" in lines:
            yield (
                f"the recipe has the unknown placeholder {{{name}}}{did_you_mean(name, known)};"
                f" known are {', '.join(f'{{{word}}}' for word in known)}."
            )
        else:
            yield (
                f"the recipe uses the name {name!r}, which nothing binds{did_you_mean(name, sorted(provided))}:"
                " import it in recipe.imports, or correct it."
            )


def _assigned(expression: str) -> str:
    return f"_ = (\n{expression}\n)" if expression else ""


@cache
def _syntax_error(name: str, text: str) -> str | None:
    try:
        compile(text, name, "exec")
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "text", None) or text
        why = getattr(error, "msg", error)
        return f"recipe.{name} is not valid Python: {why}, in {line.strip()!r:.100}."
    return None


@cache
def _unbound(source: str) -> frozenset[str]:
    """Return the global names that lines read and never bind; none if they import with a star."""
    if re.search(r"^\s*from .* import \*", source, re.MULTILINE):
        return frozenset()
    read, bound = set[str](), set(dir(builtins))
    tables = [symtable.symtable(source, "<recipe>", "exec")]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        top = table.get_type() == "module"
        for symbol in table.get_symbols():
            if not (top or symbol.is_global()):
                continue
            if symbol.is_assigned() or symbol.is_imported():
                bound.add(symbol.get_name())
            if symbol.is_referenced():
                read.add(symbol.get_name())
    return frozenset(read - bound)
