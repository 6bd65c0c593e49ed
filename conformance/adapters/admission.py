"""Which implementations run on which case: one table, applied by one function.

The table looks at the task, the parameters named, the updates, the weights and the ranks of y_true and
y_pred, never at values or dtypes: scores fed to a label metric are admitted, and its exception is an outcome.
`num_classes`, `num_labels`, `labels` and `validate_args` are ignored by implementations without such a parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from conformance.adapters.base import IGNORABLE, Call, Implementation


@dataclass(frozen=True)
class Ranks:
    """A condition on the ranks of a case.

    Attributes:
        says: the condition in words.
        admits: task, rank of y_true, rank of y_pred -> whether it holds.
    """

    says: str
    admits: Callable[[str, int, int], bool]


RANKS: Mapping[str, Ranks] = {
    "any": Ranks("any ranks", lambda task, true, pred: True),
    "output": Ranks("y_pred of rank 1 or more", lambda task, true, pred: pred >= 1),
    "scores": Ranks("y_pred of rank 2 or more", lambda task, true, pred: pred >= 2),
    "scores-unless-binary": Ranks(
        "y_pred of rank 2 or more, unless the task is binary",
        lambda task, true, pred: task == "binary" or pred >= 2,
    ),
    "one-hot": Ranks(
        "y_pred of rank 2 or more, y_true of the same rank",
        lambda task, true, pred: pred >= 2 and true == pred,
    ),
    "sparse": Ranks(
        "y_pred of rank 2 or more, y_true of the same rank or one less",
        lambda task, true, pred: pred >= 2 and pred - true in (0, 1),
    ),
}

UPDATES: Mapping[str, str] = {
    "many": "any number of updates",
    "one": "one call, no batches or updates",
    "even": "batches of equal size, the last one may be smaller but not empty",
    "batches": "one update or more",
}


#: Which of the cases that the table admits ask an implementation.
ASKED: Mapping[str, str] = {
    "always": "",
    "named-or-loss": "only if the case names it or a loss",
    "table": "only in the table of metric strings, or if the case names it",
}


def admission(entry: Implementation) -> str:
    """Describe in one line which cases an implementation is run on."""
    tasks = (
        f"{task} (with {entry.only_with[task]})" if task in entry.only_with else task
        for task in sorted(entry.tasks)
    )
    parameters = [name for name, own in entry.parameters.items() if own not in entry.fixed]
    parts = (
        ", ".join(tasks),
        RANKS[entry.ranks].says,
        f"{UPDATES[entry.updates]}{', two or more: the shards' if entry.sharded else ''}",
        f"parameters: {', '.join(parameters) or 'none'}",
        *(["sample_weight"] if entry.weights else []),
        *(["dtype of its own"] if entry.metric_dtype else []),
        *([ASKED[entry.asked]] if ASKED[entry.asked] else []),
    )
    return "; ".join(parts)


def reason_not_applicable(implementation: Implementation, call: Call, *, chosen: bool = False) -> str | None:
    """Return why a case is not applicable to an implementation, or None.

    Args:
        implementation: the entry.
        call: the case, as data.
        chosen: whether the case names this implementation under `implementations`. It then goes outside the
            table of tasks and ranks, but not outside what can be called at all.
    """
    reasons = [_missing_parameter, _updates]
    if not chosen:
        reasons = [_task, *reasons, _shards, _ranks, _asked]
    return next((reason for check in reasons if (reason := check(implementation, call))), None)


def _task(implementation: Implementation, call: Call) -> str | None:
    if call.task not in implementation.tasks:
        return f"supports only {' and '.join(sorted(implementation.tasks))} cases, not {call.task}"
    needed = implementation.only_with.get(call.task)
    if needed and needed not in call.parameters:
        return f"runs on {call.task} cases only if they set {needed}"
    return None


def _missing_parameter(implementation: Implementation, call: Call) -> str | None:
    for name in call.parameters:
        own = implementation.parameters.get(name)
        if own is not None and own in implementation.fixed:
            return f"has {name} fixed to {implementation.fixed[own]}"
        if own is None and name not in IGNORABLE:
            return f"has no parameter {name}"
    if call.loss is not None and implementation.fixed.get("loss", call.loss) != call.loss:
        return f"has loss fixed to {implementation.fixed['loss']}"
    if call.metric_dtype is not None and not implementation.metric_dtype:
        return "has no parameter dtype"
    if not implementation.weights and any(update.sample_weight is not None for update in call.updates):
        return "has no parameter sample_weight"
    return None


def _updates(implementation: Implementation, call: Call) -> str | None:
    if implementation.updates == "one" and call.batches is not None:
        return "is a function, called once; the case has several updates"
    if implementation.updates in ("even", "batches") and not call.updates:
        return "needs at least one update"
    if implementation.updates == "even":
        return _uneven(call)
    return None


def _shards(implementation: Implementation, call: Call) -> str | None:
    if implementation.sharded and len(call.batches or ()) < 2:
        return "shards the updates; the case has fewer than two batches or updates"
    return None


def _uneven(call: Call) -> str | None:
    *full, last = call.batches or (1,)
    if full and (len(set(full)) > 1 or not 0 < last <= full[0]):
        return f"has a single batch_size, which cannot make the batches {list(call.batches or ())}"
    for name in ("y_true", "y_pred", "sample_weight"):
        arrays = [getattr(update, name) for update in call.updates]
        layouts = {None if array is None else (array.ndim, array.shape[1:]) for array in arrays}
        if len(arrays) > 1 and (len(layouts) > 1 or (0, ()) in layouts):
            return f"takes a single array; the {name} of the updates cannot be concatenated"
    return None


def _ranks(implementation: Implementation, call: Call) -> str | None:
    rule = RANKS[implementation.ranks]
    for update in call.updates[:1]:
        if not rule.admits(call.task, update.y_true.ndim, update.y_pred.ndim):
            return (
                f"needs {rule.says}; here y_true has rank {update.y_true.ndim}"
                f" and y_pred rank {update.y_pred.ndim}"
            )
    return None


def _asked(implementation: Implementation, call: Call) -> str | None:
    if implementation.asked == "named-or-loss" and call.loss is None:
        return "runs only in cases that name it under implementations or set a loss"
    if implementation.asked == "table":
        return "runs only in the table of compile() strings, or in cases that name it under implementations"
    return None
