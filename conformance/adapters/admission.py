"""Which implementations run on which case: one table, applied by one function.

The table looks at the metric, the task, the parameters named and whether they are lists, the updates, the weights and
the ranks of y_true and y_pred, never at other values or dtypes: scores fed to a label metric are admitted, and its
exception is an outcome.
`num_classes`, `num_labels`, `labels` and `validate_args` are ignored by implementations without such a parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from numpy.typing import NDArray

from conformance.adapters.base import IGNORABLE, LISTED, OF_A_MODEL, Call, Implementation
from conformance.adapters.releases import Release, absence
from conformance.adapters.script import has_mask, has_weights

#: Name -> a condition on the ranks of a case, in words and as a function of task, rank of y_true and rank of y_pred.
RANKS: Mapping[str, tuple[str, Callable[[str, int, int], bool]]] = {
    "any": ("any ranks", lambda task, true, pred: True),
    OF_A_MODEL: ("y_pred of rank 1 or more", lambda task, true, pred: pred >= 1),
    "columns": ("y_true and y_pred of rank 2", lambda task, true, pred: true == pred == 2),
    "scores": ("y_pred of rank 2 or more", lambda task, true, pred: pred >= 2),
    "scores-unless-binary": (
        "y_pred of rank 2 or more, unless the task is binary",
        lambda task, true, pred: task == "binary" or pred >= 2,
    ),
    "one-hot": (
        "y_pred of rank 2 or more, y_true of the same rank",
        lambda task, true, pred: pred >= 2 and true == pred,
    ),
    "sparse": (
        "y_pred of rank 2 or more, y_true of the same rank or one less",
        lambda task, true, pred: pred >= 2 and pred - true in (0, 1),
    ),
}

UPDATES: Mapping[str, str] = {
    "many": "any number of updates",
    "one": "one call, no batches or updates",
    "even": "batches of equal size, the last one may be smaller but not empty",
    "batches": "one update or more",
    "several": "two updates or more",
    "folds": "two updates or more, of one array",
}


#: Which of the cases that the table admits ask an implementation.
ASKED: Mapping[str, str] = {
    "always": "",
    "named": "only if the case names it",
    "named-or-loss": "only if the case names it or a loss",
    "training": "only if the case names it, or has class_weight, mask or outputs",
    "table": "only in the table of metric strings, or if the case names it",
}


def admission(entry: Implementation) -> str:
    """Describe in one line which cases an implementation is run on."""
    tasks = (
        f"{task} (with {entry.only_with[task]})" if task in entry.only_with else task
        for task in sorted(entry.tasks)
    )
    parameters = [
        f"{name}{' or a list' * (name in entry.lists)}"
        f"{f' ({entry.parameter_releases[name]})' if name in entry.parameter_releases else ''}"
        for name, own in entry.parameters.items()
        if own not in entry.fixed
    ]
    parts = (
        ", ".join(tasks),
        RANKS[entry.ranks][0],
        f"{UPDATES[entry.updates]}{', two or more: the shards' if entry.sharded else ''}",
        f"parameters: {', '.join(parameters) or 'none'}",
        *(["sample_weight"] if entry.weights else []),
        *(["class_weight"] if entry.class_weight else []),
        *(["mask"] if entry.masks else []),
        *(["outputs"] if entry.outputs else []),
        *(["dtype of its own"] if entry.metric_dtype else []),
        *([ASKED[entry.asked]] if ASKED[entry.asked] else []),
        *([f"releases {entry.releases}"] if entry.releases else []),
    )
    return "; ".join(parts)


#: Rank of an array, and its shape but for the first axis.
Layout: TypeAlias = tuple[int, tuple[int, ...]]


class Outline(NamedTuple):
    """All of a call that the table looks at; many calls have the same. The arrays are those of each update."""

    task: str
    parameters: tuple[str, ...]
    loss: str | None
    metric_dtype: str | None
    class_weight: bool
    masked: bool
    outputs: bool
    weights: bool
    batches: tuple[int, ...] | None
    y_true: tuple[Layout, ...]
    y_pred: tuple[Layout, ...]
    sample_weight: tuple[Layout | None, ...]
    metric: str
    lists: frozenset[str]


def outline(call: Call) -> Outline:
    """Return what the table looks at."""
    return Outline(
        call.task,
        tuple(call.parameters),
        call.loss,
        call.metric_dtype,
        call.class_weight is not None,
        has_mask(call),
        bool(call.outputs),
        has_weights(call),
        call.batches,
        tuple(_layout(update.y_true) for update in call.updates),
        tuple(_layout(update.y_pred) for update in call.updates),
        tuple(u.sample_weight if u.sample_weight is None else _layout(u.sample_weight) for u in call.updates),
        call.metric,
        frozenset(name for name in LISTED if isinstance(call.parameters.get(name), list)),
    )


def _layout(array: NDArray[Any]) -> Layout:
    return array.ndim, array.shape[1:]


def reason_not_applicable(
    implementation: Implementation, call: Call | Outline, *, chosen: bool = False, release: Release = None
) -> str | None:
    """Return why a case is not applicable to an implementation, or None.

    Args:
        implementation: the entry.
        call: the case, as data or as the table sees it.
        chosen: whether the case names this implementation under `implementations`. It then goes outside the
            table of tasks and ranks, but not outside what can be called at all.
        release: the installed release of the framework; None for the newest that is known.
    """
    seen = call if isinstance(call, Outline) else outline(call)
    return next(_reasons(implementation, seen, chosen, release), None)


def _reasons(entry: Implementation, call: Outline, chosen: bool, release: Release) -> Iterator[str]:
    if absent := absence(entry.releases, release):
        yield f"is {absent}"
    if call.metric != entry.metric:
        yield f"computes {entry.metric}, not {call.metric}"
    needed = entry.only_with.get(call.task)
    if not chosen and call.task not in entry.tasks:
        yield f"supports only {' and '.join(sorted(entry.tasks))} cases, not {call.task}"
    if not chosen and needed and needed not in call.parameters:
        yield f"runs on {call.task} cases only if they set {needed}"
    for name in call.parameters:
        own = entry.parameters.get(name)
        if own is not None and own in entry.fixed:
            path = entry.id.partition("[")[0]
            yield f"has {name} fixed to {entry.fixed[own]}: leave {name} out, or take {path}"
        if own is None and name not in IGNORABLE:
            yield f"has no parameter {name}"
        if own is not None and name in call.lists - entry.lists:
            yield f"takes one {name}"
        if absent := absence(entry.parameter_releases.get(name, ""), release):
            yield f"has no parameter {name}, which is {absent}"
    if call.loss is not None and entry.fixed.get("loss", call.loss) != call.loss:
        yield f"has loss fixed to {entry.fixed['loss']}"
    if call.class_weight and not entry.class_weight:
        yield "has no parameter class_weight"
    if call.masked != entry.masks:
        yield "has no mask: use ignore_index or remove the samples" if call.masked else "is about a mask"
    if call.outputs != entry.outputs:
        one = "takes one output: compute the metric for each output"
        yield one if call.outputs else "is about a model with several outputs"
    if call.metric_dtype is not None and not entry.metric_dtype:
        yield "has no parameter dtype"
    if not entry.weights and call.weights:
        yield "has no parameter sample_weight"
    if entry.updates == "one" and call.batches is not None:
        yield "is a function, called once; the case has several updates"
    if entry.updates in ("even", "batches", "several", "folds") and not call.y_true:
        yield "needs at least one update"
    if entry.updates == "even":
        yield from _uneven(call)
    if entry.updates in ("even", "folds"):
        yield from _not_joined(call)
    if chosen:
        return
    if entry.updates in ("several", "folds") and len(call.y_true) < 2:
        yield "is about several updates; the case has one"
    if entry.sharded and len(call.batches or ()) < 2:
        yield "shards the updates; the case has fewer than two batches or updates"
    says, admits = RANKS[entry.ranks]
    for (true, _), (pred, _) in zip(call.y_true[:1], call.y_pred[:1], strict=True):
        if not admits(call.task, true, pred):
            yield f"needs {says}; here y_true has rank {true} and y_pred rank {pred}"
    if entry.asked == "named":
        yield "runs only in cases that name it under implementations"
    if entry.asked == "named-or-loss" and call.loss is None:
        yield "runs only in cases that name it under implementations or set a loss"
    if entry.asked == "training" and not (call.class_weight or call.masked or call.outputs):
        yield "runs only in cases that name it under implementations, or have class_weight, mask or outputs"
    if entry.asked == "table":
        yield "runs only in the table of compile() strings, or in cases that name it under implementations"


def _uneven(call: Outline) -> Iterator[str]:
    *full, last = call.batches or (1,)
    if full and (len(set(full)) > 1 or not 0 < last <= full[0]):
        yield (
            f"has a single batch_size, which cannot make the batches {list(call.batches or ())}: "
            "only the last one may be smaller"
        )


def _not_joined(call: Outline) -> Iterator[str]:
    for name in ("y_true", "y_pred", "sample_weight"):
        layouts = getattr(call, name)
        if len(layouts) > 1 and (len(set(layouts)) > 1 or (0, ()) in layouts):
            yield f"takes a single array; the {name} of the updates cannot be concatenated"
