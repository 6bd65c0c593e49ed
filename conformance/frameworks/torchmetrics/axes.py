"""What torchmetrics does on each axis, for the pages on causes."""

from __future__ import annotations

from collections.abc import Mapping

AXES: Mapping[str, str] = {
    "default-parameter": "top_k is 1. average is 'macro' in MulticlassAccuracy and MultilabelAccuracy, 'micro' in"
    " torchmetrics.Accuracy.",
    "refusal": "With validate_args, targets that are not classes raise.",
    "score-transform": "A sigmoid is applied to all scores of an update if one of them lies outside [0, 1].",
    "decision-rule": "Scores are compared with the threshold by `>`; several classes use argmax or top-k.",
    "ties": "argmax predicts the first of equal scores.",
    "special-values": "NaN is the largest score.",
    "shape": "The second axis holds the classes.",
    "exclusion": "ignore_index removes elements; exact match counts them as correct.",
    "weights": "No metric takes sample_weight.",
    "statistic": "MulticlassAccuracy computes the recall of each class, tp / (tp + fn); others divide correct by all.",
    "accumulation": "Counts are summed over all updates as integers.",
    "undefined-value": "0.0 where nothing is counted because everything is ignored or there was no update. An update"
    " without samples raises.",
}
