"""How a linear classifier of scikit-learn is trained batch by batch. Needs NumPy only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from conformance.training.program import array, filtered, indented, labelled, mapping, nested
from conformance.training.recording import Recording, WentIn
from conformance.training.run import ONLY, Dense, Run
from conformance.training.trainer import Kind, Logged

_SCORE = "sklearn.base.ClassifierMixin.score"

#: What a run may name that such a classifier does not have -> why not.
_LACKING = {
    "outputs": "has one output",
    "mixed_precision": "has no policy of layers",
    "replicas": "has no sampler that distributes samples",
    "threshold": "has a fixed threshold",
}

_STEP = """\
predicted = classifier.predict(x[batch])
step = {"epoch": epoch, "x": x[batch], "y_true": y_true[batch], "training": predicted, "inference": predicted}
record["steps"].append({**step, "decision": classifier.decision_function(x[batch])})
"""


@dataclass(frozen=True)
class LinearTrainer:
    """The trainer: `SGDClassifier.partial_fit`, which scores each batch after its step."""

    def reason(self, run: Run) -> str | None:
        """Return why a run is not applicable, or None."""
        lacking = [why for key, why in _LACKING.items() if run.get(key)]
        layers = list(run.all_layers())
        if len(layers) != 1 or not isinstance(layers[0], Dense) or layers[0].units != 1:
            lacking.append("has linear classifiers only, without dropout, normalization or hidden layers")
        if run.inputs["loss"] != "binary_crossentropy" or run.get("optimizer", "sgd") != "sgd":
            lacking.append("is trained by SGD on the logistic loss here")
        return next(iter(lacking), None)

    def lines(self, run: Run, *, recorded: bool) -> str:
        """Return the program."""
        return filtered("\n".join(self._lines(run, recorded)))

    def _lines(self, run: Run, recorded: bool) -> Iterator[str]:
        samples, size = run.samples, run.inputs["batch_size"]
        yield "import numpy as np"
        yield "from sklearn.linear_model import SGDClassifier"
        if run.get("validation_split"):
            yield "from sklearn.model_selection import train_test_split"
        yield f"\nx = {array(samples.x, 'float32')}"
        yield f"y_true = {array(np.ravel(samples.y_true[ONLY]))}"
        if samples.sample_weight is not None:
            yield f"sample_weight = {array(samples.sample_weight, 'float32')}"
        if run.validation_data is not None:
            yield f"x_val = {array(run.validation_data.x, 'float32')}"
            yield f"y_val = {array(np.ravel(run.validation_data.y_true[ONLY]))}"
        if split := run.get("validation_split"):
            yield f"x, x_val, y_true, y_val = train_test_split(x, y_true, test_size={split}, shuffle=False)"
        (layer,) = run.all_layers()
        assert isinstance(layer, Dense)
        weights = run.get("class_weight")
        options = [
            'loss="log_loss"',
            "penalty=None",
            'learning_rate="constant"',
            f"eta0={run.get('learning_rate', 0.01)}",
            "shuffle=False",
            *([f"class_weight={labelled(weights)}"] if weights else ()),
        ]
        listed = "".join(f"    {option},\n" for option in options)
        yield f"\nclassifier = SGDClassifier(\n{listed})"
        if layer.kernel is not None:
            yield f"classifier.coef_ = np.array([{nested(tuple(row[0] for row in layer.kernel))}], dtype=x.dtype)"
            yield f"classifier.intercept_ = np.array({nested(layer.bias or (0.0,))}, dtype=x.dtype)"
        yield f"random = np.random.default_rng({run.get('seed', 0)})"
        if recorded:
            yield 'record = {"steps": [], "epochs": []}'
        validated = run.validation is not None
        yield "of_batches, means, scores, validation = [], [], [], []"
        yield f"for epoch in range(1, {run.inputs['epochs']} + 1):"
        yield f"    order = {'random.permutation(len(x))' if run.get('shuffle') else 'np.arange(len(x))'}"
        stop = f"len(x) - {size - 1}" if run.get("drop_remainder") else "len(x)"
        yield f"    for start in range(0, {stop}, {size}):"
        yield f"        batch = order[start : start + {size}]"
        weighted = ", sample_weight=sample_weight[batch]" if samples.sample_weight is not None else ""
        yield f"        classifier.partial_fit(x[batch], y_true[batch], classes=[0, 1]{weighted})"
        yield "        of_batches.append(classifier.score(x[batch], y_true[batch]))"
        if recorded:
            yield indented(_STEP, 2)
            if weighted:
                yield '        record["steps"][-1]["sample_weight"] = sample_weight[batch]'
        yield "    scores.append(classifier.score(x, y_true))"
        if validated:
            yield "    validation.append(classifier.score(x_val, y_val))"
        if recorded:
            outputs = '{"training": classifier.predict(x)' + (
                ', "validation": classifier.predict(x_val)}' if validated else "}"
            )
            yield f'    record["epochs"].append({outputs})'
        if weighted:
            yield "weighted = classifier.score(x, y_true, sample_weight)"
        if recorded:
            names = ("of_batches", "scores", "validation", *(["weighted"] if weighted else ()))
            yield f'record["log"] = {mapping({name: name for name in names})}'

    def numbers(self, run: Run, recording: Recording) -> Sequence[Logged]:
        """Return the numbers of the log."""
        return tuple(self._numbers(run, recording))

    def _numbers(self, run: Run, recording: Recording) -> Iterator[Logged]:
        log, last = recording.log, run.inputs["epochs"]
        values = iter(log["of_batches"])
        everything = (tuple(range(len(run.training))),)

        def number(
            kind: Kind, name: str, value: object, shown_as: str, went_in: WentIn, batch: int | None = None
        ) -> Logged:
            return Logged(name, kind, shown_as, "score", value, _SCORE, went_in, batch)

        for epoch in range(1, last + 1):
            for place, batch in enumerate(recording.batches(epoch), 1):
                went_in = WentIn("training", (batch,), "moving", "inference", epoch)
                name = f"score-epoch-{epoch}-batch-{place}"
                yield number(
                    "batch", name, next(values), "classifier.score(x[batch], y_true[batch])", went_in, place
                )
            went_in = WentIn("training", everything, "final", "inference", epoch)
            value = log["scores"][epoch - 1]
            yield number("evaluate", f"score-epoch-{epoch}", value, "classifier.score(x, y_true)", went_in)
            if run.validation is not None:
                went_in = WentIn(
                    "validation", (tuple(range(len(run.validation))),), "final", "inference", epoch
                )
                value = log["validation"][epoch - 1]
                yield number(
                    "validation", f"val_score-epoch-{epoch}", value, "classifier.score(x_val, y_val)", went_in
                )
        if "weighted" in log:
            went_in = WentIn("training", everything, "final", "inference", last, weighted=True)
            yield number(
                "evaluate",
                "weighted-score",
                log["weighted"],
                "classifier.score(x, y_true, sample_weight)",
                went_in,
            )


TRAINER = LinearTrainer()
