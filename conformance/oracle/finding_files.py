"""Findings as data: `findings.yaml` in the package of a framework."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from conformance.oracle.model import Finding
from conformance.oracle.package_files import read_yaml


@cache
def findings_in(package: str) -> Mapping[str, Finding]:
    """Return id -> finding, as `findings.yaml` of the package lists them.

    Args:
        package: import path of the package, usually `__package__` of the module that asks.

    Raises:
        TypeError: an entry lacks a key of `Finding`, or has another one.
    """
    listed = read_yaml(package, "findings.yaml")
    lists = ("see", "needs")
    found = (Finding(**{**entry, **{name: tuple(entry.get(name, ())) for name in lists}}) for entry in listed)
    return {finding.id: finding for finding in found}
