"""The axes on which implementations of accuracy differ: one rule per axis makes a definition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Axis:
    """One axis. What a framework does on it is said by the `axes` of its `oracle.catalogue.Catalogue`.

    Attributes:
        title: a few words.
        prose: the question, and which answers there are.
        agree: how to make two implementations agree.
    """

    title: str
    prose: str
    agree: str


#: In the order in which the rules are applied.
AXES: Mapping[str, Axis] = {
    "name-resolution": Axis(
        "Metric-string resolution in compile()",
        "A string such as `accuracy` given to compile() is not a metric. A metric is picked when the first batch"
        " arrives, from the shapes of its targets and of the model's output.",
        "Pass the metric object you mean instead of the string.",
    ),
    "default-parameter": Axis(
        "Implicit default parameters",
        "A parameter of the same name has different defaults, such as the k of top-k accuracy or the average over"
        " classes.",
        "Pass the parameter explicitly wherever you compare two frameworks.",
    ),
    "refusal": Axis(
        "Input validation: what raises",
        "One implementation raises an exception where another computes a value: a check of its own rejects a shape,"
        " a dtype or a label, or an operator of its backend does.",
        "Turn scores into labels, and bring both arrays into the documented shape and dtype, before you call the"
        " stricter implementation.",
    ),
    "threshold-precision": Axis(
        "Dtype of the comparison with the threshold",
        "0.7 in float64 and 0.7 in float32 are different numbers. An implementation that rounds the threshold or the"
        " scores before it compares them decides differently for a score that equals the threshold.",
        "Pass scores in float32, and avoid thresholds that your scores take as values.",
    ),
    "score-transform": Axis(
        "Logit detection and sigmoid",
        "Some implementations take scores for logits, and apply a sigmoid to all scores of an update, as soon as one"
        " of them lies outside [0, 1]. The result then depends on which samples share an update. Others compare"
        " scores as they are.",
        "Apply the sigmoid yourself before the metric.",
    ),
    "label-domain": Axis(
        "How targets are interpreted",
        "Targets are interpreted as integer labels, as one-hot vectors whose largest entry is the class, or as plain"
        " values, and they may be cast to the dtype of the predictions first. Targets such as {-1, 1} or soft labels"
        " mean different things in each reading.",
        "Use integer labels from 0 upwards.",
    ),
    "decision-rule": Axis(
        "Decision rule: equality, threshold, argmax, top-k",
        "Equality compares the prediction itself with the target, so that 0.98 is not 1. A threshold turns scores"
        " into 0 and 1 first; with `>` a score equal to the threshold is negative, with `>=` it is positive. argmax"
        " predicts the class with the highest score, top-k accepts any of the k highest.",
        "Pick the call with the same decision rule, or pass predicted labels instead of scores.",
    ),
    "ties": Axis(
        "Ties between scores",
        "When several classes have the same score, an implementation predicts the first of them, predicts the last"
        " of them, or counts all that tie with the k-th highest as predicted. Ties are common with rounded or"
        " quantized scores.",
        "Break ties before the metric, for example by ranking the scores yourself.",
    ),
    "special-values": Axis(
        "NaN, infinities and signed zeros",
        "NaN is the largest score for one argmax and never chosen by another; a top-k metric may count a sample with"
        " a non-finite score as incorrect; -0.0 may be less than 0.0.",
        "Check for NaN and infinities before the metric.",
    ),
    "shape": Axis(
        "Shape alignment and broadcasting",
        "Targets of shape (N,) and predictions of shape (N, 1) are squeezed, broadcast to (N, N), or raise. Which"
        " axis holds the classes differs as well.",
        "Give y_true and y_pred the same shape.",
    ),
    "exclusion": Axis(
        "Ignored samples",
        "ignore_index removes samples, or counts them as correct in an exact match; a target that is not a class may"
        " be dropped without a warning.",
        "Remove such samples before the metric.",
    ),
    "weights": Axis(
        "Sample weights",
        "Each sample counts by its weight, and the sum of the weights is the denominator - unless the metric takes no"
        " weights or is not given them.",
        "For a metric without weights repeat each sample as often as its weight says.",
    ),
    "unit": Axis(
        "What is averaged: elements, samples, exact matches",
        "With several labels per sample an accuracy counts elements, takes the mean of each sample first, or counts a"
        " sample only if all its labels are correct. With one label per sample all three agree.",
        "Choose what to count, then reshape accordingly.",
    ),
    "statistic": Axis(
        "Statistic",
        "A closed formula is taken of the sums of each group of elements or samples. Accuracy divides the correct ones"
        " by all. The recall of a class divides its correct samples by its targets: a macro average of accuracies by"
        " class is one of recalls.",
        "Compare metrics of the same name, and a macro accuracy with the balanced accuracy.",
    ),
    "average": Axis(
        "Micro and macro average",
        "A micro average counts all samples alike. A macro average takes the accuracy of each class and averages"
        " those, so that rare classes weigh as much as frequent ones. Where every class occurs among the targets of"
        " single-label samples, it is the balanced accuracy; where one does not, implementations differ in whether"
        " that class counts as 0 or is left out.",
        "Pass the same average to both, for example average='micro' to compare with plain accuracy.",
    ),
    "accumulation": Axis(
        "State accumulation across batches",
        "Counts are summed over all updates, or the mean of each update is averaged. The dtype of the accumulator"
        " limits what can be counted: float32 stops counting at 16,777,216.",
        "Use batches of equal size, or collect all predictions and compute the metric once; for more than 16 million"
        " samples use a metric with integer or float64 counters.",
    ),
    "undefined-value": Axis(
        "Zero division",
        "Nothing was counted, because there are no samples, all weights are zero, or all samples are ignored. The"
        " result is 0.0, NaN, an exception, or nothing at all.",
        "Check for empty input before the metric.",
    ),
    "departure": Axis(
        "Known deviation from the documentation",
        "An implementation is known to deviate from its own documentation here. The finding says under which"
        " condition, and which rule holds instead.",
        "Avoid the condition that the finding describes, or use another call until the framework is fixed.",
    ),
}
