"""Lightning: what a Trainer has logged of a metric object of torchmetrics, and of values of batches.

The model is given y_pred in place of x and returns no loss, so that nothing is trained. The items of the data set are
the updates: the DataLoader has `batch_size=None`.
"""

from __future__ import annotations

import logging
import textwrap
import warnings
from collections.abc import Container, Mapping
from dataclasses import replace
from typing import Any

from conformance.adapters.base import PARAMETERS, Adapter, Implementation, Recipe
from conformance.frameworks.torchmetrics import adapter as torchmetrics

_LOG = "lightning.LightningModule.log"
_ENTRIES = {entry.id: entry for entry in torchmetrics.ADAPTER.implementations}

#: Nothing is written, printed or moved to a device.
QUIET = (
    'accelerator="cpu", logger=False, enable_checkpointing=False,'
    " enable_progress_bar=False, enable_model_summary=False"
)

_LINES = f"""\
class Model(lightning.LightningModule):
    METHODS

    def configure_optimizers(self):
        pass


batches = [(BATCH) for y_true, y_pred in updates]
loader = torch.utils.data.DataLoader(batches, batch_size=None)
model = Model()
trainer = lightning.Trainer(max_epochs=1, {QUIET})
RUN"""

_MADE = """\
def __init__(self):
    super().__init__()
    self.accuracy = PATH({arguments})

"""

_STEP = """\
def training_step(self, batch, batch_idx):
    NAMES = batch
    """

_OBJECT = """\
self.accuracy(y_pred, y_true)
    self.log("accuracy", self.accuracy"""

_VALUE = """\
value = torchmetrics.functional.accuracy(y_pred, y_true, {arguments})
    self.log("accuracy", value"""

_MEAN = """\
values.append(torchmetrics.functional.accuracy(y_pred, y_true, {arguments}))

def on_train_epoch_end(self):
    self.log("accuracy", torch.stack(values).mean(dim=0)"""

_ON_EPOCH = ", on_step=False, on_epoch=True"

_COLLECTED = """

def on_train_batch_end(self, outputs, batch, batch_idx):
    values.append(self.trainer.callback_metrics["accuracy"])"""

_FIT = "trainer.fit(model, loader)"
_VALIDATE = "trainer.validate(model, loader, verbose=False)"
_OF_EPOCH = 'trainer.callback_metrics["accuracy"]'
_OF_STEPS = "torch.stack(values)"
_PAIR = "{y_pred}, {y_true}"
#: The first tensor of such a batch has no samples.
_NUMBERED = "torch.tensor(0), {y_pred}, {y_true}"


#: Without multidim_average, whose numbers self.log() does not take.
_TAKEN = frozenset(PARAMETERS) - {"multidim_average"}


def _recipe(methods: str, batch: str, run: str, result: str) -> Recipe:
    names = "number, y_pred, y_true" if batch == _NUMBERED else "y_pred, y_true"
    words = {
        "METHODS": textwrap.indent(methods, "    ").strip(),
        "NAMES": names,
        "BATCH": batch,
        "RUN": run,
    }
    lines = _LINES
    for word, text in words.items():
        lines = lines.replace(word, text)
    return Recipe(
        ("import lightning", "import torch", "import torchmetrics.classification"),
        result,
        update=lines,
        data="list",
        expression=next(iter(_ENTRIES.values())).recipe.expression,
    )


def _entry(
    of: str,
    way: str,
    logged: str,
    *,
    batch: str = _PAIR,
    run: str = _FIT,
    result: str = _OF_EPOCH,
    takes: Container[str] = _TAKEN,
    **more: Any,
) -> Implementation:
    """Entry for a way to log.

    Args:
        of: the class or function of torchmetrics.
        way: what stands in brackets.
        logged: what a step does with a batch, and what it gives self.log().
        batch: what a batch consists of.
        run: what is called of the trainer; trainer.validate() calls a step of validation.
        result: the number.
        takes: names of parameters.
        more: fields of the entry that differ from those of torchmetrics.
    """
    entry, name = _ENTRIES[of], f"{_LOG}[{way}]"
    methods = f"{_STEP}{logged})"
    if run == _VALIDATE:
        methods = methods.replace("training_step", "validation_step")
    if "self.accuracy" in logged:
        methods = _MADE.replace("PATH", of) + methods
    if result == _OF_STEPS:
        methods += _COLLECTED
    if "values.append" in methods:
        run = f"values = []\n{run}"
    fields = {"updates": "several", "definition": name, **more}
    return replace(
        entry,
        id=name,
        recipe=_recipe(methods, batch, run, result),
        parameters={key: own for key, own in entry.parameters.items() if key in takes},
        defaults={key: value for key, value in entry.defaults.items() if key in takes},
        **fields,
    )


_BINARY = "torchmetrics.classification.BinaryAccuracy"
_FUNCTION = "torchmetrics.functional.accuracy"
#: Ways that differ from others in a detail, which the parameters have no part in.
_NAMED: Mapping[str, Any] = {
    "updates": "batches",
    "asked": "named",
    "takes": ("num_classes", "num_labels", "average", "ignore_index", "validate_args"),
}


def _warm_up() -> None:
    import lightning  # noqa: F401
    import torch
    import torchmetrics.classification  # noqa: F401

    torch.set_num_threads(1)
    torch.manual_seed(0)
    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", module="lightning")


ADAPTER = Adapter(
    framework="lightning",
    path=f"{__name__}:ADAPTER",
    definitions="conformance.frameworks.lightning.catalogue:CATALOGUE",
    title="Lightning",
    order=45,
    distributions={
        "lightning": "lightning",
        "torchmetrics": "torchmetrics",
        "torch": "torch",
        "numpy": "numpy",
    },
    implementations=(
        *(
            _entry(f"torchmetrics.classification.{name}", f"{name}()", _OBJECT + _ON_EPOCH)
            for name in ("BinaryAccuracy", "MulticlassAccuracy", "MultilabelAccuracy")
        ),
        _entry(
            _BINARY,
            "BinaryAccuracy(),validate",
            _OBJECT,
            run=_VALIDATE,
            **{**_NAMED, "takes": ("validate_args",)},
        ),
        _entry(
            _BINARY,
            "BinaryAccuracy(),on_step",
            _OBJECT,
            result=_OF_STEPS,
            quantity="running-accuracy",
            **{**_NAMED, "takes": ("validate_args",)},
        ),
        _entry(_FUNCTION, "value", _VALUE + _ON_EPOCH),
        _entry(
            _FUNCTION,
            "value,batch_size",
            f"{_VALUE}{_ON_EPOCH}, batch_size=len(y_pred)",
            batch=_NUMBERED,
            **_NAMED,
        ),
        _entry(_FUNCTION, "value,number first", _VALUE + _ON_EPOCH, batch=_NUMBERED, **_NAMED),
        _entry(_FUNCTION, "value,validate", _VALUE, run=_VALIDATE, **_NAMED),
        _entry(_FUNCTION, "value,without on_epoch", _VALUE, **_NAMED),
        _entry(_FUNCTION, "mean of values", _MEAN, **_NAMED),
    ),
    to_numpy=torchmetrics.to_numpy,
    warm_up=_warm_up,
    settings=torchmetrics.ADAPTER.settings,
    training="conformance.frameworks.lightning.training:TRAINER",
)
