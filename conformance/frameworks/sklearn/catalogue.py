"""All definitions of scikit-learn, for the oracle."""

from __future__ import annotations

from conformance.oracle.catalogue import Catalogue, questions_in
from conformance.oracle.changes import changes_in
from conformance.oracle.definition_files import definitions_in
from conformance.oracle.package_files import read_yaml
from conformance.oracle.releases import Supported

CATALOGUE = Catalogue(
    tuple(definitions_in(__package__).values()),
    releases=Supported("scikit-learn", oldest="1.5", newest="1.9.1"),
    axes=read_yaml(__package__, "axes.yaml"),
    questions=questions_in(__package__),
    changes=changes_in(__package__),
)
