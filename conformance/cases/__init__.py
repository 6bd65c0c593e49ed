"""Cases and case files: the model, loading and validation. Imports no framework."""

from conformance.adapters.match import matches
from conformance.cases.case import Case, Expectation
from conformance.cases.diagnostics import CaseErrors, Diagnostic
from conformance.cases.load import Loaded, load, load_all, parse

__all__ = [
    "Case",
    "CaseErrors",
    "Diagnostic",
    "Expectation",
    "Loaded",
    "load",
    "load_all",
    "matches",
    "parse",
]
