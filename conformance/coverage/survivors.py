"""The list of surviving variants: what no case distinguishes, and why. It may only shrink."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml

from conformance import frameworks

#: The list that comes with the project, next to the rules that it is about.
PATH = Path(frameworks.__file__).with_name("survivors.yaml")

#: The reason that `write` gives to a survivor without one; a list with such an entry is incomplete.
NO_REASON = "TODO: kill it with a case, or write a reason"

_HEAD = """\
# Variants of rules that no case distinguishes from the rule, by reason: "axis: rule (decision rule) -> variant".
# `conformance coverage` fails if a variant survives that is not listed, or if a listed one is killed or gone.
# `conformance coverage --write` rewrites the list and keeps the reasons.
"""


def read(path: Path = PATH) -> dict[str, str]:
    """Return name of a survivor -> reason.

    Raises:
        ValueError: the file is no mapping from reasons to lists of names, or lists a name twice.
    """
    document = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else None
    document = {} if document is None else document
    if not isinstance(document, dict):
        raise ValueError("expected a mapping from reasons to lists of variants")
    reasons: dict[str, str] = {}
    for reason, names in document.items():
        if not isinstance(names, list):
            raise ValueError(f"{reason}: expected a list of variants")
        for name in names:
            if name in reasons:
                raise ValueError(f"{name} is listed twice")
            reasons[name] = reason
    return reasons


def write(survivors: Iterable[str], reasons: Mapping[str, str], path: Path = PATH) -> None:
    """Write the list of survivors, keeping the reasons of those that have one.

    Args:
        survivors: names of all variants that survive.
        reasons: name -> reason, as `read` returns it.
        path: the file.
    """
    grouped: dict[str, list[str]] = {}
    for name in sorted(survivors):
        grouped.setdefault(reasons.get(name, NO_REASON), []).append(name)
    text = yaml.safe_dump(
        dict(sorted(grouped.items())),
        sort_keys=False,
        allow_unicode=True,
        width=10_000,
        default_flow_style=False,
    )
    path.write_text(_HEAD + (text if grouped else ""), encoding="utf-8")
