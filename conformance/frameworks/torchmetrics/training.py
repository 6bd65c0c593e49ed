"""How a model is trained in a loop of PyTorch, with a metric of torchmetrics. Needs NumPy only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from conformance.training.program import array, filtered, indented, mapping, nested
from conformance.training.recording import Recording, WentIn
from conformance.training.run import ONLY, BatchNormalization, Dense, Dropout, Run
from conformance.training.trainer import Kind, Logged

_CLASSES = "torchmetrics.classification"

_ACTIVATIONS = {"relu": "ReLU()", "sigmoid": "Sigmoid()", "softmax": "Softmax(dim=1)", "tanh": "Tanh()"}

LOSSES = {
    "binary_crossentropy": "torch.nn.functional.binary_cross_entropy(y_pred, y_batch.float())",
    "sparse_categorical_crossentropy": "torch.nn.functional.nll_loss(y_pred.log(), y_batch)",
    "mean_squared_error": "torch.nn.functional.mse_loss(y_pred, y_batch.float())",
}

#: What a run may name that such a loop does not have -> why not.
_LACKING = {
    "outputs": "has a metric for one output",
    "class_weight": "has no class_weight",
    "sample_weight": "has no parameter sample_weight",
    "weighted_metrics": "has no weighted metrics",
    "validation_split": "has no validation_split",
    "mixed_precision": "has no policy of layers",
}

#: In place of the targets of several outputs, which are not applicable anyway.
_FLAT = np.zeros(0)

_EVALUATED = """\
def evaluated(metric, loaders):
    model.eval()
    with torch.no_grad():
        for loader in loaders:
            for x_batch, y_batch in loader:
                metric.update(model(x_batch), y_batch)
    value = metric.compute()
    metric.reset()
    return value
"""

_INFERRED = """\
def inferred(x):
    model.eval()
    with torch.no_grad():
        return torch.cat([model(part) for part in x.split(BATCH_SIZE)]).numpy()
"""

#: Batch normalization and dropout draw nothing and update nothing in inference mode.
_STEP = """\
model.eval()
with torch.no_grad():
    inference = model(x_batch)
model.train()
step = {"epoch": epoch, "x": x_batch.numpy(), "y_true": y_batch.numpy(), "inference": inference.numpy()}
record["steps"].append(step)
"""


def _network(run: Run, name: str) -> Iterator[str]:
    """Yield the lines that make the layers, with the weights that the run names."""
    width, layers = run.samples.x.shape[1], list(run.all_layers())
    yield f"{name} = torch.nn.Sequential("
    places, place = [], 0
    for layer in layers:
        match layer:
            case Dense():
                yield f"    torch.nn.Linear({width}, {layer.units}),"
                places.append((place, layer))
                width = layer.units
                if layer.activation:
                    yield f"    torch.nn.{_ACTIVATIONS[layer.activation]},"
                    place += 1
            case Dropout():
                yield f"    torch.nn.Dropout({layer.rate}),"
            case BatchNormalization():
                yield f"    torch.nn.BatchNorm1d({width}),"
        place += 1
    yield ")"
    given = [(place, layer) for place, layer in places if layer.kernel is not None]
    if given:
        yield "with torch.no_grad():"
    for place, layer in given:
        yield f"    {name}[{place}].weight.copy_(torch.tensor({nested(layer.kernel)}).T)"
        yield f"    {name}[{place}].bias.copy_(torch.tensor({nested(layer.bias or (0.0,) * layer.units)}))"


def made(run: Run, name: str) -> Iterator[str]:
    """Yield the lines that make the data and the layers."""
    samples, validation = run.samples, run.validation
    yield f"x = torch.from_numpy({array(samples.x, 'float32')})"
    yield f"y_true = torch.from_numpy({array(samples.y_true[ONLY])})"
    if validation is not None:
        yield f"x_val = torch.from_numpy({array(validation.x, 'float32')})"
        yield f"y_val = torch.from_numpy({array(validation.y_true[ONLY])})"
    yield f"\ntorch.manual_seed({run.get('seed', 0)})"
    yield from _network(run, name)


def optimizer(run: Run, model: str) -> str:
    """Return the expression for the optimizer of a model."""
    found = {"sgd": "SGD", "adam": "Adam"}[run.get("optimizer", "sgd")]
    return f"torch.optim.{found}({model}.parameters(), lr={run.get('learning_rate', 0.01)})"


def loaders(run: Run) -> Iterator[str]:
    """Yield the lines that make the loaders of the samples that are trained on, as trained on and in their order."""
    size = run.inputs["batch_size"]
    yield "dataset = torch.utils.data.TensorDataset(x, y_true)"
    options = f"batch_size={size}, shuffle={run.get('shuffle', False)}"
    options += ", drop_last=True" if run.get("drop_remainder") else ""
    yield f"loader = torch.utils.data.DataLoader(dataset, {options})"
    yield f"in_order = torch.utils.data.DataLoader(dataset, batch_size={size})"


def classes_of(run: Run) -> int:
    """Return the number of classes, which is that of the units of the last layer."""
    return next(layer.units for layer in reversed([*run.all_layers()]) if isinstance(layer, Dense))


@dataclass(frozen=True)
class TorchTrainer:
    """The trainer."""

    def reason(self, run: Run) -> str | None:
        """Return why a run is not applicable, or None."""
        lacking = [why for key, why in _LACKING.items() if run.get(key)]
        if run.inputs["loss"] not in LOSSES:
            lacking.append(f"has no loss {run.inputs['loss']}")
        if run.is_masked:
            lacking.append("has no masks: use ignore_index or remove the samples")
        if run.task == "multilabel":
            lacking.append("has a metric for one label")
        if run.samples.x.ndim > 2:
            lacking.append("has a metric for samples without timesteps")
        if run.samples.y_true.get(ONLY, _FLAT).ndim != (1 if "sparse" in run.inputs["loss"] else 2):
            lacking.append("has losses for labels in one dimension, or targets in the columns of the outputs")
        return next(iter(lacking), None)

    def lines(self, run: Run, *, recorded: bool) -> str:
        """Return the program."""
        return filtered("\n".join(self._lines(run, recorded)))

    def _lines(self, run: Run, recorded: bool) -> Iterator[str]:
        yield "import numpy as np\nimport torch\nimport torchmetrics.classification\n"
        validation, size = run.validation, run.inputs["batch_size"]
        yield from made(run, "model")
        yield f"optimizer = {optimizer(run, 'model')}"
        yield f"metric = {self._metric(run)}"
        yield from loaders(run)
        if validation is not None:
            yield from self._validation_loaders(run)
        yield f"\n\n{_EVALUATED}\n"
        if recorded:
            yield _INFERRED.replace("BATCH_SIZE", str(size))
            yield '\nrecord = {"steps": [], "epochs": []}'
        yield "values, means, epochs, validation = [], [], [], []"
        yield f"for epoch in range(1, {run.inputs['epochs']} + 1):"
        yield "    model.train()"
        yield "    of_batches = []"
        yield "    for x_batch, y_batch in loader:"
        if recorded:
            yield indented(_STEP, 2)
        yield "        y_pred = model(x_batch)"
        yield f"        loss = {LOSSES[run.inputs['loss']]}"
        yield "        optimizer.zero_grad()\n        loss.backward()\n        optimizer.step()"
        yield "        of_batches.append(metric(y_pred.detach(), y_batch))"
        if recorded:
            yield '        record["steps"][-1]["training"] = y_pred.detach().numpy()'
        yield "    values += of_batches"
        yield "    means.append(torch.stack(of_batches).mean())"
        yield "    epochs.append(metric.compute())"
        yield "    metric.reset()"
        if validation is not None:
            yield "    validation.append(evaluated(metric, validation_loaders))"
        if recorded:
            outputs = (
                '{"training": inferred(x)' + (', "validation": inferred(x_val)' if validation else "") + "}"
            )
            yield f'    record["epochs"].append({outputs})'
        yield "\nevaluation = evaluated(metric, [in_order])"
        if run.get("replicas"):
            yield f"held_out_in_order = torch.utils.data.DataLoader(held_out, batch_size={size})"
            yield "undistributed = evaluated(metric, [held_out_in_order])"
        if "threshold" in run.inputs:
            yield f"own = evaluated({self._metric(run, own=True)}, [in_order])"
        if recorded:
            lists = ("values", "means", "epochs", "validation")
            log = {name: f"[value.numpy() for value in {name}]" for name in lists}
            log |= {"evaluation": "evaluation.numpy()"}
            log |= {"own": "own.numpy()"} if "threshold" in run.inputs else {}
            log |= {"undistributed": "undistributed.numpy()"} if run.get("replicas") else {}
            yield f'record["log"] = {mapping(log)}'

    def _metric(self, run: Run, own: bool = False) -> str:
        if run.task == "multiclass":
            return f'{_CLASSES}.MulticlassAccuracy(num_classes={classes_of(run)}, average="micro")'
        threshold = f"threshold={run.get('threshold')}" if own else ""
        return f"{_CLASSES}.BinaryAccuracy({threshold})"

    def _validation_loaders(self, run: Run) -> Iterator[str]:
        size, replicas = run.inputs["batch_size"], run.get("replicas")
        yield "held_out = torch.utils.data.TensorDataset(x_val, y_val)"
        if replicas is None:
            yield f"validation_loaders = [torch.utils.data.DataLoader(held_out, batch_size={size})]"
            return
        sampler = f"torch.utils.data.DistributedSampler(held_out, num_replicas={replicas}, rank=rank, shuffle=False)"
        yield "validation_loaders = ["
        yield f"    torch.utils.data.DataLoader(held_out, batch_size={size}, sampler={sampler})"
        yield f"    for rank in range({replicas})"
        yield "]"

    def numbers(self, run: Run, recording: Recording) -> Sequence[Logged]:
        """Return the numbers of the log."""
        return tuple(self._numbers(run, recording))

    def _numbers(self, run: Run, recording: Recording) -> Iterator[Logged]:
        log, last = recording.log, run.inputs["epochs"]
        way = _way(run)
        values = iter(log["values"])

        def number(
            kind: Kind, name: str, value: object, shown_as: str, went_in: WentIn, batch: int | None = None
        ) -> Logged:
            return Logged(name, kind, shown_as, "accuracy", value, way, went_in, batch)

        for epoch in range(1, last + 1):
            batches = recording.batches(epoch)
            for place, batch in enumerate(batches, 1):
                went_in = WentIn("training", (batch,), "moving", "training", epoch)
                name = f"forward-epoch-{epoch}-batch-{place}"
                yield number("batch", name, next(values), "metric(y_pred, y_batch)", went_in, place)
            went_in = WentIn("training", batches, "moving", "training", epoch)
            if len(batches) > 1:
                yield replace(
                    number(
                        "mean",
                        f"mean-epoch-{epoch}",
                        log["means"][epoch - 1],
                        "torch.stack(values).mean()",
                        went_in,
                    ),
                    implementation=_way(run, "mean of forward"),
                )
            yield number(
                "epoch", f"compute-epoch-{epoch}", log["epochs"][epoch - 1], "metric.compute()", went_in
            )
            if run.validation is not None:
                went_in = WentIn("validation", _distributed(run), "final", "inference", epoch)
                value = log["validation"][epoch - 1]
                yield number("validation", f"validation-epoch-{epoch}", value, "metric.compute()", went_in)
        went_in = WentIn("training", run.batches(run.training), "final", "inference", last)
        yield number(
            "evaluate", "evaluate", log["evaluation"], "metric.compute() after model.eval()", went_in
        )
        if run.validation is not None and "undistributed" in log:
            went_in = WentIn("validation", run.batches(run.validation), "final", "inference", last)
            shown_as = "metric.compute() without a DistributedSampler"
            yield number("evaluate-validation", "undistributed", log["undistributed"], shown_as, went_in)
        if "own" in log:
            went_in = WentIn(
                "training",
                run.batches(run.training),
                "final",
                "inference",
                last,
                parameters={"threshold": run.get("threshold")},
            )
            yield number("own", "own", log["own"], self._metric(run, own=True), went_in)


def _way(run: Run, brackets: str = "") -> str:
    """Return the id of the way to use the metric."""
    multiclass = run.task == "multiclass"
    ways = ",".join(filter(None, ("average=micro" if multiclass else "", brackets)))
    return f"{_CLASSES}.{'Multiclass' if multiclass else 'Binary'}Accuracy{f'[{ways}]' if ways else ''}"


def _distributed(run: Run) -> tuple[tuple[int, ...], ...]:
    """Return the places of the samples for validation as the loaders of all replicas give them.

    DistributedSampler gives each replica every n-th sample; those that are lacking are taken from the beginning
    (torch/utils/data/distributed.py, `drop_last=False`).
    """
    assert run.validation is not None
    replicas = run.get("replicas")
    if replicas is None:
        return run.batches(run.validation)
    number, size = len(run.validation), run.inputs["batch_size"]
    places = [place % number for place in range(-(-number // replicas) * replicas)]
    parts = [places[rank::replicas] for rank in range(replicas)]
    return tuple(tuple(part[start : start + size]) for part in parts for start in range(0, len(part), size))


TRAINER = TorchTrainer()
