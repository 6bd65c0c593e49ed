"""The axes on which implementations of accuracy differ: one rule per axis makes a definition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from conformance.oracle.package_files import read_yaml


@dataclass(frozen=True)
class Axis:
    """One axis. What a framework does on it is said by the `axes` of its `oracle.catalogue.Catalogue`.

    Attributes:
        title: a few words.
        prose: the question, and which answers there are.
        agree: how to make two implementations agree.
        parameters: those that its rules follow, whose values belong to what such a rule does in a call.
    """

    title: str
    prose: str
    agree: str
    parameters: tuple[str, ...] = ()


#: In the order in which the rules are applied.
AXES: Mapping[str, Axis] = {
    name: Axis(**{**texts, "parameters": tuple(texts.get("parameters", ()))})
    for name, texts in read_yaml("conformance.oracle", "axes.yaml").items()
}
