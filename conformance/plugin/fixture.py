"""The fixture `conformance`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest

from conformance.adapters.base import AdapterError, Implementation
from conformance.cases import Case
from conformance.laws import Law, LawCell
from conformance.plugin.explain import divergence_without_cause, failure, not_started, short_reason
from conformance.plugin.hooks import ERROR, PROPERTY, REASON
from conformance.plugin.run import Run
from conformance.report.words import verdict_words
from conformance.session import logs
from conformance.session.judging import predicted_without_cause
from conformance.session.logs import Log, PlannedLog
from conformance.verdicts.verdicts import Cell
from conformance.workers.worker import NotStarted


class Conformance:
    """Outcomes and verdicts, for one test.

    Args:
        run: the run the test belongs to.
        item: the test.
    """

    def __init__(self, run: Run, item: pytest.Item) -> None:
        self._run = run
        self._item = item

    def cell(self, case: Case, implementation: Implementation) -> Cell:
        """Wait for an outcome and return it with its verdict; it becomes part of the report of this run."""
        session = self._run.session
        # Use the time until the answer arrives.
        session.predictions_of(case.call(), implementation)
        with self._calls(implementation):
            answer = session.answer_to(case.call(), implementation)
        self._record(implementation, {"case": case.id, "answer": answer})
        cell = session.judge(case, implementation, answer)
        if cell.fails:
            self._fails(short_reason(cell))
        return cell

    def failure(self, case: Case, implementation: Implementation) -> str | None:
        """Wait for an outcome and return the message of one that fails; it becomes part of the report of this run.

        It is not judged again where an earlier run had the same outcomes of the case.
        """
        if not self._run.earlier.passed(case):
            cell = self.cell(case, implementation)
            return failure(case, cell) if cell.fails else None
        answer = self._run.session.answer_to(case.call(), implementation)
        self._record(implementation, {"case": case.id, "answer": answer})
        return None

    def log(self, planned: PlannedLog) -> Log:
        """Wait for what a training run recorded, and return its numbers with verdicts, which enter the report."""
        session, entry = self._run.session, planned.adapter.program
        with self._calls(entry):
            answer = logs.answer_to(session, planned)
        self._record(entry, {"case": planned.run.id, "answer": answer})
        found = self._run.log(planned, answer)
        if found.fails:
            self._fails(verdict_words(found.verdict))
        return found

    def law(self, law: Law, implementation: Implementation) -> LawCell:
        """Wait until a law has been tried for an implementation, and return its verdict, which enters the report."""
        with self._calls(implementation):
            found = self._run.judge.cell(law, implementation)
        self._record(implementation, {"law": law.id, "cell": found.to_json()})
        if found.fails:
            self._fails(verdict_words(found.verdict))
        return found

    def divergences_without_cause(self, case: Case) -> list[str]:
        """Say which implementations differ without a cause, if every prediction holds; no framework is called."""
        session = self._run.session
        found = predicted_without_cause(session, case)
        if found:
            self._fails("no cause")
        return [divergence_without_cause(case, quantity, both, session) for quantity, both in found]

    @contextlib.contextmanager
    def _calls(self, implementation: Implementation) -> Iterator[None]:
        """End the run if an adapter is faulty: its outcomes mean nothing.

        If a framework cannot be started, the first of its tests fails and the others are skipped.
        """
        try:
            yield
        except NotStarted as error:
            adapter = self._run.session.adapter_of(implementation)
            if failure := self._run.new_failure(adapter.origin, str(error)):
                self._item.user_properties.append((PROPERTY, self._run.sent({"failures": failure})))
            if not self._run.is_first(self._item, adapter.origin):
                pytest.skip(f"{adapter.origin} cannot be started")
            self._fails("cannot be started")
            # Not by its function: pytest would show the exception as well.
            raise pytest.fail.Exception(not_started(adapter, str(error)), pytrace=False) from None
        except AdapterError as error:
            config = self._item.config
            if not hasattr(config, "workerinput"):
                pytest.exit(str(error), returncode=pytest.ExitCode.USAGE_ERROR)
            # The controller of xdist ends with the error of a worker.
            config.workeroutput[ERROR] = str(error)  # type: ignore[attr-defined]
            self._item.session.shouldfail = str(error)
            pytest.fail(str(error), pytrace=False)

    def _fails(self, reason: str) -> None:
        """Have a reason shown in the line of this test; of several, the first."""
        if REASON not in dict(self._item.user_properties):
            self._item.user_properties.append((REASON, reason))

    def _record(self, implementation: Implementation, document: dict[str, Any]) -> None:
        # The way to what writes the report: under xdist, that is another process.
        document |= {
            "implementation": implementation.id,
            "environment": self._run.new_environment(implementation),
        }
        self._item.user_properties.append((PROPERTY, self._run.sent(document)))
