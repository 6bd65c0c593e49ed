"""Findings that no rule describes: each is named by the `expect` of the case that shows it."""

from __future__ import annotations

from conformance.definitions.model import Finding

ODD: tuple[Finding, ...] = ()
