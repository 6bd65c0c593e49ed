from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator

from conformance.adapters.base import PARAMETERS
from conformance.cases.calls import DATA, INPUTS
from conformance.cases.validate import schema


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(schema())


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

    found = list(objects(schema()))
    assert len(found) == 17
    for item in found:
        assert item["additionalProperties"] is False
        assert all("description" in key for key in item["properties"].values())


def test_every_input_of_a_call_is_a_key_of_the_model():
    assert schema()["$defs"]["Case"]["properties"].keys() >= INPUTS
    assert {*DATA, *PARAMETERS} < INPUTS
