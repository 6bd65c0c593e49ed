"""One run: which cells there are, their outcomes, their verdicts. pytest and the command line stand on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from conformance.adapters.admission import reason_not_applicable
from conformance.adapters.base import Adapter, Implementation
from conformance.adapters.registry import installed
from conformance.cases import Case, matches
from conformance.definitions import Forecast, find, predict
from conformance.outcomes import Outcome
from conformance.verdicts import Cell, judge, not_applicable
from conformance.workers.pool import Pool, Ticket


@dataclass(frozen=True)
class Missing:
    """A framework that is not installed, and which of its distributions are not there."""

    framework: str
    distributions: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Planned:
    """One cell of a run; `reason` says why the implementation cannot be asked, or is None."""

    case: Case
    implementation: Implementation
    reason: str | None


@dataclass(frozen=True)
class Answer:
    """What a worker gave back: the outcome, and why nothing from its environment can be trusted, if so."""

    outcome: Outcome
    distrust: str | None = None


class Session:
    """Plans the cells of a run, has them computed, and judges them.

    Args:
        cases: the cases.
        adapters: all adapters; those whose framework is not installed are reported as missing.
        implementations: globs; only implementations that match one are run. None: all.
        timeout: seconds a cell may take.
        inline: call frameworks in this process.
    """

    def __init__(
        self,
        cases: Sequence[Case],
        adapters: Sequence[Adapter],
        *,
        implementations: Iterable[str] | None = None,
        timeout: float = 60.0,
        inline: bool = False,
    ) -> None:
        self.cases = tuple(cases)
        absent = {a.framework: tuple(n for n, v in installed(a).items() if v is None) for a in adapters}
        self.adapters = tuple(adapter for adapter in adapters if not absent[adapter.framework])
        self.missing = tuple(Missing(name, gone) for name, gone in absent.items() if gone)
        self.versions: Mapping[str, str] = {
            name: version for a in self.adapters for name, version in installed(a).items() if version
        }
        patterns = None if implementations is None else tuple(implementations)
        self.implementations = tuple(
            entry
            for adapter in self.adapters
            for entry in adapter.implementations
            if patterns is None or any(matches(pattern, entry.id) for pattern in patterns)
        )
        self._framework = {
            e.id: adapter.framework for adapter in self.adapters for e in adapter.implementations
        }
        self._timeout, self._inline = timeout, inline
        self._pool: Pool | None = None
        self._tickets: dict[tuple[str, str], Ticket] = {}
        self._forecasts: dict[tuple[str, str], Forecast | None] = {}

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the workers."""
        if self._pool is not None:
            self._pool.close()
            self._pool = None

    def plan(self) -> Iterator[Planned]:
        """Yield every cell, case by case; those that are not applicable with their reason."""
        for case in self.cases:
            for entry in self.implementations:
                if case.implementations is None:
                    yield Planned(case, entry, reason_not_applicable(entry, case.call()))
                elif any(matches(pattern, entry.id) for pattern in case.implementations):
                    yield Planned(case, entry, reason_not_applicable(entry, case.call(), chosen=True))

    def submit(self, case: Case, implementation: Implementation) -> None:
        """Have a cell computed; returns at once. A cell that was submitted before is left alone."""
        key = case.id, implementation.id
        if key not in self._tickets:
            if self._pool is None:
                self._pool = Pool(self.adapters, timeout=self._timeout, inline=self._inline)
            self._tickets[key] = self._pool.submit(implementation, case.call())

    def answer(self, case: Case, implementation: Implementation) -> Answer:
        """Wait for a cell, submitting it first if it was not."""
        self.submit(case, implementation)
        assert self._pool is not None
        outcome = self._pool.wait(self._tickets[case.id, implementation.id])
        return Answer(outcome, self._distrust(implementation))

    def environments(self) -> dict[str, Mapping[str, Any]]:
        """Return framework -> python, packages and settings, of every framework that was started."""
        return {} if self._pool is None else self._pool.environments()

    def forecast(self, case: Case, implementation: Implementation) -> Forecast | None:
        """Return what the definition of an implementation says about a case, or None if it claims none."""
        key = case.id, implementation.id
        if key not in self._forecasts:
            claim = implementation.definition
            self._forecasts[key] = None if claim is None else predict(find(claim), case.call())
        return self._forecasts[key]

    def judge(self, case: Case, implementation: Implementation, answer: Answer) -> Cell:
        """Hold an answer against what is predicted and what the case expects."""
        forecast = self.forecast(case, implementation)
        return judge(case, implementation, answer.outcome, forecast, self.versions, answer.distrust)

    def cell(self, planned: Planned) -> Cell:
        """Return the judged cell, computing it first where that makes sense."""
        if planned.reason is not None:
            return not_applicable(planned.implementation, planned.reason)
        answer = self.answer(planned.case, planned.implementation)
        return self.judge(planned.case, planned.implementation, answer)

    def framework_of(self, implementation: Implementation) -> str:
        """Return the framework an implementation belongs to."""
        return self._framework[implementation.id]

    def _distrust(self, implementation: Implementation) -> str | None:
        environment = self.environments().get(self.framework_of(implementation), {})
        mismatch = environment.get("version_mismatch")
        if not mismatch:
            return None
        told = ", ".join(
            f"{n} says {v['module']}, installed is {v['distribution']}" for n, v in mismatch.items()
        )
        return f"It reports a false version ({told}): reinstall the package, or look for a second copy of it."
