"""A run on a Dask cluster that cannot be had."""

from __future__ import annotations

import pytest
from projects import SUITE, Project


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--conformance-dask=nowhere",), "No Dask scheduler answers at nowhere"),
        (("--conformance-dask=nowhere", "--conformance-inline"), "choose one"),
    ],
)
def test_a_cluster_that_cannot_be_had_is_bad_input(
    project: Project, options: tuple[str, ...], why: str
) -> None:
    done = project.pytest(*SUITE, *options)
    assert done.returncode == 4, done.stdout
    assert why in done.stdout + done.stderr


def test_without_the_extra_it_is_said_what_to_install(project: Project) -> None:
    project.site.mkdir(exist_ok=True)
    (project.site / "distributed.py").write_text("raise ImportError\n")
    done = project.conformance("run", "cases", "--dask", "tcp://127.0.0.1:1")
    assert done.returncode == 2
    assert "dask.distributed is not installed: pip install 'metric-conformance[dask]'" in done.stderr
