"""Which calls of other frameworks give the values of an implementation: counted over the shipped cases, and written.

Predictions are counted, so that no framework is needed. They take a while and change only with cases and definitions:
`python -m conformance.ask.equal_calls` writes them to the file that `lookup` reads and every installation brings.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

import conformance
from conformance.adapters.base import CHOICES, IGNORABLE, METRICS, Adapter, Call, Implementation
from conformance.adapters.derive import is_float
from conformance.adapters.registry import adapters
from conformance.adapters.script import has_weights
from conformance.ask.lookup import EQUAL_CALLS
from conformance.cases import Case
from conformance.oracle import Predictions, find, predict
from conformance.oracle.exchange import Exchange
from conformance.oracle.side import RESOLUTION
from conformance.session.choosing import reason_not_asked
from conformance.session.corpus import read_cases

#: A second call is named if it is equal on so many cases on which the first is not.
_ENOUGH = 3

#: Results without a value, which nothing can equal.
_NO_VALUES = "string-resolution"


@dataclass(frozen=True, eq=False)
class _Pair:
    """One case, and what is predicted for two implementations that are run on it."""

    case: Case
    call: Call
    mine: Predictions
    other: Predictions

    @property
    def valued(self) -> bool:
        """Whether both give a value, of one form."""
        mine, other = self.mine.predicted, self.other.predicted
        return mine.kind == other.kind == "value" and isinstance(mine.value, list) == isinstance(
            other.value, list
        )

    @property
    def equal(self) -> bool:
        """Whether both give the same value."""
        return self.valued and self.mine.predicted.same_as(self.other.predicted)

    @property
    def raising(self) -> bool:
        """Whether one of them raises, and the other gives a value."""
        return {self.mine.predicted.kind, self.other.predicted.kind} == {"value", "raises"}


@dataclass(frozen=True, eq=False)
class _Candidate:
    """A call that may equal the implementation, on inputs of one task: ordinary ones, and the shipped cases.

    Attributes:
        entry: the other implementation.
        given: parameters of the implementation, under the names of a case.
        parameters: those of the other one.
        ordinary: what both give on ordinary inputs.
        pairs: what both give on the cases.
    """

    entry: Implementation
    given: Mapping[str, Any]
    parameters: Mapping[str, Any]
    ordinary: Sequence[_Pair]
    pairs: Sequence[_Pair]

    def equal(self) -> frozenset[str]:
        """Return the ids of the ordinary inputs on which the values are equal; two that are 0 say nothing."""
        return frozenset(
            pair.case.id for pair in self.ordinary if pair.equal and pair.mine.predicted.value != 0
        )

    def unlike(self) -> frozenset[str]:
        """Return the ids of the ordinary inputs on which both give a value, and not the same."""
        return frozenset(pair.case.id for pair in self.ordinary if pair.valued and not pair.equal)

    def cases(self, *, equal: bool) -> frozenset[str]:
        """Return the ids of the cases on which both give a value, and the same or not."""
        return frozenset(pair.case.id for pair in self.pairs if pair.valued and pair.equal is equal)

    def signs(self) -> tuple[tuple[bool, bool], ...]:
        """Return what is equal, and what raises: with parameters that change nothing it is the same."""
        return tuple((pair.equal, pair.raising) for pair in (*self.ordinary, *self.pairs))

    def rank(self) -> tuple[int, ...]:
        """Order by ordinary inputs, how plain the call is, the share of cases (in tenths), and how special it is."""
        equal, unlike = (len(self.cases(equal=is_equal)) for is_equal in (True, False))
        return (
            len(self.equal()) - len(self.unlike()),
            _plainness(self.entry),
            round(10 * equal / max(equal + unlike, 1)),
            -len(self.entry.tasks),
            equal,
        )

    @property
    def possible(self) -> bool:
        """Whether it is equal on an ordinary input, and more often than not on these or on the cases."""
        return bool(self.equal()) and (
            len(self.equal()) >= len(self.unlike())
            or len(self.cases(equal=True)) >= len(self.cases(equal=False))
        )


def best_of(candidates: Sequence[_Candidate]) -> Iterator[_Candidate]:
    """Yield the call that equals an implementation best, and one more where that is equal and the first is not."""
    left = [candidate for candidate in candidates if candidate.possible]
    if not left:
        return
    first = max(left, key=_Candidate.rank)
    yield first
    missed = first.cases(equal=False)

    def more(candidate: _Candidate) -> tuple[int, ...]:
        return (
            len(candidate.equal() - first.equal()),
            len(candidate.cases(equal=True) & missed) // _ENOUGH,
            *candidate.rank(),
        )

    second = max(left, key=more)
    if any(more(second)[:2]):
        yield second


def _ordinary(task: str, name: str, y_true: Any, y_pred: Any) -> Case:
    dtype = {"y_pred": "float32"} if np.asarray(y_pred).dtype.kind == "f" else {}
    inputs = {"y_true": y_true, "y_pred": y_pred, "dtype": dtype}
    return Case(name, name, task, theme="Ordinary inputs", file=__file__, inputs=inputs, inputs_yaml="")


def _column(values: Sequence[Any]) -> list[list[Any]]:
    return [[value] for value in values]


def _scores(labels: Sequence[int]) -> list[list[float]]:
    """Return scores of seven classes without a tie, of which those of the labels are highest."""
    return [[(16 + (column - label) % 7 * -2) / 70 for column in range(7)] for label in labels]


_BITS, _GUESSES = [1, 0, 1, 1, 0, 1, 0], [1, 0, 0, 1, 1, 1, 0]
_PROBABILITIES = [0.9, 0.2, 0.4, 0.7, 0.8, 0.6, 0.1]
_LABELS, _CHOICES = [0, 1, 2, 3, 4, 5, 6, 0, 0, 3], [0, 2, 1, 3, 5, 5, 0, 0, 1, 6]
_ONE_HOT = np.eye(7, dtype=int)[_LABELS].tolist()
_SETS = [[1, 0, 1, 0], [0, 1, 1, 0], [1, 1, 0, 1], [0, 0, 1, 0], [0, 1, 0, 1]]
_FOUND = [[1, 0, 1, 0], [0, 0, 1, 1], [1, 1, 1, 1], [0, 0, 1, 0], [1, 1, 1, 0]]
_SET_SCORES = [[(0.7 if bit else 0.1) + 0.05 * place for place, bit in enumerate(bits)] for bits in _FOUND]

#: What people pass to a metric: nothing missing, no tie, no score on a threshold, every class among the targets.
ORDINARY = (
    _ordinary("binary", "labels", _BITS, _GUESSES),
    _ordinary("binary", "scores", _BITS, _PROBABILITIES),
    _ordinary("binary", "columns of scores", _column(_BITS), _column(_PROBABILITIES)),
    _ordinary("multiclass", "labels", _LABELS, _CHOICES),
    _ordinary("multiclass", "labels and scores", _LABELS, _scores(_CHOICES)),
    _ordinary("multiclass", "one-hot targets and scores", _ONE_HOT, _scores(_CHOICES)),
    _ordinary("multilabel", "labels", _SETS, _FOUND),
    _ordinary("multilabel", "scores", _SETS, _SET_SCORES),
)

#: The same for each family of metrics.
_ORDINARY_OF = {metric: tuple(replace(case, metric=metric) for case in ORDINARY) for metric in METRICS}


class Corpus:
    """The shipped cases, and what is predicted for them; every prediction and every cause is computed once."""

    def __init__(self) -> None:
        found = adapters()
        self.cases = read_cases((), found)
        #: Those of this project: what another package brings is not everywhere.
        self.adapters = [one for one in found if one.path.startswith(f"{conformance.__name__}.")]
        self._cases = {metric: [case for case in self.cases if case.metric == metric] for metric in METRICS}
        self._calls: dict[Any, Call] = {}
        self._predicted: dict[Any, Predictions | None] = {}
        self._exchanges: dict[Call, Exchange] = {}

    def implementations(self) -> Iterator[tuple[Adapter, Implementation]]:
        """Yield those that claim a definition and give values."""
        for adapter in self.adapters:
            for entry in adapter.implementations:
                if entry.definition is not None and entry.quantity != _NO_VALUES:
                    yield adapter, entry

    def equal_calls(self, adapter: Adapter, mine: Implementation) -> list[dict[str, Any]]:
        """Return, for each other framework and each task, the calls that equal an implementation best.

        Of related quantities only where none of the same quantity does.
        """
        others: dict[str, list[Implementation]] = {}
        for owner, entry in self.implementations():
            usual = entry.asked == "always" and not entry.sharded and not owner.environment
            if usual and owner.framework != adapter.framework:
                others.setdefault(owner.framework, []).append(entry)
        return [
            {"framework": framework, "task": task, **self._described(candidate)}
            for framework, entries in others.items()
            for task in sorted(mine.tasks)
            for candidate in self._of_task(mine, entries, task)
        ]

    def _of_task(
        self, mine: Implementation, entries: Sequence[Implementation], task: str
    ) -> Iterator[_Candidate]:
        """Yield the calls that equal it best as it is, then those that do only with another average."""
        named = set()
        for given in _given(mine):
            for candidate in self._best(mine, given, entries, task):
                call = candidate.entry.id, frozenset(candidate.parameters.items())
                if call not in named:
                    yield candidate
                named.add(call)

    def _best(
        self, mine: Implementation, given: Mapping[str, Any], entries: Sequence[Implementation], task: str
    ) -> list[_Candidate]:
        for related in (False, True):
            candidates = [
                self._candidate(mine, given, entry, task)
                for entry in entries
                if entry.metric == mine.metric and (entry.quantity != mine.quantity) is related
            ]
            if found := list(best_of(candidates)):
                return found
        return []

    def _candidate(
        self, mine: Implementation, given: Mapping[str, Any], entry: Implementation, task: str
    ) -> _Candidate:
        """Return a call with the parameters that make it equal, and no others."""
        alike = _made_alike(mine, given, entry)
        found = self._with(mine, given, entry, task, alike)
        for name in alike:
            fewer = {other: value for other, value in found.parameters.items() if other != name}
            without = self._with(mine, given, entry, task, fewer)
            found = without if without.signs() == found.signs() else found
        return found

    def _with(
        self,
        mine: Implementation,
        given: Mapping[str, Any],
        entry: Implementation,
        task: str,
        parameters: Mapping[str, Any],
    ) -> _Candidate:
        def pairs(cases: Iterable[Case], *both: Implementation) -> Iterator[_Pair]:
            for case in cases:
                here = self._prediction(case, both[0], given) if case.task == task else None
                there = None if here is None else self._prediction(case, both[1], parameters)
                if here is not None and there is not None:
                    call = self._call(case, {**parameters, **given})
                    yield _Pair(case, call, here, there)

        always = (replace(one, asked="always", sharded=False) for one in (mine, entry))
        found = _Candidate(entry, given, parameters, tuple(pairs(_ORDINARY_OF[mine.metric], *always)), ())
        if not found.equal():
            return found  # whatever the cases say
        # A case that names another value of what is given is about another call.
        about = (
            case
            for case in self._cases[mine.metric]
            if all(case.inputs.get(name, value) == value for name, value in given.items())
        )
        return replace(found, pairs=tuple(pairs(about, mine, entry)))

    def _call(self, case: Case, parameters: Mapping[str, Any]) -> Call:
        """Return the call of a case with further parameters; the same one whenever it is asked for."""
        call = case.call()
        added = {name: value for name, value in parameters.items() if name not in call.parameters}
        if not added:
            return call
        key = case.metric, case.task, case.id, frozenset(added.items())
        if key not in self._calls:
            self._calls[key] = replace(call, parameters={**call.parameters, **added})
        return self._calls[key]

    def _prediction(
        self, case: Case, entry: Implementation, parameters: Mapping[str, Any]
    ) -> Predictions | None:
        """Return what is predicted for a case, None where it is not run on the implementation."""
        call = self._call(case, parameters)
        key = call, entry.id
        if key not in self._predicted:
            asked = reason_not_asked(case, entry, call) is None
            self._predicted[key] = predict(find(entry.definition or ""), call, trace=False) if asked else None
        return self._predicted[key]

    def _described(self, candidate: _Candidate) -> dict[str, Any]:
        pairs = sorted(candidate.pairs, key=lambda pair: oddness(pair.call))
        valued = [pair for pair in pairs if pair.valued]
        differs: dict[str, list[str]] = {}
        raises: dict[tuple[str, str], list[str]] = {}
        for pair in pairs:
            if pair.valued and not pair.equal:
                differs.setdefault(self._cause(pair), []).append(pair.case.id)
            if pair.raising:
                raiser = "raises" if pair.mine.predicted.kind == "raises" else "other-raises"
                told = (pair.mine if raiser == "raises" else pair.other).predicted.reason
                reason = "" if told is None else told.says
                raises.setdefault((raiser, reason), []).append(pair.case.id)
        return {
            "implementation": candidate.entry.id,
            **({"given": dict(candidate.given)} if candidate.given else {}),
            "parameters": dict(candidate.parameters),
            "inputs": sorted(candidate.equal()),
            "except": sorted(candidate.unlike()),
            "equal": sum(pair.equal for pair in valued),
            "of": len(valued),
            "differs": [
                {"axes": axes.split(), "cases": len(ids), "case": ids[0]} for axes, ids in _frequent(differs)
            ],
            "raises": [
                {"which": which, "reason": reason, "cases": len(ids), "case": ids[0]}
                for (which, reason), ids in _frequent(raises)
            ],
        }

    def _cause(self, pair: _Pair) -> str:
        """Return the axes whose exchange makes two values equal; of several sets one with rules alone."""
        exchange = self._exchanges.setdefault(pair.call, Exchange(pair.call))
        found = exchange.causes(pair.mine.side, pair.other.side)
        axes = min(found, key=lambda axes: ("departure" in axes) + 2 * (RESOLUTION in axes))
        return " ".join(axes)


def oddness(call: Call) -> tuple[int, int]:
    """Return how far an input is from an ordinary one, to sort by: what is special about it, then its size."""
    arrays = [array for update in call.updates for array in (update.y_true, update.y_pred)]
    odd = (
        len(call.updates) != 1,
        has_weights(call),
        any(not array.size for array in arrays),
        any(is_float(array) and not np.isfinite(array.astype("float64")).all() for array in arrays),
        any(array.dtype.name not in ("int64", "float32", "float64") for array in arrays),
        call.metric_dtype is not None or call.loss is not None,
        *(name not in IGNORABLE for name in call.parameters),
    )
    return sum(odd), sum(array.size for array in arrays)


def _given(mine: Implementation) -> Iterator[Mapping[str, Any]]:
    """Yield parameters with which an implementation is compared: none, and each average, which is another metric."""
    yield {}
    if mine.parameters.get("average", "") not in ("", *mine.fixed):
        for average in CHOICES["average"]:
            if average not in ("none", mine.defaults.get("average")):
                yield {"average": average}


def _made_alike(mine: Implementation, given: Mapping[str, Any], other: Implementation) -> dict[str, Any]:
    """Return what an implementation is given, or has by default, and another one has not that has the parameter."""
    fixed = {name: mine.fixed[own] for name, own in mine.parameters.items() if own in mine.fixed}
    return {
        name: value
        for name, value in {**mine.defaults, **fixed, **given}.items()
        if (isinstance(value, (int, float)) and not isinstance(value, bool)) or value in CHOICES.get(name, ())
        if name not in IGNORABLE
        if other.parameters.get(name, "") not in ("", *other.fixed) and other.defaults.get(name) != value
    }


def _plainness(entry: Implementation) -> int:
    """Return 1 for a call that its id says, with arguments or without; 0 for another way of use."""
    _, _, brackets = entry.id.partition("[")
    return brackets in ("", ",".join(f"{name}={value}" for name, value in entry.fixed.items()) + "]")


def _frequent(found: Mapping[Any, list[str]]) -> list[tuple[Any, list[str]]]:
    return sorted(found.items(), key=lambda item: -len(item[1]))


def main() -> None:
    """Write the file, one line for each implementation."""
    corpus = Corpus()
    found = ((entry.id, corpus.equal_calls(adapter, entry)) for adapter, entry in corpus.implementations())
    lines = (f"{json.dumps(name)}:{json.dumps(listed, separators=(',', ':'))}" for name, listed in found)
    EQUAL_CALLS.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
