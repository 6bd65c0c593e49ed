from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from conformance.cases import Case, CaseErrors, load

KNOWN = (
    "keras.metrics.Accuracy",
    "keras.metrics.BinaryAccuracy",
    "keras.metrics.BinaryAccuracy@torch",
    "keras.Model.compile[accuracy]",
    "sklearn.metrics.accuracy_score",
)


@pytest.fixture
def cases_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str | bytes], tuple[Case, ...]]:
    """Load one file, cases.yaml, that holds the given text or bytes."""
    monkeypatch.chdir(tmp_path)

    def cases_of(text: str | bytes) -> tuple[Case, ...]:
        data = text if isinstance(text, bytes) else textwrap.dedent(text).encode()
        (tmp_path / "cases.yaml").write_bytes(data)
        return load([tmp_path / "cases.yaml"], known=KNOWN)

    return cases_of


@pytest.fixture
def case_of(cases_of: Callable[[str], tuple[Case, ...]]) -> Callable[[str], Case]:
    """Load one case that has an id, a title and the binary task, and the given further lines."""

    def case_of(lines: str) -> Case:
        (case,) = cases_of(document(lines))
        return case

    return case_of


@pytest.fixture
def errors_of(cases_of: Callable[[str | bytes], tuple[Case, ...]]) -> Callable[[str | bytes], list[str]]:
    """Return what `load` says about one file, as lines."""

    def errors_of(text: str | bytes) -> list[str]:
        with pytest.raises(CaseErrors) as caught:
            cases_of(text)
        return [str(diagnostic) for diagnostic in caught.value.diagnostics]

    return errors_of


@pytest.fixture
def case_errors_of(errors_of: Callable[[str], list[str]]) -> Callable[[str], list[str]]:
    """Like `errors_of`, for the lines of one case; the first of them is line 7, from column 5."""

    def case_errors_of(lines: str) -> list[str]:
        return errors_of(document(lines))

    return case_errors_of


def document(lines: str) -> str:
    head = "format: 1\ntheme: t\ncases:\n  - id: one\n    title: One\n    task: binary\n"
    return head + textwrap.indent(textwrap.dedent(lines).strip("\n"), "    ") + "\n"
