"""pytest parameters that hold a metric to a definition, one for each case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from conformance.adapters.base import TASKS
from conformance.ask.arrays import AskError
from conformance.calls.text import did_you_mean
from conformance.cases import Case, matches
from conformance.cases.ordinary import has_odd_shapes
from conformance.session.corpus import check_patterns
from conformance.testing.claims import Claim, claimed
from conformance.testing.metric import Metric
from conformance.testing.pair import Claimed, Pair, looks
from conformance.testing.parts import data_of

#: Advice on a metric that gives a value where the definition raises.
_WHERE_IT_RAISES = "If it need not raise, errors=False leaves out all cases in which the definition does."


@dataclass(frozen=True, eq=False, repr=False)
class Check:
    """The check of a metric on one case: call it, and it raises an AssertionError if the metric does not conform.

    Attributes:
        metric: the metric.
        claim: what it claims to compute.
        case: the case.
    """

    metric: Metric
    claim: Claim
    case: Case

    def __repr__(self) -> str:
        return f"<{self.metric.name} as {self.claim.name} on {self.case.id}>"

    def __call__(self) -> None:
        """Call the metric, and compare what comes with what the definition predicts.

        Raises:
            AssertionError: it is something else; says what, why, and on which samples.
        """
        __tracebackhide__ = True
        call = self.case.call()
        parameters = self.parameters
        implied = self.claim.parameters(call)
        pair = Pair(
            self.metric, parameters, Claimed(self.claim), data_of(call), call, implied, _WHERE_IT_RAISES
        )
        pair.check(f"{self.case.id}: {self.case.title}", *looks(call, parameters))

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters that the metric is given: of those that the case implies, those that it takes."""
        implied = self.claim.parameters(self.case.call())
        names = {name: _taken_as(name, self.metric, self.claim) for name in implied}
        return {taken: implied[name] for name, taken in names.items() if taken is not None}


def parametrize_with_cases(
    metric: Callable[..., Any],
    *,
    claims: str,
    expected_failed: Mapping[str, str] = MappingProxyType({}),
    cases: str | Path | Sequence[str | Path] = (),
    ids: str | Sequence[str] = (),
    task: str | None = None,
    errors: bool = True,
    odd_shapes: bool = True,
) -> pytest.MarkDecorator:
    """Parametrize a test with a check of a metric for each case that applies to what it claims to be.

    The metric is called with NumPy arrays, and with those parameters of a case that it has. A case is left out if it
    names a parameter, or has weights, that the metric does not take, and if it has several updates and the metric is a
    function. Any exception will do where the definition predicts one, and any dtype; a number has to be within the
    tolerance of the definition. Where a framework is known to deviate from its documentation, both are accepted. No
    framework is imported.

        @conformance.parametrize_with_cases(my_metric, claims="accuracy_score")
        def test_my_metric(check):
            check()

    The id of each parameter is the id of the case, so that `pytest -k exactly-one-half` selects it.

    Args:
        metric: `metric(y_true, y_pred, **parameters)` with `sample_weight` among the parameters, under the names of a
            case (`threshold`, `top_k`, `average` ...) or of the implementation, which returns a number or an array.
            Or a class that keeps state: `metric(**parameters)`, its method `update(y_true, y_pred)` or `update_state`,
            and `compute()` or `result()`.
        claims: name of an implementation, as `conformance.lookup` reads it.
        expected_failed: id of a case -> why the metric fails on it. The test fails if it does not.
        cases: files and folders of cases; none: the shipped cases.
        ids: globs of case ids; none: all.
        task: `binary`, `multiclass` or `multilabel`: only cases of this task.
        errors: whether to check that the metric raises where the definition does; False leaves out these cases.
        odd_shapes: whether to check the metric without samples, on samples of rank 2 or more, and where predictions
            are neither of the shape of the targets nor (N, C) for targets (N,); False leaves out these cases.

    Raises:
        AskError: a ValueError that says what is wrong with the arguments.
        UnknownName, AmbiguousName: `claims` fits no implementation, or several.
        CaseErrors: the files are wrong.
    """
    checked = Metric(metric)
    claim = claimed(claims)
    if task is not None and task not in TASKS:
        raise AskError(f"task: {task!r} is none of {', '.join(TASKS)}{did_you_mean(task, TASKS)}.")
    paths = tuple(map(Path, [cases] if isinstance(cases, (str, Path)) else cases))
    patterns = (ids,) if isinstance(ids, str) else tuple(ids)
    applying = claim.cases(paths)
    check_patterns(patterns, [case.id for case in applying], "case")
    chosen = [
        case
        for case in applying
        if (not patterns or any(matches(pattern, case.id) for pattern in patterns))
        and task in (None, case.task)
        and _is_for(checked, claim, case, errors)
        and (odd_shapes or not has_odd_shapes(case))
    ]
    known = [case.id for case in chosen]
    for case_id in expected_failed:
        if case_id not in known:
            raise AskError(
                f"expected_failed: {case_id!r} is none of the {len(known)} cases that {checked.name} is checked on"
                f"{did_you_mean(case_id, known)}. Remove it."
            )
    if not chosen:
        raise AskError(
            f"There is nothing to check: no case that {claim.name} takes is left for {checked.name}."
        )
    return pytest.mark.parametrize(
        "check",
        [
            pytest.param(Check(checked, claim, case), id=case.id, marks=_marks(expected_failed.get(case.id)))
            for case in chosen
        ],
    )


def _is_for(metric: Metric, claim: Claim, case: Case, errors: bool) -> bool:
    """Whether a metric can be called on a case, and something is predicted."""
    call = case.call()
    if metric.methods is None and len(call.updates) != 1:
        return False
    if any(_taken_as(name, metric, claim) is None for name in claim.needed(call)):
        return False
    predicted = claim.predictions(call).predicted
    return not predicted.says_nothing and (errors or predicted.kind != "raises")


def _taken_as(name: str, metric: Metric, claim: Claim) -> str | None:
    """Return what a metric calls a parameter, as a case or as the implementation does; None if it has none."""
    return next(filter(metric.takes, (name, claim.entry.parameters.get(name, name))), None)


def _marks(reason: str | None) -> tuple[pytest.MarkDecorator, ...]:
    return () if reason is None else (pytest.mark.xfail(strict=True, reason=reason, raises=AssertionError),)
