"""The entries of a results document, but for its cases. Unknown keys are ignored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SkipValidation, StringConstraints

from conformance.report import values, words

#: The quantity that is shown first.
FIRST_QUANTITY = "accuracy"


def _an_object(value: Any) -> Any:
    if not isinstance(value, dict):
        raise ValueError("Input should be a valid dictionary")
    return value


Texts = dict[str, str]
#: An object that is kept as it is, and not copied.
Shared = Annotated[dict[str, Any], SkipValidation, AfterValidator(_an_object)]
_NOT_ASKED = set[str]()
#: Verdicts of a cell whose outcome is the predicted one.
_AS_PREDICTED = ("as-defined", "documented")
_Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class Part(BaseModel):
    """What all entries have in common: keys that are not known are ignored, and nothing is converted."""

    model_config = ConfigDict(extra="ignore", strict=True)

    def model_post_init(self, context: Any, /) -> None:
        """Forget which keys were given: nobody asks, and it takes as much memory as the rest."""
        object.__setattr__(self, "__pydantic_fields_set__", _NOT_ASKED)


class _Placed(Part):
    framework: str = ""
    environment: str = ""

    @property
    def origin(self) -> str:
        """The framework, with the environment behind `@` where it is not the default one."""
        return f"{self.framework}@{self.environment}" if self.environment else self.framework


class Implementation(_Placed):
    """One implementation; `name` is the shortest end of its id that is unique in its framework.

    `base` is the id of the same in the installed release, for one in another place.
    """

    id: str
    base: str = ""
    name: str = ""
    quantity: str = FIRST_QUANTITY
    definition: str | None = None
    rules: dict[str, dict[str, Any]] = {}
    #: Values of parameters where a case is silent; those that the way of use gives are among them.
    parameters: dict[str, Any] = {}
    given: dict[str, Any] = {}
    packages: list[str] = []
    takes: dict[str, Any] = {}
    programs: list[str] = []


class Number(Part):
    """One number of a training log, what went into it, and the outcome and the verdict of a cell."""

    name: str
    kind: str = ""
    shown_as: str = ""
    metric: str = ""
    output: str = ""
    epoch: int | None = None
    batch: int | None = None
    implementation: str
    went_in: Shared = {}
    inputs: Shared = {}
    verdict: str
    outcome: Shared = {}
    predicted: Shared | None = None
    explanation: str | None = None


class Difference(Part):
    """Two numbers of a log that differ, and sets of codes, any of which is a cause."""

    numbers: list[str]
    causes: list[list[str]]


class Log(_Placed):
    """What came of a training run in one framework."""

    verdict: str
    explanation: str | None = None
    code: str = ""
    outcome: Shared = {}
    numbers: list[Number] = []
    differences: list[Difference] = []


class TrainingRun(Part):
    """A model that really trains, and its log in each framework."""

    id: str
    title: str = ""
    file: str = ""
    line: int = 0
    because: str | None = None
    see: list[str] = []
    inputs_yaml: str = ""
    logs: list[Log] = []
    not_applicable: list[dict[str, Any]] = []


class Since(Part):
    """What a release changed: the smallest input that shows it, and the link."""

    distribution: str
    release: str
    before: str
    axis: str
    says: str
    given: str
    outcomes: list[str]
    link: str
    implementations: list[str] = []


class Program(Part):
    """A reproducer: the number of a template of the implementation, and the key of data of the case."""

    template: int
    data: str


class Cell(Part):
    """The outcome of one implementation on one case; once read, with what it refers to.

    `called` is the implementation, `case` the id of the case, `rows` how its samples counted; its rules are sentences.
    """

    implementation: str
    called: Implementation = Field(default_factory=Implementation.model_construct)
    case: str = ""
    verdict: str = "undefined"
    group: str | None = None
    outcome: Shared = {}
    predicted: Shared | None = None
    claimed: Shared | None = None
    departures: Sequence[str] = ()
    rules: Texts = {}
    trace: int | None = None
    rows: Sequence[Mapping[str, Any]] = ()
    without_effect: Sequence[str] = ()
    because: str | None = None
    explanation: str | None = None
    problem: str | None = None
    age: str | None = None
    other_rules: Sequence[Annotated[list[str], Field(min_length=2, max_length=2)]] = ()
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
        as_predicted = not self.because and self.verdict in _AS_PREDICTED
        return values.expected(self.predicted) if as_predicted else values.brief(self.outcome)

    @property
    def raised_for(self) -> str:
        """Why it raised, with the code of the reason; its message where nothing predicts it. Empty for a value."""
        if self.outcome.get("kind") != "raises":
            return ""
        predicted = values.reason(self.predicted) if self.verdict in _AS_PREDICTED else ""
        return predicted or values.one_line(self.outcome.get("message") or "no message", 200)

    @property
    def reason(self) -> str:
        """The code of the reason for which it raised, as predicted; empty for a value, or where nothing predicts it."""
        raised = self.outcome.get("kind") == "raises" and self.verdict in _AS_PREDICTED
        return str((self.predicted or {}).get("reason") or "") if raised else ""

    @property
    def advice(self) -> str:
        """What to do about this cell; empty if it does not fail a run."""
        fails = self.verdict in words.ATTENTION
        return words.advice(words.problem(self.verdict, self.problem), self.age) if fails else ""

    @property
    def remark(self) -> str:
        """The findings by which it departs from its definition, or its verdict where that is not as defined."""
        if self.verdict == "documented" and self.departures:
            return ", ".join(self.departures)
        return "" if self.verdict == "as-defined" else words.verdict_words(self.verdict, self.problem)


class Divergence(Part):
    """Two groups, and the smallest sets of axes on which rules must be exchanged for them to agree."""

    quantity: str = FIRST_QUANTITY
    groups: list[str] = []
    implementations: list[str] = []
    causes: list[list[str]] = []
    rules: dict[str, list[str]] = {}
    says: dict[str, list[str]] = {}
    #: Axis -> the same for this case, where that is more, or less, than the rules.
    here: dict[str, list[str]] = {}

    def said(self, axis: str) -> list[str]:
        """Return what each of the two does on an axis, for this case."""
        return self.here.get(axis) or self.says.get(axis, [])


class Pairs(Part):
    """Why any two implementations differ that both give a value.

    `behaviours` are implementations that differ from all others for the same causes; `causes` are numbers of two
    behaviours and of an entry of the document's `cause_sets`.
    """

    behaviours: list[list[str]] = []
    causes: list[Annotated[list[int], Field(min_length=3, max_length=3)]] = []


class NotApplicable(Part):
    """Implementations to which cases do not apply, for one reason."""

    reason: str
    implementations: list[str]


class Finding(Part):
    """A known deviation, and which case and implementation show it, if any of the run does."""

    id: _Slug
    title: str
    says: str
    case: str | None = None
    implementation: str | None = None


class Question(Part):
    """A question of users, with the implementations that it is about, strings given to compile(), or a case."""

    asks: str
    answer: str = ""
    implementations: list[str] = []
    strings: list[str] = []
    case: str = ""


class Differing(Part):
    """Cases on which two calls give different values, by the rules on some axes; `case` is the most ordinary one."""

    axes: list[str] = []
    cases: int = 0
    case: str = ""


class EqualCall(Part):
    """A call that gives the same as another implementation on ordinary inputs of a task."""

    task: str
    implementation: str
    call: str
    inputs: list[str] = []
    unlike: list[str] = []
    equal: int = 0
    of: int = 0
    differences: list[Differing] = []


class LawCell(Part):
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


class Law(Part):
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


class NotStarted(_Placed):
    """A framework that is installed and cannot be started: why, and how many outcomes are missing for that."""

    why: str = ""
    outcomes: int = 0


def by_importance(quantities: Iterable[str]) -> tuple[str, ...]:
    """Return each quantity once, `accuracy` first, the others by name."""
    return tuple(sorted({*quantities}, key=lambda quantity: (quantity != FIRST_QUANTITY, quantity)))
