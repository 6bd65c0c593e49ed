"""What a set of cases does not distinguish, from predictions alone; no framework is called."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from conformance.adapters.base import Call, Implementation
from conformance.adapters.script import has_mask, has_weights
from conformance.cases import Case, CaseErrors, Diagnostic
from conformance.coverage.effect import Effect, Evaluated, effect_of, evaluated
from conformance.coverage.survivors import NO_REASON
from conformance.oracle import find
from conformance.oracle.model import Definition, Rule
from conformance.oracle.variants import Variant, named_variants
from conformance.session.choosing import reason_not_asked

#: The largest share of cells whose prediction may be left open.
_MOST_OPEN = 0.03

#: What is no parameter of a case -> whether an implementation takes it, and whether a call uses it.
_FURTHER: Mapping[str, tuple[Callable[[Implementation], bool], Callable[[Call], bool]]] = {
    "sample_weight": (lambda entry: entry.weights, has_weights),
    "class_weight": (lambda entry: entry.class_weight, lambda call: call.class_weight is not None),
    "mask": (lambda entry: entry.masks, has_mask),
    "outputs": (lambda entry: entry.outputs, lambda call: bool(call.outputs)),
    "dtype: metric": (lambda entry: entry.metric_dtype, lambda call: call.metric_dtype is not None),
    "batches": (lambda entry: entry.updates != "one", lambda call: len(call.updates) > 1),
}

#: Cases with more elements take seconds, and are tried on variants of the accumulation only, which they are made for.
_LARGE = 100_000


@dataclass(frozen=True)
class Coverage:
    """What the cases distinguish, and what they do not.

    Attributes:
        problems: title -> lines, one each for something that has to be done; empty if nothing has.
        survivors: names of all variants that survive, listed or not.
        killed: number of variants that a case kills.
        cells: number of cells with a prediction.
        open: how many of these predictions leave the outcome open.
    """

    problems: Mapping[str, tuple[str, ...]]
    survivors: tuple[str, ...]
    killed: int
    cells: int
    open: int


def coverage(
    implementations: Sequence[Implementation],
    cases: Sequence[Case],
    listed: Mapping[str, str],
    *,
    known: Sequence[Implementation] | None = None,
) -> Coverage:
    """Try every variant of every rule on the cases, and look for gaps.

    A variant that shares all parts that are ever used, or whose rules never work together, is no variant.

    Args:
        implementations: all implementations, whether their frameworks are installed or not.
        cases: the cases.
        listed: name of each variant that may survive -> reason.
        known: implementations whose rules may replace those of others; `implementations` if None.

    Raises:
        CaseErrors: a definition cannot be evaluated on a case, which is in none of its ranks or tasks.
    """
    large = {case.id for case in cases if sum(update.y_pred.size for update in case.call().updates) > _LARGE}
    claims = {entry.id: find(entry.definition) for entry in implementations if entry.definition is not None}
    used: dict[str, set[str]] = defaultdict(set)
    evaluations: dict[str, list[tuple[Case, Evaluated]]] = defaultdict(list)
    for entry in implementations:
        for case in cases:
            if reason_not_asked(case, entry) is None:
                used[entry.id] |= _used(case.call())
                if entry.id in claims:
                    evaluations[entry.id].append((case, _evaluated(claims[entry.id], case)))
    # The parameters of a way that few cases ask are those of what it calls, which every case asks.
    always: dict[str, set[str]] = defaultdict(set)
    for entry in implementations:
        if entry.asked == "always":
            always[_called(entry)] |= used[entry.id]
    variants: dict[str, list[tuple[Variant, str]]] = defaultdict(list)
    for entry in implementations:
        if entry.id in claims:
            for name, variant in named_variants(entry, implementations if known is None else known).items():
                variants[name].append((variant, entry.id))
    killers: dict[str, str] = {}
    survivors = set()
    kills: Counter[str] = Counter()
    for name, members in variants.items():
        effects: set[Effect] = set()
        tries = [
            (variant, case, original)
            for variant, entry_id in members
            for case, original in evaluations[entry_id]
            if variant.axis == "accumulation" or case.id not in large
        ]
        # Cases that killed many variants are tried first, large ones last.
        for variant, case, original in sorted(tries, key=lambda t: (t[1].id in large, -kills[t[1].id])):
            effects.add(effect := effect_of(variant, original, case.call()))
            if effect == "killed":
                killers[name] = case.id
                kills[case.id] += 1
                break
        else:
            if "survives" in effects or effects - {"equal"} == {"unused"}:
                survivors.add(name)
    predictions = [original.prediction for pairs in evaluations.values() for _, original in pairs]
    cells = len(predictions)
    left_open = sum(predicted is None or predicted.kind == "one-of" for predicted in predictions)
    problems = {
        "Variants that no case kills": sorted(survivors - listed.keys()),
        "Listed survivors without a reason": [name for name, why in listed.items() if why == NO_REASON],
        "Listed survivors that do not survive": [
            f"{name}: " + (f"killed by {killers[name]}" if name in killers else "there is no such variant")
            for name in listed
            if name not in survivors
        ],
        "Unused parameters": [
            f"{entry.id}: no case uses {parameter}"
            for entry in implementations
            if entry.asked != "table"
            for parameter in _taken(entry)
            if parameter
            not in used[entry.id] | (set() if entry.asked == "always" else always[_called(entry)])
        ],
        "Rules without a source": [
            f"{definition.name}: its rule on {axis} names no source"
            for definition in dict.fromkeys(claims.values())
            for axis in _without_source(definition)
        ],
        "Outcomes that several cases pin": list(_repeated(cases)),
        "Open predictions": [f"{left_open} of {cells} cells, more than {_MOST_OPEN:.0%}"]
        if left_open > _MOST_OPEN * cells
        else [],
    }
    return Coverage(
        {title: tuple(lines) for title, lines in problems.items() if lines},
        tuple(sorted(survivors)),
        len(killers),
        cells,
        left_open,
    )


def _evaluated(definition: Definition, case: Case) -> Evaluated:
    try:
        return evaluated(definition, case.call())
    except Exception as error:
        message = f"the definition {definition.name} cannot be evaluated on {case.id}: {type(error).__name__}: {error}"
        raise CaseErrors([Diagnostic(case.file, case.line, 1, message)]) from error


def _called(entry: Implementation) -> str:
    """Return what an implementation calls: its id without the way to use it, which is in brackets."""
    before, _, way = entry.id.partition("[")
    return before + way.rpartition("]")[2]


def _taken(entry: Implementation) -> Iterator[str]:
    """Yield what an implementation takes besides the data."""
    yield from (name for name, own in entry.parameters.items() if own not in entry.fixed)
    yield from (name for name, (takes, _) in _FURTHER.items() if takes(entry))


def _used(call: Call) -> set[str]:
    """Return what a case says besides the data."""
    return {*call.parameters, *(name for name, (_, uses) in _FURTHER.items() if uses(call))}


def _without_source(definition: Definition) -> Iterator[str]:
    """Yield the axes of rules, departures included, that do not name their source.

    A documented rule quotes its sentence or links to it; one read in the source names the file.
    """
    changes = (departure.change for departure in definition.departures)
    for rule in (*definition.rules, *(change for change in changes if isinstance(change, Rule))):
        place = rule.place.strip()
        if not place or (rule.basis == "documented" and not any(mark in place for mark in ('"', "'", "://"))):
            yield rule.axis


def _repeated(cases: Sequence[Case]) -> Iterator[str]:
    """Say where several cases pin the same outcome without a finding: a rule is missing."""
    pinned: dict[str, list[str]] = defaultdict(list)
    for case in cases:
        for expected in case.expect:
            if expected.finding is None:
                outcome = expected.raises if expected.kind == "raises" else expected.value
                pinned[f"{expected.pattern}: {outcome}"].append(case.id)
    for pin, where in pinned.items():
        if len(where) > 1:
            yield f"{pin}: {', '.join(where)}: a rule is missing"
