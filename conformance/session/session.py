"""One run: its cells, their outcomes and verdicts. pytest and the command line use it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import cache, cached_property
from types import TracebackType
from typing import Any

from conformance.adapters.base import Adapter, Call, Implementation, origin
from conformance.adapters.registry import installed, versions
from conformance.adapters.releases import Installed, Release
from conformance.cache.derived import Derived
from conformance.cache.remembering import RememberingPool
from conformance.cache.store import Store
from conformance.calls.outcome import Outcome
from conformance.cases import Case
from conformance.oracle import Predictions, find, predict, supported
from conformance.oracle.exchange import Exchange
from conformance.oracle.releases import Supported
from conformance.session.choosing import check_claims, is_chosen, names
from conformance.session.kept import Kept
from conformance.session.other_rules import OtherRules
from conformance.session.planning import Admitting, Planned
from conformance.session.shard import Shard, part
from conformance.training.run import Run
from conformance.verdicts.verdicts import Cell, judge, predicted_cell
from conformance.workers.pool import MEMORY, Pool, Workers

#: Implementations, and why each is not asked, None if it is.
_Reasons = tuple[tuple[Implementation, str | None], ...]


@dataclass(frozen=True)
class Missing:
    """A framework that is not installed, or the bfloat16 of cases, and its missing distributions."""

    framework: str
    environment: str
    distributions: tuple[str, ...]

    @property
    def origin(self) -> str:
        """The framework, with the environment behind `@` where it is not the default one."""
        return origin(self.framework, self.environment)


@dataclass(frozen=True)
class Answer:
    """What a worker returned.

    Attributes:
        outcome: the outcome.
        distrust: why its environment cannot be trusted, if so.
        made: when an earlier run had it computed, in seconds since the epoch; None if this one had.
    """

    outcome: Outcome
    distrust: str | None = None
    made: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as strict JSON, to travel to another process."""
        return {"outcome": self.outcome.to_json(), "distrust": self.distrust, "made": self.made}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Answer:
        """Inverse of `to_json`."""
        return cls(Outcome.from_json(document["outcome"]), document["distrust"], document["made"])


class Session:
    """Plans the cells of a run, has them computed, and judges them.

    Args:
        cases: the cases.
        adapters: all adapters; those whose framework is not installed are reported as missing.
        chosen_cases: globs; only cases whose id matches one are run. Empty: all.
        implementations: globs; only implementations that match one are run, wherever they are called. Empty: all.
        timeout: seconds a cell may take.
        memory: bytes of data that a worker may allocate.
        inline: call frameworks in this process. It can have but one environment: implementations of named ones
            are left out.
        shard: which part of the run to plan; None: all of it.
        cache: where outcomes of earlier runs are, and those of this one are put; None: nothing is kept.
        fresh: have everything computed, whatever earlier runs have.
        runs: the training runs; those whose id matches a glob of `chosen_cases`.

    Raises:
        AdapterError: an implementation claims a definition that there is not.
    """

    def __init__(
        self,
        cases: Sequence[Case],
        adapters: Sequence[Adapter],
        *,
        chosen_cases: Sequence[str] = (),
        implementations: Sequence[str] = (),
        timeout: float = 60.0,
        memory: int = MEMORY,
        inline: bool = False,
        shard: Shard | None = None,
        cache: Store | None = None,
        fresh: bool = False,
        runs: Sequence[Run] = (),
    ) -> None:
        check_claims(adapters)
        chosen = [case for case in cases if is_chosen(case.id, chosen_cases)]
        self.cases = tuple(case for case in chosen if not case.lacks_bfloat16)
        self.runs = tuple(run for run in runs if is_chosen(run.id, chosen_cases))
        absent = {a.origin: tuple(n for n, v in installed(a).items() if v is None) for a in adapters}
        present = tuple(adapter for adapter in adapters if not absent[adapter.origin])
        self.missing = (
            *(Missing(a.framework, a.environment, absent[a.origin]) for a in adapters if absent[a.origin]),
            *([Missing("bfloat16", "", ("ml_dtypes",))] if len(self.cases) < len(chosen) else ()),
        )
        #: Origins of the adapters that are left out because one process has one environment.
        self.not_inline = tuple(adapter.origin for adapter in present if inline and adapter.environment)
        self.adapters = tuple(adapter for adapter in present if adapter.origin not in self.not_inline)
        #: Origin of an adapter -> distribution -> the version that is installed in its place.
        self.versions: Mapping[str, Mapping[str, str]] = {a.origin: versions(a) for a in self.adapters}
        #: Whether the run is over a choice of cases.
        self.chosen = bool(chosen_cases)
        self.named = frozenset(implementations)
        #: Whether nothing was left out: no case and no implementation filtered, no framework missing.
        self.whole = not (chosen_cases or implementations or self.missing or self.not_inline)
        self.implementations = tuple(
            entry
            for adapter in self.adapters
            for entry in adapter.implementations
            if any(is_chosen(name, implementations) for name in {entry.id, entry.known_as})
        )
        #: The adapters in which runs are trained.
        self.training = tuple(
            adapter
            for adapter in self.adapters
            if adapter.training and is_chosen(adapter.program.id, implementations)
        )
        self._adapter = {e.id: adapter for adapter in self.adapters for e in adapter.called}
        self._admitting = Admitting(self._adapter, lambda: self.versions)
        self.timeout, self.memory, self._inline = timeout, memory, inline
        self.shard = shard
        self._pool: Workers | None = None
        self._cache, self._fresh = cache, fresh
        #: What earlier runs have derived from definitions; None if they count for nothing.
        self.derived = None if cache is None or fresh else Derived(adapters, cache)
        self._planned: dict[Call, _Reasons] = {}
        self._plans: dict[Hashable, _Reasons] = {}
        self._asked: dict[Call, dict[str, Future[Outcome] | Outcome]] = {}
        # Thousands of calls have the same outcome.
        self._outcomes: dict[str, Outcome] = {}
        self.kept = Kept(self.derived)
        self._other_rules = OtherRules(
            [entry for adapter in adapters for entry in adapter.implementations if not entry.base]
        )

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def use(self, workers: Workers) -> None:
        """Have the cells computed by these, and not by processes of this machine; they are closed with the session."""
        self._pool = workers

    def close(self) -> None:
        """End the workers, and keep what was computed."""
        if self._pool is not None:
            self._pool.close()
            self._pool = None
        self.forget()
        if self._cache is not None:
            self._cache.close()

    def forget(self) -> None:
        """Forget outcomes and what was derived from definitions, which is kept for later runs."""
        self.kept.clear()
        self._planned.clear()
        self._plans.clear()
        self._asked.clear()
        self._outcomes.clear()

    @cached_property
    def own_cases(self) -> tuple[Case, ...]:
        """The cases whose cells are planned: all, or those of the shard. A case costs what it has of cells."""
        cells = (sum(cell.reason is None for cell in self.plan_of(case)) for case in self.cases)
        return part(self.shard, self.cases, cells)

    @property
    def own_runs(self) -> tuple[Run, ...]:
        """The runs that are trained: all, or those of the shard."""
        return part(self.shard, self.runs, itertools.repeat(1, len(self.runs)))

    def plan(self) -> Iterator[Planned]:
        """Yield every cell, case by case; those that are not applicable with their reason."""
        for case in self.own_cases:
            yield from self.plan_of(case)

    def plan_of(self, case: Case) -> tuple[Planned, ...]:
        """Return the cells of one case."""
        call = case.call()
        if call not in self._planned:
            self.kept.of_cases.add(call)
            reasons = tuple(
                (entry, self.reason_not_asked(case, entry, call))
                for entry in self.implementations
                if names(case, entry)
            )
            # Most cases have the plan of another: a cell of each would take more memory than all else of a run.
            key = tuple((entry.id, reason) for entry, reason in reasons)
            self._planned[call] = self._plans.setdefault(key, reasons)
        return tuple(Planned(case, entry, reason) for entry, reason in self._planned[call])

    def reason_not_asked(
        self, case: Case, implementation: Implementation, call: Call | None = None
    ) -> str | None:
        """Return the same as the function of that name, in the installed release of the framework."""
        return self._admitting.reason(case, implementation, call or case.call())

    def ask(self, call: Call, implementation: Implementation, then: Callable[[], None] | None = None) -> None:
        """Have a call computed; returns at once. One that was asked before is left alone: identity counts.

        A call that is computed in this process waits for `answer_to`.

        Args:
            call: the call.
            implementation: what is called.
            then: called in another thread as soon as the call is answered.
        """
        if not self._inline:
            ticket = self._ticket(call, implementation)
            if then is not None and isinstance(ticket, Future):
                ticket.add_done_callback(lambda _: then())
            elif then is not None:
                then()

    def answer_to(self, call: Call, implementation: Implementation) -> Answer:
        """Wait for the outcome of a call, asking for it first if that has not been done.

        Raises:
            NotStarted: the framework cannot be started.
        """
        found = self._ticket(call, implementation)
        if isinstance(found, Future):
            outcome = found.result()
            found = self._outcomes.setdefault(repr(outcome), outcome)
            self._asked[call][implementation.id] = found
        made = (
            self._pool.made.get((call, implementation.id))
            if isinstance(self._pool, RememberingPool)
            else None
        )
        return Answer(found, self._distrust(implementation), made)

    def known_answers(self, case: Case) -> dict[str, Answer]:
        """Return the answers about a case that are known, by implementation; asks and waits for none."""
        call = case.call()
        return {
            planned.implementation.id: self.answer_to(call, planned.implementation)
            for planned in self.plan_of(case)
            if self._known(call, planned.implementation) is not None
        }

    def lost(self, call: Call, implementation: Implementation) -> bool:
        """Whether a call is known to have crashed or timed out; does not wait."""
        found = self._known(call, implementation)
        return found is not None and found.kind in ("crashed", "timed-out")

    def _known(self, call: Call, implementation: Implementation) -> Outcome | None:
        found = self._asked.get(call, {}).get(implementation.id)
        if isinstance(found, Future):
            return None if not found.done() or found.exception() is not None else found.result()
        return found

    def _ticket(self, call: Call, implementation: Implementation) -> Future[Outcome] | Outcome:
        asked = self._asked.setdefault(call, {})
        if implementation.id not in asked:
            if self._pool is None:
                self._pool = self._new_pool()
            asked[implementation.id] = self._pool.submit(implementation, call)
        return asked[implementation.id]

    def _new_pool(self) -> Workers:
        pool = Pool(self.adapters, timeout=self.timeout, memory=self.memory, inline=self._inline)
        if self._cache is None:
            return pool
        return RememberingPool(pool, self.adapters, self._cache, memory=self.memory, fresh=self._fresh)

    def environments(self) -> dict[str, Mapping[str, Any]]:
        """Return origin -> python, packages and settings, of every adapter that was started."""
        return {} if self._pool is None else self._pool.environments()

    def failures(self) -> dict[str, str]:
        """Return origin -> why, a traceback if there is one, of every adapter that could not be started."""
        return {} if self._pool is None else self._pool.failures()

    def predictions_of(self, call: Call, implementation: Implementation) -> Predictions | None:
        """Return what the definition of an implementation says about a call.

        None if it claims none, or if the installed release is older than those the definition knows.
        """
        claim = implementation.definition
        if claim is None:
            return None
        known, version = self._known_releases(implementation)
        if known is not None and version is not None and not known.includes(version):
            return None
        release = self.release_of(implementation)
        # Nobody looks at the samples of what laws call.
        trace, evaluated = call in self.kept.of_cases, self.kept.evaluated(call)
        return self.kept.predictions(
            call, (claim, release), lambda: predict(find(claim), call, trace, release, evaluated)
        )

    def release_of(self, implementation: Implementation) -> Release:
        """Return the release whose rules hold for an implementation; None for the newest known."""
        known, version = self._known_releases(implementation)
        if known is None or version is None:
            return None
        return _installed(known.distribution, tuple(self.versions_of(implementation).items()))

    def _known_releases(self, implementation: Implementation) -> tuple[Supported | None, str | None]:
        """Return the releases that the claimed definition knows, and the installed one."""
        known = supported(implementation.definition) if implementation.definition else None
        return known, None if known is None else self.versions_of(implementation).get(known.distribution)

    def versions_of(self, implementation: Implementation) -> Mapping[str, str]:
        """Return distribution -> version of what an implementation is called with."""
        return self.versions[self._adapter[implementation.id].origin]

    def predicted_cells(self, case: Case) -> list[Cell]:
        """Return the cells of a case as they would be if every prediction held; calls no framework.

        Implementations that claim no definition, or whose definition says nothing here, are left out.
        """
        return [
            predicted_cell(planned.implementation, predictions)
            for planned in self.plan_of(case)
            if planned.reason is None
            and (predictions := self.predictions_of(case.call(), planned.implementation)) is not None
            and not predictions.predicted.says_nothing
        ]

    def judge(self, case: Case, implementation: Implementation, answer: Answer) -> Cell:
        """Compare an answer with the prediction and with what the case expects."""
        predictions = self.predictions_of(case.call(), implementation)
        known, version = self._known_releases(implementation)
        age = None if known is None or version is None else known.age(version)
        cell = judge(
            case,
            implementation,
            answer.outcome,
            predictions,
            self.versions_of(implementation),
            answer.distrust,
            age,
        )
        cell = self._other_rules.named_in(cell, case.call())
        if cell.age is None or cell.verdict not in ("unexplained", "stale") or known is None:
            return cell
        here = f"{known.distribution} {version} is {cell.age} than {known.newest}"
        return replace(
            cell, explanation=f"{cell.explanation} {here}, the newest release that the definitions know."
        )

    def exchange(self, case: Case) -> Exchange:
        """Return the exchanges of a case; each pair of implementations is compared once."""
        return Exchange(case.call(), self.kept.causes(case.call()))

    def adapter_of(self, implementation: Implementation) -> Adapter:
        """Return the adapter an implementation belongs to."""
        return self._adapter[implementation.id]

    def _distrust(self, implementation: Implementation) -> str | None:
        environment = self.environments().get(self.adapter_of(implementation).origin, {})
        mismatch = environment.get("version_mismatch")
        if not mismatch:
            return None
        told = ", ".join(
            f"{n} says {v['module']}, installed is {v['distribution']}" for n, v in mismatch.items()
        )
        return f"It reports a false version ({told}): reinstall the package, or look for a second copy of it."


@cache
def _installed(distribution: str, versions: tuple[tuple[str, str], ...]) -> Installed:
    return Installed.of(distribution, dict(versions))
