"""The hooks of one pytest run; what needs more than pytest is imported when the first test of the suite is found."""

from __future__ import annotations

import gc
import itertools
from collections.abc import Generator, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from conformance.calls.text import visible
from conformance.plugin import options

if TYPE_CHECKING:
    from conformance.environments.model import Environment
    from conformance.plugin.run import Ending, Run

#: Name of the user property in which an outcome travels from the process of a test to the one that reports.
PROPERTY = "metric-conformance:outcome"

#: Name of the user property with what is wrong, in few words.
REASON = "conformance-reason"

#: Key of the error of a worker of xdist, in what it sends when it ends.
ERROR = "conformance_error"

#: So many tests ahead of the one that waits, calls are submitted: what waits takes memory. The trials of a law have to
#: be chosen first, which takes time.
_AHEAD = 12_000
_LAWS_AHEAD = 100

#: Shared by the reports of all tests of the suite that have passed.
_NO_KEYWORDS: Mapping[str, Any] = MappingProxyType({})


class Hooks:
    """Registered once per process: in pytest itself, and under xdist in its controller and in each worker."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._is_worker = hasattr(config, "workerinput")
        self._run: Run | None = None
        self._placed: tuple[Environment, ...] | None = None
        self._error: str | None = None
        self._loop_ended = False
        self._said_header = False
        self._ending: Ending | None = None
        self._ahead: dict[bool, Iterator[pytest.Item]] = {}
        self._lead = {False: _AHEAD, True: _LAWS_AHEAD}

    def run(self) -> Run:
        """Return the run, reading its cases first if need be.

        Raises:
            pytest.UsageError: bad input; its message says all of it.
        """
        if self._run is None:
            from conformance.plugin.run import open_run

            settings = options.read(self._config)
            self._run = open_run(settings, self._config.rootpath, self._environments(), self._is_worker)
        return self._run

    def _environments(self) -> tuple[Environment, ...]:
        """Return the environments of the run; a worker of xdist is told them, so that each is installed once.

        Raises:
            pytest.UsageError: one cannot be used; its message says why.
        """
        if self._placed is None:
            settings = options.read(self._config)
            self._placed = ()
            # What installs is imported where there is something to install.
            if settings.environments:
                from conformance.plugin.placing import placed

                self._placed = placed(self._config, settings)
        return self._placed

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Under xdist: tell a worker where the environments are."""
        node.workerinput[options.PLACED] = [found.to_json() for found in self._environments()]

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Parametrize the tests of the suite."""
        if self._error is not None or not is_meant(metafunc):
            return
        try:
            run = self.run()
        except pytest.UsageError as error:
            # Raised here, it would appear as the traceback of a broken test module.
            self._error = str(error)
            return
        from conformance.plugin.collecting import parametrize

        parametrize(metafunc, run.session, run.judge, lambda: run.names)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Stop if the cases cannot be used; deselect placeholders where there are no strings or laws."""
        if self._error is None:
            if self._run is not None:
                from conformance.plugin.collecting import is_empty

                empty = [item for item in items if is_empty(item)]
                if empty:
                    self._config.hook.pytest_deselected(items=empty)
                    items[:] = [item for item in items if item not in empty]
            return
        if not self._is_worker:
            raise pytest.UsageError(visible(self._error))
        # xdist would report an error of a worker as a crash; the controller reports this one.
        self._config.workeroutput[ERROR] = self._error  # type: ignore[attr-defined]
        items.clear()

    def pytest_report_collectionfinish(self) -> list[str]:
        """Show the cases and versions of the collected tests."""
        if self._run is None or self._error is not None or self._config.get_verbosity() < 0:
            return []
        self._said_header = True
        return [visible(f"conformance: {self._run.header()}")]

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        """Start computing cells ahead of the tests; remember whether pytest, not the user, ended the loop.

        A second Ctrl-C may come while hooks answer the first one, so that none of them is called.
        """
        self._submit_all(session)
        try:
            result = yield
        except (session.Interrupted, session.Failed):
            self._loop_ended = True
            raise
        self._loop_ended = True
        return result

    def _submit_all(self, session: pytest.Session) -> None:
        """Without xdist: start computing the selected cells; the tests wait for them one by one."""
        if self._run is None or self._is_worker or session.config.option.collectonly:
            return
        if session.testsfailed and not session.config.option.continue_on_collection_errors:
            return
        laws, others = ([item for item in session.items if _is_of_law(item) is law] for law in (True, False))
        self._ahead = {True: iter(laws), False: iter(others)}
        self._submit_ahead(False)

    def _submit_ahead(self, law: bool) -> None:
        for item in itertools.islice(self._ahead.get(law, iter(())), self._lead[law]):
            self._submit(item)
        self._lead[law] = 1

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> None:
        """Have outcomes computed ahead; under xdist this worker's own, one test ahead."""
        if self._run is None:
            return
        if self._is_worker:
            self._submit(item)
            self._submit(nextitem)
        else:
            self._submit_ahead(_is_of_law(item))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Take the outcome from the test: it has become part of the report, and is not kept twice."""
        report = yield
        if call.when == "call":
            item.user_properties[:] = [entry for entry in item.user_properties if entry[0] != PROPERTY]
        return report

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> Generator[None, object, object]:
        """Collect outcomes; under xdist they come from all workers."""
        ours = [value for name, value in report.user_properties if name == PROPERTY]
        if ours and not self._is_worker:
            # Other readers of this report, such as the JUnit XML writer, should not get pages of JSON.
            report.user_properties = [entry for entry in report.user_properties if entry[0] != PROPERTY]
            if report.when == "call":
                for value in ours:
                    self.run().record(value)
        result = yield
        self._drop(report)
        return result

    def _drop(self, report: pytest.TestReport) -> None:
        """Have the terminal forget that a test of the suite was set up or ended well: that is most of what it keeps.

        It would show such a report for its output, or for --durations. What it keeps of the call itself needs no
        keywords any more.
        """
        if not report.passed or "conformance" not in report.keywords:
            return
        if report.when == "call":
            report.keywords = _NO_KEYWORDS
            return
        terminal: Any = self._config.pluginmanager.get_plugin("terminalreporter")
        if terminal is None or report.sections or getattr(self._config.option, "durations", None) is not None:
            return
        kept = terminal.stats.get("", [])
        if kept and kept[-1] is report:
            kept.pop()

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Say next to FAILED what is wrong: names of tests leave no space for it at the end of a line."""
        reason = dict(getattr(report, "user_properties", ())).get(REASON)
        if reason is None or report.when != "call" or not report.failed:
            return None
        return "failed", "F", visible(f"FAILED ({reason})")

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Under xdist: read why a worker could not start."""
        self._error = self._error or getattr(node, "workeroutput", {}).get(ERROR)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the report and end the workers."""
        if self._run is None and self._error is None:
            return
        if self._run is not None:
            if not self._is_worker and not session.config.option.collectonly:
                _forget_tests(session)
                self._ending = self._run.finish(interrupted=not self._loop_ended, width=_width(self._config))
            self._run.session.close()
        if self._is_worker:
            return
        if self._error is not None:
            session.exitstatus = pytest.ExitCode.USAGE_ERROR
        elif self._ending is not None and self._ending.fails and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_unconfigure(self) -> None:
        """End the workers, whatever happened."""
        if self._run is not None:
            self._run.session.close()

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Show the summary of the run, and where its report is."""
        if self._error is not None and self._config.pluginmanager.hasplugin("dsession"):
            terminalreporter.write_line(visible(f"ERROR: {self._error}"), red=True)
        if self._run is None or self._ending is None or not self._ending.lines:
            return
        terminalreporter.write_sep("=", "conformance")
        if not self._said_header and self._config.get_verbosity() >= 0:
            terminalreporter.write_line(visible(self._run.header()))
        for line in self._ending.lines:
            terminalreporter.write_line(visible(line))

    def _submit(self, item: pytest.Item | None) -> None:
        from conformance.plugin.collecting import submit

        submit(item, self.run().session, self.run().judge)


def is_meant(metafunc: pytest.Metafunc) -> bool:
    """Whether a test is marked, asks for `case`, `law`, `names` or `log`, and has no values of its own for these."""
    definition = metafunc.definition
    asks = {"case", "law", "names", "log"} & set(metafunc.fixturenames)
    if not asks or definition.get_closest_marker("conformance") is None:
        return False
    arguments = {"case", "law", "implementation", "names", "log"}
    own = {
        name.strip()
        for mark in definition.iter_markers("parametrize")
        for name in _names(mark.args[0] if mark.args else mark.kwargs.get("argnames", ()))
    }
    # pytest has no public way to ask which fixtures a test would get.
    fixtures = definition._fixtureinfo.name2fixturedefs
    return not arguments & (own | set(fixtures))


def _forget_tests(session: pytest.Session) -> None:
    """Have pytest forget the tests of the suite, which have all been run or will not be.

    In a large run they take more memory than the report, which is made next.
    """
    session.items[:] = [
        item for item in session.items if "conformance" not in getattr(item, "fixturenames", ())
    ]
    # Each test and its keywords refer to each other.
    gc.collect()


def _is_of_law(item: pytest.Item) -> bool:
    return "law" in getattr(item, "fixturenames", ())


def _names(argnames: Any) -> list[str]:
    return argnames.split(",") if isinstance(argnames, str) else list(argnames)


def _width(config: pytest.Config) -> int:
    reporter: Any = config.pluginmanager.get_plugin("terminalreporter")
    return 80 if reporter is None else int(reporter._tw.fullwidth)
