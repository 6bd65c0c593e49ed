"""HTML, Markdown and terminal reports, each a pure function of a results document."""

from __future__ import annotations

from conformance.report.ci import job_annotations, job_summary
from conformance.report.console import terminal
from conformance.report.divergences import divergences
from conformance.report.filing import filing
from conformance.report.listing import alike, digest, listing
from conformance.report.page import html

__all__ = [
    "alike",
    "digest",
    "divergences",
    "filing",
    "html",
    "job_annotations",
    "job_summary",
    "listing",
    "terminal",
]
