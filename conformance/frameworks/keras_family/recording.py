"""The lines of a program of any Keras that record what its model does while it trains. Needs NumPy only."""

from __future__ import annotations

from conformance.training.run import Run

#: Lines that record what goes into the compiled metrics. The step is the framework's own: what is computed besides is
#: in inference mode, which draws no random numbers and updates no statistics.
_LINES = """\
record = {"steps": [], "epochs": [], "log": {}}
current = {}


def mask_of(outputs):
    if isinstance(outputs, dict):
        return {name: mask_of(output) for name, output in outputs.items()}
    return getattr(outputs, "_keras_mask", None)


def to_numpy(outputs):
    if isinstance(outputs, dict):
        return {name: to_numpy(output) for name, output in outputs.items()}
    return None if outputs is None else TO_NUMPY


def inferred(x):
    return [to_numpy(model(x[start : start + BATCH_SIZE], training=False)) for start in range(0, len(x), BATCH_SIZE)]


def joined(batches):
    if isinstance(batches[0], dict):
        return {name: np.concatenate([batch[name] for batch in batches]) for name in batches[0]}
    return np.concatenate(batches)


train_step, compute_metrics = model.train_step, model.compute_metrics


def recorded_step(data):
    x = data[0]
    current["step"] = {"epoch": len(record["epochs"]) + 1, "x": to_numpy(x)}
    current["step"]["inference"] = to_numpy(model(x, training=False))
    logs = train_step(data)
    record["steps"].append(current.pop("step"))
    return logs


def recorded_metrics(x, y, y_pred, sample_weight=None):
    if "step" in current:
        found = {"y_true": y, "training": y_pred, "sample_weight": sample_weight, "mask": mask_of(y_pred)}
        current["step"].update({name: to_numpy(tensor) for name, tensor in found.items()})
    return compute_metrics(x, y, y_pred, sample_weight)


class Record(KERAS.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        record["epochs"].append({"training": joined(inferred(TRAINING))VALIDATION})


model.train_step, model.compute_metrics = recorded_step, recorded_metrics
"""


def recording(run: Run, to_numpy: str) -> str:
    """Return the lines, which go after the model is compiled.

    Args:
        run: the run.
        to_numpy: expression that makes an array of the tensor `outputs`.
    """
    split = run.get("validation_split")
    validation = ""
    if run.validation is not None:
        samples = f"x[{len(run.training)}:]" if split else "x_val"
        validation = f', "validation": joined(inferred({samples}))'
        if run.is_masked:
            validation += f', "validation_mask": to_numpy(mask_of(model({samples}, training=False)))'
    return (
        _LINES.replace("TO_NUMPY", to_numpy)
        .replace("BATCH_SIZE", str(run.inputs["batch_size"]))
        .replace("TRAINING", f"x[:{len(run.training)}]" if split else "x")
        .replace("VALIDATION", validation)
    )
