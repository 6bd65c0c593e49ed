"""What the log of a LightningModule claims (line numbers of Lightning 2.6.6).

The values are those of torchmetrics, of which the definitions are; how they are aggregated is what Lightning says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from conformance.adapters.base import Call
from conformance.frameworks.lightning import logged
from conformance.frameworks.torchmetrics import definitions as torchmetrics
from conformance.frameworks.torchmetrics.ways import SIGMOID_BY_UPDATE
from conformance.oracle.finding_files import findings_in
from conformance.oracle.model import Amendment, Definition, Departure, Rule, laid_over
from conformance.oracle.rules import accumulation, score_transform
from conformance.oracle.sums import size_of

FINDINGS = findings_in(__package__)

_LOG = "lightning.LightningModule.log"
_RESULT = "lightning/pytorch/trainer/connectors/logger_connector/result.py"
_CONNECTOR = "lightning/pytorch/trainer/connectors/logger_connector/logger_connector.py"
_METRICS = "https://lightning.ai/docs/torchmetrics/stable/pages/lightning.html"
_LOGGING = "https://lightning.ai/docs/pytorch/stable/extensions/logging.html"

_COMPUTED = logged.COMPUTED.documented(
    f'"If on_epoch is True, the logger automatically logs the end of epoch metric value by calling .compute()."'
    f" ({_METRICS}); {_RESULT}:253"
)
_OF_EACH_STEP = logged.OF_EACH_STEP.documented(
    f'"on_step: Logs the metric at the current step." ({_LOGGING}); {_RESULT}:243 (what forward() returned)'
)
_MEAN = logged.MEAN_BY_SIZE.documented(
    f'"reduce_fx: Reduction function over step values for end of epoch. Uses torch.mean() by default", "batch_size:'
    f" Current batch size used for accumulating logs logged with on_epoch=True. This will be directly inferred from"
    f' the loaded batch" ({_LOGGING}); {_RESULT}:234-235 and :251'
)
_PLAIN_MEAN = logged.MEAN.source(
    f"the way of use averages the values of batches, and logs them once; {_RESULT}:251"
)
_LAST = logged.LAST_STEP.documented(
    f'"training_step: on_step True, on_epoch False" in "Default behavior of logging" ({_LOGGING});'
    f" {_CONNECTOR}:250 (each step overwrites the value)"
)
_BY_BATCH = SIGMOID_BY_UPDATE.documented(
    '"If preds is a floating point tensor with values outside [0,1] range we consider the input to be logits and will'
    ' auto apply sigmoid per element."'
    " (https://lightning.ai/docs/torchmetrics/stable/classification/accuracy.html), of one batch"
)

T = TypeVar("T", Rule[Any], Departure)


def _in_torchmetrics(entry: T) -> T:
    """Return a rule or a departure of torchmetrics, whose releases are not those of Lightning."""
    parts = filter(None, entry.releases.split(","))
    return replace(entry, releases=",".join(f"torchmetrics{part}" for part in parts))


def _logged(definition: Definition, *rules: Rule) -> Definition:
    """Return a definition of torchmetrics as it is logged, with rules over its own."""
    # Arrays become tensors before the model is made.
    checks = (rule.amended(tensors_first=True) for rule in definition.on("refusal"))
    own = laid_over(definition.rules, *checks)
    return replace(
        definition,
        rules=laid_over(tuple(map(_in_torchmetrics, own)), *rules),
        # What deviates in how updates are aggregated needs multidim_average, of which self.log() takes nothing.
        departures=tuple(
            _in_torchmetrics(entry)
            for entry in definition.departures
            if entry.change.axis != accumulation.AXIS
        ),
    )


def _of_batches(definition: Definition) -> Definition:
    """Return a definition of torchmetrics whose values are those of batches: logits are told batch by batch."""
    transforms = {rule.behaviour for rule in definition.on(score_transform.AXIS)}
    return _logged(definition, *((_BY_BATCH,) if score_transform.SIGMOID_IF_OUTSIDE in transforms else ()))


def _of_value(way: str, says: str, rule: Rule, *departures: Departure) -> Definition:
    """Return the definition of a value of torchmetrics.functional.accuracy, which is logged for each batch."""

    def resolves_to(call: Call) -> Definition:
        assert _FUNCTION.resolves_to is not None
        return _of_batches(_FUNCTION.resolves_to(call))

    return Definition(f"{_LOG}[{way}]", says, (*_FUNCTION.rules, rule), departures, resolves_to)


_FUNCTION = next(
    each for each in torchmetrics.definitions() if each.name == "torchmetrics.functional.accuracy"
)


def _of_other_sizes(call: Call, parameters: Mapping[str, Any]) -> bool:
    return len({size_of(update) for update in call.updates}) > 1


def _several_numbers(call: Call, parameters: Mapping[str, Any]) -> bool:
    return parameters["average"] in ("none", None)


_NUMBER_FIRST = Departure(
    FINDINGS["lightning-batch-size-of-a-batch-that-starts-with-a-number"],
    Amendment.of(accumulation.AXIS, reported="mean"),
    _of_other_sizes,
)
_SEVERAL_NUMBERS = Departure(
    FINDINGS["lightning-logs-several-numbers-of-a-metric-object"],
    Amendment.of(accumulation.AXIS, one_number=False),
    _several_numbers,
)


def _of_object(name: str, way: str, says: str, rule: Rule, *, fits: bool = True) -> Definition:
    """Return the definition of a metric object that is logged, in fit() or in validate()."""
    definition = _logged(torchmetrics.CLASSES[f"torchmetrics.classification.{name}"], rule)
    return replace(
        definition,
        name=f"{_LOG}[{name}(){way}]",
        says=f"{definition.says.removesuffix('.')}{says}.",
        departures=(*definition.departures, *((_SEVERAL_NUMBERS,) if fits else ())),
    )


def definitions() -> Iterator[Definition]:
    """Yield the definitions of all ways to log."""
    yield _of_object("BinaryAccuracy", "", ", of all batches", _COMPUTED, fits=False)
    yield _of_object("MulticlassAccuracy", "", ", of all batches", _COMPUTED)
    yield _of_object("MultilabelAccuracy", "", ", of all batches", _COMPUTED)
    yield _of_object("BinaryAccuracy", ",validate", ", of all batches", _COMPUTED, fits=False)
    by_step = _of_batches(torchmetrics.BINARY)
    yield replace(
        by_step.overlaid(by_step.name, by_step.says, _OF_EACH_STEP),
        name=f"{_LOG}[BinaryAccuracy(),on_step]",
        says=f"{by_step.says.removesuffix('.')}, of each batch by itself.",
    )
    mean = "The accuracy that `task` names, averaged over batches, each weighted by its number of samples"
    yield _of_value("value", f"{mean}, which is that of the first tensor of the batch.", _MEAN)
    yield _of_value("value,batch_size", f"{mean}, which is given.", _MEAN)
    yield _of_value(
        "value,number first", f"{mean}, in a batch that starts with a number.", _MEAN, _NUMBER_FIRST
    )
    yield _of_value("value,validate", f"{mean}, in validation.", _MEAN)
    yield _of_value(
        "value,without on_epoch", "The accuracy that `task` names, of the last batch alone.", _LAST
    )
    yield _of_value(
        "mean of values", "The accuracy that `task` names, averaged over batches of any size.", _PLAIN_MEAN
    )
