"""Adapters that evaluate one compiled model on many calls: to build it takes far longer than all that follows.

The lines that build and evaluate it are those of the product's own recipes.
"""

from __future__ import annotations

from dataclasses import replace

from conformance.adapters.base import Adapter, Implementation
from conformance.adapters.registry import adapters
from conformance.frameworks.keras.adapter import SPELLING as KERAS_SPELLING
from conformance.frameworks.tf_keras.adapter import SPELLING as TF_KERAS_SPELLING

#: One evaluation takes longer than all its batches, so that calls are evaluated in one, which a callback ends after
#: each. Where it raises, or a batch would mix calls, each is evaluated on its own.
_LINES = """\
{{steps}}
{{names}}
{{logged}}
def given(name):
    if name.endswith("()"):
        return getattr({module}.metrics, name[:-2])()
    if not name.startswith("function"):
        return name

    def function(y_true, y_pred):
        value = {module}.metrics.binary_accuracy(y_true, y_pred)
        return value if name.endswith("per sample") else {mean}(value)

    return function


metrics = [given(name) for name in names]
calls, rows = [updates[start : start + steps] for start in range(0, len(updates), steps)], []


class Ending({module}.callbacks.Callback):
    def on_test_batch_end(self, batch, logs=None):
        if (batch + 1) % steps == 0:
            rows.append([0, *(logs[name] for name in logged)])
            self.model.reset_metrics()


y_true, y_pred, *weights = map(np.concatenate, zip(*updates))
sample_weight = weights[0] if weights else None
{model}
if {together}:
    try:
        {ending}
    except Exception:
        pass
if len(rows) != len(calls):
    rows.clear()
    for updates in calls:
        y_true, y_pred, *weights = map(np.concatenate, zip(*updates))
        sample_weight = weights[0] if weights else None
        try:
            {evaluation}
            rows.append([0, *(values[name] for name in logged)])
        except Exception:
            rows.append([1, *(0 for name in logged)])
"""


def _shared(entry: Implementation) -> Implementation:
    """Return the way to evaluate one model on calls of `steps` updates each: of each, whether it raises, and values."""
    spelling = TF_KERAS_SPELLING if entry.id.startswith("tf_keras.") else KERAS_SPELLING
    model, evaluation = entry.recipe.setup.replace('["accuracy"]', "metrics"), entry.recipe.update
    ending = evaluation.replace("verbose=0", "verbose=0, callbacks=[Ending()]")
    assert ending != evaluation
    lines = _LINES.format(
        module=spelling.module,
        mean=spelling.mean,
        model=model,
        together="True"
        if entry.recipe.data == "list"
        else "len({len(update[1]) for update in updates}) == 1",
        ending=ending,
        evaluation=evaluation,
    )
    recipe = replace(
        entry.recipe,
        setup="",
        update=lines,
        result="np.array(rows, dtype=float)",
        data="list",
        resolved="",
        keeps_setup=False,
    )
    return replace(
        entry,
        id=f"{entry.id} on many calls",
        recipe=recipe,
        parameters={name: name for name in ("steps", "names", "logged")},
    )


def _ways(adapter: Adapter) -> dict[str, Implementation]:
    """Return the ways to compile "accuracy" by id; the other strings differ from them in the string only."""
    keys = ("accuracy", "accuracy,dataset", "weighted_metrics=accuracy", "weighted_metrics=accuracy,dataset")
    ways = tuple(f".compile[{key}]" for key in keys)
    suffix = f"@{adapter.environment}" if adapter.environment else ""
    entries = (entry for entry in adapter.implementations if entry.id.removesuffix(suffix).endswith(ways))
    return {entry.id: _shared(entry) for entry in entries}


#: Origin -> id of a way to compile "accuracy" -> the implementation that evaluates it on many calls.
WAYS = {adapter.origin: ways for adapter in adapters() if (ways := _ways(adapter))}


def _name(origin: str) -> str:
    return origin.upper().replace("@", "_")


#: Origin -> the adapter with these implementations too. A worker finds it in this module.
SHARING = {
    adapter.origin: replace(
        adapter,
        path=f"{__name__}:{_name(adapter.origin)}",
        implementations=(*adapter.implementations, *WAYS[adapter.origin].values()),
    )
    for adapter in adapters()
    if adapter.origin in WAYS
}
globals().update({_name(origin): adapter for origin, adapter in SHARING.items()})
