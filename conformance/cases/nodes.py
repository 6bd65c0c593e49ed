"""Parses YAML text to plain values with their positions.

PyYAML's parser (libyaml where available) delivers events with exact marks; everything above it - scalars,
duplicate keys, what is rejected - is ours. Nothing is constructed but str, int, float, bool, None, list and
dict, so no file can execute code or expand aliases, and nothing is nested so deeply that it exhausts the stack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from conformance.cases.diagnostics import CaseErrors, Diagnostic, Path, show
from conformance.cases.scalars import NumberError, resolve

#: How deep lists and mappings may be nested; NumPy itself stops at 32 or 64 dimensions.
MAX_DEPTH = 32
_TOO_DEEP = f"nested too deeply: at most {MAX_DEPTH} levels are read"

# What YAML calls printable, less the byte order mark and the line ends that YAML 1.1 and 1.2, and editors,
# count differently (NEL, LS, PS).
_FORBIDDEN = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_TAB_INDENTATION = re.compile(r"^ *\t(?=[\t ]*[^\t \r\n])", re.MULTILINE)
_LINE_END = re.compile(r"\r\n|\r|\n")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Node:
    """A value and its position.

    Attributes:
        value: str, int, float, bool, None, or list or dict of such; entries that are `broken` are left out
            of dicts.
        line: 1-based line where the value starts.
        column: 1-based column, in characters.
        start: where it starts in the text, in characters.
        end: where it ends, as the parser marks it: for a block, where the next thing starts.
        items: for lists, the node of each item.
        entries: for mappings, the key's and the value's node of each entry, broken ones included.
        broken: the value could not be read; its error is recorded, and no other is added.
        flow: a list or mapping in brackets or braces.
    """

    value: Any
    line: int
    column: int
    start: int = 0
    end: int = 0
    items: Sequence[Node] = ()
    entries: Mapping[str, tuple[Node, Node]] = field(default_factory=dict)
    broken: bool = False
    flow: bool = False

    def locate(self, path: Path, *, at_key: bool = False) -> tuple[int, int]:
        """Return line and column of the value (or key) at `path`, or of the nearest thing around it."""
        found = list(self._along(path))
        key, value = found[-1]
        node = key if at_key and len(found) > len(path) else value
        return node.line, node.column

    def is_broken(self, path: Path) -> bool:
        """Whether the value at `path`, or one around it, could not be read."""
        return any(node.broken for _, node in self._along(path))

    def _along(self, path: Path) -> Iterator[tuple[Node, Node]]:
        """Yield the keys and values that lead to what is at `path`, as far as they exist."""
        key, node = self, self
        yield key, node
        for part in path:
            if isinstance(part, str) and part in node.entries:
                key, node = node.entries[part]
            elif isinstance(part, int) and part < len(node.items):
                key = node = node.items[part]
            else:
                return
            yield key, node


def decode(data: bytes, file: str) -> str:
    """Return the text of a file.

    Raises:
        CaseErrors: not UTF-8, a byte order mark, or a character that does not belong into a case file.
    """
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise _error(file, "", "the file starts with a byte order mark: save it as UTF-8 without one")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        byte = f"0x{data[error.start]:02x}"
        message = f"not UTF-8: byte {byte} does not belong here"
        raise _error(file, data[: error.start].decode(), message) from None
    if forbidden := _FORBIDDEN.search(text):
        name = f"U+{ord(forbidden[0]):04X}"
        raise _error(file, text[: forbidden.start()], f"control character {name}: remove it")
    if tab := _TAB_INDENTATION.search(text):
        raise _error(file, text[: tab.end() - 1], "a tab in the indentation: use spaces")
    return text


def _error(file: str, before: str, message: str) -> CaseErrors:
    lines = lines_of(before)
    return CaseErrors([Diagnostic(file, len(lines), len(lines[-1]) + 1, message)])


def lines_of(text: str) -> list[str]:
    """Return the lines of a file as YAML and editors count them."""
    return _LINE_END.split(text)


def compose(text: str, file: str) -> tuple[Node | None, list[Diagnostic]]:
    """Return the tree of a document (None if it is empty or not YAML) and all errors found on the way."""
    composer = _Composer(text, file)
    try:
        return composer.document(), composer.errors
    except CaseErrors as error:
        return None, [*composer.errors, *error.diagnostics]


class _Composer:
    """Composes the tree of one document from its events."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.errors: list[Diagnostic] = []
        # The last line must end: only then do marks at the end of the file stand on a line of their own.
        self._events = self._parsed(text if text.endswith(("\n", "\r")) else text + "\n")

    def document(self) -> Node | None:
        root = None
        for event in self._events:
            if not isinstance(event, yaml.DocumentStartEvent):
                continue
            if root is not None:
                raise CaseErrors([self._at(event.start_mark, "a second document: one file holds one")])
            if event.version or event.tags:
                message = "directives are not accepted: remove the line that starts with %"
                self.errors.append(self._at(event.start_mark, message))
            root = self._node(next(self._events), 0)
        return root

    def _parsed(self, text: str) -> Iterator[Any]:
        loader = _Loader(text)
        try:
            while (event := loader.get_event()) is not None:
                yield event
        except yaml.MarkedYAMLError as error:
            said = " ".join(part for part in (error.context, error.problem) if part)
            # libyaml reads ahead, and since 0.2.6 has a limit of its own that it may meet first.
            message = _TOO_DEEP if "nesting depth" in said else f"not valid YAML: {said}"
            mark = error.problem_mark or error.context_mark
            opened = error.context_mark if (error.context or "").startswith("while parsing a flow") else None
            if opened is not None and mark is not None and mark.line != opened.line:
                sign = "[" if "sequence" in (error.context or "") else "{"
                mark, message = (
                    opened,
                    f"not valid YAML: this {sign} is not closed, or a comma is missing below it",
                )
            raise CaseErrors([self._at(mark, message)]) from None
        except yaml.YAMLError as error:
            raise _error(self.file, "", f"not valid YAML: {error}") from None
        finally:
            loader.dispose()

    def _node(self, event: Any, depth: int) -> Node:
        """Return the value that starts with an event, and take the events up to its end."""
        mark = event.start_mark
        node = Node(None, mark.line + 1, mark.column + 1, start=mark.index)
        kind = type(event)
        if kind is yaml.AliasEvent:
            self._break(node, f"aliases are not accepted: write out the value of *{event.anchor}")
            return node
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._break(node, f"tags are not accepted: remove {show(tag)}")
        if event.anchor is not None:
            message = f"anchors are not accepted: remove &{event.anchor}"
            self.errors.append(self._at(event.start_mark, message))
        if kind is yaml.ScalarEvent:
            self._read_scalar(node, event)
        elif depth == MAX_DEPTH:
            raise CaseErrors([self._at(event.start_mark, _TOO_DEEP)])
        else:
            node.flow = bool(event.flow_style)
            read = self._read_list if kind is yaml.SequenceStartEvent else self._read_mapping
            event = read(node, depth + 1)
        node.end = event.end_mark.index
        return node

    def _read_scalar(self, node: Node, event: Any) -> None:
        node.value = event.value
        if event.implicit[0]:
            try:
                node.value = resolve(event.value)
            except NumberError as error:
                self._break(node, str(error))
        elif event.style == '"' and (escaped := _FORBIDDEN.search(event.value)):
            self._break(node, f"control character U+{ord(escaped[0]):04X} in {show(event.value)}: remove it")

    def _read_list(self, node: Node, depth: int) -> Any:
        """Read the items of a list; return the event that ends it."""
        items = []
        while type(event := next(self._events)) is not yaml.SequenceEndEvent:
            items.append(self._node(event, depth))
        node.items = items
        node.value = [item.value for item in items]
        node.broken |= any(item.broken for item in items)
        return event

    def _read_mapping(self, node: Node, depth: int) -> Any:
        """Read the entries of a mapping; return the event that ends it."""
        entries: dict[str, tuple[Node, Node]] = {}
        while type(event := next(self._events)) is not yaml.MappingEndEvent:
            key, value = self._node(event, depth), self._node(next(self._events), depth)
            if key.broken:
                continue
            if type(key.value) is int:
                # The class that has a weight; elsewhere it is an unknown key.
                key.value = str(key.value)
            if not isinstance(key.value, str):
                self._break(key, f"a key must be text, got {show(key.value)}: quote it if it is one")
            elif key.value == "<<":
                self._break(key, "merge keys are not accepted: write out what is merged")
            elif key.value in entries:
                first = entries[key.value][0].line
                self._break(key, f"duplicate key {show(key.value)}: it is already on line {first}")
            else:
                entries[key.value] = key, value
        node.entries = entries
        node.value = {name: value.value for name, (_, value) in entries.items() if not value.broken}
        return event

    def _break(self, node: Node, message: str) -> None:
        self.errors.append(Diagnostic(self.file, node.line, node.column, message))
        node.broken = True

    def _at(self, mark: Any, message: str) -> Diagnostic:
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        return Diagnostic(self.file, line, column, message)
