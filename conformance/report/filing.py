"""A finding as a bug report for the project it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def filing(results: Mapping[str, Any], finding: Mapping[str, Any]) -> str:
    """Return one finding as Markdown: code that needs only the framework, observed, documented, cause, versions.

    Args:
        results: the results document.
        finding: one of its findings, with the case that shows it.
    """
    return "\n\n".join(_parts(results, finding)) + "\n"


def _parts(results: Mapping[str, Any], finding: Mapping[str, Any]) -> Iterator[str]:
    yield f"# {finding['title']}"
    yield f"{finding['says']}\n\nThis happens when: {finding['condition']}"
    yield "## Code\n\nIt needs nothing but the packages below.\n\n" + _fenced(finding["code"], "python")
    yield "## Observed\n\n" + _fenced(finding["observed"])
    yield f"## Documented\n\n{finding['claims']}"
    yield "According to this, the code above should give:\n\n" + _fenced(finding["documented"])
    yield f"## Cause in the source\n\n{finding['place']}"
    yield "## Versions\n\n" + "\n".join(_versions(results, finding))
    if others := [entry for entry in finding["implementations"] if entry != finding["implementation"]]:
        yield "## Also in\n\n" + "\n".join(f"- `{entry}`" for entry in others)
    if finding["see"]:
        yield "## See\n\n" + "\n".join(f"- <{link}>" for link in finding["see"])
    yield (
        f"---\n\nFinding `{finding['id']}` ({finding['kind']}), shown by the case `{finding['case']}` of "
        f"metric-conformance."
    )


def _versions(results: Mapping[str, Any], finding: Mapping[str, Any]) -> Iterator[str]:
    implementation = next(
        entry for entry in results["implementations"] if entry["id"] == finding["implementation"]
    )
    environment = results["environments"].get(implementation["environment"], {})
    yield f"- Python {environment.get('python', 'unknown')}"
    packages = environment.get("packages", {})
    yield from (f"- {name} {packages[name]}" for name in implementation["packages"] if name in packages)


def _fenced(text: str, language: str = "") -> str:
    """Return text in a code fence longer than any in it."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"
