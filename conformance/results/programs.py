"""The reproducers of a case, taken apart so that no text is written twice: templates, and the data of the case."""

from __future__ import annotations

from conformance.adapters.base import Call, Implementation
from conformance.adapters.reproducer import data_lines, reproducer
from conformance.adapters.script import bindings

#: Stands in a template where the lines that make the arrays of a case go.
DATA = "{data}"


class Programs:
    """Collects what the reproducers of a case are made of."""

    def __init__(self) -> None:
        self._data: dict[str, str] = {}

    def add(self, implementation: Implementation, call: Call) -> dict[str, str]:
        """Take a reproducer apart; return its template, and which lines of data make it up again.

        Returns:
            `template`, and `data`: `arrays` or `updates`, a key of `data`.
        """
        kind = "updates" if "updates" in bindings(implementation, call) else "arrays"
        if kind not in self._data:
            self._data[kind] = data_lines(implementation, call)
        return {"template": reproducer(implementation, call, DATA), "data": kind}

    @property
    def data(self) -> dict[str, str]:
        """The lines that make the arrays of the case, by the way they are passed."""
        return dict(sorted(self._data.items()))
