"""One run of pytest: its session, its outcomes, and the report at its end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from conformance.adapters.base import Implementation
from conformance.adapters.registry import adapters
from conformance.calls.text import did_you_mean
from conformance.cases import Case
from conformance.laws import LAWS, Judge, Law, LawCell, documented
from conformance.plugin.options import Settings
from conformance.report import terminal
from conformance.report.publish import publish, publish_partial
from conformance.report.words import count, pip_install
from conformance.results.build import document
from conformance.session.corpus import INPUT_ERRORS, SelectionError, open_session
from conformance.session.judging import CaseResult, judged
from conformance.session.resolutions import table, to_json
from conformance.session.session import Answer, Session
from conformance.verdicts.verdicts import Cell


def open_run(settings: Settings, rootpath: Path) -> Run:
    """Read the cases and find the adapters; starts nothing.

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
                timeout=settings.timeout,
                memory=settings.memory,
                inline=settings.inline,
                base=rootpath,
            ),
        )
    except INPUT_ERRORS as error:
        raise pytest.UsageError(f"conformance: the run cannot start.\n{error}") from error


@dataclass(frozen=True)
class Ending:
    """The message at the end of a run, and whether it fails for a reason that no test has reported."""

    lines: tuple[str, ...]
    fails: bool


class Run:
    """Has cells computed in the process of the tests, and collects them in the process that reports.

    Without xdist both are the same process, and the way is the same: through the reports of the tests.
    """

    def __init__(self, settings: Settings, session: Session) -> None:
        self.session = session
        self._settings = settings
        self._answers: dict[tuple[str, str], Answer] = {}
        self._environments: dict[str, Mapping[str, Any]] = {}
        self._reported: set[str] = set()
        self._laws: dict[tuple[str, str], Mapping[str, Any]] = {}
        self.judge = Judge(session)
        #: Whether there are tests of laws, so that without them the run is not whole.
        self.has_laws = False

    def submit(self, case: Case, implementation: Implementation) -> None:
        """Start computing a cell; returns at once."""
        self.session.ask(case.call(), implementation)

    def answer(self, case: Case, implementation: Implementation) -> dict[str, Any]:
        """Wait for a cell; return what the reporting process needs, as strict JSON."""
        # Use the time until the answer arrives.
        self.session.predictions_of(case.call(), implementation)
        document = self.session.answer_to(case.call(), implementation).to_json()
        document |= {"case": case.id, "implementation": implementation.id}
        return self._with_environment(document, implementation)

    def law(self, law: Law, implementation: Implementation) -> LawCell:
        """Wait until a law has been tried for an implementation, and return its verdict."""
        return self.judge.cell(law, implementation)

    def law_answer(self, found: LawCell) -> dict[str, Any]:
        """Return what the reporting process needs of a law, as strict JSON."""
        return self._with_environment({"law": found.law.id, "cell": found.to_json()}, found.implementation)

    def _with_environment(self, document: dict[str, Any], implementation: Implementation) -> dict[str, Any]:
        origin = self.session.adapter_of(implementation).origin
        environment = self.session.environments().get(origin)
        if environment is not None and origin not in self._reported:
            self._reported.add(origin)
            document["environment"] = {origin: environment}
        return document

    def cell(self, case: Case, implementation: Implementation) -> Cell:
        """Return the judged cell."""
        return self.session.judge(case, implementation, self.session.answer_to(case.call(), implementation))

    def record(self, text: str) -> None:
        """Collect what `answer` or `law_answer` returned, whatever process it was called in."""
        document = json.loads(text)
        if "law" in document:
            self._laws[document["law"], document["cell"]["implementation"]] = document["cell"]
        else:
            self._answers[document["case"], document["implementation"]] = Answer.from_json(document)
        for origin, environment in document.get("environment", {}).items():
            self._environments.setdefault(origin, environment)

    def close(self) -> None:
        """End the workers."""
        self.session.close()

    def header(self) -> str:
        """Return what will run, from metadata alone: `122 cases, numpy 2.3.1; not installed: another`."""
        session = self.session
        versions = ", ".join(f"{name} {version}" for name, version in session.versions.items())
        missing = ", ".join(dict.fromkeys(name for entry in session.missing for name in entry.distributions))
        return "; ".join(
            [
                f"{count(len(session.cases), 'case')}, {versions}",
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
        if not self._answers and not self._laws:
            return Ending(tuple(lines), bool(lacking))
        results = judged(self.session, self._answers)
        complete = not interrupted and self.session.whole and not self._not_run()
        shown = document(
            results,
            self.session,
            self._environments,
            complete=complete,
            resolutions=to_json(self.session, table(self.session), self._answers),
            laws=documented(self.judge, self.session.implementations, self._laws),
        )
        without_cause = [line for result in results for line in _without_cause(result)]
        try:
            said = self._publish(shown, complete=complete, interrupted=interrupted)
        except OSError as error:
            said = f"the report could not be written: {error.filename}: {error.strerror}"
            lacking.append("report")
        lines = [*terminal(shown, width=width), *without_cause, *lines, *([said] if said else ())]
        return Ending(tuple(lines), bool(lacking or without_cause))

    def _how_to_get(self, origin: str) -> str:
        distributions = [n for m in self.session.missing if m.origin == origin for n in m.distributions]
        return f"{origin} ({pip_install(distributions)})"

    def _not_run(self) -> int:
        planned = {
            (cell.case.id, cell.implementation.id) for cell in self.session.plan() if cell.reason is None
        }
        named = {
            (question.case.id, question.implementation.id)
            for row in table(self.session)
            for question in row.questions
        }
        laws = sum(
            (law.id, entry.id) not in self._laws and self.judge.reason(law, entry) is None
            for law in (LAWS if self.has_laws else ())
            for entry in self.session.implementations
        )
        return len((planned | named) - set(self._answers)) + laws

    def _publish(self, results: Mapping[str, Any], *, complete: bool, interrupted: bool) -> str | None:
        """Write the report or its partial form; return a sentence about it, or None if no report is configured."""
        settings = self._settings
        if settings.report is None:
            return None
        where = _shown(settings.report)
        reason = None if complete else self._incomplete()
        if settings.paths_asked:
            reason = "the cases are not the configured ones"
        if interrupted and (settings.report_asked or not settings.paths_asked):
            partial = publish_partial(settings.report, results)
            return (
                f"interrupted: partial results are in {_shown(partial)}, the report in {where} is unchanged"
            )
        if reason is None or settings.report_asked:
            publish(settings.report, results)
            return f"report: {where}/index.html"
        return (
            f"the report in {where} is unchanged: {reason}."
            " Use --conformance-report DIR to write these results to DIR."
        )

    def _incomplete(self) -> str:
        if self.session.missing:
            return f"not installed: {', '.join(missing.origin for missing in self.session.missing)}"
        if self.session.not_inline:
            return f"skipped inline: {', '.join(self.session.not_inline)}"
        if not self.session.whole:
            return "this run was filtered"
        return f"{count(self._not_run(), 'cell')} did not run"


def _without_cause(result: CaseResult) -> list[str]:
    return [
        f"no cause: {result.case.id}: groups {' and '.join(divergence.groups)} of {divergence.quantity} differ"
        for divergence in result.without_cause
    ]


def _shown(path: Path) -> str:
    return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else path.as_posix()
