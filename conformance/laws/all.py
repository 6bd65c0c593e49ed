"""All laws, in the order of the reports; `laws.yaml` has their words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from conformance.adapters.base import Call
from conformance.laws.forms import column, handed_over, other_width
from conformance.laws.labels import flipped, renamed
from conformance.laws.model import Law, Variant
from conformance.laws.objects import as_function, function_of, itself, plain_of, single, used
from conformance.laws.samples import reordered, repeated, split
from conformance.laws.values import perfect, within
from conformance.laws.weights import integers, scaled, units, zero
from conformance.oracle.package_files import read_yaml

_VARIANTS: Mapping[str, Callable[[Call], Iterable[Variant]]] = {
    "row-order": reordered,
    "splitting": split,
    "repetition": repeated,
    "unit-weights": units,
    "integer-weights": integers,
    "zero-weight": zero,
    "weight-scale": scaled,
    "class-names": renamed,
    "label-flip": flipped,
    "perfect": perfect,
    "unit-interval": within,
    "data-form": handed_over,
    "float-width": other_width,
    "column": column,
    "class-function": as_function,
    "forward-compute": single,
    "reset": used("reset", "another sample and a reset before", 1),
    "after-exception": used("exception", "a further update that raises", 2),
    "pickle": used("pickle", "pickling and loading", 1),
    "deepcopy": used("deepcopy", "a deep copy", 1),
    "same-twice": used("again", "a second call of it", 0),
    "inputs-unchanged": itself,
}
_FURTHER: Mapping[str, Mapping[str, Any]] = {
    "class-function": {"partners": function_of},
    "forward-compute": {"partners": plain_of},
    "inputs-unchanged": {"about": "inputs"},
}

LAWS: tuple[Law, ...] = tuple(
    Law(name, variants=_VARIANTS[name], **words, **_FURTHER.get(name, {}))
    for name, words in read_yaml("conformance.laws", "laws.yaml").items()
)
