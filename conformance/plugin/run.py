"""One run of pytest: its session, its outcomes, and the report at its end."""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from conformance.adapters.base import Implementation
from conformance.adapters.registry import adapters
from conformance.cache.store import opened
from conformance.calls.text import did_you_mean
from conformance.environments.model import Environment
from conformance.laws import Judge, documented
from conformance.plugin.collecting import laws, origin_of
from conformance.plugin.options import Settings
from conformance.report import terminal
from conformance.report.document import Document, read
from conformance.report.publish import PARTIAL, publish
from conformance.report.words import count
from conformance.results.build import document
from conformance.results.described import Described
from conformance.results.earlier import Earlier
from conformance.results.logs import described
from conformance.results.store import pieces, write
from conformance.session import logs
from conformance.session.corpus import INPUT_ERRORS, SelectionError, open_session
from conformance.session.logs import Log, PlannedLog
from conformance.session.planning import Planned
from conformance.session.remembered import from_cache
from conformance.session.resolutions import Question, Row, table, to_json
from conformance.session.session import Answer, Session


def open_run(settings: Settings, rootpath: Path, environments: Sequence[Environment], is_worker: bool) -> Run:
    """Read the cases and find the adapters; starts nothing. `is_worker`: whether another process reports.

    Raises:
        pytest.UsageError: bad input; its message says all of it.
    """
    try:
        frameworks = [adapter.origin for adapter in adapters()]
        for name in settings.require:
            if name not in frameworks:
                raise SelectionError(
                    f"conformance-require: no framework is called {name!r}{did_you_mean(name, frameworks)}."
                    f" There are {', '.join(frameworks)}."
                )
        return Run(
            settings,
            open_session(
                settings.paths,
                cases=settings.cases,
                implementations=settings.implementations,
                environments=environments,
                timeout=settings.timeout,
                memory=settings.memory,
                inline=settings.inline,
                shard=settings.shard,
                dask=settings.dask,
                cache=opened(settings.cache or None),
                fresh=settings.fresh,
                base=rootpath,
            ),
            is_worker,
        )
    except INPUT_ERRORS as error:
        raise pytest.UsageError(f"conformance: the run cannot start.\n{error}") from error


class Ending(NamedTuple):
    """The message at the end of a run, and whether it fails for a reason that no test has reported."""

    lines: tuple[str, ...]
    fails: bool


class Run:
    """Has cells computed in the process of the tests, and collects them in the process that reports.

    Without xdist both are the same process, and the way is the same: through the reports of the tests.

    Args:
        settings: what was asked for.
        session: the session.
        is_worker: whether another process reports.
    """

    def __init__(self, settings: Settings, session: Session, is_worker: bool) -> None:
        self.session = session
        self._is_worker = is_worker
        self._settings = settings
        self._answers: dict[tuple[str, str], Answer] = {}
        self._shared: dict[str, Answer] = {}
        self._environments: dict[str, Mapping[str, Any]] = {}
        self._reported: set[str] = set()
        self._failures: dict[str, str] = {}
        self._first: dict[str, str] = {}
        self._laws: dict[tuple[str, str], Mapping[str, Any]] = {}
        self._logs: dict[tuple[str, str], Log] = {}
        self.judge, self.earlier = Judge(session), Earlier(session)

    @cached_property
    def names(self) -> tuple[Row, ...]:
        """The table of names, made once: calls are compared by identity."""
        return table(self.session)

    def log(self, planned: PlannedLog, answer: Answer) -> Log:
        """Judge a log, once for its test and the report."""
        if planned.key not in self._logs:
            self._logs[planned.key] = logs.judged(self.session, planned, answer)
        return self._logs[planned.key]

    def new_environment(self, implementation: Implementation) -> dict[str, Mapping[str, Any]]:
        """Return the environment of an implementation, once it was started, but only the first time."""
        origin = self.session.adapter_of(implementation).origin
        found = {} if origin in self._reported else self.session.environments()
        self._reported |= {origin} & found.keys()
        return {name: environment for name, environment in found.items() if name == origin}

    def new_failure(self, origin: str, why: str) -> dict[str, str]:
        """Return why a framework cannot be started, but only the first time."""
        found = {} if origin in self._reported else {origin: why}
        self._reported.add(origin)
        return found

    def is_first(self, item: pytest.Item, origin: str) -> bool:
        """Whether a test is the first that calls a framework; under xdist, of those of all processes."""
        if origin not in self._first:
            calling = (one for one in item.session.items if origin_of(one, self.session) == origin)
            self._first[origin] = next(calling, item).nodeid
        return self._first[origin] == item.nodeid

    def sent(self, document: dict[str, Any]) -> object:
        """Return what a test has recorded as it travels in its report: under xdist to another process, as JSON."""
        return json.dumps(document, sort_keys=True, default=Answer.to_json) if self._is_worker else document

    def record(self, sent: Any) -> None:
        """Collect what a test has recorded, in whatever process it ran."""
        document = json.loads(sent) if isinstance(sent, str) else sent
        if "failures" in document:
            self._failures |= document["failures"]
            return
        if "law" in document:
            self._laws[document["law"], document["implementation"]] = document["cell"]
        else:
            answer = document["answer"]
            if not isinstance(answer, Answer):
                # Thousands of calls have the same answer.
                answer = self._shared.setdefault(repr(answer), Answer.from_json(answer))
            self._answers[sys.intern(document["case"]), sys.intern(document["implementation"])] = answer
        self._environments = document["environment"] | self._environments

    def header(self) -> str:
        """Return what will run, from metadata alone: `122 cases; not installed: another`."""
        session = self.session
        cases = count(len(session.own_cases), "case")
        if session.shard is not None:
            cases = f"shard {session.shard}: {cases} of {len(session.cases)}"
        if session.own_runs:
            cases += f", {count(len(session.own_runs), 'training run')}"
        missing = ", ".join(dict.fromkeys(name for entry in session.missing for name in entry.distributions))
        return "; ".join(
            [
                cases,
                *([f"not installed: {missing}"] if missing else ()),
                *([f"skipped inline: {', '.join(session.not_inline)}"] if session.not_inline else ()),
            ]
        )

    def finish(self, *, interrupted: bool, width: int) -> Ending:
        """Write the report, if there is one, and return how the run ended."""
        lacking = [
            name for name in self._settings.require if name in {m.origin for m in self.session.missing}
        ]
        lines = (
            [f"required, but not installed: {'; '.join(map(self._how_to_get, lacking))}"] if lacking else []
        )
        if not self._answers and not self._laws and not self._failures:
            return Ending(tuple(lines), bool(lacking))
        without_cause: list[str] = []

        def cases() -> Iterator[Described]:
            for found in self.earlier.cases(self._answers):
                without_cause.extend(_without_cause(found))
                yield found

        complete = not interrupted and self.session.whole and not self._not_run()
        shown = document(
            cases(),
            self.session,
            self._environments,
            complete=complete,
            failures=self._failures,
            resolutions=to_json(self.session, self.names, self._answers),
            laws=documented(self.judge, self.session.implementations, self._laws),
            runs=described(logs.logs(self.session, self._answers, self.log), logs.absent(self.session)),
        )
        # The report is made of the document alone, and takes memory of its own.
        self.session.forget()
        report = read(shown)
        try:
            said = self._publish(shown, report, complete=complete, interrupted=interrupted)
        except OSError as error:
            said = f"the report could not be written: {error.filename}: {error.strerror}"
            lacking.append("report")
        lines = [*terminal(report, width=width), *without_cause, *lines, *([said] if said else ())]
        return Ending((*lines, *from_cache(self._answers.values())), bool(lacking or without_cause))

    def _how_to_get(self, origin: str) -> str:
        distributions = [n for m in self.session.missing if m.origin == origin for n in m.distributions]
        return f"{origin} (pip install {' '.join(distributions)})"

    def _not_run(self) -> int:
        planned = (cell for cell in self.session.plan() if cell.reason is None)
        named = (question for row in self.names for question in row.questions)
        untried = [
            law for law, entry in laws(self.session, self.judge) if (law.id, entry.id) not in self._laws
        ]
        cells: Iterable[Planned | Question] = itertools.chain(planned, named)
        lacking = sum((cell.case.id, cell.implementation.id) not in self._answers for cell in cells)
        trained = [one.key for one in logs.plan(self.session) if one.reason is None]
        return lacking + len(untried) + sum(key not in self._answers for key in trained)

    def _publish(
        self, results: Mapping[str, Any], report: Document, *, complete: bool, interrupted: bool
    ) -> str | None:
        """Write the report or its partial form; return a sentence about it, or None if no report is configured."""
        settings = self._settings
        if settings.report is None:
            return None
        where = _shown(settings.report)
        reason = self._incomplete() if self.session.shard or not complete else None
        if settings.paths_asked:
            reason = "the cases are not the configured ones"
        if settings.environments_asked:
            reason = "the environments are not the configured ones"
        if interrupted and (settings.report_asked or not settings.paths_asked):
            partial = settings.report / PARTIAL
            write(partial, pieces(results))
            return (
                f"interrupted: partial results are in {_shown(partial)}, the report in {where} is unchanged"
            )
        if reason is None or settings.report_asked:
            publish(settings.report, results, report)
            return f"report: {where}/index.html"
        return (
            f"the report in {where} is unchanged: {reason}."
            " Use --conformance-report DIR to write these results to DIR."
        )

    def _incomplete(self) -> str:
        if self.session.shard is not None:
            return f"this run was shard {self.session.shard}"
        if self.session.missing:
            return f"not installed: {', '.join(missing.origin for missing in self.session.missing)}"
        if self.session.not_inline:
            return f"skipped inline: {', '.join(self.session.not_inline)}"
        if not self.session.whole:
            return "this run was filtered"
        return f"{count(self._not_run(), 'cell')} did not run"


def _without_cause(found: Described) -> list[str]:
    return [
        f"no cause: {found.entry['id']}: {' and '.join(both)} differ in {quantity}"
        for quantity, both in found.without_cause
    ]


def _shown(path: Path) -> str:
    return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else path.as_posix()
