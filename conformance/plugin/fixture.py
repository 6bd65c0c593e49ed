"""The fixture `conformance`."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest

from conformance.adapters.base import AdapterError, Implementation
from conformance.cases import Case
from conformance.laws import Law, LawCell
from conformance.plugin import explain
from conformance.plugin.hooks import ERROR, PROPERTY
from conformance.plugin.run import Run
from conformance.verdicts.causes import Divergence
from conformance.verdicts.groups import grouped
from conformance.verdicts.verdicts import Cell


class Conformance:
    """Outcomes, verdicts and predictions, for one test.

    Args:
        run: the run the test belongs to.
        item: the test.
    """

    def __init__(self, run: Run, item: pytest.Item) -> None:
        self._run = run
        self._item = item

    def cell(self, case: Case, implementation: Implementation) -> Cell:
        """Wait for an outcome and return it with its verdict; it becomes part of the report of this run."""
        with self._ends_for_a_wrong_recipe():
            answered = self._run.answer(case, implementation)
        self._record(answered)
        return self._run.cell(case, implementation)

    def law(self, law: Law, implementation: Implementation) -> LawCell:
        """Wait until a law has been tried for an implementation, and return its verdict, which enters the report."""
        with self._ends_for_a_wrong_recipe():
            found = self._run.law(law, implementation)
        self._record(self._run.law_answer(found))
        return found

    def unexplained_divergences(self, case: Case) -> tuple[Divergence, ...]:
        """Return the pairs of groups without a cause, if every prediction holds; no framework is called."""
        session = self._run.session
        found = session.divergences(case, grouped(session.predicted_cells(case)))
        return tuple(divergence for divergence in found if not divergence.causes)

    def explain(self, case: Case, cell: Cell) -> str:
        """Return why a cell fails: input, observed, predicted, rules, and what to do."""
        return explain.failure(case, cell)

    def explain_divergence(self, case: Case, divergence: Divergence) -> str:
        """Return which two groups differ without a cause, and what to do."""
        return explain.divergence_without_cause(case, divergence, self._run.session)

    def explain_law(self, found: LawCell) -> str:
        """Return why a law fails, with the smallest case that shows it, and what to do."""
        return explain.law_failure(found)

    @contextlib.contextmanager
    def _ends_for_a_wrong_recipe(self) -> Iterator[None]:
        """End the run if an adapter is faulty: its outcomes mean nothing."""
        try:
            yield
        except AdapterError as error:
            config = self._item.config
            if not hasattr(config, "workerinput"):
                pytest.exit(str(error), returncode=pytest.ExitCode.USAGE_ERROR)
            # The controller of xdist ends with the error of a worker.
            config.workeroutput[ERROR] = str(error)  # type: ignore[attr-defined]
            self._item.session.shouldfail = str(error)
            pytest.fail(str(error), pytrace=False)

    def _record(self, document: dict[str, Any]) -> None:
        # The way to the process that writes the report: under xdist, this one is not it.
        self._item.user_properties.append((PROPERTY, json.dumps(document, sort_keys=True)))
