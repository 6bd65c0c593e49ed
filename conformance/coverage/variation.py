"""Each variant of each definition against the cases: which one tells it, if any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from conformance.adapters.base import Implementation
from conformance.cases import Case
from conformance.coverage.equivalence import Equivalent, Lists
from conformance.coverage.subjects import Subject, alternatives
from conformance.coverage.telling import Foreteller, Foretold, is_large, told_apart
from conformance.coverage.variants import Variant, variants
from conformance.oracle.model import Definition, Rule
from conformance.oracle.resolve import Resolved
from conformance.oracle.stages import Checks

#: So many cases, those that tell most, are asked about a variant of which the list says that none can tell.
_ASKED_IN_VAIN = 12

#: Axes whose rules see what was right, and not how it was decided.
AFTER_DECISION = frozenset(("exclusion", "weights", "unit", "average", "accumulation", "undefined-value"))


@dataclass(frozen=True, eq=False)
class Tried:
    """What became of one variant.

    Attributes:
        subject: whose variant it is.
        variant: the variant.
        entry: the entry of the list about it, or None.
        told_by: a case that tells it from the definition, or None.
        unfit: whether its rules could not be evaluated wherever anything is asked of the one that is changed.
    """

    subject: Subject
    variant: Variant
    entry: Equivalent | None
    told_by: Case | None
    unfit: bool

    @property
    def shared(self) -> tuple[str, ...]:
        """What definitions have in common whose variant this is, too.

        A rule that several definitions of a framework follow was read in one place, and a case that tells the variant
        from one of them tells it. What comes before the decision meets the decision rule there, what comes after it
        only sees what was right. The Kerases are one framework here: where they follow the same rule, it is one.
        """
        definition, axis = self.subject.definition, self.variant.axis
        changed = {axis} if self.variant.without is None else _axes_of(definition, self.variant.without)
        met = () if changed <= AFTER_DECISION else ("decision-rule",)
        rules = definition.in_release()
        followed = [_source(rules[name]) if name in rules else "" for name in (axis, *met)]
        framework = self.subject.name.partition(".")[0].removeprefix("tf_")
        return framework, *followed, str(self.variant)


def _source(rule: Rule) -> str:
    """Return what names the lines a rule was written as: refusals of many strings are made by one function."""
    apply = rule.behaviour.apply
    if isinstance(apply, Checks) and "<locals>" in apply.before.__qualname__:
        return f"{apply.before.__module__}.{apply.before.__qualname__}"
    return rule.behaviour.name


def _axes_of(definition: Definition, finding: str) -> set[str]:
    """Return the axes on which the departures of a finding stand."""
    return {departure.change.axis for departure in definition.departures if departure.finding.id == finding}


def tried(
    found: Sequence[Subject],
    implementations: Sequence[Implementation],
    foreteller: Foreteller,
    lists: Lists,
    *,
    thorough: bool = False,
) -> Iterator[Tried]:
    """Yield what became of every variant that is another rule on some case.

    Cases that told many variants before are asked first; large ones only for how updates are put together, which
    is what they are made for.

    Args:
        found: the definitions.
        implementations: those whose rules could stand in the place of others.
        foreteller: what they predict.
        lists: what may stay untold.
        thorough: whether all cases are asked about what is listed, instead of those that tell most.
    """
    telling: Counter[str] = Counter()
    for subject in found:
        small = [case for case in subject.cases if not is_large(case)]
        for variant in variants(subject.definition, alternatives(subject, implementations)):
            cases = subject.cases if variant.axis == "accumulation" else small
            ordered = sorted(cases, key=lambda case: (is_large(case), -telling[case.id]))
            entry = lists.of_variant(subject, variant)
            most = None if entry is None or thorough else _ASKED_IN_VAIN
            result = _try(subject, variant, entry, ordered[:most], foreteller)
            if result is None:
                continue
            if result.told_by is not None:
                telling[result.told_by.id] += 1
            yield result


def _try(
    subject: Subject,
    variant: Variant,
    entry: Equivalent | None,
    cases: Sequence[Case],
    foreteller: Foreteller,
) -> Tried | None:
    """Return what became of a variant; None where it is no other rule on any case."""
    changes = shows = False
    asked = composed = 0
    for case in cases:
        original = foreteller.resolved(subject.definition, case)
        changed = _changed(subject, variant, original, case, foreteller)
        if changed is None:
            continue
        changes = True
        one = foreteller.of(original, case)
        other = foreteller.of(changed, case, without=variant.without, like=one)
        if one is None or one.prediction is None or one.record is None:
            continue
        here = variant.axis not in one.really.rules.by_axis() or one.record.asked(variant.axis)
        predicted = None if other is None else other.prediction
        asked += here
        composed += here and predicted is not None
        shows = shows or (here and _another_part(variant.axis, one, original, changed))
        if predicted is not None and other is not one and told_apart(one.prediction, predicted):
            return Tried(subject, variant, entry, case, unfit=False)
    # What has all parts of the rule that are ever asked is no other rule: who takes the best class never asks
    # which ones are among the top k.
    if not changes or (asked and not shows):
        return None
    return Tried(subject, variant, entry, None, unfit=asked > 0 and not composed)


def _another_part(axis: str, foretold: Foretold, original: Resolved, changed: Resolved) -> bool:
    if foretold.record is None or axis not in original.rules.by_axis():
        return True
    if foretold.really.rules.on(axis) is not original.rules.on(axis):
        # A departure takes the place of either.
        return False
    one, other = (resolved.rules.on(axis).apply for resolved in (original, changed))
    return foretold.record.asks_another_part(axis, one, other)


def _changed(
    subject: Subject, variant: Variant, original: Resolved, case: Case, foreteller: Foreteller
) -> Resolved | None:
    """Return the variant, resolved for a case, or None where it is the same rule there."""
    if variant.choose is None:
        return variant.change(original, case.call())
    return foreteller.resolved(replace(subject.definition, resolves_to=variant.choose_it), case)
