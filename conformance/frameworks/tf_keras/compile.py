"""What the strings given to tf_keras.Model.compile stand for (tf_keras/src/engine/compile_utils.py of 2.21.0)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from conformance.adapters import derive
from conformance.adapters.base import Call, Update
from conformance.frameworks.keras import graph as keras_graph
from conformance.frameworks.keras.graph import Batch, Kind, Spec
from conformance.frameworks.keras_family.errors import NO_LAST_DIMENSION
from conformance.frameworks.keras_family.names import Choice, Compile, Feeding, Name, Role
from conformance.frameworks.tf_keras import feeding as tf_keras_feeding
from conformance.frameworks.tf_keras import graph as tf_keras_graph
from conformance.frameworks.tf_keras import wrapped as tf_keras_wrapped
from conformance.frameworks.tf_keras.departures import BASE
from conformance.oracle.model import Behaviour, Definition, Finding, Rule
from conformance.oracle.numbers import is_whole
from conformance.oracle.reasons import Raises
from conformance.oracle.rules import accumulation, weights
from conformance.oracle.stages import Checks, Parameters

_COMPILE = "tf_keras/src/engine/compile_utils.py"
_TRAINING = "tf_keras/src/engine/training.py"
_DOCS = "https://www.tensorflow.org/api_docs/python/tf/keras/Model#compile"
_CLAIM = (
    "\"When you pass the strings 'accuracy' or 'acc', we convert this to one of `tf.keras.metrics.BinaryAccuracy`, "
    "`tf.keras.metrics.CategoricalAccuracy`, `tf.keras.metrics.SparseCategoricalAccuracy` based on the shapes of the "
    "targets and of the model output. We do a similar conversion for the strings 'crossentropy' and 'ce' as "
    f'well." ({_DOCS})'
)

ROWS_FOR_CLASSES = Finding(
    id="tf-keras-compile-takes-rows-for-classes",
    kind="defect",
    title="compile() takes the rows of a batch for classes where the model gives one number a row",
    condition="The model's output has no dimension but the rows (shape (N,)).",
    says="The last dimension decides, and that is the number of rows: 'accuracy' then stands for categorical_accuracy, "
    "which compares the place of the largest score in the batch - or for binary_accuracy if a batch is one row. Where "
    "the number of rows is unknown and targets are a column, TypeError: None is compared with 1.",
    claims=_CLAIM,
    place=f"{_COMPILE}:668-675 (y_p.shape.as_list()[-1])",
)
SHAPES_UNSEEN = Finding(
    id="tf-keras-compile-does-not-see-the-shapes-of-a-sequence",
    kind="defect",
    title="Fed by a Sequence, 'accuracy' on targets of shape (N, 1) becomes categorical_accuracy",
    condition="The data are a Sequence or a generator, and targets have as many axes as the model's output.",
    says="Only ranks of the first batch are passed on, every dimension is unknown, and None is not 1: integer targets "
    "(N, 1) against several columns become categorical_accuracy, for which all of them are class 0; so does any model "
    "whose own output shape is unknown, where every row of one column then counts as right.",
    claims=_CLAIM,
    place=f"{tf_keras_feeding.PLACE}:856 (_with_tensor_ranks_only), {_COMPILE}:668-675",
)


#: What a kind stands for where the last dimension of the predictions is known in the graph, and where it is not.
_Chosen = tuple[Mapping[Kind, Definition], Mapping[Kind, Definition]]

_ACCURACIES: _Chosen = (tf_keras_wrapped.ACCURACIES, tf_keras_wrapped.ACCURACIES_UNKNOWN)
_CROSSENTROPIES: _Chosen = (tf_keras_wrapped.CROSSENTROPIES, tf_keras_wrapped.CROSSENTROPIES)


def _always(kind: Kind, chosen: _Chosen = _ACCURACIES) -> Choice:
    return lambda traced: chosen[traced.y_pred.static[-1] is None][kind]


def _kind_of(batch: Batch) -> Kind:
    if not batch.y_true.rank:
        raise Raises(NO_LAST_DIMENSION, "IndexError")
    return keras_graph.kind_of(batch)


def _documented_kind(batch: Batch) -> Kind:
    """Say the kind by the shapes of targets and of the model's output, to which the rows do not belong."""
    if batch.y_pred.rank == 1:
        return "binary"

    def shape(spec: Spec) -> Spec:
        return Spec((None, *(spec.actual or spec.static)[1:])) if spec.rank else spec

    return _kind_of(Batch(shape(batch.y_true), shape(batch.y_pred), None))


def _by_shape(chosen: _Chosen) -> Choice:
    return lambda traced: _always(_kind_of(traced), chosen)(traced)


def _as_documented(chosen: _Chosen) -> Choice:
    return lambda traced: _always(_documented_kind(traced), chosen)(traced)


def _refusals(name: Name, choose: Choice, feeding: Feeding, role: Role) -> Rule:
    """Return what is refused; everything is found before the first update is evaluated."""

    def before(parameters: Parameters, call: Call) -> None:
        feeding.fits(call)
        traced = feeding.traced(call)
        named = name.word if role == "loss" else derive.loss(call)
        loss = tf_keras_graph.loss_of(named, is_whole(call.updates[0].y_true))

        def step(batch: Batch) -> None:
            # The loss is traced before the metric is chosen.
            tf_keras_graph.refuse_loss(batch, loss)
            fed = tf_keras_graph.matched(batch)
            values = tf_keras_graph.METRICS[choose(traced).name](tf_keras_graph.same_rank(fed))
            if role == "weighted_metrics" and fed.sample_weight is not None:
                tf_keras_graph.weigh(values, fed.sample_weight)

        # Tracing comes first, without any batch.
        step(tf_keras_graph.unfed(traced))
        tf_keras_feeding.refuse_text(call)
        for update in call.updates:
            step(tf_keras_feeding.running(update, traced))

    def each(update: Update, parameters: Parameters, call: Call) -> None:
        return None

    really = "-really" if choose is name.really else ""
    return Behaviour(
        "refusal",
        f"tf-keras-compile-{feeding.name}-{role}-{name.rule}{really}",
        "Feeding, the loss and the metric refuse shapes that do not fit; the sparse loss refuses labels outside its "
        "classes.",
        Checks(before, each, only=name.resolution_only),
    ).source(f"{tf_keras_feeding.PLACE}, {_TRAINING}:1889, tf_keras/src/losses.py, tf_keras/src/backend.py")


_KINDS: tuple[Kind, ...] = ("binary", "categorical", "sparse")


def _by_shapes(word: str, chosen: _Chosen, finding: Finding) -> Name:
    binary, categorical, sparse = (_bare(chosen[0][kind]) for kind in _KINDS)
    says = (
        f"One output column: {binary}; integer targets against several: {sparse}; else {categorical}. "
        "The loss plays no part."
    )
    return Name(word, says, _as_documented(chosen), _by_shape(chosen), finding)


def _bare(definition: Definition) -> str:
    return definition.name.rpartition(".")[2]


def _compile(feeding: Feeding, finding: Finding) -> Compile:
    accuracy = _by_shapes("accuracy", _ACCURACIES, finding)
    crossentropy = replace(_by_shapes("crossentropy", _CROSSENTROPIES, finding), resolution_only=True)
    named = (
        Name(word, f"The string names the function {word}, whatever the shapes.", _always(kind))
        for kind, word in ((kind, _bare(_ACCURACIES[0][kind])) for kind in _KINDS)
    )
    no_loss = Name(
        "crossentropy", "The string names no loss.", _always("binary", _CROSSENTROPIES), resolution_only=True
    )
    # What these become is asked of arrays only.
    crossentropies, losses = (
        (name, replace(name, word="ce", alias_of="crossentropy"))
        if feeding is tf_keras_feeding.ARRAYS
        else ()
        for name in (crossentropy, no_loss)
    )
    return Compile(
        module="tf_keras",
        place=f"{_COMPILE}:664-719",
        metrics=(
            accuracy,
            replace(accuracy, word="acc", alias_of="accuracy"),
            *named,
            *crossentropies,
        ),
        losses=losses,
        feedings=(feeding,),
        weights={
            "metrics": weights.IGNORED.documented(
                '"The metrics passed here are evaluated without sample weighting; if you would like sample weighting '
                f'to apply, you can specify your metrics via the `weighted_metrics` argument instead." ({_DOCS})'
            )
        },
        accumulation=accumulation.PYTHON_FLOAT.source(
            f"{BASE}:525-557, tf_keras/src/utils/tf_utils.py sync_to_numpy_or_python_type"
        ),
        refusals=_refusals,
    )


def definitions() -> Iterator[Definition]:
    """Yield the definitions of the compile entries."""
    yield from _compile(tf_keras_feeding.ARRAYS, ROWS_FOR_CLASSES).definitions()
    yield from _compile(tf_keras_feeding.SEQUENCE, SHAPES_UNSEEN).definitions()
