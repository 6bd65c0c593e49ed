"""Edits the text of a case file at the positions its parser recorded; nothing else changes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from conformance.cases import nodes
from conformance.cases.diagnostics import CaseErrors, Diagnostic
from conformance.cases.nodes import Node

_LINE_END = re.compile(r"\r\n|\r|\n")


#: Text that replaces the characters from a start to an end.
_Edit = tuple[int, int, str]


def with_case(text: str, lines: Sequence[str], file: str) -> str:
    """Return the text of a file with one more case, after its last one.

    Args:
        text: the text of a valid case file.
        lines: the lines of the case after `- `, further ones not indented.
        file: what errors call the file.

    Raises:
        CaseErrors: the cases of the file are in brackets.
    """
    source = _Source(text)
    cases = source.root.entries["cases"][1]
    if cases.flow:
        message = "its cases are in brackets: write each on lines of its own, after `- `"
        raise CaseErrors([Diagnostic(file, cases.line, cases.column, message)])
    last = cases.items[-1]
    before = text[last.start - last.column + 1 : last.start]  # the dash, and what indents it
    first, *rest = (f"{line}\n" for line in lines)
    indented = (" " * len(before) + line if line.strip() else line for line in rest)
    return source.changed([source.after(last, f"\n{before}{first}{''.join(indented)}", len(before))])


def with_pins(text: str, pins: Mapping[str, Mapping[str, str]]) -> str:
    """Return the text of a file in which cases pin more outcomes.

    Args:
        text: the text of a valid case file.
        pins: case id -> implementation id -> the outcome as a flow mapping. An entry with that very id is
            replaced; else one is added behind the others.

    Raises:
        KeyError: the file has no case of that id.
    """
    source = _Source(text)
    by_id = {case.value["id"]: case for case in source.root.entries["cases"][1].items}
    edits = [edit for name, entries in pins.items() for edit in source.pinned(by_id[name], entries)]
    return source.changed(edits)


class _Source:
    """The text of a file and its tree."""

    def __init__(self, text: str) -> None:
        root, _ = nodes.compose(text, "")
        assert root is not None
        self.text, self.root = text, root
        found = _LINE_END.search(text)
        self._line_end = found.group() if found else "\n"

    def changed(self, edits: Sequence[_Edit]) -> str:
        text = self.text
        for start, end, new in sorted(edits, reverse=True):
            text = text[:start] + new.replace("\n", self._line_end) + text[end:]
        return text

    def after(self, value: Node, text: str, comments: int | None = None) -> _Edit:
        """Return the edit that inserts lines after the last one of a value, and after comments indented that far."""
        end = self._end(value)
        while found := _LINE_END.search(self.text, end):
            if comments is None or not self.text.startswith(" " * comments + "#", found.end()):
                return found.end(), found.end(), text
            end = found.end()
        return len(self.text), len(self.text), "\n" + text.removesuffix("\n")

    def pinned(self, case: Node, entries: Mapping[str, str]) -> Iterator[_Edit]:
        expect = case.entries["expect"][1] if "expect" in case.entries else None
        known = {} if expect is None else expect.entries
        for name in entries.keys() & known.keys():
            value = known[name][1]
            yield value.start, self._end(value), entries[name]
        new = {name: text for name, text in entries.items() if name not in known}
        if not new:
            return
        inner = ", ".join(f"{_quoted(name)}: {text}" for name, text in new.items())
        if expect is not None and expect.flow:
            yield self._inside(expect, inner)
        elif case.flow:
            yield self._inside(case, f"expect: {{{inner}}}")
        else:
            indent = next(iter(case.entries.values()))[0].column - 1
            column = next(iter(known.values()))[0].column - 1 if known else indent + 2
            lines = "".join(f"{' ' * column}{name}: {text}\n" for name, text in new.items())
            head = "" if expect is not None else f"{' ' * indent}expect:\n"
            yield self.after(case if expect is None else expect, head + lines)

    def _inside(self, mapping: Node, text: str) -> _Edit:
        """Return the edit that adds an entry to a mapping in braces, before the closing one."""
        before = self.text[: mapping.end - 1].rstrip()
        comma = "" if before.endswith(("{", ",")) else ","
        space = " " if before.endswith(",") or comma else ""
        return len(before), len(before), f"{comma}{space}{text}"

    def _end(self, node: Node) -> int:
        """Return where a value ends, without comments behind it and blank lines after a block of text."""
        while not node.flow and (node.items or node.entries):
            node = node.items[-1] if node.items else list(node.entries.values())[-1][1]
        return len(self.text[: node.end].rstrip())


def _quoted(name: str) -> str:
    """Return a key for a mapping in braces, where brackets and commas would end a plain one."""
    return name if re.fullmatch(r"[\w.]+", name) else f'"{name}"'
