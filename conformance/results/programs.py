"""The reproducers of a run, taken apart so that no text is written twice: templates, and the data of each case."""

from __future__ import annotations

from conformance.adapters.base import Call, Implementation
from conformance.adapters.reproducer import data_lines, reproducer
from conformance.adapters.script import bindings

#: Stands in a template where the lines that make the arrays of a case go.
DATA = "{data}"


class Programs:
    """Collects what the reproducers of a run are made of."""

    def __init__(self) -> None:
        self._templates: dict[str, dict[str, int]] = {}
        self._data: dict[str, dict[str, str]] = {}

    def add(self, case: str, implementation: Implementation, call: Call) -> dict[str, int | str]:
        """Take a reproducer apart; return which template and which lines of data make it up again.

        Returns:
            `template`, the number of a template of this implementation, and `data`: `arrays` or `updates`, a key
            of `data(case)`.
        """
        kind = "updates" if "updates" in bindings(implementation, call) else "arrays"
        data = self._data.setdefault(case, {})
        if kind not in data:
            data[kind] = data_lines(implementation, call)
        templates = self._templates.setdefault(implementation.id, {})
        template = reproducer(implementation, call, DATA)
        return {"template": templates.setdefault(template, len(templates)), "data": kind}

    def templates(self, implementation: str) -> list[str]:
        """Return the templates of an implementation, in the order of their numbers."""
        return list(self._templates.get(implementation, ()))

    def data(self, case: str) -> dict[str, str]:
        """Return the lines that make the arrays of a case, by the way they are passed."""
        return dict(sorted(self._data.get(case, {}).items()))
