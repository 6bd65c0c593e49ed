"""scikit-learn: its scores, and accuracy_score behind its own ways from scores to labels.

The module shares its name with the package: start it with `-m`, never by its path, or it shadows
scikit-learn.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.adapters.base import Adapter, Call, Form, Implementation, Recipe, as_list


def _of_list(array: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(array.tolist())


_FORMS: Mapping[str, Form] = {"list": Form(as_list, _of_list)}

_ALL = frozenset({"binary", "multiclass", "multilabel"})
_SINGLE = frozenset({"binary", "multiclass"})


def _score(
    name: str, tasks: frozenset[str], quantity: str, defaults: Mapping[str, Any], **more: Any
) -> Implementation:
    """Entry for a function of y_true and y_pred."""
    path = f"sklearn.metrics.{name}"
    return Implementation(
        id=path,
        quantity=quantity,
        tasks=tasks,
        recipe=Recipe(
            imports=("import sklearn.metrics",),
            result=f"{path}({{y_true}}, {{y_pred}}, {{arguments}}, {{weight}})",
            forms=_FORMS,
        ),
        parameters={name: "k" if name == "top_k" else name for name in defaults},
        defaults=defaults,
        updates="one",
        weights=True,
        definition=path,
        **more,
    )


def _decided(
    component: str, tasks: frozenset[str], imports: tuple[str, ...], lines: str, **more: Any
) -> Implementation:
    """Entry for accuracy_score on the `labels` that a component of scikit-learn makes of the scores."""
    implementation_id = f"sklearn.metrics.accuracy_score[{component}]"
    defaults = {"normalize": True, **more.pop("defaults", {})}
    return Implementation(
        id=implementation_id,
        quantity="accuracy",
        tasks=tasks,
        recipe=Recipe(
            imports=("import sklearn.metrics", *imports),
            update=lines,
            result="sklearn.metrics.accuracy_score({y_true}, labels, {arguments}, {weight})",
            forms=_FORMS,
        ),
        parameters={name: name for name in defaults},
        defaults=defaults,
        updates="one",
        weights=True,
        definition=implementation_id,
        **more,
    )


def _used(
    bracketed: str,
    tasks: frozenset[str],
    quantity: str,
    lines: str,
    result: str,
    *,
    imports: tuple[str, ...] = (),
    defaults: Mapping[str, Any] | None = None,
    **more: Any,
) -> Implementation:
    """Entry for a way of use that does not fit the others: `lines`, then the expression `result`."""
    return Implementation(
        id=bracketed,
        quantity=quantity,
        tasks=tasks,
        recipe=Recipe(imports=("import sklearn.metrics", *imports), update=lines, result=result),
        parameters={name: name for name in defaults or {}},
        defaults=defaults or {},
        updates="one",
        weights=True,
        definition=bracketed,
        **more,
    )


def _half(call: Call) -> float:
    # Binarizer's own default, 0, is made for counts; a decision on probabilities is taken at one half.
    return 0.5


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


#: The estimator stands for any fitted one: its predictions, or its scores, are those of the case.
_GIVEN = """\
class Given(BaseEstimator):
    def METHOD(self, X):
        return X


"""

_BASE = ("from sklearn.base import BaseEstimator",)


def _scorer(name: str, tasks: frozenset[str], quantity: str, scorer: str, **more: Any) -> Implementation:
    """Entry for a scorer, which asks an estimator for predictions or scores."""
    method = "decision_function" if quantity == "top-k-accuracy" else "predict"
    return _used(
        f"sklearn.metrics.{name}",
        tasks,
        quantity,
        _GIVEN.replace("METHOD", method) + f"scorer = {scorer}",
        "scorer(Given(), {y_pred}, {y_true}, {weight})",
        imports=_BASE,
        **more,
    )


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


def _curve(name: str, lines: str) -> Implementation:
    """Entry for a curve over thresholds, read at one of them."""
    return _used(
        f"sklearn.metrics.{name}",
        frozenset({"binary"}),
        "accuracy",
        lines,
        "next(reversed(values[thresholds >= threshold]), None)",
        defaults={"threshold": 0.5},
        derived={"threshold": _half},
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
    implementations=(
        _score(
            "accuracy_score",
            _ALL,
            "accuracy",
            {"normalize": True},
        ),
        _decided(
            "Binarizer",
            frozenset({"binary", "multilabel"}),
            ("from sklearn.preprocessing import Binarizer",),
            "labels = Binarizer({threshold}).fit_transform({y_pred})",
            defaults={"threshold": 0.5},
            derived={"threshold": _half},
        ),
        _decided(
            "FixedThresholdClassifier",
            frozenset({"binary"}),
            (
                "from sklearn.base import BaseEstimator, ClassifierMixin",
                "from sklearn.model_selection import FixedThresholdClassifier",
            ),
            _GIVEN_SCORES,
            defaults={"threshold": "auto"},
        ),
        _decided(
            "argmax",
            frozenset({"multiclass"}),
            (),
            "labels = np.argmax({y_pred}, axis=1)",
            ranks="scores",
        ),
        _score(
            "balanced_accuracy_score",
            _SINGLE,
            "balanced-accuracy",
            {"adjusted": False},
        ),
        _score(
            "top_k_accuracy_score",
            _SINGLE,
            "top-k-accuracy",
            {"top_k": 2, "normalize": True, "labels": None},
            ranks="scores-unless-binary",
            only_with={"binary": "top_k"},
        ),
        _used(
            "sklearn.metrics.zero_one_loss[1 - loss]",
            _ALL,
            "accuracy",
            "",
            "1 - sklearn.metrics.zero_one_loss({y_true}, {y_pred}, {weight})",
        ),
        _used(
            "sklearn.metrics.hamming_loss[1 - loss]",
            _ALL,
            "accuracy",
            "",
            "1 - sklearn.metrics.hamming_loss({y_true}, {y_pred}, {weight})",
        ),
        _used(
            "sklearn.metrics.classification_report[accuracy]",
            _ALL,
            "accuracy",
            "report = sklearn.metrics.classification_report("
            "{y_true}, {y_pred}, {arguments}, {weight}, output_dict=True)",
            'report.get("accuracy", report)',
            defaults={"labels": None},
        ),
        _scorer("get_scorer[accuracy]", _ALL, "accuracy", 'sklearn.metrics.get_scorer("accuracy")'),
        _scorer(
            "make_scorer[accuracy_score]",
            _ALL,
            "accuracy",
            "sklearn.metrics.make_scorer(sklearn.metrics.accuracy_score, {arguments})",
            defaults={"normalize": True},
        ),
        _scorer(
            "get_scorer[balanced_accuracy]",
            _SINGLE,
            "balanced-accuracy",
            'sklearn.metrics.get_scorer("balanced_accuracy")',
        ),
        _scorer(
            "get_scorer[top_k_accuracy]",
            frozenset({"multiclass"}),
            "top-k-accuracy",
            'sklearn.metrics.get_scorer("top_k_accuracy")',
            ranks="scores",
        ),
        _used(
            "sklearn.base.ClassifierMixin.score",
            _ALL,
            "accuracy",
            _GIVEN.replace("METHOD", "predict").replace("(BaseE", "(ClassifierMixin, BaseE"),
            "Given().score({y_pred}, {y_true}, {weight})",
            imports=("from sklearn.base import BaseEstimator, ClassifierMixin",),
        ),
        _curve("metric_at_thresholds[accuracy_score]", _AT_THRESHOLD),
        _curve("confusion_matrix_at_thresholds[(tn + tp) / all]", _COUNTS_AT_THRESHOLD),
    ),
    warm_up=_warm_up,
    settings=_settings,
)
