"""What earlier runs have said of the cases of a run, where the outcomes are the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict

from conformance.cases import Case
from conformance.results.described import Described, described
from conformance.session.judging import judged_case
from conformance.session.session import Answer, Session


class Earlier:
    """Descriptions of cases, kept for later runs. Only those in which nothing fails: what fails is looked at again.

    Args:
        session: the run.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._surroundings = json.dumps(session.versions, sort_keys=True, default=dict)
        self._passed: dict[str, bool] = {}

    def passed(self, case: Case) -> bool:
        """Whether an earlier run had all outcomes of a case and found nothing wrong; does not wait for any.

        What is not known when it is asked for the first time is not asked again.
        """
        if case.id not in self._passed:
            self._passed[case.id] = self._text(case, self._session.known_answers(case)) is not None
        return self._passed[case.id]

    def cases(self, answers: Mapping[tuple[str, str], Answer]) -> Iterator[Described]:
        """Describe the cases of a run; cases without an answer are absent.

        Args:
            answers: (case id, implementation id) -> answer.
        """
        for case in self._session.own_cases:
            of_case = {
                entry: answers[case.id, entry]
                for entry in (planned.implementation.id for planned in self._session.plan_of(case))
                if (case.id, entry) in answers
            }
            if (text := self._text(case, of_case)) is not None:
                yield Described(**json.loads(text))
            elif (result := judged_case(self._session, case, answers)) is not None:
                found = described(result)
                if not found.without_cause and not any(cell.fails for cell in result.cells):
                    self._keep(case, of_case, found)
                yield found
            self._session.kept.done(case.call())

    def _text(self, case: Case, answers: Mapping[str, Answer]) -> str | None:
        derived = self._session.derived
        what = None if derived is None else self._what(case, answers)
        return None if derived is None or what is None else derived.text(what, case.call())

    def _keep(self, case: Case, answers: Mapping[str, Answer], found: Described) -> None:
        derived = self._session.derived
        if derived is not None and (what := self._what(case, answers)) is not None:
            derived.keep_text(json.dumps(asdict(found)), what, case.call())

    def _what(self, case: Case, answers: Mapping[str, Answer]) -> str | None:
        """Return all that a description depends on but the code and the call; None where an answer is missing."""
        lines = ["described", self._surroundings, repr(case), case.inputs_yaml]
        for planned in self._session.plan_of(case):
            name = planned.implementation.id
            if planned.reason is None and name not in answers:
                return None
            said = planned.reason or f"{answers[name].outcome!r} {answers[name].distrust}"
            lines.append(f"{name} {said}")
        return "\n".join(lines)
