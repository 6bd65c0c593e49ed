"""Reading the cases of a run and opening the session over the chosen ones. Imports no framework."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import conformance
from conformance.adapters.base import Adapter, AdapterError, Implementation
from conformance.adapters.places import PlaceError
from conformance.adapters.registry import adapters
from conformance.cache.store import CacheError
from conformance.calls.text import did_you_mean
from conformance.cases import Case, CaseErrors, Loaded, load_all, matches
from conformance.cases.diagnostics import Diagnostic
from conformance.environments.model import Environment, with_environments
from conformance.oracle import findings
from conformance.session.choosing import reason_not_asked
from conformance.session.session import Session
from conformance.workers.pool import Workers, WorkersError


class SelectionError(Exception):
    """A filter leaves nothing to run; the message says which one, and what there is."""


#: What bad input raises. The messages are meant for the user, without a traceback.
INPUT_ERRORS = (CaseErrors, AdapterError, CacheError, PlaceError, SelectionError, WorkersError)


def default_paths() -> tuple[Path, ...]:
    """Return the folder of the cases that are shipped: in the package, or next to it in a checkout."""
    package = Path(conformance.__file__).parent
    shipped = package / "suite" / "cases"
    return (shipped if shipped.is_dir() else package.parent / "cases",)


def read_cases(
    paths: Sequence[Path], adapters: Sequence[Adapter], *, base: Path | None = None
) -> tuple[Case, ...]:
    """Return the cases of `read_all`."""
    return read_all(paths, adapters, base=base).cases


def read_all(paths: Sequence[Path], adapters: Sequence[Adapter], *, base: Path | None = None) -> Loaded:
    """Read case files, or the shipped ones if no path is given.

    Args:
        paths: files and folders.
        adapters: all adapters; patterns in the files must match one of their implementations.
        base: the folder to which the `file` of a case is relative where it lies below it; the working
            directory if None. Shipped cases are always `cases/...`, so that a report is the same everywhere.

    Raises:
        CaseErrors: everything that is wrong with any of the files.
    """
    entries = {entry.id: entry for adapter in adapters for entry in adapter.implementations}
    bases = [base or Path.cwd(), *(path.parent for path in default_paths())]
    loaded = load_all(paths or default_paths(), known=entries.keys())
    names = {
        file: _shown(Path(file), bases)
        for file in {*(case.file for case in loaded.cases), *(run.file for run in loaded.runs)}
    }
    cases = tuple(
        case if names[case.file] == case.file else replace(case, file=names[case.file])
        for case in loaded.cases
    )
    wrong = [error for case in cases for error in _wrong_expectations(case, entries)]
    if wrong:
        raise CaseErrors(wrong)
    return Loaded(cases, tuple(replace(run, file=names[run.file]) for run in loaded.runs))


def check_new_id(case_id: str, path: Path, adapters: Sequence[Adapter]) -> None:
    """Check that no shipped case has an id, nor a case in the folder of a new one; other files may be wrong.

    Raises:
        SelectionError: says which case it is.
    """
    for paths in ([], *([file] for file in sorted(path.parent.glob("*.y*ml")))):
        try:
            cases = read_cases(paths, adapters)
        except CaseErrors:
            continue
        for case in cases:
            if case.id == case_id:
                raise SelectionError(
                    f"There is a case {case_id} already ({case.file}:{case.line}, {case.title}): choose another id."
                )


def _wrong_expectations(case: Case, entries: Mapping[str, Implementation]) -> Iterator[Diagnostic]:
    """Yield an error for each `expect` of an implementation that never runs on the case, or of an unknown finding."""
    known = [finding.id for finding in findings()]
    for expected in case.expect:
        entry = None if case.lacks_bfloat16 else entries.get(expected.pattern)
        reason = None if entry is None else reason_not_asked(case, entry)
        if reason is not None:
            message = (
                f"expect for {expected.pattern} is never checked: it {reason}. Remove it, or change the case."
            )
            yield Diagnostic(case.file, expected.line, expected.column, message)
        if expected.finding is not None and expected.finding not in known:
            message = (
                f"finding: {expected.finding!r} is no known finding{did_you_mean(expected.finding, known)}"
            )
            yield Diagnostic(case.file, expected.line, expected.column, message)


def open_session(
    paths: Sequence[Path] = (),
    *,
    cases: Sequence[str] = (),
    implementations: Sequence[str] = (),
    environments: Sequence[Environment] = (),
    base: Path | None = None,
    dask: str | None = None,
    **more: Any,
) -> Session:
    """Read the cases, find the adapters, and return the session over what was chosen; nothing is started yet.

    Args:
        paths: files and folders of cases; none: the shipped ones.
        cases: globs of case ids; none: all.
        implementations: globs of implementation ids; none: all.
        environments: other places in which frameworks are called as well.
        base: see `read_cases`.
        dask: address of the scheduler of a Dask cluster that is to compute the cells; None: this machine does.
        more: `timeout`, `memory`, `inline`, `shard`, `cache` and `fresh` of the session.

    Raises:
        CaseErrors: the case files are wrong.
        AdapterError: an adapter cannot be used.
        PlaceError: an environment cannot.
        SelectionError: there is nothing to run.
        WorkersError: the cluster cannot be used.
    """
    found = adapters()
    read = read_all(paths, found, base=base)
    check_patterns(cases, [*(case.id for case in read.cases), *(run.id for run in read.runs)], "case")
    placed = with_environments(found, environments)
    known = [entry.id for adapter in placed for entry in adapter.called]
    check_patterns(implementations, known, "implementation")
    session = Session(
        read.cases, placed, runs=read.runs, chosen_cases=cases, implementations=implementations, **more
    )
    _check_something_runs(session)
    if dask is not None:
        if more.get("inline"):
            raise SelectionError(
                "inline calls frameworks in this process, and dask on a cluster: choose one."
            )
        session.use(_cluster(dask, session))
    return session


def _cluster(address: str, session: Session) -> Workers:
    try:
        from conformance.workers.cluster import Cluster
    except ImportError:
        raise WorkersError(
            "dask.distributed is not installed: pip install 'metric-conformance[dask]', here and where the workers are."
        ) from None
    return Cluster(address, session.adapters, timeout=session.timeout, memory=session.memory)


def _shown(file: Path, bases: Sequence[Path]) -> str:
    absolute = file.absolute()
    for base in bases:
        if absolute.is_relative_to(base):
            return absolute.relative_to(base).as_posix()
    return absolute.as_posix()


def check_patterns(patterns: Sequence[str], known: Collection[str], what: str) -> None:
    """Check that each glob matches one of the known names.

    Raises:
        SelectionError: one does not; names the nearest.
    """
    for pattern in patterns:
        if not any(matches(pattern, name) for name in known):
            raise SelectionError(
                f"No {what} matches {pattern!r}{_nearest(pattern, known)}."
                f" There {'is' if len(known) == 1 else 'are'} {len(known)}; only * and ? are special."
            )


def _nearest(pattern: str, known: Collection[str]) -> str:
    """Suggest an id that reads like a glob without its stars: all of it, its beginning or its last name."""
    word = pattern.strip("*.").lower()
    readings = {
        reading.lower(): name
        for name in sorted(known, key=len, reverse=True)  # of several with one reading the shortest
        for reading in (name.rpartition(".")[2], name[: len(word)], name)
    }
    near = difflib.get_close_matches(word, readings, n=1)
    return f" (did you mean {readings[near[0]]!r}?)" if near else ""


def _check_something_runs(session: Session) -> None:
    if session.own_runs and session.training:
        return
    if not session.implementations or not session.cases:
        missing = "; ".join(
            f"{missing.origin} (pip install {' '.join(missing.distributions)})" for missing in session.missing
        )
        reasons = [f"not installed: {missing}."] if missing else []
        if session.not_inline:
            named = ", ".join(session.not_inline)
            reasons.append(f"{named} cannot be called inline, as one process has one environment.")
        if session.own_runs:
            reasons.append(
                "a training run is of a whole framework: choose all of its implementations, such as NAME.*, or none."
            )
        raise SelectionError(f"Nothing to run: {' '.join(reasons)}")
    planned = list(session.plan())
    if session.shard is not None and all(cell.reason is not None for cell in planned):
        raise SelectionError(
            f"Nothing to run: shard {session.shard} has no cells. Shards have whole cases: use no more of them"
            " than there are cases."
        )
    if planned and all(cell.reason is not None for cell in planned):
        first = planned[0]
        raise SelectionError(
            f"Nothing to run: none of the chosen implementations can be asked about the chosen cases, for "
            f"example {first.implementation.id} about {first.case.id}: it {first.reason}."
        )
    if not planned:
        raise SelectionError(
            "Nothing to run: the chosen cases name other implementations than the chosen ones."
        )
