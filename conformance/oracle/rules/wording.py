"""What rules are called and what they do in a sentence, as `rules.yaml` of their package says it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, TypeVar

from conformance.oracle.model import Behaviour
from conformance.oracle.package_files import read_yaml

T = TypeVar("T")


@cache
def _axes(package: str) -> Mapping[str, Mapping[str, Any]]:
    axes: dict[str, dict[str, Any]] = read_yaml(package, "rules.yaml")
    return axes


def shared(axis: str, name: str, apply: T, package: str = __package__) -> Behaviour[T]:
    """Return the behaviour of this name, which frameworks can share, or that of the package of one.

    Raises:
        LookupError: `rules.yaml` of the package has no sentence for it.
    """
    says = _axes(package).get(axis, {}).get(name)
    if says is None:
        raise LookupError(f"rules.yaml of {package} has no sentence for {name!r} below {axis}: add it")
    return Behaviour(axis, name, says, apply)


class Worded:
    """A rule with parameters, a frozen dataclass: its name and its sentence follow from these."""

    @property
    def name(self) -> str:
        """Name of the behaviour."""
        return self._composed("name")

    @property
    def says(self) -> str:
        """What is done, in one sentence or a few."""
        return self._composed("says")

    def _composed(self, part: Literal["name", "says"]) -> str:
        package, kind = type(self).__module__.rpartition(".")[0], type(self).__name__
        (entry,) = (of[kind] for of in _axes(package).values() if kind in of)

        def words(parameter: str) -> str:
            value = getattr(self, parameter)
            return str(entry[parameter][value].get(part, "")) if value or value in entry[parameter] else ""

        parameters = {name: words(name) for name in entry.keys() - {"name", "says", "otherwise"}}
        composed = str(entry[part]).format_map(parameters).strip(" -")
        return composed or str(entry["otherwise"][part])
