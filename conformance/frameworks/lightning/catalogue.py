"""All definitions of Lightning, for the oracle."""

from __future__ import annotations

from conformance.frameworks.lightning.definitions import definitions
from conformance.oracle.catalogue import Catalogue, questions_in
from conformance.oracle.package_files import read_yaml
from conformance.oracle.releases import Supported

CATALOGUE = Catalogue(
    tuple(definitions()),
    releases=Supported("lightning", oldest="2.4", newest="2.6.6"),
    axes=read_yaml(__package__, "axes.yaml"),
    questions=questions_in(__package__),
)
