"""All laws, in the order of the reports."""

from __future__ import annotations

from conformance.laws import forms, labels, objects, samples, values, weights
from conformance.laws.model import Law

LAWS: tuple[Law, ...] = (
    *samples.LAWS,
    *weights.LAWS,
    *labels.LAWS,
    *values.LAWS,
    *forms.LAWS,
    *objects.LAWS,
)
