"""scikit-learn: its scores, and accuracy_score behind its own ways from scores to labels.

The module shares its name with the package: start it with `-m`, never by its path, or it shadows
scikit-learn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.adapters.base import Adapter, Call, Form, Implementation, Recipe, as_list


def _of_list(array: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(array.tolist())


_FORMS: Mapping[str, Form] = {"list": Form(as_list, _of_list)}

_ALL = frozenset({"binary", "multiclass", "multilabel"})
_SINGLE = frozenset({"binary", "multiclass"})
_BINARY = frozenset({"binary"})
_MULTICLASS = frozenset({"multiclass"})


def _entry(
    name: str,
    tasks: frozenset[str],
    result: str,
    *,
    quantity: str = "accuracy",
    defaults: Mapping[str, Any] | None = None,
    lines: str = "",
    imports: tuple[str, ...] = (),
    forms: Mapping[str, Form] | None = None,
    **more: Any,
) -> Implementation:
    """Entry for a way of use: `lines`, then the expression `result`."""
    defaults = defaults or {}
    more = {"updates": "one", "weights": True, **more}
    return Implementation(
        id=name,
        quantity=quantity,
        tasks=tasks,
        recipe=Recipe(("import sklearn.metrics", *imports), result, update=lines, forms=forms or {}),
        parameters={name: "k" if name == "top_k" else name for name in defaults},
        defaults=defaults,
        definition=name,
        **more,
    )


def _score(name: str, tasks: frozenset[str], **more: Any) -> Implementation:
    """Entry for a function of y_true and y_pred."""
    path = f"sklearn.metrics.{name}"
    return _entry(
        path, tasks, f"{path}({{y_true}}, {{y_pred}}, {{arguments}}, {{weight}})", forms=_FORMS, **more
    )


def _decided(component: str, tasks: frozenset[str], lines: str, **more: Any) -> Implementation:
    """Entry for accuracy_score on the `labels` that a component of scikit-learn makes of the scores."""
    return _entry(
        f"sklearn.metrics.accuracy_score[{component}]",
        tasks,
        "sklearn.metrics.accuracy_score({y_true}, labels, {arguments}, {weight})",
        defaults={"normalize": True, **more.pop("defaults", {})},
        lines=lines,
        forms=_FORMS,
        **more,
    )


_OF_COUNTS = {"labels": None, "pos_label": 1, "average": "binary", "zero_division": "warn"}


def _of_counts(metric: str, result: str, **more: Any) -> tuple[Implementation, ...]:
    """Return the entries for a statistic of the counts of labels: its function, and its part of all four."""
    all_four = "sklearn.metrics.precision_recall_fscore_support"
    beta = {"beta": 1.0} if metric == "fbeta" else {}
    return (
        _score(
            f"{metric}_score",
            _ALL,
            quantity=metric,
            metric=metric,
            defaults={**dict.fromkeys(beta), **_OF_COUNTS},
            **more,
        ),
        _entry(
            f"{all_four}[{metric}]",
            _ALL,
            result,
            lines="precisions, recalls, fscores, _ = "
            f"{all_four}(\n    {{y_true}}, {{y_pred}}, {{arguments}}, {{weight}}\n)",
            quantity=metric,
            metric=metric,
            defaults={**beta, **_OF_COUNTS, "average": None},
        ),
    )


#: A report has a row for each label, then averages.
_REPORT = """\
report = sklearn.metrics.classification_report(
    {y_true}, {y_pred}, {arguments}, {weight}, output_dict=True
)"""
_EACH_ROW = '[row["COLUMN"] for name, row in report.items() if name != "accuracy" and " avg" not in name]'


def _reported(metric: str, column: str) -> Iterator[Implementation]:
    """Yield the entries for a column of a report: the values of all labels, and averages of these."""
    for row in ("", "macro avg", "weighted avg"):
        yield _entry(
            f"sklearn.metrics.classification_report[{f'{row} {column}'.strip()}]",
            _ALL,
            f'report["{row}"]["{column}"]' if row else _EACH_ROW.replace("COLUMN", column),
            lines=_REPORT,
            quantity=metric,
            metric=metric,
            defaults={"labels": None, "zero_division": "warn"},
            asked="named",
        )


def _of_negatives(metric: str, function: str) -> Implementation:
    """Entry for a statistic of binary targets in which 0 takes the place of the positive label."""
    path = f"sklearn.metrics.{function}"
    return _entry(
        f"{path}[pos_label=0]",
        _BINARY,
        f"{path}({{y_true}}, {{y_pred}}, {{arguments}}, {{weight}})",
        quantity=metric,
        metric=metric,
        defaults={"zero_division": "warn", "pos_label": 0},
        fixed={"pos_label": 0},
        forms=_FORMS,
    )


def _loss(name: str) -> Implementation:
    """Entry for a loss, subtracted from 1."""
    path = f"sklearn.metrics.{name}"
    return _entry(f"{path}[1 - loss]", _ALL, f"1 - {path}({{y_true}}, {{y_pred}}, {{weight}})")


def _half(call: Call) -> float:
    # Binarizer's own default, 0, is made for counts; a decision on probabilities is taken at one half.
    return 0.5


_CLASSIFIER = ("from sklearn.base import BaseEstimator, ClassifierMixin",)

#: The classifier stands for any fitted one: its probabilities are the scores of the case. The labels -1 and
#: 1, or any two, are learned from y_true as every classifier does; a case with fewer has the usual 0 and 1.
_GIVEN_SCORES = """\
class GivenScores(ClassifierMixin, BaseEstimator):
    def fit(self, X, y):
        classes = np.unique(y)
        self.classes_ = classes if len(classes) == 2 else np.array([0, 1])
        return self

    def predict_proba(self, X):
        scores = np.ravel(X)
        return np.stack([1 - scores, scores], axis=1)


classifier = FixedThresholdClassifier(GivenScores(), {threshold})
labels = classifier.fit({y_pred}, {y_true}).predict({y_pred})"""


#: The classifier stands for any fitted one: its predictions, or its scores, are those of the case. A scorer asks for
#: `classes_`, to see whether there are two, of which one could be the negative one.
_GIVEN = """\
class Given(ClassifierMixin, BaseEstimator):
    classes_ = np.arange(3)

    def METHOD(self, X):
        return X


"""


#: The classifier stands for one that was fitted on the other samples.
_FITTED = (
    _GIVEN.replace("METHOD", "predict")
    .rstrip()
    .replace(
        "    def predict",
        "    def fit(self, X, y):\n        self.fitted_ = True\n        return self\n\n    def predict",
    )
    + "\n\n\n"
)

#: An iterable of indices is what stands for a splitter; the folds are the updates of the case.
_FOLDS = f"""\
{_FITTED}{{folds}}
tests = np.split(np.arange(len(y_true)), np.cumsum(folds)[:-1])
cv = [(np.setdiff1d(np.arange(len(y_true)), test), test) for test in tests]
"""


def _folds(call: Call) -> list[int]:
    return [len(update.y_true) if update.y_true.ndim else 1 for update in call.updates]


def _of_folds(name: str, result: str, lines: str) -> Implementation:
    """Entry for a cross-validation whose folds are the updates."""
    entry = _entry(
        f"sklearn.model_selection.{name}",
        _ALL,
        result,
        lines=_FOLDS + lines,
        imports=("import sklearn.model_selection", *_CLASSIFIER),
        derived={"folds": _folds},
        updates="folds",
        weights=False,
    )
    return replace(entry, recipe=replace(entry.recipe, data="joined"))


#: Each classifier stands for one that was fitted for its output.
_OUTPUTS = """\
class GivenColumn(ClassifierMixin, BaseEstimator):
    def __init__(self, column=0):
        self.column = column

    def fit(self, X, y):
        return self

    def predict(self, X):
        return X[:, self.column]


model = MultiOutputClassifier(GivenColumn())
model.estimators_ = [GivenColumn(column) for column in range({y_pred}.shape[1])]"""

_PIPELINE = f"""\
{_FITTED}model = make_pipeline("passthrough", Given()).fit({{y_pred}}, {{y_true}})"""

#: The matrix of a class has its true negatives and false positives, then its false negatives and true positives.
_EACH_CLASS = """\
matrices = sklearn.metrics.multilabel_confusion_matrix({y_true}, {y_pred}, {weight})
tn, fp, fn, tp = matrices.reshape(-1, 4).T"""


def _scorer(name: str, tasks: frozenset[str], scorer: str, **more: Any) -> Implementation:
    """Entry for a scorer, which asks a classifier for predictions or scores."""
    method = "decision_function" if "top_k" in name else "predict"
    return _entry(
        f"sklearn.metrics.{name}",
        tasks,
        "scorer(Given(), {y_pred}, {y_true}, {weight})",
        lines=_GIVEN.replace("METHOD", method) + f"scorer = {scorer}",
        imports=_CLASSIFIER,
        **more,
    )


def _named_scorer(name: str, tasks: frozenset[str], metric: str, **more: Any) -> Implementation:
    """Entry for a scorer of a metric made of counts, by its name."""
    return _scorer(
        f"get_scorer[{name}]",
        tasks,
        f'sklearn.metrics.get_scorer("{name}")',
        quantity=metric,
        metric=metric,
        **more,
    )


#: How the names of scorers end, by the average; that of pos_label is the metric alone.
_AVERAGES = ("", "_macro", "_micro", "_weighted", "_samples")

#: The curves list one value for each distinct score, from the highest down; that of the smallest score which
#: reaches the threshold is the value at the threshold.
_AT_THRESHOLD = """\
{threshold}
values, thresholds = sklearn.metrics.metric_at_thresholds(
    {y_true}, {y_pred}, sklearn.metrics.accuracy_score, {weight}
)"""

_COUNTS_AT_THRESHOLD = """\
{threshold}
tn, fp, fn, tp, thresholds = sklearn.metrics.confusion_matrix_at_thresholds({y_true}, {y_pred}, {weight})
values = (tn + tp) / (tn + fp + fn + tp)"""


def _curve(name: str, lines: str, releases: str) -> Implementation:
    """Entry for a curve over thresholds, read at one of them; there in some releases."""
    return _entry(
        f"sklearn.metrics.{name}",
        _BINARY,
        "next(reversed(values[thresholds >= threshold]), None)",
        defaults={"threshold": 0.5},
        lines=lines,
        derived={"threshold": _half},
        releases=releases,
    )


def _warm_up() -> None:
    import sklearn.metrics
    import sklearn.model_selection
    import sklearn.preprocessing  # noqa: F401


def _settings() -> Mapping[str, Any]:
    import sklearn

    return dict(sorted(sklearn.get_config().items()))


ADAPTER = Adapter(
    framework="sklearn",
    path=f"{__name__}:ADAPTER",
    definitions="conformance.frameworks.sklearn.catalogue:CATALOGUE",
    title="scikit-learn",
    order=50,
    distributions={"scikit-learn": "sklearn", "numpy": "numpy"},
    optional={"ml_dtypes": "ml_dtypes"},
    implementations=(
        _score("accuracy_score", _ALL, defaults={"normalize": True}),
        _decided(
            "Binarizer",
            frozenset({"binary", "multilabel"}),
            "labels = Binarizer({threshold}).fit_transform({y_pred})",
            imports=("from sklearn.preprocessing import Binarizer",),
            defaults={"threshold": 0.5},
            derived={"threshold": _half},
        ),
        _decided(
            "FixedThresholdClassifier",
            _BINARY,
            _GIVEN_SCORES,
            imports=(
                *_CLASSIFIER,
                "from sklearn.model_selection import FixedThresholdClassifier",
            ),
            defaults={"threshold": "auto"},
        ),
        _decided("argmax", _MULTICLASS, "labels = np.argmax({y_pred}, axis=1)", ranks="scores"),
        _score(
            "balanced_accuracy_score", _SINGLE, quantity="balanced-accuracy", defaults={"adjusted": False}
        ),
        _score(
            "top_k_accuracy_score",
            _SINGLE,
            quantity="top-k-accuracy",
            defaults={"top_k": 2, "normalize": True, "labels": None},
            ranks="scores-unless-binary",
            only_with={"binary": "top_k"},
        ),
        _loss("zero_one_loss"),
        _loss("hamming_loss"),
        _entry(
            "sklearn.metrics.classification_report[accuracy]",
            _ALL,
            'report.get("accuracy", report)',
            defaults={"labels": None},
            lines="report = sklearn.metrics.classification_report("
            "{y_true}, {y_pred}, {arguments}, {weight}, output_dict=True)",
        ),
        _scorer("get_scorer[accuracy]", _ALL, 'sklearn.metrics.get_scorer("accuracy")'),
        _scorer(
            "make_scorer[accuracy_score]",
            _ALL,
            "sklearn.metrics.make_scorer(sklearn.metrics.accuracy_score, {arguments})",
            defaults={"normalize": True},
        ),
        _scorer(
            "get_scorer[balanced_accuracy]",
            _SINGLE,
            'sklearn.metrics.get_scorer("balanced_accuracy")',
            quantity="balanced-accuracy",
        ),
        _scorer(
            "get_scorer[top_k_accuracy]",
            _MULTICLASS,
            'sklearn.metrics.get_scorer("top_k_accuracy")',
            quantity="top-k-accuracy",
            ranks="scores",
        ),
        _entry(
            "sklearn.base.ClassifierMixin.score",
            _ALL,
            "Given().score({y_pred}, {y_true}, {weight})",
            lines=_GIVEN.replace("METHOD", "predict"),
            imports=_CLASSIFIER,
        ),
        _of_folds(
            "cross_val_score[accuracy]",
            "scores.mean()",
            "scores = sklearn.model_selection.cross_val_score(\n"
            '    Given(), {y_pred}, {y_true}, scoring="accuracy", cv=cv, error_score="raise"\n)',
        ),
        _of_folds(
            "cross_val_predict[accuracy_score]",
            "sklearn.metrics.accuracy_score({y_true}, labels)",
            "labels = sklearn.model_selection.cross_val_predict(Given(), {y_pred}, {y_true}, cv=cv)",
        ),
        _entry(
            "sklearn.multioutput.MultiOutputClassifier.score",
            frozenset({"multilabel"}),
            "model.score({y_pred}, {y_true})",
            lines=_OUTPUTS,
            imports=(*_CLASSIFIER, "from sklearn.multioutput import MultiOutputClassifier"),
            ranks="columns",
            weights=False,
        ),
        _entry(
            "sklearn.pipeline.Pipeline.score",
            _ALL,
            "model.score({y_pred}, {y_true}, {weight})",
            lines=_PIPELINE,
            imports=(*_CLASSIFIER, "from sklearn.pipeline import make_pipeline"),
            asked="named",
        ),
        _entry(
            "sklearn.metrics.multilabel_confusion_matrix[(tn + tp) / all]",
            _ALL,
            "(tn + tp) / (tn + fp + fn + tp)",
            quantity="accuracy-per-class",
            lines=_EACH_CLASS,
            asked="named",
        ),
        *_of_counts("precision", "precisions"),
        *_of_counts("recall", "recalls"),
        *_of_counts("f1", "fscores"),
        _score("jaccard_score", _ALL, quantity="jaccard", metric="jaccard", defaults=_OF_COUNTS),
        *_of_counts("fbeta", "fscores", only_with=dict.fromkeys(_ALL, "beta")),
        *(
            _named_scorer(f"{metric}{average}", _ALL, metric, asked="named" if average else "always")
            for metric in ("precision", "recall", "f1", "jaccard")
            for average in _AVERAGES
        ),
        _named_scorer("matthews_corrcoef", _SINGLE, "mcc"),
        *_reported("precision", "precision"),
        *_reported("recall", "recall"),
        *_reported("f1", "f1-score"),
        _of_negatives("specificity", "recall_score"),
        _of_negatives("npv", "precision_score"),
        _score("matthews_corrcoef", _SINGLE, quantity="mcc", metric="mcc"),
        _score(
            "confusion_matrix",
            _SINGLE,
            quantity="confusion-matrix",
            metric="confusion",
            defaults={"labels": None, "normalize": None},
        ),
        _score(
            "multilabel_confusion_matrix",
            _ALL,
            quantity="confusion-matrix",
            metric="confusion",
            defaults={"labels": None},
        ),
        _entry(
            "sklearn.metrics.multilabel_confusion_matrix[samplewise=True]",
            frozenset({"multilabel"}),
            "sklearn.metrics.multilabel_confusion_matrix({y_true}, {y_pred}, {arguments}, {weight})",
            quantity="confusion-matrix-per-sample",
            metric="confusion",
            defaults={"labels": None},
            fixed={"samplewise": True},
            forms=_FORMS,
        ),
        _score(
            "class_likelihood_ratios",
            _BINARY,
            quantity="likelihood-ratios",
            metric="confusion",
            defaults={"labels": None, "replace_undefined_by": np.nan},
            parameter_releases={"replace_undefined_by": ">=1.7"},
        ),
        _score(
            "cohen_kappa_score",
            _SINGLE,
            quantity="kappa",
            metric="kappa",
            defaults={"labels": None, "weights": None, "replace_undefined_by": np.nan},
            parameter_releases={"replace_undefined_by": ">=1.9"},
        ),
        _curve("metric_at_thresholds[accuracy_score]", _AT_THRESHOLD, ">=1.9"),
        _curve("confusion_matrix_at_thresholds[(tn + tp) / all]", _COUNTS_AT_THRESHOLD, ">=1.8"),
    ),
    warm_up=_warm_up,
    settings=_settings,
    training="conformance.frameworks.sklearn.training:TRAINER",
)
