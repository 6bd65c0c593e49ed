"""Cells on a Dask cluster have the outcomes that they have here, also where one of its workers is lost."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import distributed
import numpy as np
import pytest
from known_bad import ABSENT, BAD, BAD_TOO

from conformance.adapters.base import Adapter, Call, Implementation, Update
from conformance.calls.outcome import Outcome
from conformance.workers import cluster
from conformance.workers.cluster import Cluster
from conformance.workers.pool import MEMORY, Pool, Workers, WorkersError
from conformance.workers.worker import NotStarted

ADAPTERS = (BAD, BAD_TOO)

#: What can come of a call, and what leaves a trace in the process.
NAMES = ("good", "exits", "vector", "nan", "raises", "changes", "text", "warns", "good", "receives")


@pytest.fixture(scope="module")
def local() -> Iterator[Any]:
    """Two worker processes, which are started again when they die."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=2, dashboard_address=":0", host="127.0.0.1", silence_logs=50
    ) as started:
        yield started


def entry(name: str, adapter: Adapter = BAD) -> Implementation:
    return next(item for item in adapter.implementations if item.id.endswith(f".{name}"))


def outcomes(workers: Workers) -> list[Outcome]:
    call = Call("binary", (Update(np.array([1, 0, 1, 1]), np.array([1, 0, 0, 1])),), {"threshold": 0.5})
    tickets = [workers.submit(entry(name), call) for name in NAMES]
    tickets.append(workers.submit(entry("good", BAD_TOO), call))
    return [ticket.result() for ticket in tickets]


def connect(local: Any) -> Cluster:
    return Cluster(local.scheduler_address, ADAPTERS, timeout=60, memory=MEMORY)


def test_outcomes_and_environments_are_those_of_a_local_pool(local: Any) -> None:
    with closing(connect(local)) as remote, Pool(ADAPTERS, timeout=60) as pool:
        assert [one.to_json() for one in outcomes(remote)] == [one.to_json() for one in outcomes(pool)]
        assert remote.environments() == pool.environments()


def test_a_lost_worker_costs_nothing_but_time(local: Any) -> None:
    call = Call("binary", (Update(np.array([1, 0, 1, 1]), np.array([1, 0, 0, 1])),))
    with closing(connect(local)) as remote, distributed.Client(local.scheduler_address) as client:
        pids = client.run(os.getpid)
        tickets = [remote.submit(entry("late"), call) for _ in range(60)]
        tickets[5].result()
        busy = next(address for address, keys in client.processing().items() if len(keys) > 1)
        os.kill(pids[busy], signal.SIGKILL)
        assert [ticket.result().value for ticket in tickets] == [0.75] * 60
        client.wait_for_workers(2, timeout=60)
        assert pids[busy] not in client.run(os.getpid).values()


def test_a_framework_that_cannot_be_started_is_said_as_a_local_pool_says_it(local: Any) -> None:
    call = Call("binary", (Update(np.array([1]), np.array([1])),))
    remote = Cluster(local.scheduler_address, (ABSENT, BAD), timeout=60, memory=MEMORY)
    with closing(remote), Pool((ABSENT, BAD)) as pool:
        for workers in (remote, pool):
            with pytest.raises(NotStarted, match="No module named 'framework'"):
                workers.submit(entry("absent", ABSENT), call).result()
            assert workers.submit(entry("good"), call).result().value == 1.0
        assert remote.failures().keys() == pool.failures().keys() == {"absent"}
        assert remote.failures() == pool.failures()


def test_processes_end_with_the_run_and_those_of_another_go_on(local: Any) -> None:
    call = Call("binary", (Update(np.array([1]), np.array([1])),))
    with closing(connect(local)) as remote:
        with closing(connect(local)) as other:
            (pid,) = {other.submit(entry("pid"), call).result().value for _ in range(2)}
        assert remote.submit(entry("good"), call).result().value == 1.0
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid), 0)


def test_another_release_on_a_worker_is_an_error(local: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "installed", lambda adapter: {"numpy": "0.1"})
    with pytest.raises(WorkersError, match=r"has numpy .* and this process has 0\.1"):
        connect(local)


def test_an_address_at_which_nothing_answers_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_TO_ANSWER", 0.2)
    with pytest.raises(WorkersError, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        Cluster("tcp://127.0.0.1:9", ADAPTERS, timeout=3, memory=MEMORY)
    with pytest.raises(WorkersError, match="No Dask scheduler answers at nowhere"):
        Cluster("nowhere", ADAPTERS, timeout=3, memory=MEMORY)
