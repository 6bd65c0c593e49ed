"""The properties that users take for granted, checked over the cases of a run."""

from __future__ import annotations

from conformance.laws.all import LAWS
from conformance.laws.document import documented, exhibit, most_telling
from conformance.laws.model import Law, Variant
from conformance.laws.verdict import Judge, LawCell

__all__ = ["LAWS", "Judge", "Law", "LawCell", "Variant", "documented", "exhibit", "most_telling"]
