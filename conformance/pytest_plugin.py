"""The pytest plugin: parametrizes the tests marked `conformance` over cases and implementations.

It is loaded into every pytest run of an environment in which the package is installed, so it imports almost
nothing before the first test that is marked `conformance`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import conformance.suite
from conformance.plugin import options
from conformance.plugin.hooks import Hooks

if TYPE_CHECKING:
    from conformance.plugin.fixture import Conformance

_NAME = "conformance-hooks"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options and the ini settings of the same names."""
    options.add(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers and the hooks of this run."""
    config.addinivalue_line(
        "markers",
        "conformance: run once per `case` and `implementation` the test asks for, or once per `case`.",
    )
    config.addinivalue_line(
        "markers",
        'sharded: two processes or devices see the updates of the case in turn; -m "not sharded" leaves it out.',
    )
    options.check_configuration(config)
    config.pluginmanager.register(Hooks(config), _NAME)
    if options.suite_is_meant(config):
        config.args = [*config.args, str(Path(conformance.suite.__file__).parent)]


@pytest.fixture(name="conformance")
def _conformance(request: pytest.FixtureRequest) -> Conformance:
    """Outcomes and verdicts of the cases of this run: see `conformance.plugin.fixture.Conformance`."""
    from conformance.plugin.fixture import Conformance

    hooks = request.config.pluginmanager.get_plugin(_NAME)
    assert isinstance(hooks, Hooks)
    return Conformance(hooks.run(), request.node)
