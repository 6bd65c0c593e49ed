from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from conformance.adapters.base import PARAMETERS
from conformance.cases import schema
from conformance.cases.calls import DATA, INPUTS
from conformance.cases.model import CaseDocument


def test_the_committed_schema_is_the_one_of_the_model():
    committed = schema.PATH.read_text(encoding="utf-8")
    assert committed == schema.text(), "run python -m conformance.cases.schema and commit the result"


def test_the_module_writes_the_schema_without_a_warning():
    before = schema.PATH.read_bytes()
    command = [sys.executable, "-W", "error", "-m", "conformance.cases.schema"]
    subprocess.run(command, check=True, capture_output=True)
    assert schema.PATH.read_bytes() == before


def test_every_object_of_the_schema_is_closed_and_every_key_described():
    def objects(part: Any) -> Any:
        if isinstance(part, dict):
            if "properties" in part and "type" in part:
                yield part
            for value in part.values():
                yield from objects(value)
        elif isinstance(part, list):
            for value in part:
                yield from objects(value)

    found = list(objects(json.loads(schema.text())))
    assert len(found) == 9
    for item in found:
        assert item["additionalProperties"] is False
        assert all("description" in key for key in item["properties"].values())


def test_every_input_of_a_call_is_a_key_of_the_model():
    assert set(CaseDocument.model_fields) >= INPUTS
    assert {*DATA, *PARAMETERS} < INPUTS
