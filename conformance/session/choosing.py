"""What is chosen for a run, and why a case is not asked of an implementation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from conformance.adapters.admission import Outline, reason_not_applicable
from conformance.adapters.base import Adapter, AdapterError, Call, Implementation
from conformance.adapters.releases import Release
from conformance.calls.text import did_you_mean
from conformance.cases import Case, matches
from conformance.oracle import definitions


def reason_not_asked(
    case: Case, implementation: Implementation, call: Call | Outline | None = None, release: Release = None
) -> str | None:
    """Return why a case, or another call that belongs to it, is not applicable to an implementation, or None.

    Args:
        case: the case.
        implementation: the implementation.
        call: the other call.
        release: the installed release of the framework; None for the newest that is known.
    """
    if not names(case, implementation):
        return "is not among the `implementations` of the case"
    chosen = case.implementations is not None
    return reason_not_applicable(implementation, call or case.call(), chosen=chosen, release=release)


def names(case: Case, implementation: Implementation) -> bool:
    """Whether a case runs on an implementation, as far as its `implementations` go."""
    chosen = case.implementations
    return chosen is None or any(matches(pattern, implementation.known_as) for pattern in chosen)


def is_extended(call: Call) -> bool:
    """Whether an array has a dtype that NumPy itself does not have, such as bfloat16."""
    arrays = (array for each in call.updates for array in (each.y_true, each.y_pred, each.sample_weight))
    return any(array is not None and array.dtype.isbuiltin == 2 for array in arrays)


def is_chosen(name: str, patterns: Sequence[str]) -> bool:
    """Whether a name matches one of the globs, of which none stands for all."""
    return not patterns or any(matches(pattern, name) for pattern in patterns)


def check_claims(adapters: Iterable[Adapter]) -> None:
    """Check that each definition that is claimed is there.

    Raises:
        AdapterError: one is not; names the nearest.
    """
    known = [definition.name for definition in definitions()]
    for adapter in adapters:
        for entry in adapter.implementations:
            if entry.definition is not None and entry.definition not in known:
                raise AdapterError(
                    f"{entry.id} ({adapter.path}) claims the unknown definition {entry.definition!r}"
                    f"{did_you_mean(entry.definition, known)}: correct the name, or claim none."
                )
