"""The environments of one run of pytest."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.adapters.places import PlaceError
from conformance.calls.text import visible
from conformance.environments.install import prepared
from conformance.environments.model import Environment
from conformance.plugin.options import PLACED, Settings


def placed(config: pytest.Config, settings: Settings) -> tuple[Environment, ...]:
    """Return the environments that a run asks for, installing what is not there yet.

    Raises:
        pytest.UsageError: one cannot be used; its message says why.
    """
    told = getattr(config, "workerinput", {}).get(PLACED)
    if told is not None:
        return tuple(map(Environment.from_json, told))
    folder = config.invocation_params.dir if settings.environments_asked else config.rootpath
    reporter: Any = config.pluginmanager.get_plugin("terminalreporter")

    def say(line: str) -> None:
        if reporter is not None:
            reporter.write_line(visible(f"conformance: {line}"))

    try:
        return prepared(settings.environments, folder, say)
    except PlaceError as error:
        raise pytest.UsageError(f"conformance: the run cannot start.\n{error}") from error
