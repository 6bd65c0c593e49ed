"""The axes on which implementations of accuracy differ: one rule per axis makes a definition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Axis:
    """One axis.

    Attributes:
        title: a few words.
        prose: a short page in plain words: the question, and the answers there are.
        agree: how to make two implementations agree.
    """

    title: str
    prose: str
    agree: str


#: In the order in which the rules are applied.
AXES: Mapping[str, Axis] = {
    "name-resolution": Axis(
        "What a name stands for",
        "A string such as `accuracy` given to compile() is not a metric: Keras picks one by looking at the "
        "shapes of the first batch. One output column gives BinaryAccuracy, integer targets against several"
        " columns give SparseCategoricalAccuracy, everything else gives CategoricalAccuracy; the loss plays"
        " no part.",
        "Name the metric class you mean instead of the string.",
    ),
    "default-parameter": Axis(
        "Defaults nobody wrote",
        "The same word has another default elsewhere: top_k is 5 in Keras, 2 in scikit-learn and 1 in "
        "torchmetrics; average is macro in MulticlassAccuracy and micro in torchmetrics.Accuracy.",
        "Write the parameter out wherever you compare two frameworks.",
    ),
    "refusal": Axis(
        "What is refused",
        "One implementation raises where another computes. scikit-learn refuses probabilities where labels "
        "are meant, torchmetrics refuses targets that are not classes, Keras checks hardly anything and "
        "computes a number.",
        "Turn scores into labels yourself before you call the stricter one.",
    ),
    "threshold-precision": Axis(
        "The dtype in which scores are compared",
        "0.7 in float64 and 0.7 in float32 are different numbers. An implementation that rounds the "
        "threshold, or the scores, before it compares them decides differently for a score that lies on the"
        " threshold.",
        "Hand over scores in float32, and keep thresholds away from values your scores take.",
    ),
    "score-transform": Axis(
        "What is done to scores first",
        "torchmetrics takes scores for logits and applies a sigmoid to all of them as soon as one score of "
        "the update lies outside [0, 1]; Keras and scikit-learn compare scores as they are. The result then"
        " depends on which rows share an update.",
        "Apply the sigmoid yourself before the metric.",
    ),
    "label-domain": Axis(
        "How targets are read",
        "Targets can be read as class numbers, as one-hot rows whose largest entry names the class, or as "
        "the values themselves, and they may be cast to the dtype of the predictions first. {-1, 1} or soft"
        " targets mean different things to each reading.",
        "Use integer classes from 0 up.",
    ),
    "decision-rule": Axis(
        "How a score becomes a decision",
        "Equality compares the prediction itself with the target, so that 0.98 is simply not 1. A threshold"
        " turns scores into 0 and 1 first: with > in Keras, torchmetrics and scikit-learn's Binarizer, so that a score"
        " of exactly the threshold is not positive; with >= in scikit-learn's metrics at thresholds and its"
        " FixedThresholdClassifier, so that it is (for the latter's default of one half, that is a finding). argmax"
        " takes the column with the highest score, top-k any of the k highest.",
        "Pick the call with the same decision, or hand over decisions instead of scores.",
    ),
    "ties": Axis(
        "Equal scores",
        "When two classes have the same score, argmax takes the first in every framework, scikit-learn's "
        "top-k takes the last, and Keras' top-k counts all that tie with the k-th. Ties are common with "
        "rounded or quantized scores.",
        "Break ties before you compare.",
    ),
    "special-values": Axis(
        "NaN, infinities and signed zeros",
        "NumPy and torch let NaN win an argmax, TensorFlow lets it lose; top-k in Keras gives up on a row "
        "with any non-finite score; Keras puts -0.0 below 0.0.",
        "Look for NaN before you measure.",
    ),
    "shape": Axis(
        "How shapes are brought together",
        "(N,) against (N, 1) is squeezed, broadcast to N x N, or refused, and the class axis is the last "
        "one in Keras and the second one in torchmetrics.",
        "Give y_true and y_pred the same shape.",
    ),
    "exclusion": Axis(
        "What is left out",
        "ignore_index removes rows - or counts them as right, for exact match; targets that are no class "
        "may silently drop out.",
        "Remove such rows before the metric.",
    ),
    "weights": Axis(
        "How sample_weight enters",
        "Weights multiply each row and the sum of weights divides - unless the metric has no weights, or is"
        " in metrics= instead of weighted_metrics=, where they are ignored.",
        "Use weighted_metrics= in compile(), and for a metric without weights repeat each row as often as "
        "its weight says.",
    ),
    "unit": Axis(
        "What one unit of counting is",
        "An accuracy can count elements, take the mean of each row first, or count a row only if all of it "
        "is right. On rows of one element all three agree.",
        "Choose the unit, then flatten accordingly.",
    ),
    "average": Axis(
        "How units are averaged",
        "Micro counts all units alike; macro takes the accuracy of each class and averages those, so that "
        "rare classes weigh as much as frequent ones. A macro accuracy of single-label rows is the balanced"
        " accuracy.",
        "Name the same average on both sides, or compare a macro accuracy with the balanced accuracy.",
    ),
    "accumulation": Axis(
        "How updates are put together",
        "Counts may be pooled over all updates, or each update's mean may be averaged; the accumulator's "
        "dtype limits what can be counted.",
        "Feed equal batches, or keep all predictions and measure once; past 16 million rows use a metric "
        "with integer or float64 counters.",
    ),
    "undefined-value": Axis(
        "What 0/0 is",
        "Nothing was counted, for no row came or all weights are zero: Keras and torchmetrics say 0.0, scikit-learn "
        "raises or gives NaN.",
        "Guard against empty input yourself.",
    ),
    "departure": Axis(
        "Not as documented",
        "An implementation is known to leave its own documentation here; the finding says when, and which "
        "rule really holds.",
        "Stay away from the condition that the finding names, or measure with another call until the "
        "framework is mended.",
    ),
}
