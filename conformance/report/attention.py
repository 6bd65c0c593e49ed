"""A run in a sentence, and what fails it: outcomes, laws and compile() strings that no record covers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from conformance.calls.text import last_line
from conformance.report import values, words
from conformance.report.document import Document
from conformance.report.entries import Cell, Log, NotStarted, Resolution, TrainingRun

#: Problems whose advice is about departures and cases in files.
_OF_FILES = ("outcome-differs", "dtype-differs", "departure-outdated")


@dataclass(frozen=True)
class Matter:
    """One thing that needs attention.

    `of` is "outcome", "law", "log", "name" or "framework"; `subject` says which: the id of a case, law or run, a loss
    with its shapes, or a framework, which has no `implementation`. `case` is the id of the case that shows it; empty
    where it is in no file. `kind` is the code of what is wrong, a key of `words.KINDS`; empty where the verdict says it
    all. `rules` are other rules, each of which predicts the outcome.
    """

    of: str
    verdict: str
    subject: str
    implementation: str
    says: str
    advice: str
    case: str
    kind: str = ""
    rules: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Subject and implementation, joined as in the ids of tests."""
        return f"{self.subject}--{self.implementation}" if self.implementation else self.subject


def matters(report: Document) -> tuple[Matter, ...]:
    """Return all that fails a run: frameworks that cannot be started, outcomes by case, laws, logs, and strings."""
    found = [_not_started(entry) for entry in report.not_started]
    for cell in (cell for case in report.cases for cell in case.attention):
        says = cell.explanation or cell.because or values.whole(cell.outcome)
        found.append(
            Matter(
                "outcome",
                cell.verdict,
                cell.case,
                cell.implementation,
                says,
                cell.advice,
                cell.case,
                _kind(cell),
                tuple(f"{axis} {rule}" for axis, rule in cell.other_rules),
            )
        )
    for law in report.law_cells:
        if law.verdict in words.LAW_ADVICE:
            says, advice = law.explanation or "", words.LAW_ADVICE[law.verdict]
            found.append(
                Matter("law", law.verdict, law.law, law.implementation, says, advice, law.case or "")
            )
    found += [_log(run, log) for run in report.runs for log in run.logs if log.verdict in words.ATTENTION]
    return (*found, *(_name(entry) for entry in report.resolutions if entry.agrees is False))


def _not_started(entry: NotStarted) -> Matter:
    missing = f"{words.count(entry.outcomes, 'outcome')} {'is' if entry.outcomes == 1 else 'are'} missing"
    advice = words.advice("not-started")
    return Matter(
        "framework", "not-started", entry.origin, "", f"{last_line(entry.why)}; {missing}", advice, case=""
    )


def _log(run: TrainingRun, log: Log) -> Matter:
    failing = [number for number in log.numbers if number.verdict in words.ATTENTION]
    without = [" and ".join(found.numbers) for found in log.differences if not found.causes]
    says = [f"{number.name}: {number.explanation}" for number in failing]
    says += [f"no cause: {names} differ" for names in without]
    said = log.explanation or next(iter(says), values.whole(log.outcome))
    advice = words.advice(words.problem(log.verdict, None))
    return Matter("log", log.verdict, run.id, log.origin, said, advice, run.id)


def _kind(cell: Cell) -> str:
    """Return the code of what is wrong with an outcome: how it differs from what is predicted, or the problem."""
    problem = words.problem(cell.verdict, cell.problem)
    kinds = (cell.predicted or {}).get("kind"), cell.outcome.get("kind")
    if problem != "outcome-differs" or not {*kinds} <= {"value", "raises"}:
        return problem if problem in words.KINDS else ""
    if kinds == ("value", "value"):
        return "other-rule" if cell.other_rules else "other-value"
    if kinds == ("raises", "raises"):
        return "other-exception"
    return "exception-for-value" if kinds[0] == "value" else "value-for-exception"


def _name(entry: Resolution) -> Matter:
    verdict = entry.verdict if entry.verdict and entry.verdict in words.ATTENTION else "unexplained"
    says = entry.explanation or f"It {entry.outcome}, which is not what the definition says."
    problem = words.problem(verdict, entry.problem)
    # The general advice is about cases in files; the case of a string is in none.
    advice = words.NAME_ADVICE if problem in _OF_FILES else words.advice(problem)
    return Matter("name", verdict, entry.asked, entry.target, says, advice, case="")


def headline(report: Document) -> str:
    """Return how many cases ran on how many implementations, how many diverge, and what is unexplained."""
    if not report.implementations:
        return "Nothing was run: this document has no implementations."
    verdicts = Counter(case.verdict or "null" for case in report.cases)
    of = _versions(report)
    causes = sum(bool(cases) for cases in report.causes.values())
    without_cause = sum(case.diverges and not case.causes for case in report.cases)
    said = {"diverge": "they diverge", "agree": "they agree", "null": "there is nothing to compare"}
    on = [f"on {verdicts[verdict]} {says}" for verdict, says in said.items() if verdicts[verdict]]
    open_ends = [_attention(report)] if matters(report) else []
    if without_cause:
        open_ends.append(f"{words.count(without_cause, 'divergence')} without a cause")
    explained = (
        f"{words.count(causes, 'cause')} explain every divergence"
        if causes > 1
        else "Every divergence is explained"
    )
    return (
        f"{words.count(len(report.cases), 'case')} {'was' if len(report.cases) == 1 else 'were'} run on"
        f" {words.count(len(report.implementations), 'implementation')}{f' of {of}' if of else ''}:"
        f" {', '.join(on) or 'there is no case'}."
        f" {', '.join(open_ends) or f'{explained}, and no outcome is unexplained'}."
    )


def _attention(report: Document) -> str:
    """Return `4 outcomes, 1 law and 2 names need attention`. A law counts once."""
    each = {(matter.of, matter.subject if matter.of == "law" else matter) for matter in matters(report)}
    numbers = Counter(kind for kind, _ in each)
    parts = [
        words.count(numbers[kind], kind)
        for kind in ("framework", "outcome", "law", "log", "name")
        if numbers[kind]
    ]
    return f"{words.listed(parts)} {'needs' if len(each) == 1 else 'need'} attention"


def _versions(report: Document) -> str:
    """Return the distributions of the frameworks with their versions: `one 3.15.1, two 1.9.0 and three 1.9.1`.

    Of one in many releases it says how many.
    """
    releases: dict[str, dict[str, None]] = {}
    for entry in report.implementations:
        name = next(iter(entry.packages), entry.framework)
        packages = report.environments.get(entry.environment, {}).get("packages", {})
        releases.setdefault(name, {}).update({packages[name]: None} if packages.get(name) else {})
    return words.listed(
        [
            f"{name} in {len(found)} releases" if len(found) > 1 else " ".join((name, *found))
            for name, found in releases.items()
        ]
    )
