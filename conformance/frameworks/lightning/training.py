"""How a Trainer trains a LightningModule that logs a metric of torchmetrics, and its values. Needs NumPy only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from conformance.frameworks.lightning.adapter import QUIET
from conformance.frameworks.torchmetrics.training import (
    LOSSES,
    TorchTrainer,
    classes_of,
    loaders,
    made,
    optimizer,
)
from conformance.training.program import filtered, indented
from conformance.training.recording import Recording, WentIn
from conformance.training.run import Run
from conformance.training.trainer import Kind, Logged

_LOG = "lightning.LightningModule.log"

_MODEL = """\
class Model(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.network = network
        self.accuracy = METRIC
        self.val_accuracy = METRIC

    def training_step(self, batch, batch_idx):
        x_batch, y_batch = batch
        RECORDED
        y_pred = self.network(x_batch)
        value = self.accuracy(y_pred, y_batch)
        self.log("accuracy", self.accuracy, on_step=False, on_epoch=True)
        self.log("value", value, on_step=True, on_epoch=True)
        values.append(value)
        OUTPUTS
        return LOSS

    def on_train_epoch_end(self):
        self.log("mean", torch.stack(values).mean())
        values.clear()
        epochs.append(dict(self.trainer.callback_metrics))
        EPOCH

    def on_train_batch_end(self, outputs, batch, batch_idx):
        steps.append(self.trainer.callback_metrics["value_step"])

    def validation_step(self, batch, batch_idx):
        x_batch, y_batch = batch
        value = self.val_accuracy(self.network(x_batch), y_batch)
        self.log("val_accuracy", self.val_accuracy)
        self.log("val_value", value)

    def configure_optimizers(self):
        return OPTIMIZER
"""

_INFERRED = """\
def inferred(x):
    network.eval()
    with torch.no_grad():
        outputs = torch.cat([network(part) for part in x.split(BATCH_SIZE)])
    network.train()
    return outputs.numpy()
"""

#: Batch normalization and dropout draw nothing and update nothing in inference mode.
_STEP = """\
step = {"epoch": self.current_epoch + 1, "x": x_batch.numpy(), "y_true": y_batch.numpy()}
step["inference"] = inferred(x_batch)
record["steps"].append(step)
"""

#: Names of the numbers of an epoch, what they are, and the way that logs them.
_OF_EPOCH: Sequence[tuple[str, Kind, str]] = (
    ("accuracy", "epoch", "object"),
    ("value", "epoch", "value"),
    ("mean", "mean", "mean of values"),
    ("val_accuracy", "validation", "object"),
    ("val_value", "validation", "value"),
)


@dataclass(frozen=True)
class LightningTrainer:
    """The trainer."""

    def reason(self, run: Run) -> str | None:
        """Return why a run is not applicable, or None."""
        if run.get("replicas"):
            return "has a sampler of its own for several processes"
        return TorchTrainer().reason(run)

    def lines(self, run: Run, *, recorded: bool) -> str:
        """Return the program."""
        return filtered("\n".join(self._lines(run, recorded)))

    def _lines(self, run: Run, recorded: bool) -> Iterator[str]:
        yield "import lightning\nimport numpy as np\nimport torch\nimport torchmetrics.classification\n"
        validation, size = run.validation, run.inputs["batch_size"]
        yield from made(run, "network")
        yield "values, steps, epochs = [], [], []"
        if recorded:
            yield f'record = {{"steps": [], "epochs": []}}\n\n\n{_INFERRED.replace("BATCH_SIZE", str(size))}'
        yield f"\n\n{self._model(run, recorded)}\n"
        yield from loaders(run)
        given = "loader"
        if validation is not None:
            yield "held_out = torch.utils.data.TensorDataset(x_val, y_val)"
            yield f"val_loader = torch.utils.data.DataLoader(held_out, batch_size={size})"
            given += ", val_loader"
        yield "model = Model()"
        yield f"trainer = lightning.Trainer(max_epochs={run.inputs['epochs']}, {QUIET})"
        yield f"trainer.fit(model, {given})"
        yield "trainer.validate(model, in_order, verbose=False)"
        yield 'evaluation = trainer.callback_metrics["val_accuracy"]'
        if recorded:
            yield 'record["log"] = {'
            yield '    "steps": [value.numpy() for value in steps],'
            yield '    "epochs": [{name: value.numpy() for name, value in epoch.items()} for epoch in epochs],'
            yield '    "evaluation": evaluation.numpy(),'
            yield "}"

    def _model(self, run: Run, recorded: bool) -> str:
        outputs = '"training": inferred(x)' + (', "validation": inferred(x_val)' if run.validation else "")
        words = {
            "METRIC": f"torchmetrics.classification.{self._metric(run)}",
            "OPTIMIZER": optimizer(run, "self"),
            "LOSS": LOSSES[run.inputs["loss"]],
            "        RECORDED\n": f"{indented(_STEP, 2)}\n" if recorded else "",
            "        OUTPUTS\n": '        step["training"] = y_pred.detach().numpy()\n' if recorded else "",
            "        EPOCH\n": f'        record["epochs"].append({{{outputs}}})\n' if recorded else "",
        }
        lines = _MODEL
        for word, text in words.items():
            lines = lines.replace(word, text)
        return lines

    def _metric(self, run: Run) -> str:
        if run.task == "multiclass":
            return f"MulticlassAccuracy(num_classes={classes_of(run)})"
        return "BinaryAccuracy()"

    def numbers(self, run: Run, recording: Recording) -> Sequence[Logged]:
        """Return the numbers of the log."""
        return tuple(self._numbers(run, recording))

    def _numbers(self, run: Run, recording: Recording) -> Iterator[Logged]:
        log, last = recording.log, run.inputs["epochs"]
        of_object = f"{'Multiclass' if run.task == 'multiclass' else 'Binary'}Accuracy()"
        # The default of MulticlassAccuracy, which torchmetrics.functional.accuracy does not share.
        parameters = {"average": "macro"} if run.task == "multiclass" else {}

        def number(
            kind: Kind, name: str, value: Any, way: str, went_in: WentIn, key: str, batch: int | None = None
        ) -> Logged:
            implementation = f"{_LOG}[{of_object if way == 'object' else way}]"
            shown_as, what = f'trainer.callback_metrics["{key}"]', replace(went_in, parameters=parameters)
            return Logged(name, kind, shown_as, "accuracy", value, implementation, what, batch)

        steps = iter(log["steps"])
        for epoch in range(1, last + 1):
            batches = recording.batches(epoch)
            for place, batch in enumerate(batches, 1):
                name = f"value-epoch-{epoch}-batch-{place}"
                went_in = WentIn("training", (batch,), "moving", "training", epoch)
                yield number("batch", name, next(steps), "value", went_in, "value_step", place)
            trained = WentIn("training", batches, "moving", "training", epoch)
            for key, kind, way in _OF_EPOCH:
                value = log["epochs"][epoch - 1].get(key)
                if kind != "validation":
                    yield number(kind, f"{key}-epoch-{epoch}", value, way, trained, key)
                elif run.validation is not None:
                    places = run.batches(run.validation)
                    went_in = WentIn("validation", places, "final", "inference", epoch)
                    yield number(kind, f"{key}-epoch-{epoch}", value, way, went_in, key)
        went_in = WentIn("training", run.batches(run.training), "final", "inference", last)
        yield number("evaluate", "evaluate", log["evaluation"], "object", went_in, "val_accuracy")


TRAINER = LightningTrainer()
