"""The environments of a results document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.results.store import ResultsError


def by_name(
    recorded: Mapping[str, Mapping[str, Any]], known: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Return name of an environment -> what was recorded there; the default one, "", is always among them.

    Args:
        recorded: origin of an adapter -> python, packages and settings, as its workers reported them.
        known: origin of an adapter -> the releases that its definitions know.
    """
    named: dict[str, dict[str, Mapping[str, Any]]] = {"": {}}
    for origin, record in recorded.items():
        framework, _, name = origin.partition("@")
        named.setdefault(name, {})[framework] = {**record, "definitions": known.get(origin, {})}
    return {name: _environment(records) for name, records in sorted(named.items())}


def _environment(records: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Put the frameworks of one environment together."""

    def together(key: str) -> dict[str, Any]:
        return dict(sorted(item for record in records.values() for item in record.get(key, {}).items()))

    mismatch = together("version_mismatch")
    return {
        "python": ", ".join(sorted({str(record.get("python")) for record in records.values()})),
        "packages": together("packages"),
        "definitions": together("definitions"),
        "settings": {name: record.get("settings", {}) for name, record in sorted(records.items())},
        **({"version_mismatch": mismatch} if mismatch else {}),
    }


def together(documents: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the environments of all documents.

    Raises:
        ResultsError: a package has another version in another document, in an environment of the same name.
    """
    found: dict[str, dict[str, Any]] = {}
    owners: dict[tuple[str, str], tuple[str, Any]] = {}
    for name, document in documents.items():
        for environment, own in document["environments"].items():
            for package, version in own["packages"].items():
                other, known = owners.setdefault((environment, package), (name, version))
                if known != version:
                    where = f"environment {environment}" if environment else "the default environment"
                    raise ResultsError(
                        f"{name}: has {package} {version} in {where}, and {other} has {known}. One document has one"
                        " release of a package in each environment: run one with --environment PACKAGE==RELEASE."
                    )
            record = found.setdefault(environment, {"python": own["python"], "packages": {}, "settings": {}})
            pythons = {text for each in (record, own) for text in each["python"].split(", ") if text}
            record["python"] = ", ".join(sorted(pythons))
            for key in ("packages", "definitions", "settings", "version_mismatch"):
                if key in own:
                    record[key] = dict(sorted({**own[key], **record.get(key, {})}.items()))
    return dict(sorted(found.items()))
