"""How any Keras trains, the same program in each. Needs NumPy only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from conformance.frameworks.keras_family.recording import recording
from conformance.frameworks.keras_family.ways import function_of, logged_as
from conformance.training.program import array, filtered, labelled, mapping, quoted, weights_of
from conformance.training.recording import Recording, WentIn
from conformance.training.run import ONLY, BatchNormalization, Dense, Dropout, Layer, Masking, Run
from conformance.training.trainer import Kind, Logged, running

_RUNNING = """\
running = []


class Running(KERAS.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        running.append(dict(logs))
"""


@dataclass(frozen=True)
class KerasTrainer:
    """A trainer of one Keras.

    Attributes:
        module: its import name.
        environment: what its implementations end in, `@torch` for example.
        before: lines that go before every import.
        top_k_of_float32: whether top-k metrics raise for outputs of another dtype.
        top_k_of_five: whether they raise for fewer classes than k, which is five.
        both_weights: whether fit() takes class_weight and sample_weight at once.
        logs_functions: whether a string that names a class is logged under the name of its function.
        to_numpy: expression that makes an array of the tensor `outputs`.
        dataset: expression for a data set of `x`, `y_true` and a batch size that drops the remainder.
        imports: what that needs.
    """

    module: str
    to_numpy: str
    dataset: str
    imports: tuple[str, ...] = ()
    environment: str = ""
    before: str = ""
    top_k_of_float32: bool = False
    top_k_of_five: bool = False
    both_weights: bool = False
    logs_functions: bool = False

    def reason(self, run: Run) -> str | None:
        """Return why a run is not applicable, or None."""
        if run.get("replicas"):
            return "has no sampler that distributes samples"
        if run.get("class_weight") and run.samples.sample_weight is not None:
            if not self.both_weights:
                return "takes class_weight or sample_weight, not both"
            if len(run.training) % run.inputs["batch_size"]:
                return "takes class_weight with sample_weight only if all batches have one size"
        return self._top_k_reason(run)

    def _top_k_reason(self, run: Run) -> str | None:
        """Return why the top-k metrics that a run has raise, or None."""
        words = (*run.get("metrics", ()), *run.get("weighted_metrics", ()))
        if not any("top_k" in function_of(word) for word in words):
            return None
        if self.top_k_of_float32 and run.get("mixed_precision"):
            return "has top-k metrics for outputs of float32 only"
        if self.top_k_of_five and any(units < 5 for units in _units(run)):
            return "has top-k metrics for five classes or more only"
        return None

    def lines(self, run: Run, *, recorded: bool) -> str:
        """Return the program."""
        text = "\n".join(self._lines(run, recorded))
        return filtered(text.replace("KERAS", self.module))

    def _lines(self, run: Run, recorded: bool) -> Iterator[str]:
        dropped = run.get("drop_remainder")
        if self.before:
            yield f"{self.before}\n"
        yield "import KERAS"
        yield "import numpy as np"
        yield from self.imports if dropped else ()
        yield ""
        yield from self._data(run)
        yield f"\nKERAS.utils.set_random_seed({run.get('seed', 0)})"
        yield from self._model(run)
        yield from self._compiled(run)
        yield f"\n{_RUNNING}\n"
        if recorded:
            yield recording(run, self.to_numpy)
        yield from self._fitted(run, recorded)
        yield from self._evaluated(run)
        if recorded:
            names = {"history": "history.history", "running": "running", "evaluated": "evaluated"}
            names |= {"evaluated_val": "evaluated_val"} if run.validation is not None else {}
            names |= {"own": "np.asarray(own.result())"} if self._own(run) else {}
            yield f'record["log"] = {mapping(names)}'

    def _data(self, run: Run) -> Iterator[str]:
        samples = run.samples
        yield f"x = {array(samples.x, 'float32')}"
        yield f"y_true = {_by_name(run, {name: array(y) for name, y in samples.y_true.items()})}"
        if samples.sample_weight is not None:
            yield f"sample_weight = {array(samples.sample_weight, 'float32')}"
        if run.validation_data is not None:
            yield f"x_val = {array(run.validation_data.x, 'float32')}"
            targets = {name: array(y) for name, y in run.validation_data.y_true.items()}
            yield f"y_val = {_by_name(run, targets)}"

    def _model(self, run: Run) -> Iterator[str]:
        yield f"inputs = KERAS.Input(shape={run.samples.x.shape[1:]})"
        made: list[tuple[str, Layer]] = []

        def chain(layers: Sequence[Layer], source: str, target: str) -> Iterator[str]:
            for number, layer in enumerate(layers, 1):
                name = f"{target}_{number}"
                # The log names an output by its layer.
                last = f'name="{target}"' if target in run.names and number == len(layers) else ""
                yield f"{name} = {self._layer(layer, run, last)}"
                yield f"{target} = {name}({source})"
                made.append((name, layer))
                source = target

        yield from chain(run.layers, "inputs", "hidden")
        source = "hidden" if run.layers else "inputs"
        for name, layers in run.heads.items():
            yield from chain(layers, source, name or "outputs")
        outputs = ", ".join(f'"{name}": {name}' for name in run.names)
        yield f"model = KERAS.Model(inputs, {'outputs' if run.names == (ONLY,) else f'{{{outputs}}}'})"
        for name, layer in made:
            if isinstance(layer, Dense) and layer.kernel is not None:
                yield f"{name}.set_weights([{weights_of(layer)}])"

    def _layer(self, layer: Layer, run: Run, *options: str) -> str:
        policy = run.get("mixed_precision")
        match layer:
            case Dense():
                own = [str(layer.units), f'activation="{layer.activation}"' if layer.activation else ""]
            case Dropout():
                own = [str(layer.rate), f"seed={run.get('seed', 0)}"]
            case BatchNormalization() | Masking():
                own = []
        given = filter(None, (*own, f'dtype="{policy}"' if policy else "", *options))
        return f"KERAS.layers.{type(layer).__name__}({', '.join(given)})"

    def _compiled(self, run: Run) -> Iterator[str]:
        optimizer = {"sgd": "SGD", "adam": "Adam"}[run.get("optimizer", "sgd")]
        rate = f"learning_rate={run.get('learning_rate', 0.01)}"
        yield "model.compile("
        yield f"    optimizer=KERAS.optimizers.{optimizer}({rate}),"
        yield f'    loss="{run.inputs["loss"]}",'
        for argument in ("metrics", "weighted_metrics"):
            if names := run.get(argument):
                yield f"    {argument}={_by_name(run, dict.fromkeys(run.names, quoted(names)))},"
        # In a graph nothing could be recorded, and dropout may draw other numbers than without one.
        yield "    run_eagerly=True,"
        yield ")"

    def _fitted(self, run: Run, recorded: bool) -> Iterator[str]:
        size = run.inputs["batch_size"]
        yield "history = model.fit("
        if run.get("drop_remainder"):
            yield f"    {self.dataset.replace('SIZE', str(size))},"
        else:
            yield "    x,"
            yield "    y_true,"
            yield f"    batch_size={size},"
            yield f"    shuffle={run.get('shuffle', False)},"
        yield f"    epochs={run.inputs['epochs']},"
        if run.samples.sample_weight is not None:
            yield "    sample_weight=sample_weight,"
        if weights := run.get("class_weight"):
            yield f"    class_weight={labelled(weights)},"
        if run.get("validation_split"):
            yield f"    validation_split={run.get('validation_split')},"
        if run.validation_data is not None:
            yield "    validation_data=(x_val, y_val),"
        yield f"    callbacks=[Running(){', Record()' if recorded else ''}],"
        yield "    verbose=0,"
        yield ")"

    def _evaluated(self, run: Run) -> Iterator[str]:
        training = _chosen(run, "x", "y_true", slice(0, len(run.training)))
        size = run.inputs["batch_size"]
        options = f"batch_size={size}, verbose=0, return_dict=True"
        yield f"evaluated = model.evaluate({training}, {options})"
        if run.validation is not None:
            yield f"evaluated_val = model.evaluate({self._validation(run)}, {options})"
        if own := self._own(run):
            x, _, y_true = training.partition(", ")
            yield f"own = {own}"
            yield f"own.update_state({y_true}, model.predict({x}, verbose=0))"

    def _validation(self, run: Run) -> str:
        if run.validation_data is not None:
            return "x_val, y_val"
        return _chosen(run, "x", "y_true", slice(len(run.training), None))

    def _own(self, run: Run) -> str:
        """Return the metric that a user gives what predict() returned; empty for classes and several outputs."""
        if run.names != (ONLY,) or run.task == "multiclass":
            return ""
        threshold = f"threshold={run.get('threshold')}" if "threshold" in run.inputs else ""
        return f"KERAS.metrics.BinaryAccuracy({threshold})"

    def numbers(self, run: Run, recording: Recording) -> Sequence[Logged]:
        """Return the numbers of the log."""
        return tuple(self._numbers(run, recording))

    def _numbers(self, run: Run, recording: Recording) -> Iterator[Logged]:
        for argument in ("metrics", "weighted_metrics"):
            for string in run.get(argument, ()):
                for output in run.names:
                    yield from self._of_metric(run, recording, argument, string, output)
        if "own" in recording.log:
            # What predict() returned is given to the metric at once.
            everything = (tuple(range(len(run.training))),)
            parameters = {"threshold": run.get("threshold")} if "threshold" in run.inputs else {}
            went_in = WentIn(
                "training", everything, "final", "inference", run.inputs["epochs"], parameters=parameters
            )
            way = f"{self.module}.metrics.BinaryAccuracy{self.environment}"
            shown_as = f"{self._own(run).replace('KERAS', self.module)} on model.predict(x)"
            yield Logged("own", "own", shown_as, "own", recording.log["own"], way, went_in)

    def _way(self, argument: str, string: str, kind: Kind, masked: bool) -> str:
        """Return the id of the way in which a number is logged; of other strings only evaluate() is asked."""
        key = string if argument == "metrics" else f"{argument}={string}"
        if masked:
            return f"{self.module}.Model.compile[{key},mask]{self.environment}"
        method = "compile" if string != "accuracy" or kind.startswith("evaluate") else "fit"
        if method == "fit" and kind == "validation":
            key = "val_accuracy" if argument == "metrics" else f"{key},val_accuracy"
        return f"{self.module}.Model.{method}[{key}]{self.environment}"

    def _logged(self, run: Run, argument: str, string: str) -> str:
        """Return the name under which a metric is logged: one that is taken becomes `weighted_...`."""
        name, *taken = (logged_as(word, self.logs_functions) for word in (string, *run.get("metrics", ())))
        return f"weighted_{name}" if argument == "weighted_metrics" and name in taken else name

    def _of_metric(
        self, run: Run, recording: Recording, argument: str, string: str, output: str
    ) -> Iterator[Logged]:
        log, weighted = recording.log, argument == "weighted_metrics"
        name = "_".join(filter(None, (output, self._logged(run, argument, string))))

        def number(
            kind: Kind,
            value: object,
            shown_as: str,
            went_in: WentIn,
            label: str = "",
            batch: int | None = None,
        ) -> Logged:
            way = self._way(argument, string, kind, run.is_masked)
            went_in = replace(went_in, masked=run.is_masked)
            return Logged(label or f"{kind}-{name}", kind, shown_as, name, value, way, went_in, batch)

        steps = iter(log["running"])
        epochs = run.inputs["epochs"]
        for epoch in range(1, epochs + 1):
            batches = recording.batches(epoch)
            for batch, so_far in running(batches):
                yield number(
                    "running",
                    next(steps)[name],
                    f"logs['{name}']",
                    WentIn("training", so_far, "moving", "training", epoch, output, weighted),
                    f"running-{name}-epoch-{epoch}-batch-{batch}",
                    batch,
                )
            yield number(
                "epoch",
                log["history"][name][epoch - 1],
                f"history.history['{name}'][{epoch - 1}]",
                WentIn("training", batches, "moving", "training", epoch, output, weighted),
                f"{name}-epoch-{epoch}",
            )
            if run.validation is not None:
                went_in = WentIn(
                    "validation", run.batches(run.validation), "final", "inference", epoch, output, weighted
                )
                yield number(
                    "validation",
                    log["history"][f"val_{name}"][epoch - 1],
                    f"history.history['val_{name}'][{epoch - 1}]",
                    went_in,
                    f"val_{name}-epoch-{epoch}",
                )
        went_in = WentIn("training", run.batches(run.training), "final", "inference", epochs, output)
        shown_as = f"model.evaluate(x, y_true, return_dict=True)['{name}']"
        yield number("evaluate", log["evaluated"][name], shown_as, went_in)
        if run.validation is not None:
            went_in = WentIn("validation", run.batches(run.validation), "final", "inference", epochs, output)
            shown_as = f"model.evaluate(x_val, y_val, return_dict=True)['{name}']"
            yield number("evaluate-validation", log["evaluated_val"][name], shown_as, went_in)


def _units(run: Run) -> Iterator[int]:
    """Yield the units of the last layer of each output."""
    for layers in run.heads.values():
        yield next(layer.units for layer in reversed([*run.layers, *layers]) if isinstance(layer, Dense))


def _by_name(run: Run, texts: Mapping[str, str]) -> str:
    """Return the text of the only output, or a dict by name."""
    return texts[ONLY] if run.names == (ONLY,) else mapping(texts)


def _chosen(run: Run, x: str, y_true: str, chosen: slice) -> str:
    """Return the arguments for some of the samples."""
    if not run.get("validation_split"):
        return f"{x}, {y_true}"
    place = f"[{chosen.start or ''}:{chosen.stop or ''}]"
    targets = {name: f'{y_true}["{name}"]{place}' if name else f"{y_true}{place}" for name in run.names}
    return f"{x}{place}, {_by_name(run, targets)}"
