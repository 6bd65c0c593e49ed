"""A results document for the reports: sorted, grouped, and tolerant of missing keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.report import values, words

#: The quantity that is shown first.
FIRST_QUANTITY = "accuracy"


def origin(framework: str, environment: str) -> str:
    """Return the framework, with the environment behind `@` where it is not the default one."""
    return f"{framework}@{environment}" if environment else framework


@dataclass(frozen=True)
class Implementation:
    """One implementation.

    `name` is the shortest end of its id that is unique in its framework, `distribution` the package that brings it.
    """

    id: str
    name: str
    framework: str
    distribution: str
    environment: str
    quantity: str
    definition: str
    rules: Mapping[str, Mapping[str, Any]]
    parameters: Mapping[str, Any]
    takes: Mapping[str, Any]
    programs: tuple[str, ...]

    @property
    def origin(self) -> str:
        """The framework, with the environment behind `@` where it is not the default one."""
        return origin(self.framework, self.environment)


@dataclass(frozen=True)
class Cell:
    """The outcome of one implementation on one case.

    `brief` is short, `whole` has all digits, `expected` is as predicted, the same on every machine;
    `open` says that the definition leaves the outcome open.
    """

    case: str
    implementation: Implementation
    verdict: str
    group: str
    outcome: Mapping[str, Any]
    brief: str
    whole: str
    expected: str
    open: bool
    predicted: str
    claimed: str
    why: str
    because: str
    departures: tuple[str, ...]
    explanation: str
    problem: str
    program: Mapping[str, Any] | None
    reproducer: str
    rows: tuple[Any, ...]
    rules: Mapping[str, str]

    @property
    def needs_attention(self) -> bool:
        """Whether this cell fails a run."""
        return self.verdict in words.ATTENTION

    @property
    def advice(self) -> str:
        """What to do about this cell; empty if it does not fail a run."""
        return words.advice(words.problem(self.verdict, self.problem)) if self.needs_attention else ""

    @property
    def remark(self) -> str:
        """The findings by which it departs from its definition, or its verdict where that is not as defined."""
        told = "" if self.verdict == "as-defined" else words.verdict_words(self.verdict)
        return (", ".join(self.departures) or told) if self.verdict == "documented" else told

    @property
    def message(self) -> str:
        """The message of the exception, or the output of the process that crashed."""
        return str(self.outcome.get("message") or "")

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about this cell, the most urgent first."""
        changed = ", ".join(map(str, self.outcome.get("changed_inputs") or ()))
        notes = [
            self.explanation,
            self.because,
            f"Predicted because: {self.why}" if self.why else "",
            f"Without known deviations the definition predicts {self.claimed}." if self.claimed else "",
            f"The call changed {changed} in place." if changed else "",
        ]
        return tuple(note for note in notes if note)

    @property
    def warnings(self) -> tuple[str, ...]:
        """The warnings of the call."""
        return tuple(map(str, self.outcome.get("warnings") or ()))


@dataclass(frozen=True)
class Group:
    """Implementations of one quantity with equal outcomes on a case."""

    letter: str
    cells: tuple[Cell, ...]

    @property
    def shown(self) -> str:
        """The outcome of the group; all exceptions form one group and may be of different types."""
        return " / ".join(dict.fromkeys(cell.brief for cell in self.cells))


@dataclass(frozen=True)
class Comparison:
    """The outcomes of one case within one quantity."""

    quantity: str
    verdict: str
    groups: tuple[Group, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All cells compared, group by group."""
        return tuple(cell for group in self.groups for cell in group.cells)


@dataclass(frozen=True)
class Case:
    """One case with its comparisons, the quantity `accuracy` first."""

    id: str
    title: str
    document: Mapping[str, Any]
    comparisons: tuple[Comparison, ...]
    lost: tuple[Cell, ...]
    not_applicable: Mapping[str, tuple[Implementation, ...]]
    causes: tuple[str, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell but those that are not applicable."""
        return tuple(cell for comparison in self.comparisons for cell in comparison.cells) + self.lost

    @property
    def attention(self) -> tuple[Cell, ...]:
        """The cells that fail a run."""
        return tuple(cell for cell in self.cells if cell.needs_attention)

    @property
    def axes(self) -> tuple[str, ...]:
        """The causes of the case, and every other axis in its explanations."""
        divergences = self.document.get("divergences") or ()
        named = (str(axis) for each in divergences for axes in each.get("causes") or () for axis in axes)
        return tuple(dict.fromkeys([*self.causes, *named]))

    @property
    def diverges(self) -> bool:
        """Whether the outcomes differ within any quantity."""
        return any(comparison.verdict == "diverge" for comparison in self.comparisons)

    @property
    def verdict(self) -> str:
        """`diverge` if the outcomes differ within any quantity, else `agree`, or `null`: nothing to compare."""
        found = {comparison.verdict for comparison in self.comparisons}
        return next((verdict for verdict in words.CASE if verdict in found), "null")

    def comparison(self, quantity: str) -> Comparison | None:
        """Return the comparison within `quantity`, if any implementation of it ran."""
        return next((entry for entry in self.comparisons if entry.quantity == quantity), None)


@dataclass(frozen=True)
class Report:
    """Everything that a report shows; cases that need attention first, then those that diverge."""

    document: Mapping[str, Any]
    implementations: tuple[Implementation, ...]
    cases: tuple[Case, ...]
    quantities: tuple[str, ...]
    axes: Mapping[str, Mapping[str, Any]]
    findings: tuple[Mapping[str, Any], ...]
    missing: tuple[Mapping[str, Any], ...]

    @property
    def attention(self) -> tuple[Cell, ...]:
        """The cells that fail a run, in the order of the cases."""
        return tuple(cell for case in self.cases for cell in case.attention)

    @property
    def causes(self) -> dict[str, tuple[Case, ...]]:
        """Cause -> its cases; the most frequent cause first, then by name."""
        axes = dict.fromkeys(
            [
                *self.axes,
                *(axis for case in self.cases for axis in case.axes),
                *(axis for implementation in self.implementations for axis in implementation.rules),
            ]
        )
        cases = {axis: tuple(case for case in self.cases if axis in case.causes) for axis in axes}
        return dict(sorted(cases.items(), key=lambda item: (-len(item[1]), item[0])))

    @property
    def seeds(self) -> tuple[Case, ...]:
        """The cases that started the project: those with the tag `seed`."""
        return tuple(case for case in self.cases if "seed" in (case.document.get("tags") or ()))

    def cases_by_verdict(self, quantity: str) -> dict[str, int]:
        """Return how many cases diverge, agree, and have nothing to compare within `quantity`."""
        verdicts = [entry.verdict for case in self.cases if (entry := case.comparison(quantity))]
        return {verdict: verdicts.count(verdict) for verdict in words.CASE}

    def cells_by_verdict(self) -> dict[str, int]:
        """Return how many cells have each verdict; unknown verdicts come last."""
        verdicts = [cell.verdict for case in self.cases for cell in case.cells]
        for case in self.cases:
            verdicts += ["not-applicable"] * sum(map(len, case.not_applicable.values()))
        return {
            verdict: verdicts.count(verdict)
            for verdict in dict.fromkeys([*words.CELL, *sorted(verdicts)])
            if verdict in verdicts
        }


def read(results: Mapping[str, Any]) -> Report:
    """Return the report of a results document. Unknown keys are ignored."""
    implementations = _implementations(results.get("implementations") or ())
    by_id = {implementation.id: implementation for implementation in implementations}
    cases = [_case(case, by_id, results) for case in results.get("cases") or ()]
    cases.sort(key=lambda case: (not case.attention, not case.diverges))
    quantities = dict.fromkeys(implementation.quantity for implementation in implementations)
    return Report(
        document=results,
        implementations=implementations,
        cases=tuple(cases),
        quantities=tuple(sorted(quantities, key=lambda quantity: (quantity != FIRST_QUANTITY, quantity))),
        axes=results.get("axes") or {},
        findings=tuple(results.get("findings") or ()),
        missing=tuple(results.get("missing") or ()),
    )


def _implementations(documents: Iterable[Mapping[str, Any]]) -> tuple[Implementation, ...]:
    documents = list(documents)
    names = _shortest_ends([str(document["id"]) for document in documents])
    return tuple(
        Implementation(
            id=str(document["id"]),
            name=names[str(document["id"])],
            framework=str(document.get("framework") or ""),
            distribution=str(next(iter(document.get("packages") or ()), document.get("framework") or "")),
            environment=str(document.get("environment") or ""),
            quantity=str(document.get("quantity") or FIRST_QUANTITY),
            definition=str(document.get("definition") or ""),
            rules=document.get("rules") or {},
            parameters=document.get("parameters") or {},
            takes=document.get("takes") or {},
            programs=tuple(document.get("programs") or ()),
        )
        for document in documents
    )


def _shortest_ends(ids: Sequence[str]) -> dict[str, str]:
    """Shorten `package.metrics.BinaryAccuracy` to `BinaryAccuracy` where that is unique in its package."""

    def ends(identifier: str) -> list[tuple[str, str]]:
        path, bracket, rest = identifier.partition("[")
        words = path.split(".")
        return [(words[0], ".".join(words[-parts:]) + bracket + rest) for parts in range(1, len(words) + 1)]

    rivals = Counter(end for identifier in ids for end in ends(identifier))
    return {
        identifier: next((end[1] for end in ends(identifier)[:-1] if rivals[end] == 1), identifier)
        for identifier in ids
    }


def _case(
    document: Mapping[str, Any],
    implementations: Mapping[str, Implementation],
    results: Mapping[str, Any],
) -> Case:
    rules = results.get("rules") or {}
    absent = [results["not_applicable"][number] for number in document.get("not_applicable") or ()]
    entries = [
        (implementations[cell["implementation"]], _spelt_out(cell, document, rules))
        for cell in document.get("cells") or ()
        if cell["implementation"] in implementations  # a filtered document may lack one
    ]
    compared = [entry for entry in entries if _kind(entry[1]) not in ("crashed", "timed-out")]
    quantities = sorted(
        {implementation.quantity for implementation, _ in compared},
        key=lambda quantity: (quantity != FIRST_QUANTITY, quantity),
    )
    identifier = str(document["id"])
    return Case(
        id=identifier,
        title=str(document.get("title") or identifier),
        document=document,
        comparisons=tuple(
            _comparison(quantity, document, [entry for entry in compared if entry[0].quantity == quantity])
            for quantity in quantities
        ),
        lost=tuple(
            _cell(document, *entry, values.FEWEST_DIGITS)
            for entry in entries
            if _kind(entry[1]) in ("crashed", "timed-out")
        ),
        not_applicable={
            str(entry.get("reason") or ""): tuple(
                implementations[name] for name in entry["implementations"] if name in implementations
            )
            for entry in absent
        },
        causes=tuple(map(str, document.get("causes") or ())),
    )


def _spelt_out(
    cell: Mapping[str, Any], case: Mapping[str, Any], rules: Mapping[str, Mapping[str, str]]
) -> Mapping[str, Any]:
    """Return a cell with what it shares with others: how its samples counted, and its rules in words."""
    trace = cell.get("trace")
    named = cell.get("rules") or {}
    return {
        **cell,
        "rows": () if trace is None else case["traces"][trace],
        "rules": {axis: rules.get(axis, {}).get(name, name) for axis, name in named.items()},
    }


def _comparison(
    quantity: str,
    document: Mapping[str, Any],
    entries: Sequence[tuple[Implementation, Mapping[str, Any]]],
) -> Comparison:
    members: dict[str, list[tuple[Implementation, Mapping[str, Any]]]] = {}
    for implementation, cell in entries:
        members.setdefault(str(cell.get("group") or ""), []).append((implementation, cell))
    digits = values.distinguishing_digits([group[0][1].get("outcome") or {} for group in members.values()])
    groups = tuple(
        Group(letter, tuple(_cell(document, implementation, cell, digits) for implementation, cell in group))
        for letter, group in sorted(members.items(), key=lambda item: (len(item[0]), item[0]))
    )
    found = "diverge" if len(groups) > 1 else "agree" if len(entries) > 1 else "null"
    recorded = (document.get("verdicts") or {}).get(quantity, found)
    return Comparison(quantity, recorded if recorded in words.CASE else "null", groups)


def _cell(
    case: Mapping[str, Any], implementation: Implementation, cell: Mapping[str, Any], digits: int
) -> Cell:
    outcome = cell.get("outcome") or {}
    return Cell(
        case=str(case["id"]),
        implementation=implementation,
        verdict=str(cell.get("verdict") or "undefined"),
        group=str(cell.get("group") or ""),
        outcome=outcome,
        brief=values.brief(outcome, digits),
        whole=values.whole(outcome),
        expected=values.expected(cell),
        open=values.is_open(cell.get("predicted")),
        predicted=values.prediction(cell.get("predicted")),
        claimed=values.prediction(cell.get("claimed")),
        why=str((cell.get("predicted") or {}).get("why") or ""),
        because=str(cell.get("because") or ""),
        departures=tuple(map(str, cell.get("departures") or ())),
        explanation=str(cell.get("explanation") or ""),
        problem=str(cell.get("problem") or ""),
        program=cell.get("program"),
        reproducer=filled(implementation, case.get("data") or {}, cell.get("program") or {}),
        rows=tuple(cell.get("rows") or ()),
        rules=cell.get("rules") or {},
    )


def filled(implementation: Implementation, data: Mapping[str, Any], program: Mapping[str, Any]) -> str:
    """Return a reproducer: a template of the implementation with the data of the case; empty if there is none."""
    number, lines = program.get("template"), data.get(str(program.get("data")))
    if not isinstance(number, int) or not 0 <= number < len(implementation.programs) or lines is None:
        return ""
    return implementation.programs[number].replace("{data}", str(lines), 1)


def _kind(cell: Mapping[str, Any]) -> str:
    return str((cell.get("outcome") or {}).get("kind") or cell.get("verdict"))
