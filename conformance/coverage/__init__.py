"""Mutation testing of the oracle: which variants of its rules no case distinguishes, from predictions alone."""

from conformance.coverage.result import Coverage, coverage

__all__ = ["Coverage", "coverage"]
