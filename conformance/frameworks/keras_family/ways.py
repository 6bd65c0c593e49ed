"""The ways to use what compile() is given: which strings, objects and functions, in which argument, and how.

Recipes and definitions follow these tables alike. Needs the standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

#: The argument of compile() that takes a metric or a loss.
Role = Literal["metrics", "weighted_metrics", "loss"]

#: How data are fed: arrays and a batch_size, a data set of batches, or batch by batch.
Feed = Literal["arrays", "dataset", "on-batch"]

_BOTH: tuple[Role, ...] = ("metrics", "weighted_metrics")

#: The strings that people write.
STRINGS = (
    "accuracy",
    "acc",
    "binary_accuracy",
    "categorical_accuracy",
    "sparse_categorical_accuracy",
)

#: Strings in another case, and those named after a class.
_OTHER_STRINGS = (
    "Accuracy",
    "ACC",
    "BinaryAccuracy",
    "CategoricalAccuracy",
    "SparseCategoricalAccuracy",
    "top_k_categorical_accuracy",
    "TopKCategoricalAccuracy",
    "sparse_top_k_categorical_accuracy",
    "SparseTopKCategoricalAccuracy",
)

#: Metric objects.
OBJECTS = (
    "Accuracy()",
    "BinaryAccuracy()",
    "CategoricalAccuracy()",
    "SparseCategoricalAccuracy()",
    "TopKCategoricalAccuracy()",
    "SparseTopKCategoricalAccuracy()",
)

#: Functions of y_true and y_pred: one that returns its mean over the batch, and one that returns a value per sample.
FUNCTIONS = ("function", "function,per sample")


@dataclass(frozen=True)
class Way:
    """One way to use what compile() is given: the crossing of words, roles and feeds.

    Attributes:
        method: the method that stands in the id; `compile` stands for evaluate().
        words: what compile() is given, as it stands in the brackets of an id.
        roles: the arguments that take it.
        feeds: how data are fed.
        validation: whether the value is that of validation_data, which are the training data once more.
        hook: the method of a callback that sees a value after each batch; empty for the value in the end.
    """

    method: Literal["compile", "fit", "evaluate", "train_on_batch", "test_on_batch"]
    words: tuple[str, ...]
    roles: tuple[Role, ...] = ("metrics",)
    feeds: tuple[Feed, ...] = ("arrays",)
    validation: bool = False
    hook: str = ""

    @property
    def trains(self) -> bool:
        """Whether the method trains, so that it takes class_weight."""
        return self.method in ("fit", "train_on_batch")

    def uses(self) -> Iterator[Use]:
        """Yield each crossing."""
        for word in self.words:
            for role in self.roles:
                for feed in self.feeds:
                    yield Use(self, word, role, feed)


@dataclass(frozen=True)
class Use:
    """One word in one argument, fed in one way."""

    way: Way
    word: str
    role: Role
    feed: Feed

    @property
    def key(self) -> str:
        """What stands in the brackets of an id."""
        words = [self.word if self.role == "metrics" else f"{self.role}={self.word}"]
        if self.way.validation:
            words = [*words[self.role == "metrics" :], f"val_{self.word}"]
        if self.feed == "dataset":
            words.append(self.feed)
        return ",".join([*words, *filter(None, [self.way.hook])])

    def path(self, module: str) -> str:
        """Return the id, without environment."""
        return f"{module}.Model.{self.way.method}[{self.key}]"


WAYS = (
    Way("compile", STRINGS, _BOTH, ("arrays", "dataset")),
    Way("compile", (*_OTHER_STRINGS, *OBJECTS, *FUNCTIONS)),
    Way("compile", OBJECTS, ("weighted_metrics",)),
    Way("fit", (STRINGS[0], *STRINGS[2:]), _BOTH),
    Way("fit", STRINGS[:1], _BOTH, validation=True),
    Way("train_on_batch", STRINGS[:1], _BOTH, ("on-batch",)),
    Way("test_on_batch", STRINGS[:1], _BOTH, ("on-batch",)),
    Way("fit", STRINGS[:1], hook="on_train_batch_end"),
    Way("evaluate", STRINGS[:1], hook="on_test_batch_end"),
)


def ways_of_counts(name: str, by_function: bool) -> Way:
    """Return the ways to use a metric made of counts: the strings and the object, evaluated on arrays.

    Args:
        name: name of its class.
        by_function: whether a string may be the name in lower case, too.
    """
    strings = (name, function_of(name)) if by_function else (name,)
    return Way("compile", (*strings, f"{name}()"), _BOTH)


def uses() -> Iterator[Use]:
    """Yield every use that has a value."""
    for way in WAYS:
        yield from way.uses()


def function_of(word: str) -> str:
    """Return the name of the function, in lower case, that a string or an object is named after.

    >>> function_of("TopKCategoricalAccuracy()")
    'top_k_categorical_accuracy'
    >>> function_of("F1Score")
    'f1_score'
    """
    apart = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", word.removesuffix("()"))
    return re.sub("([a-z])([A-Z])", r"\1_\2", apart).lower()


def logged_as(word: str, after_functions: bool) -> str:
    """Return the name under which a value is logged.

    Args:
        word: what compile() is given, as in the brackets of an id.
        after_functions: whether a string that names a class is logged under the name of its function.

    >>> logged_as("BinaryAccuracy", after_functions=True)
    'binary_accuracy'
    """
    named_after_class = word != word.lower() and word.lower() not in ("accuracy", "acc")
    if word.endswith("()") or (after_functions and named_after_class):
        # Of all metrics this one has a name of its own.
        return function_of(word).replace("f_beta_score", "fbeta_score")
    return word.partition(",")[0]
