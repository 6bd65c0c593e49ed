"""The words of a report, each with what it means to a reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from conformance.calls.text import count as count

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
        "timed-out": "The call took longer than it was allowed, twice. All other cells went on.",
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

#: Verdict of a law for an implementation -> what it means.
LAW: Mapping[str, str] = MappingProxyType(
    {
        "holds": "On every case it was tried on, the law holds.",
        "fails-as-defined": "There are cases on which it fails, and the definition, or a finding, says so.",
        "fails-undocumented": "It fails, and neither the definition nor a finding says so. An implementation without a"
        " definition is held to every law as well: users take them for granted, whoever wrote the metric.",
        "stale": "By the definition, or a finding, it should fail, and it holds.",
        "not-applicable": "The law is not about this implementation, or no case shows it; the reason is given.",
    }
)

#: Verdict of a law that turns a run red -> what to do then.
LAW_ADVICE: Mapping[str, str] = MappingProxyType(
    {
        "fails-undocumented": "Run both programs. If an outcome is not the predicted one, a rule or a departure is"
        " missing in the definition; if the object failed and not the value, add a UsageDeparture to the package of"
        " the framework.",
        "stale": "Run both programs. If the framework was mended, remove the departure or the record; else the"
        " condition is too wide, or a rule of the definition is wrong.",
    }
)

#: What to do where a string given to compile() did not become what the definition says.
NAME_ADVICE = (
    "Compile a model with this loss and these shapes. If the framework changed, correct"
    " definitions/compile_names.py; if only here, record a departure."
)

#: Verdict that turns a run red, how its explanation begins, and what to do then; the first that fits holds.
_ADVICE = (
    (
        "unexplained",
        "It reports a false version",
        "Reinstall the package, or remove its second copy: until the versions agree, no outcome of this"
        " environment can be trusted.",
    ),
    (
        "unexplained",
        "It changed its input",
        "Run the reproducer and look at the inputs after the call. No record excuses a changed input: report it to"
        " the framework, or have the adapter hand over a copy.",
    ),
    ("unexplained", "Its expect says because: TODO", "Write the reason into the `because` of the `expect`."),
    (
        "unexplained",
        "The case expects",
        "Run the reproducer. If the outcome is right, correct the `expect` of the case; if the definition predicts"
        " it, remove the `expect`.",
    ),
    (
        "unexplained",
        "",
        "Run the reproducer. If the framework does this in general, record a departure; if only here, the case can"
        " record it with `expect` and a `because`.",
    ),
    (
        "stale",
        "The case expects",
        "The framework changed, or the `expect` never held: remove it, or bound it by version.",
    ),
    (
        "stale",
        "",
        "The framework changed, or the departure never held: remove it, or bound it by version.",
    ),
    (
        "crashed",
        "",
        "Run the reproducer in an interpreter of its own to see the crash; the message has the end of stderr.",
    ),
    (
        "timed-out",
        "",
        "Run the reproducer to see where it hangs, or allow more with `--conformance-timeout SECONDS`.",
    ),
)

#: Verdicts that turn a run red, in the order in which they are shown.
ATTENTION = tuple(dict.fromkeys(verdict for verdict, _, _ in _ADVICE))

#: Quantity -> its name in a heading.
QUANTITY: Mapping[str, str] = MappingProxyType(
    {
        "accuracy": "Accuracy",
        "balanced-accuracy": "Balanced accuracy",
        "top-k-accuracy": "Top-k accuracy",
        "subset-accuracy": "Subset accuracy",
        "string-resolution": "What a metric string becomes",
        "per-row": "One value a position",
    }
)


def quantity_title(quantity: str) -> str:
    """Return the heading of a quantity; an unknown one is shown by its own name."""
    return QUANTITY.get(quantity, quantity.replace("-", " ").capitalize())


def advice(verdict: str, explanation: str) -> str:
    """Return what to do about a cell that turns a run red.

    Args:
        verdict: one of `ATTENTION`.
        explanation: why it has this verdict, as the results document says it; may be empty.

    Raises:
        LookupError: the verdict does not turn a run red.
    """
    for fits, beginning, says in _ADVICE:
        if verdict == fits and explanation.startswith(beginning):
            return says
    raise LookupError(verdict)


def pip_install(distributions: Iterable[str]) -> str:
    """Return the command that installs distributions."""
    return f"pip install {' '.join(distributions)}"


def verdict_words(verdict: str) -> str:
    """Return a verdict as it reads in a sentence: `as-defined` becomes `as defined`."""
    return verdict.replace("-", " ")
