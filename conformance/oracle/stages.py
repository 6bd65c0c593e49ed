"""What rules pass on while a definition is evaluated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Protocol

import numpy as np

from conformance.adapters.base import Call, Update
from conformance.oracle.model import Incomposable
from conformance.oracle.numbers import Array, broadcast_to, cast, is_text, name_of

Number = Fraction | float


class Parameters(dict[str, Any]):
    """The parameters of a call, defaults included.

    Asking for one that the implementation does not have raises Incomposable: the rule that asks is another's.

    Attributes:
        read: names of those that somebody has asked for; a copy asks for all.
    """

    def __init__(self, values: Mapping[str, Any] | None = None, read: set[str] | None = None) -> None:
        super().__init__(values or {})
        self.read: set[str] = set() if read is None else read

    def __getitem__(self, name: str) -> Any:
        self.read.add(name)
        return super().__getitem__(name)

    def __missing__(self, name: str) -> Any:
        raise Incomposable(f"there is no parameter {name}")

    def __contains__(self, name: object) -> bool:
        self.read.add(str(name))
        return super().__contains__(name)

    def __iter__(self) -> Iterator[str]:
        self.read |= self.keys()
        return super().__iter__()

    def get(self, name: str, default: Any = None) -> Any:
        """Return a parameter, or `default` where the implementation does not have it."""
        self.read.add(name)
        return super().get(name, default)

    def number(self, name: str) -> Any:
        """Return a parameter that has to be a number, as it is.

        Raises:
            Incomposable: it is a word, a list or None of another implementation.
        """
        if self[name] is None or isinstance(self[name], str | list):
            raise Incomposable(f"{name} is {self[name]!r}, which is no number")
        return self[name]

    def changed(self, **values: Any) -> Parameters:
        """Return the parameters with other values."""
        return Parameters({**dict(self.items()), **values}, self.read)


@dataclass(frozen=True, eq=False)
class Precision:
    """Which dtype is compared.

    Attributes:
        prepare: casts the data of an update, given the whole call, before anything else sees them.
        compare: brings scores and threshold to the dtype in which they are compared.
        equal: brings two label arrays to the dtype in which they are compared.
    """

    prepare: Callable[[Update, Call], Update]
    compare: Callable[[Array, Any], tuple[Array, Array]]
    equal: Callable[[Array, Array], tuple[Array, Array]]


@dataclass(frozen=True, eq=False)
class Scores:
    """Scores after transformation.

    Attributes:
        values: shape of y_pred.
        approximate: whether a transcendental was rounded, so that a score within 2 ulp of a threshold may
            fall on either side of it.
    """

    values: Array
    approximate: bool = False


@dataclass(frozen=True, eq=False)
class Labels:
    """Targets as the metric reads them; `decided_dtype` is the dtype decisions are cast to, if any."""

    truth: Array
    decided_dtype: str | None = None


@dataclass(frozen=True, eq=False)
class Decision:
    """What was decided at each position.

    Attributes:
        labels: the decided label, shape P (for a set of classes: the best one).
        members: for a set of classes: whether each class belongs to it, shape P + (C,).
        open: positions whose decision is left open (shape P), or for sets the classes whose membership is
            (shape P + (C,)); None if there are none.
    """

    labels: Array
    members: Array | None = None
    open: Array | None = None

    def cast(self, name: str) -> Decision:
        """Cast the decided labels; sets of classes have none to cast."""
        return self if self.members is not None else replace(self, labels=cast(self.labels, name))

    def reshape(self, shape: tuple[int, ...]) -> Decision:
        """Reshape the positions; `-1` is allowed."""
        labels = self.labels.reshape(shape)

        def follow(array: Array | None) -> Array | None:
            if array is None:
                return None
            return array.reshape(labels.shape + array.shape[self.labels.ndim :])

        return Decision(labels, follow(self.members), follow(self.open))

    def hits(self, truth: Array, equal: Callable[[Array, Array], tuple[Array, Array]]) -> Array:
        """Whether each decision is correct; truth and decisions are broadcast together.

        Raises:
            ValueError: the shapes cannot be broadcast.
        """
        if self.members is None:
            a, b = equal(truth, self.labels)
            if is_text(a) != is_text(b):
                # As NumPy has it, but for the dtypes of ml_dtypes, which it cannot compare with text.
                return np.zeros(np.broadcast_shapes(a.shape, b.shape), dtype=bool)
            return np.asarray(a == b)
        return self._pick(self.members, truth)

    def open_for(self, truth: Array) -> Array:
        """Return the elements that may be correct or not, given the truth."""
        assert self.open is not None
        if self.members is None:
            return np.broadcast_to(self.open, np.broadcast_shapes(truth.shape, self.open.shape))
        return self._pick(self.open, truth)

    def decided(self, truth: Array, hit: Array) -> Array:
        """Return the decided label of each element: of a set the true class if it contains it, else the best one."""
        labels = broadcast_to(self.labels, hit.shape)
        if self.members is None:
            return labels
        # NumPy promotes bfloat16 to nothing.
        truth = cast(truth, "float32") if name_of(truth.dtype) == "bfloat16" else truth
        return np.where(hit, truth, labels)

    def _pick(self, table: Array, truth: Array) -> Array:
        if truth.shape != table.shape[:-1]:
            raise Incomposable(f"classes of shape {truth.shape} against sets of shape {table.shape[:-1]}")
        if not table.shape[-1]:
            return np.zeros(truth.shape, dtype=bool)
        classes = cast(truth, "int64")
        inside = (classes >= 0) & (classes < table.shape[-1])
        picked = np.take_along_axis(table, np.where(inside, classes, 0)[..., None], axis=-1)[..., 0]
        return np.asarray(picked & inside)


@dataclass(frozen=True, eq=False)
class Aligned:
    """Truth and decision brought together; `final_shape` is what the hits are reshaped to."""

    truth: Array
    decision: Decision
    final_shape: tuple[int, ...] | None = None

    @property
    def matches_shape(self) -> tuple[int, ...]:
        """Shape of the matches before they are reshaped."""
        return np.broadcast_shapes(self.truth.shape, self.decision.labels.shape)


def as_they_are(y_true: Array, y_pred: Array) -> tuple[Array, Array]:
    """Bring nothing together before the decision."""
    return y_true, y_pred


class Alignment(Protocol):
    """How shapes are aligned."""

    def align(self, truth: Array, decision: Decision, y_pred: Array, /) -> Aligned:
        """Return truth and decision in shapes that can be compared."""

    def first(self, y_true: Array, y_pred: Array, /) -> tuple[Array, Array]:
        """Return y_true and y_pred as they are before anything is decided."""
        return y_true, y_pred


@dataclass(frozen=True, eq=False)
class Shaping:
    """An alignment without parameters; most leave the arrays as they are before the decision."""

    align: Callable[[Array, Decision, Array], Aligned]
    first: Callable[[Array, Array], tuple[Array, Array]] = as_they_are


@dataclass(frozen=True, eq=False)
class Counted:
    """Hits with their context, all of one shape; `kept` None means that nothing is left out."""

    hit: Array
    kept: Array | None
    truth: Array
    decided: Array

    def reshape(self, shape: tuple[int, ...]) -> Counted:
        """Reshape everything."""
        return Counted(
            self.hit.reshape(shape),
            None if self.kept is None else self.kept.reshape(shape),
            self.truth.reshape(shape),
            self.decided.reshape(shape),
        )


@dataclass(frozen=True, eq=False)
class Units:
    """The units of counting, all arrays of length U.

    A unit that is the mean of n elements may be n entries next to each other, one for each element: a million exact
    means take minutes to add up.

    Attributes:
        numerator: what each unit adds above (its value times its weight), times n.
        denominator: what each unit adds below (its weight), times n, or None for n each.
        sample: number of the sample of each unit, counted over all updates.
        shape: shape of the hits the units were made of.
        column: second index of each unit, or None where a unit is a sample.
        truth: true label of each unit, or None where a unit has several.
        decided: decided label, likewise.
        times: how many units each stands for, or None for 1 each; what is added has them already.
        share: 1/n.
        first: number of the first sample of the update, which may have no unit.
        hit: whether each unit is correct, or None where a unit is a mean.
    """

    numerator: Array
    denominator: Array | None
    sample: Array
    shape: tuple[int, ...]
    column: Array | None = None
    truth: Array | None = None
    decided: Array | None = None
    times: Array | None = None
    share: Fraction = Fraction(1)
    first: int = 0
    hit: Array | None = None


class Checking(Protocol):
    """What is checked, by the implementation itself or by an operator of its backend. Both raise Raises."""

    @property
    def before(self) -> Callable[[Parameters, Call], None]:
        """Checks the parameters."""

    @property
    def each(self) -> Callable[[Update, Parameters, Call], None]:
        """Checks an update."""

    @property
    def only(self) -> bool:
        """Whether nothing else is predicted: where no check raises, any value is as predicted."""


@dataclass(frozen=True, eq=False)
class Checks:
    """Checks without parameters of their own; the attributes are those of `Checking`."""

    before: Callable[[Parameters, Call], None]
    each: Callable[[Update, Parameters, Call], None]
    only: bool = False


@dataclass(frozen=True, eq=False)
class Ties:
    """How equal scores fall.

    Attributes:
        argmax: (scores, axis) -> index of the best class.
        top_k: (scores of shape P + (C,), k) -> membership of each class, and which memberships are open.
    """

    argmax: Callable[[Array, int], Array]
    top_k: Callable[[Array, int], tuple[Array, Array | None]]


@dataclass(frozen=True, eq=False)
class Special:
    """What NaN, infinities and -0.0 do.

    Attributes:
        order: scores -> scores whose plain order (NaN highest) is the order this implementation sees.
        void: scores of shape P + (C,) -> which of them cannot be among the top k, whatever k; same shape.
        seen: numbers -> what arithmetic sees of them (subnormals may be zero).
    """

    order: Callable[[Array], Array]
    void: Callable[[Array], Array]
    seen: Callable[[Array], Array]


@dataclass(frozen=True, eq=False)
class Comparison:
    """How scores are compared with a threshold, and with each other.

    Attributes:
        precision: the dtype of a comparison with a threshold.
        ties: which of equal scores wins.
        special: the order of NaN, infinities and -0.0.
    """

    precision: Precision
    ties: Ties
    special: Special

    def argmax(self, scores: Array, axis: int) -> Array:
        """Return the index of the highest score along an axis; of a scalar it is 0, as in NumPy.

        Raises:
            Incomposable: there is no score.
        """
        if scores.ndim and not scores.shape[axis]:
            raise Incomposable("there is no class")
        return np.asarray(self.ties.argmax(self.special.order(scores), axis))


@dataclass(frozen=True, eq=False)
class Exclusion:
    """What is left out.

    Attributes:
        kept: targets as given -> which positions count, or None for all.
        hit: (hits, truth) -> hits, replaced where something ignored counts as correct or incorrect.
    """

    kept: Callable[[Array, Parameters], Array | None]
    hit: Callable[[Array, Array, Parameters], Array]


#: Call -> the parameters where the case is silent.
Defaults = Callable[[Call], Mapping[str, Any]]
#: (y_pred, y_true, parameters, call) -> scores.
Transform = Callable[[Array, Array, Parameters, Call], Scores]
#: (y_true, y_pred, parameters, comparison) -> targets as the metric reads them.
ReadTargets = Callable[[Array, Array, Parameters, Comparison], Labels]
#: (scores, y_true, parameters, comparison) -> decisions.
Decide = Callable[[Scores, Array, Parameters, Comparison], Decision]
#: (shape of the hits, the update as it was given, call) -> weights of that shape, a scalar, or None.
Weigh = Callable[[tuple[int, ...], Update, Call], Array | None]
#: (hits, weights, number of the first sample, parameters) -> units.
MakeUnits = Callable[[Counted, Array | None, int, Parameters], Units]
