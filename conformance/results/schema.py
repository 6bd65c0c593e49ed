"""What readers of a results document rely on. Other keys are ignored, here and by all readers.

A case refers to what it shares: `not_applicable` holds numbers of entries of the document's `not_applicable`, each a
reason with implementations; the `trace` of a cell is the number of an entry of the case's `traces`, how its samples
counted; the `rules` of a cell are names, explained by the document's `rules`, and only those that differ from the
general rules of its implementation. The `implementations` of an entry of `divergences` are the two for which its
causes were computed.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, StringConstraints, model_validator

_Texts = dict[str, str]
_Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


class _Environment(_Part):
    python: str | None = None
    packages: dict[str, str | None] = {}
    settings: dict[str, Any] = {}


class _Implementation(_Part):
    id: str
    framework: str = ""
    environment: str = ""
    quantity: str = ""
    definition: str | None = None
    rules: dict[str, dict[str, Any]] = {}
    parameters: dict[str, Any] = {}
    packages: list[str] = []
    takes: dict[str, Any] = {}
    programs: list[str] = []


class _Outcome(_Part):
    kind: str
    dtype: str | None = None
    type: str | None = None
    message: str | None = None
    reason: str | None = None
    warnings: list[str] = []
    changed_inputs: list[str] = []
    resolved: str | None = None


class _Prediction(_Part):
    kind: str
    type: str | None = None
    reason: str | None = None
    why: str | None = None
    options: list[_Prediction] = []
    resolved: str | None = None


class _Program(_Part):
    template: int
    data: str


class _Cell(_Part):
    implementation: str
    verdict: str
    group: str | None = None
    outcome: _Outcome
    predicted: _Prediction | None = None
    claimed: _Prediction | None = None
    departures: list[str] = []
    rules: _Texts = {}
    trace: int | None = None
    rows: list[dict[str, Any]] = []
    because: str | None = None
    explanation: str | None = None
    problem: str | None = None
    program: _Program | None = None


class _NotApplicable(_Part):
    reason: str
    implementations: list[str]


class _Divergence(_Part):
    quantity: str | None = None
    groups: list[str] = []
    implementations: list[str] = []
    causes: list[list[str]] = []
    rules: dict[str, list[str]] = {}
    says: dict[str, list[str]] = {}


class _Case(_Part):
    id: str
    title: str | None = None
    file: str | None = None
    line: int | None = None
    family: str | None = None
    tags: list[str] = []
    because: str | None = None
    see: list[str] = []
    inputs: dict[str, Any] = {}
    inputs_yaml: str | None = None
    verdicts: dict[str, str | None] = {}
    causes: list[str] = []
    #: `parting` in format 1.
    divergences: Annotated[
        list[_Divergence], Field(validation_alias=AliasChoices("divergences", "parting"))
    ] = []
    curves: dict[str, Any] | None = None
    data: _Texts = {}
    traces: list[list[dict[str, Any]]] = []
    cells: list[_Cell] = []
    not_applicable: list[int] = []

    @model_validator(mode="after")
    def _traces_exist(self) -> _Case:
        for cell in self.cells:
            if cell.trace is not None and not 0 <= cell.trace < len(self.traces):
                raise ValueError(f"{cell.implementation} has the trace {cell.trace} of {len(self.traces)}")
        return self


class _Finding(_Part):
    id: _Slug
    title: str
    says: str
    condition: str | None = None
    kind: str | None = None
    claims: str | None = None
    place: str | None = None
    implementations: list[str] = []
    case: str | None = None
    implementation: str | None = None
    code: str | None = None
    observed: str | None = None
    documented: str | None = None
    see: list[str] = []

    @model_validator(mode="after")
    def _a_shown_finding_is_complete(self) -> _Finding:
        lacking = [name for name, value in self if value is None]
        if self.case is not None and lacking:
            raise ValueError(f"{self.id} is shown by {self.case} and has no {', '.join(lacking)}")
        return self


class _LawCell(_Part):
    implementation: str
    verdict: str
    case: str | None = None
    explanation: str | None = None


class _Law(_Part):
    law: str
    title: str | None = None
    says: str | None = None
    cells: list[_LawCell] = []


class Document(_Part):
    """A results document, of format 1 or 2."""

    format: int
    generated: str | None = None
    environments: dict[str, _Environment] = {}
    implementations: list[_Implementation] = []
    cases: list[_Case] = []
    not_applicable: list[_NotApplicable] = []
    rules: dict[str, _Texts] = {}
    laws: list[_Law] = []
    resolutions: list[dict[str, Any]] = []
    findings: list[_Finding] = []
    axes: dict[str, dict[str, Any]] = {}
    missing: list[dict[str, Any]] = []
    summary: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _what_is_referred_to_is_there(self) -> Document:
        for case in self.cases:
            if not all(0 <= number < len(self.not_applicable) for number in case.not_applicable):
                raise ValueError(
                    f"the case {case.id} refers to what is not among {len(self.not_applicable)} reasons"
                )
        known = {entry.id for entry in self.implementations}
        for finding in self.findings:
            if finding.implementation is not None and finding.implementation not in known:
                raise ValueError(
                    f"the finding {finding.id} names {finding.implementation}, which is not listed"
                )
        return self
