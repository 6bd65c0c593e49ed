"""What a well-formed case most likely does not mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.calls.text import count
from conformance.cases.calls import checked
from conformance.cases.case import Case
from conformance.cases.diagnostics import Diagnostic

#: What is still to be written.
TODO = "TODO"


def doubts(case: Case) -> Iterator[Diagnostic]:
    """Yield warnings: what is still to be written, and arrays of unequal lengths; a `because` says these are meant."""

    def warning(text: str) -> Diagnostic:
        return Diagnostic(case.file, case.line, 1, f"warning: {case.id}: {text}")

    open_ends = [key for key in ("title", "because") if _is_open(getattr(case, key))]
    if open_ends:
        yield warning(f"{' and '.join(open_ends)} still {'say' if len(open_ends) > 1 else 'says'} {TODO}")
    if case.because and not _is_open(case.because):
        return
    if _plainly_equal(case.inputs):
        return
    updates, _ = checked(case.inputs, case.path.parent if case.path else None)
    for update in updates:
        lengths = [update[name].shape[:1] for name in ("y_true", "y_pred") if name in update]
        if len(lengths) == 2 and lengths[0] != lengths[1]:
            counts = (count(each[0], "sample") if each else "no samples" for each in lengths)
            yield warning(
                f"y_true has {next(counts)} and y_pred {next(counts)}: correct one, or say in `because` why"
            )
            return


def _plainly_equal(inputs: Mapping[str, Any]) -> bool:
    """Whether both arrays are lists of equally many samples: most cases need not be checked once more."""
    data = [inputs.get(name) for name in ("y_true", "y_pred")]
    lengths = {len(each) for each in data if isinstance(each, list)}
    return "shape" not in inputs and all(isinstance(each, list) for each in data) and len(lengths) == 1


def _is_open(text: str | None) -> bool:
    return (text or "").strip().upper().startswith(TODO)
