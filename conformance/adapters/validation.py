"""What an adapter can get wrong and what can be seen without calling its framework."""

from __future__ import annotations

import builtins
import re
import symtable
import types
import typing
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar

from conformance.adapters.admission import ASKED, RANKS, UPDATES
from conformance.adapters.base import PARAMETERS, TASKS, Adapter, Form, Implementation, Lookup, Recipe
from conformance.adapters.script import filled
from conformance.calls.text import did_you_mean

#: The names of the data that a recipe may use, by `Recipe.data`.
_DATA: Mapping[str, tuple[str, ...]] = {
    "each": ("y_true", "y_pred", "sample_weight"),
    "joined": ("y_true", "y_pred", "sample_weight"),
    "list": ("updates",),
}
_Item = TypeVar("_Item")

_HINTS: Mapping[type, Mapping[str, Any]] = {
    kind: typing.get_type_hints(kind) for kind in (Adapter, Implementation, Recipe, Form, Lookup)
}
_PLACEHOLDERS = ("arguments", "weight", "y_true", "y_pred")


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
            *_recipe(entry),
        ]
        wrong += [f"{entry.id}: {problem}" for problem in found]
    return wrong


# Types.


def _mistyped(adapter: Adapter) -> Iterator[str]:
    yield from _fields(adapter)
    for entry in _items(adapter.implementations, Implementation):
        where = f"{entry.id if isinstance(entry.id, str) else 'an implementation'}: "
        yield from _fields(entry, where)
        if isinstance(entry.recipe, Recipe):
            yield from _fields(entry.recipe, f"{where}recipe.")
            forms = entry.recipe.forms.values() if isinstance(entry.recipe.forms, Mapping) else ()
            for form in _items(forms, Form):
                yield from _fields(form, f"{where}recipe.forms.")
    for lookup in _items(adapter.lookups, Lookup):
        yield from _fields(lookup, "lookups: ")


def _items(value: Any, kind: type[_Item]) -> list[_Item]:
    return [item for item in value if isinstance(item, kind)] if isinstance(value, Collection) else []


def _fields(value: Any, where: str = "") -> Iterator[str]:
    hints = _HINTS[type(value)]
    for field in fields(value):
        found = getattr(value, field.name)
        if not _fits(found, hints[field.name]):
            yield f"{where}{field.name} {_unfit(found, hints[field.name])}"


def _unfit(value: Any, hint: Any) -> str:
    wanted = _written(hint)
    item = typing.get_args(hint)[0] if typing.get_origin(hint) is tuple else None
    if isinstance(value, types.GeneratorType):
        return f"is a generator, which is empty after its first use: write {wanted}."
    if item is not None and _fits(value, item):
        return f"is a single {_written(item)}, not {wanted}: is the comma after it missing?"
    if isinstance(value, (tuple, frozenset)) and typing.get_origin(hint) in (tuple, frozenset):
        inner = typing.get_args(hint)[0]
        odd = next(item for item in value if not _fits(item, inner))
        return f"holds {odd!r:.60}, which is not {_written(inner)}: write {wanted}."
    return f"is {value!r:.60}, of type {type(value).__name__}: write {wanted}."


def _written(hint: Any) -> str:
    """Return a type as one writes it in Python, without the modules."""
    if isinstance(hint, type) and not typing.get_args(hint):
        return hint.__name__
    return re.sub(r"\b(?:[a-z_]+\.)+(?=[A-Za-z])", "", str(hint))


def _fits(value: Any, hint: Any) -> bool:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any:
        return True
    if origin in (typing.Union, types.UnionType):
        return any(_fits(value, argument) for argument in arguments)
    if origin is typing.Literal:
        return isinstance(value, str)  # which words there are is checked with the other words
    if origin in (tuple, frozenset):
        return isinstance(value, origin) and all(_fits(item, arguments[0]) for item in value)
    if hint is Callable or origin is Callable:
        return callable(value)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        key, item = arguments
        return isinstance(value, Mapping) and all(_fits(k, key) and _fits(v, item) for k, v in value.items())
    return isinstance(value, hint) and not (hint is int and isinstance(value, bool))


# What the words say.


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
        ("updates", (entry.updates,), tuple(UPDATES)),
        ("ranks", (entry.ranks,), tuple(RANKS)),
        ("asked", (entry.asked,), tuple(ASKED)),
        ("recipe.data", (entry.recipe.data,), tuple(_DATA)),
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


# Recipes.


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
    unbound, broken = _read(tuple(parts.items()))
    yield from broken
    provided = {"np", "__name__", *_DATA.get(recipe.data, ())}
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
def _read(parts: tuple[tuple[str, str], ...]) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the names that the parts of a recipe read and never bind, and the errors of their syntax."""
    try:
        return _unbound("\n".join(text for _, text in parts)), ()
    except (SyntaxError, ValueError):
        pass
    broken = []
    for name, text in parts:
        try:
            compile(text, name, "exec")
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "text", None) or text
            why = getattr(error, "msg", error)
            broken.append(f"recipe.{name} is not valid Python: {why}, in {line.strip()!r:.100}.")
    return frozenset(), tuple(broken)


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
