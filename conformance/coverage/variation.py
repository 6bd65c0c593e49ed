"""Each variant of each definition against the cases: which one tells it, if any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from conformance.cases import Case
from conformance.coverage.equivalence import Equivalent, Lists
from conformance.coverage.subjects import Subject, behaviours
from conformance.coverage.telling import Foreteller, is_large, told_apart
from conformance.coverage.variants import Variant, variants
from conformance.definitions.model import Definition

#: So many cases, those that tell most, are asked about a variant of which the list says that none can tell.
_ASKED_IN_VAIN = 12


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

        The same rule, in one framework and under one decision rule, was read in one place; ways of using a metric
        and its function form take it over, and a case that tells the variant from one of them tells it.
        """
        rules, axis = self.subject.definition.rules, self.variant.axis
        followed = [rules[name].behaviour.name if name in rules else "" for name in (axis, "decision-rule")]
        return self.subject.name.partition(".")[0], *followed, str(self.variant)


def tried(
    found: Sequence[Subject], foreteller: Foreteller, lists: Lists, *, thorough: bool = False
) -> Iterator[Tried]:
    """Yield what became of every variant that is another rule on some case.

    Cases that told many variants before are asked first; large ones only for how updates are put together, which
    is what they are made for.

    Args:
        found: the definitions.
        foreteller: what they predict.
        lists: what may stay untold.
        thorough: whether all cases are asked about what is listed, instead of those that tell most.
    """
    telling: Counter[str] = Counter()
    known = behaviours()
    for subject in found:
        small = [case for case in subject.cases if not is_large(case)]
        for variant in variants(subject.definition, known):
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
    differs = False
    asked = composed = 0
    for case in cases:
        original = foreteller.resolved(subject.definition, case)
        changed = _changed(subject, variant, original, case, foreteller)
        if changed is None:
            continue
        differs = True
        one = foreteller.of(original, case)
        other = foreteller.of(changed, case, without=variant.without, like=one)
        if one is None or one.prediction is None or one.record is None:
            continue
        here = variant.axis not in one.really.rules or one.record.asked(variant.axis)
        predicted = None if other is None else other.prediction
        asked += here
        composed += here and predicted is not None
        if predicted is not None and other is not one and told_apart(one.prediction, predicted):
            return Tried(subject, variant, entry, case, unfit=False)
    return Tried(subject, variant, entry, None, unfit=asked > 0 and not composed) if differs else None


def _changed(
    subject: Subject, variant: Variant, original: Definition, case: Case, foreteller: Foreteller
) -> Definition | None:
    """Return the variant, resolved for a case, or None where it is the same rule there."""
    if variant.choose is None:
        return variant.change(original, case.call())
    return foreteller.resolved(replace(subject.definition, resolves_to=variant.choose_it), case)
