"""The discriminating power of a set of cases: what they cannot tell apart, from predictions alone."""

from conformance.coverage.equivalence import Lists, read
from conformance.coverage.result import Coverage, Hole, Listed, coverage

__all__ = ["Coverage", "Hole", "Listed", "Lists", "coverage", "read"]
