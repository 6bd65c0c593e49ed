"""What is known of an implementation, as value objects that show themselves."""

from __future__ import annotations

import importlib
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from conformance.adapters.script import literal
from conformance.calls.outcome import encode
from conformance.calls.text import count, visible
from conformance.oracle.changed import Changed

#: Said where the shipped comparisons do not have an implementation.
NOT_COMPARED = "not compared: it gives no value, or came with another package"

#: So many differences of a kind are printed; JSON has all.
_SHOWN = 3


@dataclass(frozen=True)
class Rule:
    """What is done on an axis.

    Attributes:
        axis: code of the axis.
        says: the rule in one sentence.
        basis: `documented`, or `source` where the documentation is silent.
        source: the sentence and its place, or file and lines.
        releases: releases in which it holds, a PEP 440 specifier; empty for all that are known.
        deviations: ids of the findings after which another rule holds under some condition.
    """

    axis: str
    says: str
    basis: str
    source: str
    releases: str
    deviations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Known:
    """A finding: a known deviation of the implementation.

    Attributes:
        id: slug.
        kind: `defect`, `undocumented` or `limitation`.
        title: one line.
        releases: releases that deviate, PEP 440 specifiers; empty for all that are known.
    """

    id: str
    kind: str
    title: str
    releases: str


@dataclass(frozen=True)
class Difference:
    """Cases on which two calls do not give the same.

    Attributes:
        why: `axes`: both give a value, and differ by the rules on these; `raises`: this implementation raises, and
            the other gives a value; `other-raises`: the other way round.
        axes: for `axes`: their codes.
        reason: for the others: what it raises for, in words.
        cases: how many of the shipped cases.
        case: id of the most ordinary one.
    """

    why: Literal["axes", "raises", "other-raises"]
    axes: tuple[str, ...]
    reason: str
    cases: int
    case: str


@dataclass(frozen=True)
class Equal:
    """A call of another framework that gives the same values on ordinary inputs of one task.

    Attributes:
        framework: the framework.
        task: `binary`, `multiclass` or `multilabel`.
        implementation: its id.
        quantity: what its name promises, if that is not what the other one's does; empty if it is.
        says: what it computes, in one sentence.
        call: how it is called, with the parameters that make it equal.
        given: parameters of the implementation itself with which it is equal, under the names of a case.
        parameters: those of the call.
        inputs: the ordinary inputs on which it is equal, in words.
        unlike: those on which both give a value, and not the same.
        equal: number of shipped cases on which both give the same value.
        of: number of shipped cases on which both give a value.
        differences: where they do not, the most frequent first.
    """

    framework: str
    task: str
    implementation: str
    quantity: str
    says: str
    call: str
    given: Mapping[str, Any]
    parameters: Mapping[str, Any]
    inputs: tuple[str, ...]
    unlike: tuple[str, ...]
    equal: int
    of: int
    differences: tuple[Difference, ...]

    @property
    def asked(self) -> str:
        """The task, and what the implementation itself is given."""
        return ", ".join(filter(None, (self.task, _written(self.given) and f"with {_written(self.given)}")))

    def sentences(self) -> Iterator[str]:
        """Yield what it computes, on what it is equal, and where it is not."""
        if self.quantity:
            yield f"another quantity, {self.quantity}: {self.says}"
        elif not self.call.startswith(self.implementation.partition("[")[0] + "("):
            yield self.says
        unlike = f", not on {' or '.join(self.unlike)}" if self.unlike else ""
        yield f"equal on ordinary inputs: {', '.join(self.inputs)}{unlike}"
        if self.of:
            yield f"equal in {self.equal} of {count(self.of, 'case')} on which both give a value"
        for why, head in (
            ("axes", "differ by"),
            ("raises", "this raises"),
            ("other-raises", "the other raises"),
        ):
            told = [one for one in self.differences if one.why == why]
            parts = [
                f"{' and '.join(one.axes) or one.reason} ({count(one.cases, 'case')}: {one.case})"
                for one in told[:_SHOWN]
            ]
            if len(told) > _SHOWN:
                parts.append(f"others ({count(sum(one.cases for one in told[_SHOWN:]), 'case')})")
            if parts:
                yield f"{head}: {'; '.join(parts)}"


@dataclass(frozen=True)
class Description:
    """What is known of an implementation. Printed, it is what `conformance lookup` shows.

    Attributes:
        implementation: its id.
        framework: title of the framework, with the environment behind `@` where it is not the default one.
        quantity: what its name promises.
        says: what it computes, in one sentence; empty if it claims no definition.
        becomes: for a string given to compile(), or a task: task and shapes of y_true and y_pred -> the name of what
            it becomes. Empty for everything else.
        releases: the releases of the framework that the rules are known for, a PEP 440 specifier; empty if any.
        tasks: the tasks it runs on.
        ranks: which ranks of y_true and y_pred it takes, in words.
        updates: how many updates it takes, in words.
        parameters: name of a parameter in a case -> the framework's own name.
        given: arguments that the way of use gives, under the framework's own names (`average=micro`).
        defaults: the framework's own name of a parameter -> its value where it is not given.
        weights: whether it takes sample_weight.
        rules: in the order in which they are applied.
        findings: its known deviations.
        changes: what releases changed in it, the newest release first.
        compared: whether the shipped comparisons have it.
        equals: calls of other frameworks that equal it, by task: as it is, then with parameters.
        without: frameworks that were compared and have no call that equals it as it is, with the tasks if it is some
            of them only.
    """

    implementation: str
    framework: str
    quantity: str
    says: str
    becomes: Mapping[str, str]
    releases: str
    tasks: tuple[str, ...]
    ranks: str
    updates: str
    parameters: Mapping[str, str]
    given: Mapping[str, Any]
    defaults: Mapping[str, Any]
    weights: bool
    rules: tuple[Rule, ...]
    findings: tuple[Known, ...]
    changes: tuple[Changed, ...]
    compared: bool
    equals: tuple[Equal, ...]
    without: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the answer as strict JSON: the attributes, and those of their parts, under their names."""
        changes = [one.to_json() for one in self.changes]
        return {"format": 1, **encode(asdict(replace(self, changes=()))), "changes": changes}

    def to_pandas(self) -> Any:
        """Return `equals` as a pandas.DataFrame, a row for each call.

        Raises:
            ImportError: pandas is not installed.
        """
        names = ("framework", "task", "given", "implementation", "call", "equal", "of")
        rows = [{name: getattr(equal, name) for name in names} for equal in self.equals]
        return importlib.import_module("pandas").DataFrame(rows, columns=list(names))

    def __str__(self) -> str:
        return "\n".join(self.lines(79))

    def _repr_html_(self) -> str:
        # Imported here because text needs no templates.
        from conformance.ask.showing import fragment

        return fragment("description.html", found=self, not_compared=NOT_COMPARED)

    def facts(self) -> Iterator[tuple[str, str]]:
        """Yield what it takes, and what that is called: names and sentences."""
        known = f" ({self.releases})" if self.releases else ""
        yield "framework", f"{self.framework}{known}"
        for shapes, name in self.becomes.items():
            yield "becomes", f"{name} for {shapes}"
        yield "takes", "; ".join([", ".join(self.tasks), self.ranks, self.updates])
        own = [*self.parameters.values(), *(["sample_weight"] if self.weights else [])]
        yield "parameters", ", ".join(own) or "none"
        if self.given:
            yield "given", _written(self.given)
        yield "defaults", _written(self.defaults) or "none"

    def lines(self, width: int) -> Iterator[str]:
        """Yield the answer for a terminal, in lines no longer than `width` unless a word is."""

        def wrapped(text: str, indent: str, hanging: str = "  ") -> Iterator[str]:
            yield from textwrap.wrap(
                visible(text),
                width,
                initial_indent=indent,
                subsequent_indent=indent + hanging,
                break_long_words=False,
                break_on_hyphens=False,
            )

        yield from wrapped(self.implementation, "")
        yield from wrapped(self.says or "It claims no definition.", "  ", "")
        for name, told in self.facts():
            yield from wrapped(f"{name}: {told}", "  ")
        yield "equal calls of other frameworks"
        for with_parameters in (False, True):
            for equal in self.equals:
                if bool(equal.given) is with_parameters:
                    yield from wrapped(f"{equal.asked}: {equal.call}", "  ")
                    for text in equal.sentences():
                        yield from wrapped(text, "    ")
            if self.without and not with_parameters:
                yield from wrapped(f"none: {'; '.join(self.without)}", "  ")
        if not self.compared:
            yield from wrapped(NOT_COMPARED, "  ")
        if self.findings:
            yield "findings"
        for finding in self.findings:
            where = f", {finding.releases}" if finding.releases else ""
            yield from wrapped(f"{finding.id} ({finding.kind}{where}): {finding.title}", "  ")
        if self.changes:
            yield "since when"
        for one in self.changes:
            yield from wrapped(f"{one.distribution} {one.change.release}: {one.change.says}", "  ")
            yield from wrapped(one.change.link, "    ")
        yield "rules"
        for rule in self.rules:
            where = f" ({rule.releases})" if rule.releases else ""
            yield from wrapped(f"{rule.axis}{where}: {rule.says}", "  ")
            yield from wrapped(f"{rule.basis}: {rule.source}", "    ")
            if rule.deviations:
                yield from wrapped(f"known deviations: {', '.join(rule.deviations)}", "    ")


def _written(arguments: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={literal(value)}" for name, value in arguments.items())
