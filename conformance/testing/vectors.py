"""Test vectors of a definition: inputs and exact results for an implementation in any language."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields
from importlib import resources
from typing import Any

from conformance.adapters.base import Update
from conformance.adapters.registry import adapters
from conformance.ask.lookup import lookup
from conformance.calls.outcome import encode
from conformance.cases import Case
from conformance.oracle.numbers import Array, cast, is_text
from conformance.oracle.prediction import Prediction, tolerance
from conformance.oracle.variants import Variant
from conformance.session.corpus import SelectionError
from conformance.testing.axes import axes_tested, variants_of
from conformance.testing.claims import Claim, claimed

FORMAT = 1


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the document that `vectors` returns."""
    text = resources.files(__package__).joinpath("vectors.schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def vectors(name: str) -> dict[str, Any]:
    """Return the test vectors of a definition, as strict JSON that `schema` describes.

    There is one for each shipped case that applies. Nothing in it depends on what is installed.

    Args:
        name: id of an implementation, the end of it, or a part, as `lookup` reads it.

    Raises:
        UnknownName: there is no such implementation.
        AmbiguousName: there are several.
        SelectionError: no shipped case applies.
    """
    claim = claimed(name)
    cases = claim.cases()
    if not cases:
        raise SelectionError(f"No shipped case applies to {claim.name}: there is nothing to export.")
    known = lookup(claim.name)
    variants = variants_of(
        claim.entry, [entry for adapter in adapters() for entry in adapter.implementations]
    )
    return {
        "format": FORMAT,
        "definition": known.implementation,
        "framework": known.framework,
        "releases": known.releases,
        "quantity": known.quantity,
        "says": known.says,
        "tasks": list(known.tasks),
        "defaults": encode(claim.entry.defaults),
        "rules": {rule.axis: rule.says for rule in known.rules},
        "vectors": [_vector(claim, case, variants) for case in cases],
    }


def _vector(claim: Claim, case: Case, variants: tuple[Variant, ...]) -> dict[str, Any]:
    call = case.call()
    predictions = claim.predictions(call)
    vector = {
        "id": case.id,
        "title": case.title,
        "task": call.task,
        "parameters": encode(claim.parameters(call)),
        **({"outputs": list(call.outputs)} if call.outputs else {}),
        "updates": [_update(update) for update in call.updates],
        "expected": expected(predictions.predicted),
        "axes": list(axes_tested(predictions, variants, call)),
    }
    if predictions.departures:
        vector["documented"] = expected(predictions.claimed)
        vector["findings"] = list(predictions.departures)
    return vector


def expected(predicted: Prediction) -> dict[str, Any]:
    """Return what is predicted, with exact values, their nearest float64, and how far a result may be from it."""
    document = predicted.to_json()
    if predicted.kind == "one-of":
        document["options"] = [expected(option) for option in predicted.options]
    elif predicted.kind == "value" and predicted.value is not None:
        document["value"] = encode(_each(predicted.value, float))
        document["dtype"] = predicted.dtype
        document["tolerance"] = _each(predicted.value, lambda number: _tolerance(float(number), predicted))
    return document


def _tolerance(number: float, predicted: Prediction) -> float:
    return tolerance(number, predicted.precision, predicted.additions) if math.isfinite(number) else 0.0


def _each(value: Any, function: Any) -> Any:
    return [_each(item, function) for item in value] if isinstance(value, list) else function(value)


def _update(update: Update) -> dict[str, Any]:
    arrays = ((field.name, getattr(update, field.name)) for field in fields(update))
    return {name: _array(array) for name, array in arrays if array is not None}


def _array(array: Array) -> Mapping[str, Any]:
    name = "text" if is_text(array) else array.dtype.name
    plain = cast(array, "float64") if name == "bfloat16" else array
    return {"dtype": name, "shape": list(array.shape), "values": encode(plain.tolist())}
