"""What readers of a results document rely on. Other keys are ignored, here and by all readers.

A case refers to what it shares: `not_applicable` holds numbers of entries of the document's `not_applicable`, each a
reason with implementations; the `trace` of a cell is the number of an entry of the case's `traces`, how its samples
counted; the `rules` of a cell are names, explained by the document's `rules`, and only those that differ from the
general rules of its implementation. The `implementations` of an entry of `divergences` are the two for which its
causes were computed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, ClassVar

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from conformance.report import values, words

#: The quantity that is shown first.
FIRST_QUANTITY = "accuracy"

_Texts = dict[str, str]
_Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


class _Placed(_Part):
    framework: str = ""
    environment: str = ""

    @property
    def origin(self) -> str:
        """The framework, with the environment behind `@` where it is not the default one."""
        return f"{self.framework}@{self.environment}" if self.environment else self.framework


class Implementation(_Placed):
    """One implementation; `name` is the shortest end of its id that is unique in its framework."""

    id: str
    name: str = ""
    quantity: str = FIRST_QUANTITY
    definition: str | None = None
    rules: dict[str, dict[str, Any]] = {}
    parameters: dict[str, Any] = {}
    packages: list[str] = []
    takes: dict[str, Any] = {}
    programs: list[str] = []


class Program(_Part):
    """A reproducer: the number of a template of the implementation, and the key of data of the case."""

    template: int
    data: str


class Cell(_Part):
    """The outcome of one implementation on one case; once read, with what it refers to.

    `called` is the implementation, `case` the id of the case, `rows` how its samples counted; its rules are sentences.
    """

    implementation: str
    called: Implementation = Field(default_factory=Implementation.model_construct)
    case: str = ""
    verdict: str = "undefined"
    group: str | None = None
    outcome: dict[str, Any] = {}
    predicted: dict[str, Any] | None = None
    claimed: dict[str, Any] | None = None
    departures: list[str] = []
    rules: _Texts = {}
    trace: int | None = None
    rows: list[dict[str, Any]] = []
    without_effect: list[str] = []
    because: str | None = None
    explanation: str | None = None
    problem: str | None = None
    program: Program | None = None

    @property
    def is_lost(self) -> bool:
        """Whether there is no outcome to compare."""
        return (self.outcome.get("kind") or self.verdict) in ("crashed", "timed-out")

    @property
    def open(self) -> bool:
        """Whether the definition leaves the outcome open."""
        return values.is_open(self.predicted)

    @property
    def expected(self) -> str:
        """The outcome as it is predicted, so that it is the same on every machine.

        Where nothing is predicted, or the outcome is another, it is the outcome itself, with few digits.
        """
        as_predicted = not self.because and self.verdict in ("as-defined", "documented")
        return values.expected(self.predicted) if as_predicted else values.brief(self.outcome)

    @property
    def raised_for(self) -> str:
        """Why it raised, with the code of the reason; its message where nothing predicts it. Empty for a value."""
        if self.outcome.get("kind") != "raises":
            return ""
        predicted = values.reason(self.predicted) if self.verdict in ("as-defined", "documented") else ""
        return predicted or values.one_line(self.outcome.get("message") or "no message", 200)

    @property
    def advice(self) -> str:
        """What to do about this cell; empty if it does not fail a run."""
        fails = self.verdict in words.ATTENTION
        return words.advice(words.problem(self.verdict, self.problem)) if fails else ""

    @property
    def remark(self) -> str:
        """The findings by which it departs from its definition, or its verdict where that is not as defined."""
        if self.verdict == "documented" and self.departures:
            return ", ".join(self.departures)
        return "" if self.verdict == "as-defined" else words.verdict_words(self.verdict)


@dataclass(frozen=True)
class Group:
    """Implementations of one quantity with equal outcomes on a case; `digits` distinguish it from the others."""

    letter: str
    cells: tuple[Cell, ...]
    digits: int

    @property
    def shown(self) -> str:
        """The outcome of the group; all exceptions form one group and may be of different types."""
        return " / ".join(dict.fromkeys(values.brief(cell.outcome, self.digits) for cell in self.cells))


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

    @property
    def without_effect(self) -> dict[str, list[Cell]]:
        """Parameter that the case names -> the cells on whose value it has no effect."""
        found: dict[str, list[Cell]] = {}
        for cell in self.cells:
            for name in cell.without_effect:
                found.setdefault(name, []).append(cell)
        return found


class Divergence(_Part):
    """Two groups, and the smallest sets of axes on which rules must be exchanged for them to agree."""

    quantity: str = FIRST_QUANTITY
    groups: list[str] = []
    implementations: list[str] = []
    causes: list[list[str]] = []
    rules: dict[str, list[str]] = {}
    says: dict[str, list[str]] = {}


class Pairs(_Part):
    """Why any two implementations differ that both give a value.

    `behaviours` are implementations that differ from all others for the same causes; `causes` are numbers of two
    behaviours and of an entry of the document's `cause_sets`.
    """

    behaviours: list[list[str]] = []
    causes: list[Annotated[list[int], Field(min_length=3, max_length=3)]] = []


class Case(_Part):
    """One case."""

    id: str
    title: str = ""
    file: str | None = None
    line: int | None = None
    task: str | None = None
    family: str | None = None
    tags: list[str] = []
    because: str | None = None
    see: list[str] = []
    inputs: dict[str, Any] = {}
    inputs_yaml: str | None = None
    metric: str | None = None
    verdict: str | None = None
    verdicts: dict[str, str | None] = {}
    causes: list[str] = []
    #: `parting` in format 1.
    divergences: Annotated[
        list[Divergence], Field(validation_alias=AliasChoices("divergences", "parting"))
    ] = []
    pairs: dict[str, Pairs] = {}
    curves: dict[str, Any] | None = None
    data: _Texts = {}
    traces: list[list[dict[str, Any]]] = []
    cells: list[Cell] = []
    not_applicable: list[int] = []

    @cached_property
    def lost(self) -> tuple[Cell, ...]:
        """The cells of calls that crashed or timed out."""
        return tuple(cell for cell in self.cells if cell.is_lost)

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        """All other cells by quantity, `accuracy` first."""
        compared = [cell for cell in self.cells if not cell.is_lost]
        return tuple(
            self._comparison(quantity, [cell for cell in compared if cell.called.quantity == quantity])
            for quantity in by_importance(cell.called.quantity for cell in compared)
        )

    def _comparison(self, quantity: str, cells: Sequence[Cell]) -> Comparison:
        members: dict[str, list[Cell]] = {}
        for cell in sorted(cells, key=lambda cell: (len(cell.group or ""), cell.group or "")):
            members.setdefault(cell.group or "", []).append(cell)
        digits = values.distinguishing_digits([group[0].outcome for group in members.values()])
        groups = tuple(Group(letter, tuple(group), digits) for letter, group in members.items())
        return Comparison(quantity, self.verdicts.get(quantity) or "null", groups)

    def comparison(self, quantity: str) -> Comparison | None:
        """Return the comparison within `quantity`, if any implementation of it ran."""
        return next((entry for entry in self.comparisons if entry.quantity == quantity), None)

    @property
    def alike(self) -> tuple[words.Alike, ...]:
        """What the outcomes have of both, shares a word and is not the same."""
        average = str(self.inputs["average"]).lower() if "average" in self.inputs else None
        quantities = {comparison.quantity for comparison in self.comparisons}
        return tuple(
            entry
            for entry in words.ALIKE
            if quantities.issuperset(entry.quantities)
            and (not entry.tasks or self.task in entry.tasks)
            and (not entry.averages or average in entry.averages)
        )

    @property
    def ordered(self) -> tuple[Cell, ...]:
        """All cells: those compared, group by group, then those that are lost."""
        return tuple(cell for comparison in self.comparisons for cell in comparison.cells) + self.lost

    @property
    def attention(self) -> tuple[Cell, ...]:
        """The cells that fail a run."""
        return tuple(cell for cell in self.ordered if cell.verdict in words.ATTENTION)

    @property
    def fails(self) -> bool:
        """Whether a cell fails a run, or a divergence has no cause."""
        return bool(self.attention) or any(not divergence.causes for divergence in self.divergences)

    @property
    def diverges(self) -> bool:
        """Whether the outcomes differ within any quantity."""
        return any(comparison.verdict == "diverge" for comparison in self.comparisons)

    def why(self, divergence: Divergence) -> str:
        """Return a sentence on two groups of this case, such as `A and B differ because B raises.`."""
        comparison = self.comparison(divergence.quantity)
        raising = [
            group.letter
            for group in (comparison.groups if comparison else ())
            if group.letter in divergence.groups
            and all(cell.outcome.get("kind") == "raises" for cell in group.cells)
        ]
        causes = [
            f"because {raising[0]} raises"
            if axes == ["refusal"] and len(raising) == 1
            else f"by {' with '.join(axes)}"
            for axes in divergence.causes
        ]
        pair = " and ".join(divergence.groups) or "Two groups"
        return (
            f"{pair} differ {', or '.join(causes)}." if causes else f"{pair} differ, and no cause was found."
        )

    def reproducer(self, cell: Cell) -> str:
        """Return the program that gives a cell, a template with the data of the case; empty if there is none."""
        programs, lines = cell.called.programs, self.data.get(cell.program.data) if cell.program else None
        if cell.program is None or lines is None or not 0 <= cell.program.template < len(programs):
            return ""
        return programs[cell.program.template].replace("{data}", lines, 1)


class NotApplicable(_Part):
    """Implementations to which cases do not apply, for one reason."""

    reason: str
    implementations: list[str]


class Finding(_Part):
    """A known deviation, and which case and implementation show it, if any of the run does."""

    id: _Slug
    title: str
    says: str
    case: str | None = None
    implementation: str | None = None


class LawCell(_Part):
    """The verdict of one law for one implementation; `case` is the smallest that shows it."""

    implementation: str
    called: Implementation = Field(default_factory=Implementation.model_construct)
    law: str = ""
    title: str = ""
    verdict: str
    case: str | None = None
    explanation: str | None = None

    #: Nothing: what is to be said is said of all cells of a line.
    remark: ClassVar[str] = ""


class Law(_Part):
    """A property that should hold for any input."""

    law: str
    title: str = ""
    cells: list[LawCell] = []


class Resolution(_Placed):
    """What a string became that was given to compile()."""

    string: str = ""
    loss: str = ""
    y_true: Any = None
    y_pred: Any = None
    resolved: str | None = None
    raises: str | None = None
    agrees: bool | None = None
    verdict: str | None = None
    explanation: str | None = None
    problem: str | None = None

    @property
    def target(self) -> str:
        """Framework and string: `framework: accuracy`."""
        return f"{self.origin}: {self.string}"

    @property
    def asked(self) -> str:
        """`loss hinge, y_true (N,), y_pred (N, 3)`."""
        return f"loss {self.loss}, y_true {values.shape(self.y_true)}, y_pred {values.shape(self.y_pred)}"

    @property
    def outcome(self) -> str:
        """`became BinaryAccuracy`, or `raised ValueError`."""
        if self.resolved:
            return f"became {self.resolved}"
        return f"raised {self.raises}" if self.raises else "has no result"


class Missing(_Placed):
    """A framework that is not installed, and what would install it."""

    distributions: list[str] = []


class Document(_Part):
    """A results document, of format 1 or 2; cases that need attention first, then those that diverge."""

    format: int = 2
    generated: str | None = None
    complete: bool = True
    environments: dict[str, dict[str, Any]] = {}
    implementations: list[Implementation] = []
    cases: list[Case] = []
    not_applicable: list[NotApplicable] = []
    #: None in documents that have causes of representatives only.
    cause_sets: list[list[list[str]]] | None = None
    rules: dict[str, _Texts] = {}
    laws: list[Law] = []
    resolutions: list[Resolution] = []
    findings: list[Finding] = []
    axes: dict[str, dict[str, Any]] = {}
    missing: list[Missing] = []

    @model_validator(mode="after")
    def _what_is_referred_to_is_there(self) -> Document:
        """Look up what is referred to; cells of implementations that a filtered document lacks are left out."""
        known = {entry.id: entry for entry in self.implementations}
        for identifier, name in _shortest_ends(list(known)).items():
            known[identifier].name = name
        for case in self.cases:
            self._look_up(case, known)
        for law in self.laws:
            law.title = law.title or law.law
            law.cells = [cell for cell in law.cells if cell.implementation in known]
            for found in law.cells:
                found.called, found.law, found.title = known[found.implementation], law.law, law.title
        for finding in self.findings:
            if finding.implementation is not None and finding.implementation not in known:
                raise ValueError(
                    f"the finding {finding.id} names {finding.implementation}, which is not listed"
                )
        self.cases.sort(key=lambda case: (not case.attention, not case.diverges))
        return self

    def _look_up(self, case: Case, known: Mapping[str, Implementation]) -> None:
        if not all(0 <= number < len(self.not_applicable) for number in case.not_applicable):
            raise ValueError(
                f"the case {case.id} refers to what is not among {len(self.not_applicable)} reasons"
            )
        for quantity, found in case.pairs.items():
            behaviours, sets = len(found.behaviours), len(self.cause_sets or ())
            if not all(0 <= a < b < behaviours and 0 <= n < sets for a, b, n in found.causes):
                raise ValueError(f"the case {case.id} has pairs in {quantity} of what is not there")
        case.title = case.title or case.id
        self._set_apart(case)
        case.cells = [cell for cell in case.cells if cell.implementation in known]
        for cell in case.cells:
            cell.called, cell.case = known[cell.implementation], case.id
            cell.rules = {axis: self.rules.get(axis, {}).get(rule, rule) for axis, rule in cell.rules.items()}
            if cell.trace is not None:
                if not 0 <= cell.trace < len(case.traces):
                    raise ValueError(
                        f"{cell.implementation} has the trace {cell.trace} of {len(case.traces)}"
                    )
                cell.rows = case.traces[cell.trace]

    def _set_apart(self, case: Case) -> None:
        """Collect what is not applicable by reason, as format 2 does; format 1 had a cell for each implementation."""
        reasons: dict[str, list[str]] = {}
        for cell in case.cells:
            if cell.outcome.get("kind") == "not-applicable":
                reasons.setdefault(cell.outcome.get("reason") or "", []).append(cell.implementation)
        case.cells = [cell for cell in case.cells if cell.outcome.get("kind") != "not-applicable"]
        for reason, names in reasons.items():
            case.not_applicable.append(len(self.not_applicable))
            self.not_applicable.append(NotApplicable(reason=reason, implementations=names))

    @property
    def quantities(self) -> tuple[str, ...]:
        """The quantities of the implementations."""
        return by_importance(entry.quantity for entry in self.implementations)

    @cached_property
    def law_cells(self) -> tuple[LawCell, ...]:
        """The cells of all laws that apply, in the order of laws and implementations."""
        place = {entry.id: number for number, entry in enumerate(self.implementations)}
        return tuple(
            cell
            for law in self.laws
            for cell in sorted(law.cells, key=lambda cell: place[cell.implementation])
            if cell.verdict != "not-applicable"
        )

    @property
    def laws_counted(self) -> str:
        """`922 not refuted, 382 fail as defined, 0 fail undocumented`; other verdicts where there are any."""
        numbers = Counter(cell.verdict for cell in self.law_cells)
        always = ("holds", "fails-as-defined", "fails-undocumented")
        verdicts = [*always, *sorted(set(numbers) - set(always))]
        return ", ".join(
            f"{numbers[verdict]} {words.LAW_COUNTED.get(verdict, verdict)}" for verdict in verdicts
        )

    @cached_property
    def causes(self) -> dict[str, tuple[Case, ...]]:
        """Cause -> its cases; the most frequent cause first, then by name. Axes that cause nothing have none."""
        cases: dict[str, tuple[Case, ...]] = {
            axis: ()
            for axes in (
                self.axes,
                *(entry.rules for entry in self.implementations),
                *(axes for case in self.cases for each in case.divergences for axes in each.causes),
            )
            for axis in axes
        }
        for case in self.cases:
            for axis in case.causes:
                cases[axis] = (*cases.get(axis, ()), case)
        return dict(sorted(cases.items(), key=lambda item: (-len(item[1]), item[0])))

    def cases_by_verdict(self, quantity: str) -> dict[str, int]:
        """Return how many cases diverge, agree, and have nothing to compare within `quantity`."""
        verdicts = [entry.verdict for case in self.cases if (entry := case.comparison(quantity))]
        return {verdict: verdicts.count(verdict) for verdict in words.CASE}


def read(results: Mapping[str, Any]) -> Document:
    """Return a results document as reports need it. Unknown keys are ignored."""
    return Document.model_validate(results)


def by_importance(quantities: Iterable[str]) -> tuple[str, ...]:
    """Return each quantity once, `accuracy` first, the others by name."""
    return tuple(sorted({*quantities}, key=lambda quantity: (quantity != FIRST_QUANTITY, quantity)))


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
