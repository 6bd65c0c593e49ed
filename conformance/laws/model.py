"""What a law is: two related calls, and what the value of one implies for the value of the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from conformance.adapters.base import Call, Implementation

#: What the entries of a vector belong to, outermost axis first: `position`, `sample`, `class`; empty for a scalar.
Axes = tuple[str, ...]


def same(value: Any, axes: Axes) -> Any:
    """Expect the value itself."""
    return value


@dataclass(frozen=True, eq=False)
class Variant:
    """Two calls that belong together by a law.

    Attributes:
        change: how `call` differs from `base`, in a few words.
        base: the call that says what to expect, most often the case itself.
        call: the call that is checked against it; the same object as `base` where a law is about one call alone.
        expected: value of `base`, and what its entries belong to -> the value that the law expects of `call`.
    """

    change: str
    base: Call
    call: Call
    expected: Callable[[Any, Axes], Any] = same


#: What a law may need of an implementation -> whether it has that, and what is said where it has not.
NEEDS: Mapping[str, tuple[Callable[[Implementation], object], str]] = {
    "updates": (lambda entry: entry.updates != "one", "is a function and called once"),
    "weights": (lambda entry: entry.weights, "has no parameter sample_weight"),
    "forms": (lambda entry: entry.recipe.forms, "is documented to take one form of the data only"),
    "state": (lambda entry: entry.recipe.state, "is no object that keeps state"),
}


def _itself(implementation: Implementation) -> tuple[str, ...]:
    return (implementation.id,)


@dataclass(frozen=True)
class Law:
    """A property that users take for granted, over many cases.

    Attributes:
        id: slug.
        title: a few words.
        says: one sentence.
        variants: call of a case -> pairs of calls that belong together; none where the law is silent.
        needs: what an implementation needs to have for the law to be about it, a key of `NEEDS`; empty for nothing.
        partners: implementation -> ids of those that may compute the base; the first that exists does.
        about: what is compared: the `value`, or which `inputs` were changed in place; of these no definition speaks.
    """

    id: str
    title: str
    says: str
    variants: Callable[[Call], Iterable[Variant]]
    needs: str = ""
    partners: Callable[[Implementation], tuple[str, ...]] = _itself
    about: Literal["value", "inputs"] = "value"

    def lacks(self, implementation: Implementation) -> str | None:
        """Say what an implementation lacks for the law to be about it, or None."""
        has, otherwise = NEEDS.get(self.needs, (lambda entry: True, ""))
        return None if has(implementation) else otherwise


def axes_of(implementation: Implementation, call: Call) -> Axes:
    """Return what the entries of the result belong to."""
    if implementation.quantity == "per-row":
        return ("position",)
    if implementation.quantity == "accuracy-per-class":
        return ("class",)
    average = implementation.fixed.get("average", call.parameters.get("average", "micro"))
    axes: Axes = ("update",) if implementation.quantity == "running-accuracy" else ()
    if call.parameters.get("multidim_average") == "samplewise":
        axes = (*axes, "sample")
    return (*axes, "class") if average in (None, "none") else axes


def along(axis: str, axes: Axes, value: Any, change: Callable[[list[Any]], list[Any]]) -> Any:
    """Change the order or number of entries along one axis of a result; a scalar, or another axis, is left."""
    if axis not in axes or not isinstance(value, list):
        return value
    if axes[0] == axis:
        return change(value)
    return [along(axis, axes[1:], item, change) for item in value]
