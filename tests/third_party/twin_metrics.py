"""Somebody else's metric, whose answer is a setting of its environment: two environments, and one never there."""

from __future__ import annotations

from collections.abc import Mapping

from conformance.adapters.base import Adapter, Implementation, Recipe

_DEFAULT = Implementation(
    id="twin_metrics.accuracy",
    quantity="accuracy",
    tasks=frozenset({"binary"}),
    recipe=Recipe(imports=("import os",), result='float(os.environ.get("TWIN", "0"))'),
    updates="one",
)


def _adapter(attribute: str, environment: str, distributions: Mapping[str, str]) -> Adapter:
    before = f'import os\n\nos.environ["TWIN"] = "{len(environment)}"'
    return Adapter(
        framework="twin_metrics",
        path=f"{__name__}:{attribute}",
        distributions=distributions,
        implementations=(_DEFAULT.in_environment(environment, before) if environment else _DEFAULT,),
        environment=environment,
        variables={"TWIN": str(len(environment)) if environment else None},
    )


ADAPTER = _adapter("ADAPTER", "", {"numpy": "numpy"})
LONG = _adapter("LONG", "long", {"numpy": "numpy"})
GONE = _adapter("GONE", "gone", {"numpy": "numpy", "no-such-distribution": "nothing"})
