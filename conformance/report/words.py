"""The words of a report, each with its meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from conformance.calls.text import count as count

#: Verdict of a cell -> what it means.
CELL: Mapping[str, str] = MappingProxyType(
    {
        "as-defined": "The outcome is what the implementation's own definition predicts.",
        "documented": "The outcome deviates from the definition in a way that a finding or the case records.",
        "unexplained": "The outcome deviates from the definition, or the call changed its inputs, and no recorded"
        " deviation covers it.",
        "stale": "A known deviation no longer reproduces: the outcome is what the definition predicts.",
        "undefined": "The implementation claims no definition, so that the outcome was not checked.",
        "not-applicable": "The case needs something that this implementation does not support; the reason is given.",
        "crashed": "The process that made this call died. All other calls were completed.",
        "timed-out": "The call exceeded its time limit twice. All other calls were completed.",
    }
)

#: Verdict of a cell -> how it is shown, where that is not its own name.
SHOWN: Mapping[str, str] = MappingProxyType({"documented": "known deviation"})

#: Verdict of a case within one quantity -> what it means; in the order in which cases are shown.
CASE: Mapping[str, str] = MappingProxyType(
    {
        "diverge": "The outcomes form at least two groups.",
        "agree": "All implementations that ran have the same outcome.",
        "null": "Fewer than two implementations ran, so there is nothing to compare.",
    }
)

#: Verdict of a law for an implementation -> what it means.
LAW: Mapping[str, str] = MappingProxyType(
    {
        "holds": "No input tried refutes the law.",
        "fails-as-defined": "The law fails on some case, as the definition or a finding says (expected failure).",
        "fails-undocumented": "The law fails, and neither the definition nor a finding says so. Implementations without"
        " a definition are checked against every law as well.",
        "stale": "The definition or a finding says that the law fails, but it holds.",
        "not-applicable": "The law does not apply to this implementation, or no case tries it; the reason is given.",
    }
)

#: Verdict of a law that fails a run -> what to do then.
LAW_ADVICE: Mapping[str, str] = MappingProxyType(
    {
        "fails-undocumented": "Run both programs. If an outcome is not the predicted one, the definition lacks a rule"
        " or a departure. If the object failed and not the value, add a UsageDeparture to the package of"
        " the framework.",
        "stale": "Run both programs. If the framework was fixed, remove the departure or the record. Otherwise its"
        " condition is too wide, or a rule of the definition is incorrect.",
    }
)

#: What to do where a string given to compile() became another metric than the definition says.
NAME_ADVICE = (
    "Compile a model with this loss and these shapes. If the framework changed, correct"
    " the rules of its definition; if it deviates only here, record a departure."
)

#: What is wrong with a cell -> what to do then.
_ADVICE: Mapping[str, str] = MappingProxyType(
    {
        "false-version": "Reinstall the package, or remove its second copy. No outcome of this environment can be"
        " trusted until the versions agree.",
        "changed-inputs": "Run the reproducer and look at the inputs after the call. No record covers a changed"
        " input: report it to the framework, or let the adapter pass a copy.",
        "not-evaluated": "The definition failed on this input. Correct the rule that failed: the framework has no"
        " part in this.",
        "outcome-differs": "Run the reproducer. If the framework does this in general, record a departure; if only"
        " in this case, record it there with `expect` and a `because`.",
        "departure-outdated": "The framework changed, or the departure never held. Remove it, or restrict it to"
        " releases with `releases`.",
        "expectation-differs": "Run the reproducer. If the outcome is correct, change the `expect` of the case; if"
        " the definition predicts it, remove the `expect`.",
        "expectation-outdated": "The framework changed, or the `expect` never held. Remove it, or restrict it to"
        " releases with `when`.",
        "reason-missing": "Write the reason into the `because` of the `expect`.",
        "crashed": "Run the reproducer in a separate interpreter to see the crash; the message has the end of"
        " stderr.",
        "timed-out": "Run the reproducer to see where it hangs, or allow more time with"
        " `--conformance-timeout SECONDS`.",
    }
)

#: Verdict that fails a run, in the order in which they are shown -> what is wrong, where a document does not say.
_USUAL: Mapping[str, str] = MappingProxyType(
    {
        "unexplained": "outcome-differs",
        "stale": "departure-outdated",
        "crashed": "crashed",
        "timed-out": "timed-out",
    }
)

#: Verdicts that fail a run, in the order in which they are shown.
ATTENTION = tuple(_USUAL)

#: Quantity -> its name in a heading.
QUANTITY: Mapping[str, str] = MappingProxyType(
    {
        "accuracy": "Accuracy",
        "balanced-accuracy": "Balanced accuracy",
        "top-k-accuracy": "Top-k accuracy",
        "subset-accuracy": "Subset accuracy",
        "string-resolution": "compile() strings",
        "per-row": "Per-element accuracy",
    }
)


def quantity_title(quantity: str) -> str:
    """Return the heading of a quantity; an unknown one is shown by its own name."""
    return QUANTITY.get(quantity, quantity.replace("-", " ").capitalize())


def problem(verdict: str, told: object) -> str:
    """Return the code of what is wrong with a cell that fails a run; of a document without codes, the usual one.

    Args:
        verdict: one of `ATTENTION`.
        told: what the results document says.

    Raises:
        LookupError: the verdict does not fail a run.
    """
    return told if isinstance(told, str) and told in _ADVICE else _USUAL[verdict]


def advice(code: str) -> str:
    """Return what to do where a cell has a problem."""
    return _ADVICE[code]


def pip_install(distributions: Iterable[str]) -> str:
    """Return the command that installs distributions."""
    return f"pip install {' '.join(distributions)}"


def verdict_words(verdict: str) -> str:
    """Return a verdict as it is shown: `as-defined` as "as defined", `documented` as "known deviation"."""
    return SHOWN.get(verdict, verdict.replace("-", " "))
