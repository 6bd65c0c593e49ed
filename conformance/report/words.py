"""The words of a report, each with what it means to a reader."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

#: Verdict of a cell -> what it means.
CELL: Mapping[str, str] = MappingProxyType(
    {
        "as-defined": "The outcome is what the implementation's own definition predicts.",
        "documented": "The outcome departs from the definition in a way that a finding or the case records.",
        "unexplained": "The outcome departs from the definition, or the call changed its inputs, and nothing"
        " on record says so.",
        "stale": "A departure is on record here, and the outcome is back to the definition.",
        "undefined": "The implementation claims no definition; the outcome is observed, not predicted.",
        "not-applicable": "The case asks for what this implementation does not have; the reason is given.",
        "crashed": "The process that made this call died. All other cells went on.",
        "timed-out": "The call took longer than it was allowed. All other cells went on.",
    }
)

#: Verdict of a case within one quantity -> what it means; in the order in which cases are shown.
CASE: Mapping[str, str] = MappingProxyType(
    {
        "diverge": "The outcomes fall into two groups or more.",
        "agree": "Every implementation that took the case came to the same outcome.",
        "null": "Fewer than two implementations took the case, so there is nothing to compare.",
    }
)

#: Verdicts that turn a run red -> what to do about them.
ATTENTION: Mapping[str, str] = MappingProxyType(
    {
        "unexplained": "Run the reproducer. If the framework does this in general, record a departure;"
        " if only here, the case can record it with `expect` and a `because`.",
        "stale": "The framework changed, or the record never held: remove the departure or the `expect`, or"
        " bound it by version.",
        "crashed": "Run the reproducer in an interpreter of its own to see the crash; the message has the end"
        " of stderr.",
        "timed-out": "Run the reproducer to see where it hangs, or allow more with"
        " `--conformance-timeout SECONDS`.",
    }
)

#: Quantity -> its name in a heading.
QUANTITY: Mapping[str, str] = MappingProxyType(
    {
        "accuracy": "Accuracy",
        "balanced-accuracy": "Balanced accuracy",
        "top-k-accuracy": "Top-k accuracy",
        "subset-accuracy": "Subset accuracy",
        "per-row": "One value a row",
    }
)


def quantity_title(quantity: str) -> str:
    """Return the heading of a quantity; an unknown one is shown by its own name."""
    return QUANTITY.get(quantity, quantity.replace("-", " ").capitalize())


def verdict_words(verdict: str) -> str:
    """Return a verdict as it reads in a sentence: `as-defined` becomes `as defined`."""
    return verdict.replace("-", " ")


def count(number: int, singular: str, plural: str | None = None) -> str:
    """Return `1 case`, `2 cases`."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"
