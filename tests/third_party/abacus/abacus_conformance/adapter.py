"""How the metrics of abacus are called."""

from __future__ import annotations

from typing import Any

from conformance.adapters.base import Adapter, Implementation, Recipe, as_list


def _entry(name: str, task: str, **more: Any) -> Implementation:
    path = f"abacus.{name}"
    return Implementation(
        path,
        "accuracy",
        frozenset({task}),
        Recipe(("import abacus",), f"{path}({{y_true}}, {{y_pred}}, {{arguments}})", expression=as_list),
        updates="one",
        definition=path,
        **more,
    )


ADAPTER = Adapter(
    framework="abacus",
    path=f"{__name__}:ADAPTER",
    distributions={"abacus": "abacus"},
    implementations=(
        _entry("share_of_hits", "binary", parameters={"threshold": "cutoff"}, defaults={"threshold": 0.5}),
        _entry("share_of_labels", "multiclass"),
    ),
    definitions="abacus_conformance.catalogue:CATALOGUE",
    title="Abacus",
)
