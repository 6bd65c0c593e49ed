"""Training runs as the page shows them: the numbers of each log, the samples that went in, and why two differ."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from conformance.report import values, words
from conformance.report.entries import Log, Number, TrainingRun

#: Of a prediction the page shows so many digits.
_DIGITS = 4


def runs(found: Iterable[TrainingRun], numbers: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return the runs that a framework has trained.

    Args:
        found: all runs.
        numbers: id of an implementation -> its number on the page.
    """
    return [
        {
            **run.model_dump(include={"id", "title", "file", "line", "because", "see"}),
            "yaml": run.inputs_yaml,
            "logs": [_log(log, numbers) for log in run.logs],
            "absent": [[entry["reason"], entry["frameworks"]] for entry in run.not_applicable],
        }
        for run in found
        if run.logs
    ]


def questions(
    found: Iterable[TrainingRun], causes: Mapping[str, Mapping[str, str]]
) -> Iterator[dict[str, Any]]:
    """Yield the questions that lead people to a cause, each with a run, its log and two numbers that differ for it."""
    shown: dict[str, list[str]] = {}
    for run in found:
        for log in run.logs:
            for entry in log.differences:
                if len(entry.causes) == 1 and len(entry.causes[0]) == 1:
                    shown.setdefault(entry.causes[0][0], [run.id, log.origin, *entry.numbers])
    for code, texts in causes.items():
        if code in shown and "asks" in texts:
            yield {"asks": texts["asks"], "of": code, "log": shown[code]}


def _log(log: Log, numbers: Mapping[str, int]) -> dict[str, Any]:
    places = {number.name: place for place, number in enumerate(log.numbers)}
    return {
        "origin": log.origin,
        **log.model_dump(include={"verdict", "code"}),
        "explanation": log.explanation or "",
        "raised": values.brief(log.outcome) if log.outcome.get("kind") != "value" else "",
        "numbers": [_number(number, numbers) for number in log.numbers],
        "differences": [
            [*(places[name] for name in entry.numbers), entry.causes]
            for entry in log.differences
            if places.keys() >= set(entry.numbers)
        ],
    }


def _number(number: Number, numbers: Mapping[str, int]) -> dict[str, Any]:
    went_in, value = number.went_in, number.outcome.get("value")
    return {
        **number.model_dump(include={"name", "kind", "metric", "output", "epoch", "batch", "verdict"}),
        "shownAs": number.shown_as,
        "title": title(number),
        "implementation": numbers.get(number.implementation),
        "at": value if isinstance(value, (int, float)) else None,
        "brief": values.brief(number.outcome, _DIGITS),
        "whole": values.whole(number.outcome),
        "predicted": values.expected(number.predicted),
        "explanation": number.explanation or "",
        "data": went_in.get("data", ""),
        "weights": went_in.get("weights", ""),
        "mode": went_in.get("mode", ""),
        "weighted": bool(went_in.get("weighted")),
        "parameters": [
            f"{name}={values.full(value)}" for name, value in went_in.get("parameters", {}).items()
        ],
        "samples": list(_samples(number)),
    }


def title(number: Number) -> str:
    """Return the number in words: `Running accuracy, epoch 1, after batch 2`."""
    parts = [
        words.LOGGED.get(number.kind, number.kind).format(metric=number.metric),
        "weighted" if number.went_in.get("weighted") else "",
        f"output {number.output}" if number.output else "",
        f"epoch {number.epoch}" if number.epoch else "",
        f"after batch {number.batch}" if number.batch else "",
    ]
    return ", ".join(filter(None, parts))


def _samples(number: Number) -> Iterator[list[Any]]:
    """Yield each sample that went in: its batch, its number, y_true, y_pred, and its weight and mask if there are any.

    A weight is None where there is a mask only.
    """
    inputs = number.inputs
    columns = [inputs.get(name) for name in ("y_true", "y_pred", "sample_weight", "mask")]
    if columns[2] is None and columns[3] is not None:
        columns[2] = [None] * len(columns[3])
    names = (
        (batch, sample) for batch, samples in enumerate(number.went_in["batches"], 1) for sample in samples
    )
    rows = itertools.zip_longest(*(column for column in columns if isinstance(column, list)))
    for (batch, sample), row in zip(names, rows, strict=False):
        yield [
            batch,
            sample,
            *(None if value is None else values.vector(_bare(value), _DIGITS, most=6) for value in row),
        ]


def _bare(value: Any) -> Any:
    """Return the only entry of a list of one: a column of one value."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value
