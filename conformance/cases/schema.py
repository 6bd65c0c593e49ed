"""The JSON Schema of case files, generated from the model; `python -m conformance.cases.schema` writes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from conformance.cases.model import FileDocument

PATH = Path(__file__).with_name("case.schema.json")


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a case file."""
    generated = _without_defaults(FileDocument.model_json_schema())
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **generated}


def text() -> str:
    """Return the schema as the file holds it."""
    return json.dumps(schema(), indent=2) + "\n"


def main() -> None:
    """Write the schema next to this module."""
    PATH.write_text(text(), encoding="utf-8")


def _without_defaults(part: Any) -> Any:
    """Remove `default: null`, which means an absent key, and titles, which repeat the key."""
    if isinstance(part, list):
        return [_without_defaults(item) for item in part]
    if not isinstance(part, dict):
        return part
    return {
        key: _without_defaults(value)
        for key, value in part.items()
        if not (key == "default" and value is None) and not (key == "title" and isinstance(value, str))
    }


if __name__ == "__main__":
    main()
