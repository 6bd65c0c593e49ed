"""Everything that an adapter can get wrong is said before anything runs: entry, field, what is wrong, what to do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from made_cases import ADAPTERS

from conformance.adapters.base import Adapter, Form, Implementation, Lookup, Recipe
from conformance.adapters.registry import QUANTITIES
from conformance.adapters.validation import problems

RECIPE = Recipe(
    imports=("import alpha",),
    setup="metric = alpha.Accuracy({arguments})",
    update="metric.update({y_true}, {y_pred}, {weight})",
    result="metric.result()",
    state="metric",
    reset="metric.reset()",
)
ENTRY = Implementation(
    "alpha.Accuracy",
    "accuracy",
    frozenset({"binary"}),
    RECIPE,
    parameters={"threshold": "cutoff"},
    defaults={"threshold": 0.5},
    weights=True,
)
ADAPTER = Adapter("alpha", "alpha_adapter:ADAPTER", {}, (ENTRY,))


def said(adapter: Adapter) -> str:
    return "\n".join(problems(adapter, QUANTITIES))


def test_the_adapter_from_which_the_others_are_made_has_no_problem() -> None:
    assert said(ADAPTER) == ""


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.origin)
def test_the_registered_adapters_have_no_problem(adapter: Adapter) -> None:
    assert said(adapter) == ""


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"implementations": ENTRY}, "of type Implementation: it should be a valid tuple"),
        ({"implementations": (e for e in (ENTRY,))}, "of type generator: it should be a valid tuple"),
        (
            {"implementations": None},
            "implementations is None, of type NoneType: it should be a valid tuple",
        ),
        (
            {"implementations": (ENTRY, None)},
            "implementations.1 is None, of type NoneType: it should be an instance of Implementation",
        ),
        ({"implementations": [ENTRY]}, "of type list: it should be a valid tuple"),
        ({"processes": 0}, "processes is 0: no cell would ever run. Write 1 or more."),
        ({"processes": True}, "processes is True, of type bool: it should be a valid integer"),
        ({"framework": "al pha"}, "framework is 'al pha'"),
        (
            {"distributions": ["alpha"]},
            "distributions is ['alpha'], of type list: it should be a valid dictionary",
        ),
        (
            {"definitions": "alpha.definitions"},
            "definitions is 'alpha.definitions': write 'package.module:ATTR",
        ),
        (
            {"lookups": (Lookup("acc", "alpha.Acuracy", ()),)},
            "lookups: 'alpha.Acuracy' is not the id of an impl",
        ),
        ({"to_numpy": None}, "to_numpy is None"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_field_of_an_adapter(changes: dict[str, Any], message: str) -> None:
    assert message in said(replace(ADAPTER, **changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"id": 3}, "an implementation: id is 3, of type int: it should be a valid string."),
        ({"id": ""}, "id is empty"),
        ({"id": "alpha.\ud800"}, "has characters that cannot be printed"),
        ({"id": "alpha.Accuracy@else"}, "id has to end without an @"),
        (
            {"quantity": "acuracy"},
            "quantity has 'acuracy' (did you mean 'accuracy'?); known are accuracy, accuracy-per-class, bal",
        ),
        ({"tasks": frozenset({"binray"})}, "tasks has 'binray' (did you mean 'binary'?)"),
        ({"tasks": {"binary"}}, "tasks is {'binary'}, of type set: it should be a valid frozenset"),
        (
            {"updates": "two"},
            "updates is 'two', of type str: it should be 'many', 'one', 'even', 'batches', 'several' or 'folds'",
        ),
        ({"ranks": "sparce"}, "ranks has 'sparce' (did you mean 'sparse'?)"),
        ({"asked": "allways"}, "it should be 'always', 'named', 'named-or-loss', 'training' or 'table'"),
        (
            {"parameters": ["threshold"]},
            "parameters is ['threshold'], of type list: it should be a valid dictionary",
        ),
        (
            {"parameters": {"treshold": "cutoff"}, "defaults": {}},
            "parameters has 'treshold', which is no parameter of a case (did you mean 'threshold'?)",
        ),
        (
            {"defaults": {"treshold": 0.5}},
            "defaults has 'treshold', which is no parameter of it (did you mean",
        ),
        ({"only_with": {"binary": "top_k"}}, "only_with has 'top_k', which is no parameter of it"),
        ({"only_with": {"multilabel": "threshold"}}, "only_with has 'multilabel'; known are binary"),
        ({"fixed": {"cut-off": 0.5}}, "it has the argument 'cut-off', which cannot be a keyword argument"),
        ({"derived": {"cutoff": 0.5}}, "derived.cutoff is 0.5, of type float: it should be callable"),
        ({"releases": "1.8"}, "releases has Invalid specifier: '1.8'. Write a PEP 440 specifier, such as"),
        ({"releases": "==1.8"}, "releases has '==1.8': write a range of releases with >= and <, not =="),
        ({"parameter_releases": {"threshold": "~=1.8"}}, "parameter_releases.threshold has '~=1.8': write"),
        ({"parameter_releases": {"top_k": ">=1.8"}}, "parameter_releases has 'top_k', which is no parameter"),
        ({"recipe": None}, "recipe is None, of type NoneType: it should be an instance of Recipe."),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_field_of_an_entry(changes: dict[str, Any], message: str) -> None:
    entry = replace(ENTRY, **changes)
    found = said(replace(ADAPTER, implementations=(entry,)))
    assert message in found
    assert found.startswith((f"{entry.id}: ", "an implementation: "))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"update": "metric.update({y_true}, {y_prd})"},
            "the recipe has the unknown placeholder {y_prd} (did you mean 'y_pred'?); known are {arguments}, {weight}",
        ),
        (
            {"setup": "metric = alpha.Accuracy({cutof})"},
            "unknown placeholder {cutof} (did you mean 'cutoff'?)",
        ),
        (
            {"imports": ()},
            "the recipe uses the name 'alpha', which nothing binds: import it in recipe.imports",
        ),
        (
            {"update": "metric.update(y_tru, y_pred)"},
            "the name 'y_tru', which nothing binds (did you mean 'y_true'?)",
        ),
        (
            {"imports": "import alpha"},
            "recipe.imports is 'import alpha', of type str: it should be a valid tuple",
        ),
        ({"imports": ("import alpha beta",)}, "recipe.imports is not valid Python: invalid syntax"),
        (
            {"setup": "metric = alpha.Accuracy({arguments}"},
            "recipe.setup is not valid Python: '(' was never closed",
        ),
        ({"result": "return metric"}, "recipe.result is not valid Python"),
        ({"result": ""}, "recipe.result is empty: write the expression whose value is the result."),
        ({"state": "metrik"}, "the recipe uses the name 'metrik', which nothing binds"),
        ({"reset": "metrik.reset()"}, "the recipe uses the name 'metrik', which nothing binds"),
        ({"data": "lists"}, "recipe.data is 'lists', of type str: it should be 'each', 'joined' or 'list'"),
        ({"data": "list"}, "the recipe uses the name 'y_pred', which nothing binds"),
        (
            {"forms": {"list": Form("tolist")}},
            "recipe.forms.list.expression is 'tolist', of type str: it should be callable",
        ),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_the_lines_of_a_recipe(changes: dict[str, Any], message: str) -> None:
    entry = replace(ENTRY, recipe=replace(RECIPE, **changes))
    found = said(replace(ADAPTER, implementations=(entry,)))
    assert message in found
    assert found.startswith("alpha.Accuracy: ")


@pytest.mark.parametrize(
    "lines",
    [
        "from alpha import *\nupdate({y_true})",
        "total = 0\ndef add(more):\n    global total\n    total += more\nadd({y_pred})",
        "folder = 'x'\npath = f'{folder}/y'",
        "try:\n    pass\nexcept ValueError as error:\n    print(error)",
        "class Batches:\n    def __len__(self):\n        return len(y_true)",
        "[number for number in y_true if (kept := number)]\nkept",
        "def later():\n    return defined_below\ndefined_below = 1",
    ],
)
def test_names_that_something_binds_are_no_problem(lines: str) -> None:
    entry = replace(ENTRY, recipe=replace(RECIPE, update=lines))
    assert said(replace(ADAPTER, implementations=(entry,))) == ""


def test_all_problems_are_said_at_once() -> None:
    entry = replace(ENTRY, quantity="acuracy", ranks="sparce")
    assert len(problems(replace(ADAPTER, implementations=(entry,), processes=0), QUANTITIES)) == 3
