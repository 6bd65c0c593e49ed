"""A worker that crashes, hangs or cannot start costs its own cells and nobody else's."""

from __future__ import annotations

import math
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
from known_bad import ABSENT, BAD, BAD_TOO, KILLED_ONCE, LIAR, STILLBORN

from conformance.adapters.base import Adapter, Call, Implementation, Update
from conformance.calls.outcome import Outcome
from conformance.workers import process, settings
from conformance.workers.limits import gigabytes, seconds
from conformance.workers.pool import Pool
from conformance.workers.worker import NotStarted


def entry(name: str, adapter: Adapter = BAD) -> Implementation:
    return next(item for item in adapter.implementations if item.id.endswith(f".{name}"))


def case() -> Call:
    return Call("binary", (Update(np.array([1, 0, 1, 1]), np.array([1, 0, 0, 1])),))


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A process that ended stays in the table until its parent asks; an orphan's new parent may never do so.
    status = Path(f"/proc/{pid}/stat")
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")


def gone(pid: int) -> bool:
    deadline = time.monotonic() + 30
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not is_running(pid)


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool((BAD, BAD_TOO), timeout=60) as started:
        yield started


def outcome(pool: Pool, name: str) -> Outcome:
    return pool.submit(entry(name), case()).result()


def test_a_value_comes_back_with_its_dtype(pool: Pool) -> None:
    assert outcome(pool, "good") == Outcome("value", 0.75, "float64")


@pytest.mark.parametrize(
    ("name", "how"), [("exits", "exit status 3"), ("killed", "SIGKILL"), ("hangs_up", "exit status 1")]
)
def test_a_crash_costs_its_own_cell_only(pool: Pool, name: str, how: str) -> None:
    names = ["good", name, "good", "vector", name, "good"]
    outcomes = [ticket.result() for ticket in [pool.submit(entry(item), case()) for item in names]]
    assert [item.kind for item in outcomes] == ["value", "crashed", "value", "value", "crashed", "value"]
    assert how in (outcomes[1].message or "")
    assert outcomes[1] == outcomes[4]


def test_a_crash_shows_what_the_process_said_last_and_nothing_older(pool: Pool) -> None:
    tickets = [pool.submit(entry(name), case()) for name in ("prints", "exits")]
    tickets[0].result()
    message = tickets[1].result().message
    assert message == "the process ended with exit status 3: last words"


def test_a_crash_is_not_noticed_by_another_framework(pool: Pool) -> None:
    tickets = [pool.submit(entry("good", BAD_TOO), case()), pool.submit(entry("exits"), case())]
    tickets += [pool.submit(entry("good", BAD_TOO), case()) for _ in range(20)]
    kinds = [ticket.result().kind for ticket in tickets]
    assert kinds == ["value", "crashed"] + 20 * ["value"]


def test_a_cell_that_exceeds_its_time_is_killed_and_the_run_goes_on() -> None:
    with Pool((BAD,), timeout=1.5) as pool:
        before = pool.submit(entry("pid"), case()).result().value
        tickets = [pool.submit(entry(name), case()) for name in ("sleeps", "good", "pid")]
        slept, good, pid = (ticket.result() for ticket in tickets)
    assert slept == Outcome("timed-out", message="no answer within 1.5 s, twice")
    assert good.value == 0.75
    assert pid.value != before
    assert not is_running(int(before))


def test_a_cell_that_is_late_once_is_asked_again_and_has_its_outcome() -> None:
    with Pool((BAD,), timeout=1.5) as pool:
        tickets = [pool.submit(entry(name), case()) for name in ("sleeps-once", "good")]
        assert [ticket.result().value for ticket in tickets] == [0.75, 0.75]


def test_an_exception_has_its_class_its_bases_and_a_clean_message(pool: Pool) -> None:
    raised = outcome(pool, "raises")
    assert (raised.kind, raised.type) == ("raises", "FileNotFoundError")
    assert raised.bases == ("OSError", "Exception", "BaseException")
    assert raised.message == "no file name.txt at 0x..."


@pytest.mark.parametrize(("name", "kind"), [("quits", "SystemExit"), ("interrupts", "KeyboardInterrupt")])
def test_an_implementation_that_quits_has_raised(pool: Pool, name: str, kind: str) -> None:
    assert (outcome(pool, name).kind, outcome(pool, name).type) == ("raises", kind)


def test_printing_does_not_disturb_the_protocol(pool: Pool) -> None:
    assert outcome(pool, "prints") == Outcome("value", 0.0, "float64")


def test_changed_inputs_are_named_and_do_not_reach_the_next_cell(pool: Pool) -> None:
    call = case()
    changed = pool.submit(entry("changes"), call).result()
    assert changed.changed_inputs == ("y_pred",)
    assert pool.submit(entry("good"), call).result().value == 0.75


def test_data_are_sent_once_for_all_cells_of_a_case_and_again_after_a_crash(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever answers has the data of its own cell, whatever was sent, or died, before it."""
    sizes: list[int] = []

    def dumps(request: object) -> bytes:
        written = pickle.dumps(request)
        if isinstance(request, tuple):  # not the data alone
            sizes.append(len(written))
        return written

    monkeypatch.setattr(process, "dumps", dumps)
    one, other = (Call("binary", (Update(np.ones(10**5), np.full(10**5, value)),)) for value in (0, 1))
    order = [("good", one), ("good", one), ("exits", one), ("good", one), ("good", other), ("good", one)]
    # One after the other: cells that wait are sent ahead, so that more are lost with a process.
    for name, call in order:
        found = pool.submit(entry(name), call).result()
        assert name == "exits" or found.value == (0.0 if call is one else 1.0)
    assert [size > 10**6 for size in sizes] == [True, False, False, True, True, True]
    assert min(sizes) < 100


@pytest.mark.parametrize("name", ["text", "nothing", "mapping"])
def test_a_result_that_is_no_number_is_a_type_error(pool: Pool, name: str) -> None:
    result = outcome(pool, name)
    assert (result.kind, result.type) == ("raises", "TypeError")
    assert "not a number" in (result.message or "")


def test_nan_signed_zero_and_vectors_survive_the_way(pool: Pool) -> None:
    nan = outcome(pool, "nan")
    assert math.isnan(nan.value)
    assert nan.dtype == "float32"
    assert math.copysign(1, outcome(pool, "minus_zero").value) == -1
    assert outcome(pool, "vector") == Outcome("value", [1.0, 1.0, 0.0, 1.0], "bool")


def test_warnings_are_sorted_clean_and_told_once(pool: Pool) -> None:
    assert outcome(pool, "warns").warnings == ("UserWarning: a in y.py", "UserWarning: b in y.py")


def test_the_environment_of_an_adapter_is_set_in_its_worker_only(pool: Pool) -> None:
    assert outcome(pool, "environment").value == 42
    assert "BAD_VARIABLE" not in os.environ


def test_the_real_environment_is_recorded(pool: Pool) -> None:
    outcome(pool, "good")
    record = pool.environments()["bad"]
    assert record["packages"] == {"numpy": np.__version__}
    assert record["settings"]["variables"]["OMP_NUM_THREADS"] == "1"
    assert "version_mismatch" not in record


@pytest.mark.parametrize(
    ("says", "mismatch"),
    [("1.10dev", False), ("1.10-alpha", True), ("1.10.DEV0+local", False), ("1.1.dev0", True)],
)
def test_a_version_may_be_spelt_in_several_ways(
    monkeypatch: pytest.MonkeyPatch, says: str, mismatch: bool
) -> None:
    adapter = replace(LIAR, distributions={"numpy": "numpy"})
    monkeypatch.setattr(np, "__version__", says)
    monkeypatch.setattr(metadata, "version", lambda name: "1.10.dev0")
    assert ("version_mismatch" in settings.record(adapter)) is mismatch


def test_a_version_of_a_class_of_the_framework_is_recorded_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """As that of torch, which a run would import to read the record: that takes seconds, in another thread."""
    monkeypatch.setattr(np, "__version__", type("Version", (str,), {})("1.0"))
    record = settings.record(replace(LIAR, distributions={"numpy": "numpy"}))
    assert type(record["packages"]["numpy"]) is str


def test_a_false_version_is_noted() -> None:
    with Pool((LIAR,)) as pool:
        pool.submit(LIAR.implementations[0], case()).result()
        record = pool.environments()["liar"]
    assert record["version_mismatch"] == {"numpy": {"module": "9.9.9", "distribution": np.__version__}}


@pytest.mark.parametrize("inline", [False, True])
def test_a_framework_that_cannot_be_imported_gives_its_traceback_and_no_outcome(inline: bool) -> None:
    with Pool((ABSENT, BAD_TOO), inline=inline) as pool:
        tickets = [pool.submit(ABSENT.implementations[0], case()) for _ in range(50)]
        good = pool.submit(BAD_TOO.implementations[0], case())
        reasons = {str(ticket.exception()) for ticket in tickets}
        assert good.result().value == 0.75
        assert reasons == {pool.failures()["absent"]}
        assert pool.failures().keys() == {"absent"}
    (reason,) = reasons
    assert reason.startswith("Traceback (most recent call last):\n")
    assert ", in _no_framework\n" in reason
    assert reason.endswith("\nModuleNotFoundError: No module named 'framework'")
    assert all(isinstance(ticket.exception(), NotStarted) for ticket in tickets)


def test_a_process_that_dies_at_start_up_is_not_started_for_ever() -> None:
    with Pool((STILLBORN,), processes={"stillborn": 2}) as pool:
        tickets = [pool.submit(STILLBORN.implementations[0], case()) for _ in range(200)]
        reasons = {str(ticket.exception()) for ticket in tickets}
    assert reasons == {"the process ended with exit status 7: the library is broken"}


def test_a_process_that_is_killed_while_it_starts_is_started_again() -> None:
    with Pool((KILLED_ONCE,)) as pool:
        tickets = [pool.submit(KILLED_ONCE.implementations[0], case()) for _ in range(10)]
        assert {ticket.result().value for ticket in tickets} == {1.0}


def test_a_scratch_folder_that_somebody_removes_costs_no_further_cell() -> None:
    with Pool((BAD,)) as pool:
        tickets = [pool.submit(entry(name), case()) for name in ("removes_scratch", "good", "good")]
        outcomes = [ticket.result() for ticket in tickets]
    assert outcomes[0] == Outcome("crashed", message="the process ended with exit status 3")
    assert [item.value for item in outcomes[1:]] == [0.75, 0.75]


def test_a_process_that_a_call_has_forked_does_not_outlive_the_run() -> None:
    with Pool((BAD,)) as pool:
        child = int(pool.submit(entry("forks"), case()).result().value)
        assert is_running(child)
    assert gone(child)


def test_a_crash_is_noticed_although_a_forked_process_holds_the_connection() -> None:
    with Pool((BAD,), timeout=20) as pool:
        crashed, good = [pool.submit(entry(name), case()) for name in ("forks_and_exits", "good")]
        assert crashed.result() == Outcome("crashed", message="the process ended with exit status 3")
        assert good.result().value == 0.75


@pytest.mark.parametrize("name", ["writes_braces", "raises_braces"])
def test_a_process_that_writes_a_million_braces_gives_an_outcome(pool: Pool, name: str) -> None:
    assert outcome(pool, name).kind == ("crashed" if name == "writes_braces" else "raises")


def test_an_allocation_beyond_the_limit_raises_and_leaves_the_process_alive() -> None:
    with Pool((BAD,), memory=gigabytes("1")) as pool:
        names = ("pid", "hoards", "pid")
        first, hoarded, last = [pool.submit(entry(name), case()).result() for name in names]
    assert "MemoryError" in hoarded.bases
    assert first.value == last.value


@pytest.mark.parametrize("text", ["nan", "0", "-1", "much", "", "1e300"])
def test_a_memory_limit_that_is_no_size_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="gigabytes"):
        gigabytes(text)


def test_temporary_files_of_a_call_are_removed_with_the_pool(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with Pool((BAD,)) as pool:
        assert pool.submit(entry("leaves_files"), case()).result().value == 0
        assert list(tmp_path.rglob("tmp*"))
    assert not list(tmp_path.iterdir())


def test_cells_are_shared_by_the_processes_of_a_framework(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEETING", str(tmp_path))
    with Pool((BAD,), processes={"bad": 2}) as pool:
        tickets = [pool.submit(entry("meets"), case()) for _ in range(100)]
        pids = {ticket.result().value for ticket in tickets}
    assert len(pids) == 2


def test_data_larger_than_a_pipe_survive_a_process_that_hangs() -> None:
    large = Call("binary", (Update(np.zeros(200_000), np.ones(200_000)),))
    with Pool((BAD,), timeout=3) as pool:
        slept = pool.submit(entry("sleeps"), large)
        good = pool.submit(entry("good"), large)
        assert slept.result().kind == "timed-out"
        assert good.result().value == 0.0


def resolved(tickets: list[Future[Outcome]]) -> bool:
    deadline = time.monotonic() + 60
    while not all(ticket.done() for ticket in tickets) and time.monotonic() < deadline:
        time.sleep(0.05)
    return all(ticket.done() for ticket in tickets)


def test_a_cell_that_cannot_be_sent_leaves_nobody_waiting() -> None:
    update = Update(np.array([1]), np.array([1]))
    unsendable = Call("binary", (update,), parameters={"threshold": lambda: 0.5})
    with Pool((BAD, BAD_TOO), processes={"bad": 2}) as pool:
        calls = [case() for _ in range(20)] + [unsendable] + [case() for _ in range(60)]
        tickets = [pool.submit(entry("good"), call) for call in calls]
        tickets.append(pool.submit(entry("good", BAD_TOO), case()))
        assert resolved(tickets)
        with pytest.raises(AttributeError, match="Can't pickle local object"):
            tickets.pop(20).result()
        assert {ticket.result().value for ticket in tickets} == {0.75}


@pytest.mark.parametrize("timeout", [math.nan, math.inf, 1e300])
def test_a_time_that_cannot_be_waited_for_leaves_nobody_waiting(timeout: float) -> None:
    with Pool((BAD,), timeout=timeout) as pool:
        tickets = [pool.submit(entry("good"), case()) for _ in range(3)]
        assert resolved(tickets)
    for ticket in tickets:
        with pytest.raises((ValueError, OverflowError)):
            ticket.result()


def test_the_longest_timeout_there_is_can_be_waited_for() -> None:
    with Pool((BAD,), timeout=seconds("1e300")) as pool:
        assert pool.submit(entry("good"), case()).result().value == 0.75


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "0", "-1", "soon", ""])
def test_what_is_not_a_positive_number_of_seconds_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a positive number of seconds"):
        seconds(text)


def test_closing_leaves_no_process_behind_even_when_interrupted() -> None:
    pids: list[int] = []

    def interrupted() -> None:
        with Pool((BAD,)) as pool:
            pids.append(int(pool.submit(entry("pid"), case()).result().value))
            pool.submit(entry("sleeps"), case())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not is_running(pids[0])


def test_a_cell_without_outcome_says_so_after_the_pool_is_closed() -> None:
    with Pool((BAD,)) as pool:
        tickets = [pool.submit(entry(name), case()) for name in ("good", "sleeps", "good")]
        tickets[0].result()
    for ticket in tickets[1:]:
        with pytest.raises(RuntimeError, match="closed"):
            ticket.result()


def test_workers_end_when_the_run_is_killed(tmp_path: Path) -> None:
    program = tmp_path / "run.py"
    program.write_text(
        "from test_pool import BAD, Pool, case, entry\n"
        "with Pool((BAD,)) as pool:\n"
        "    for name in ('pid', 'forks'):\n"
        "        print(int(pool.submit(entry(name), case()).result().value), flush=True)\n"
        "    pool.submit(entry('sleeps'), case()).result()\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, str(program)], stdout=subprocess.PIPE, text=True, env=environment
    ) as run:
        assert run.stdout is not None
        worker, child = int(run.stdout.readline()), int(run.stdout.readline())
        run.send_signal(signal.SIGKILL)
    assert gone(worker)
    assert gone(child)


def test_an_inline_pool_gives_the_same_outcomes(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    # What an inline pool sets in the environment ends with the test.
    for name in ("CUDA_VISIBLE_DEVICES", "LC_ALL", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "PYTHONHASHSEED"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("BAD_VARIABLE", "")
    names = [
        "good",
        "raises",
        "quits",
        "prints",
        "changes",
        "text",
        "minus_zero",
        "vector",
        "warns",
        "environment",
    ]
    with Pool((BAD,), inline=True) as inline:
        for name in names:
            assert inline.submit(entry(name), case()).result() == outcome(pool, name)
        assert inline.environments()["bad"]["packages"] == {"numpy": np.__version__}


def test_inline_an_interrupt_is_the_users() -> None:
    with Pool((BAD,), inline=True) as pool, pytest.raises(KeyboardInterrupt):
        pool.submit(entry("interrupts"), case()).result()


def test_cells_that_were_sent_ahead_are_answered_after_a_crash(pool: Pool) -> None:
    order = ["good", "exits", "good", "good", "good", "exits", "good"]
    found = [pool.submit(entry(name), case()) for name in order]
    assert [ticket.result().kind for ticket in found] == [
        "crashed" if name == "exits" else "value" for name in order
    ]
