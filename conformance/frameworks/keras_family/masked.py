"""How masks get to a metric: by predictions that carry one, or by a Masking layer. Needs NumPy only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from conformance.adapters import derive
from conformance.adapters.base import Expression, Implementation, Recipe
from conformance.adapters.script import filled
from conformance.frameworks.keras_family.compile import Spelling, string
from conformance.frameworks.keras_family.ways import Role

#: Role and string of what is compiled, by what makes the mask.
COMPILED: tuple[tuple[str, Role, str], ...] = (
    ("mask", "metrics", "accuracy"),
    ("mask", "weighted_metrics", "accuracy"),
    ("mask", "metrics", "binary_accuracy"),
    ("Masking", "metrics", "accuracy"),
    ("Masking", "weighted_metrics", "accuracy"),
)

#: Metric classes that are given predictions with a mask.
ALONE = ("BinaryAccuracy", "SparseCategoricalAccuracy")

_LAYER = """\
class Masked({module}.layers.Layer):
    def call(self, inputs):
        return inputs[0]

    def compute_mask(self, inputs, mask=None):
        return inputs[1]


"""

_MASK = """\
inputs = [
    {module}.Input(shape=y_pred.shape[1:]),
    {module}.Input(shape=mask.shape[1:], dtype="bool"),
]
model = {module}.Model(inputs, Masked({dtype})(inputs))
"""

_MASKING = """\
y_pred = np.where(mask.reshape(mask.shape + (1,) * (y_pred.ndim - mask.ndim)), y_pred, 0)
inputs = {module}.Input(shape=y_pred.shape[1:])
model = {module}.Model(inputs, {module}.layers.Masking({dtype})(inputs))
"""

_COMPILED = """\
model.compile({loss}, {role}=["{word}"])"""

_EVALUATED = """\
values = model.evaluate({x}, y_true, {batch_size}, {weight}, verbose=0, return_dict=True)"""


def key(by: str, role: Role, word: str) -> str:
    """Return what stands in the brackets of an id."""
    return f"{'' if role == 'metrics' else f'{role}='}{word},{by}"


def compiled(keras: Spelling) -> Iterator[Implementation]:
    """Yield the ways to compile a string for a model whose outputs carry a mask."""
    for by, role, word in COMPILED:
        lines, x = (_LAYER + _MASK, "[y_pred, mask]") if by == "mask" else (_MASKING, "y_pred")
        names = {"module": keras.module, "role": role, "word": word, "x": x}
        path = f"{keras.module}.Model.compile[{key(by, role, word)}]"
        entry = string(keras, word)
        yield replace(
            entry,
            id=path,
            definition=path,
            recipe=replace(
                entry.recipe,
                setup=filled(lines + _COMPILED, names),
                update=filled(_EVALUATED, names),
                # With a Masking layer, setup prepares the data, too.
                keeps_setup=by == "mask",
            ),
            derived={"loss": derive.loss, "dtype": derive.output_dtype, "batch_size": derive.batch_size},
            ranks="scores",
            asked="training",
            masks=True,
        )


def alone(module: str, tensor: Expression, metrics: tuple[Implementation, ...]) -> Iterator[Implementation]:
    """Yield the ways to give a metric class predictions that carry a mask.

    Args:
        module: import name.
        tensor: the expression that makes a tensor of an array.
        metrics: the entries of the classes.
    """

    def carried(name: str, dtype: np.dtype[np.generic]) -> str:
        return f"masked([{tensor(name, dtype)}, mask])" if name == "y_pred" else name

    for entry in metrics:
        if entry.recipe.state and entry.id.rpartition(".")[2] in ALONE:
            path, recipe = f"{entry.id}[mask]", entry.recipe
            layer = filled(_LAYER, {"module": module})
            yield replace(
                entry,
                id=path,
                definition=path,
                recipe=Recipe(
                    recipe.imports,
                    recipe.result,
                    # Scores keep their dtype.
                    setup=f"{layer}masked = Masked(autocast=False)\n{recipe.setup}",
                    update=recipe.update,
                    expression=carried,
                    state=recipe.state,
                    reset=recipe.reset,
                ),
                asked="training",
                masks=True,
            )
