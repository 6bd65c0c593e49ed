"""What ways to evaluate a model give on predictions that are a column, as a model returns them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from conformance.adapters.base import OF_A_MODEL, Call
from conformance.ask.compressed import compressed
from conformance.ask.differences import Predicting
from conformance.report import words
from conformance.verdicts.verdicts import Cell, predicted_cell


def as_a_column(
    session: Predicting, call: Call, cells: Sequence[Cell], shown: Callable[[Cell], str]
) -> Iterator[str]:
    """Yield a sentence where a model with one output column would give something else, as predictions have no column.

    Args:
        session: predicts what the implementations give.
        call: what they were called on.
        cells: the implementations, and what they gave.
        shown: the outcome of a cell in a few words.
    """
    asked = [cell for cell in cells if cell.implementation.ranks == OF_A_MODEL]
    if not asked or any(update.y_pred.ndim != 1 for update in call.updates):
        return
    columns = tuple(replace(update, y_pred=update.y_pred[:, None]) for update in call.updates)
    weighted = any(update.sample_weight is not None for update in call.updates)
    column = replace(call, updates=columns)
    column = column if weighted else compressed(column)
    given: dict[str, list[str]] = {}
    for cell in asked:
        predictions = session.predictions_of(column, cell.implementation)
        if predictions is not None and predictions.predicted.kind == "value":
            gives = shown(predicted_cell(cell.implementation, predictions))
            if gives != shown(cell):
                given.setdefault(gives, []).append(cell.implementation.id)
    if given:
        samples = sum(len(update.y_pred) for update in call.updates)
        found = [
            f"{words.listed(names)} {'gives' if len(names) == 1 else 'give'} {gives}"
            for gives, names in given.items()
        ]
        yield (
            f"y_pred has the shape ({samples},). A model with one output column returns ({samples}, 1), unless it is"
            f" flattened, as by ravel(). On that {', '.join(found)}. To compare it: y_pred.reshape(-1, 1)."
        )
