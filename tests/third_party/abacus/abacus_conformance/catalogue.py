"""All definitions of abacus, and the releases that they know."""

from __future__ import annotations

from conformance.oracle.catalogue import Catalogue
from conformance.oracle.definition_files import definitions_in
from conformance.oracle.releases import Supported

CATALOGUE = Catalogue(
    tuple(definitions_in(__package__).values()), releases=Supported("abacus", oldest="1.0", newest="2.0")
)
