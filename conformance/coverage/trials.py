"""Each variant of each rule against the cases: whether one kills it, and which."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from conformance.adapters.base import Implementation
from conformance.cases import Case
from conformance.coverage.evaluations import Evaluations, distinguished
from conformance.coverage.subjects import Subject, alternatives
from conformance.coverage.variants import Variant, variants

#: Axes whose rules see which elements are correct, not how they were decided.
AFTER_DECISION = frozenset(
    (
        *("exclusion", "weights", "unit", "average", "statistic", "accumulation", "undefined-value"),
        *("departure", "name-resolution"),
    )
)

#: The effect of a variant on a case: it has the same rule there; the rule is not used; only parts are used that both
#: rules share; the rules cannot work together; the predictions are the same, or differ.
Effect = Literal["equal", "unused", "shared", "incomposable", "survives", "killed"]

#: Cases with more elements are tried on variants of the accumulation only, which they are made for.
_LARGE = 100_000


@dataclass(frozen=True)
class Trial:
    """The result for one variant of one rule, over all definitions that follow the rule.

    Definitions that follow the same rule share the result: the rule was read in one place, and a case that kills the
    variant for one of them shows that it is another rule. Variants of rules before the decision are kept apart by
    decision rule.

    Attributes:
        name: axis, rule, decision rule and variant; identifies the variant in the list of survivors.
        killed_by: id of a case that distinguishes the variant from the rule; None if it survives.
    """

    name: str
    killed_by: str | None


def trials(
    found: Sequence[Subject], implementations: Sequence[Implementation], predictions: Evaluations
) -> Iterator[Trial]:
    """Yield the result for every variant that could be distinguished on some case.

    A variant that shares all parts that are ever used, or whose rules never work together, is no variant.

    Args:
        found: the definitions.
        implementations: those whose rules may replace others.
        predictions: evaluates definitions on cases.
    """
    shared: dict[str, list[tuple[Subject, Variant]]] = defaultdict(list)
    for subject in found:
        for variant in variants(subject.definition, alternatives(subject, implementations)):
            shared[_name(subject, variant)].append((subject, variant))
    kills: Counter[str] = Counter()
    for name, members in shared.items():
        effects, killer = set(), None
        # Cases that killed many variants are tried first, large ones last.
        for case, subject, variant in sorted(
            _candidates(members), key=lambda candidate: (is_large(candidate[0]), -kills[candidate[0].id])
        ):
            effects.add(effect := _effect(subject, variant, case, predictions))
            if effect == "killed":
                killer = case.id
                kills[killer] += 1
                break
        if killer or "survives" in effects or effects - {"equal"} == {"unused"}:
            yield Trial(name, killer)


def is_large(case: Case) -> bool:
    """Whether evaluating a case takes seconds."""
    return sum(update.y_pred.size for update in case.call().updates) > _LARGE


def _name(subject: Subject, variant: Variant) -> str:
    rules = subject.definition.in_release()

    def followed(axis: str) -> str:
        return rules[axis].behaviour.name if axis in rules else ""

    decision = "" if variant.axis in AFTER_DECISION | {"decision-rule"} else followed("decision-rule")
    before = " ".join(filter(None, (followed(variant.axis), f"({decision})" if decision else "")))
    return f"{variant.axis}: {before} -> {variant.name}" if before else f"{variant.axis}: {variant.name}"


def _candidates(members: Sequence[tuple[Subject, Variant]]) -> Iterator[tuple[Case, Subject, Variant]]:
    for subject, variant in members:
        for case in subject.cases:
            if variant.axis == "accumulation" or not is_large(case):
                yield case, subject, variant


def _effect(subject: Subject, variant: Variant, case: Case, predictions: Evaluations) -> Effect:
    """Return the effect of a variant of a definition on a case."""
    original = predictions.resolved(subject.definition, case)
    if variant.choose is None:
        changed = variant.change(original, case.call())
    else:
        changed = predictions.resolved(replace(subject.definition, resolves_to=variant.choose_it), case)
    if changed is None:
        return "equal"
    one = predictions.original(subject.definition, case)
    if one.prediction is None:
        return "incomposable"
    if variant.without is None and variant.choose is None:
        parts = [part for axis, part in one.consulted if axis == variant.axis]
        if not parts:
            return "unused"
        before, after = (resolved.rules.on(variant.axis).apply for resolved in (original, changed))
        if all(_part(before, part) is _part(after, part) for part in parts):
            return "shared"
    other = predictions.variant(changed, case, without=variant.without)
    if other is None:
        return "incomposable"
    return "killed" if distinguished(one.prediction, other) else "survives"


def _part(rule: object, part: str | None) -> object:
    return rule if part is None else getattr(rule, part, None)
