"""Parses YAML text to plain values with their positions.

PyYAML's parser (libyaml where available) delivers events with exact marks; everything above it - scalars,
duplicate keys, what is rejected - is ours. Nothing is constructed but str, int, float, bool, None, list and
dict, and nothing recurses, so no file can execute code, expand aliases or exhaust the stack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import yaml

from conformance.cases.diagnostics import Path, show
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
# Shared by all scalars, of which there are many.
_NO_ENTRIES: Mapping[str, tuple[Node, Node]] = MappingProxyType({})
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Fault:
    """An error in the text, at a 1-based line and column."""

    line: int
    column: int
    message: str


@dataclass(slots=True)
class Node:
    """A value and its position.

    Attributes:
        value: str, int, float, bool, None, or list or dict of such; entries that are `broken` are left out
            of dicts.
        line: 1-based line where the value starts.
        column: 1-based column, in characters.
        end: for lists and mappings: 1-based line after the last one that can belong to it.
        stop: 1-based line and column behind it, as the parser marks them: for a block, where the next thing
            starts.
        items: for lists, the node of each item.
        entries: for mappings, the key's and the value's node of each entry, broken ones included.
        broken: the value could not be read; its fault is recorded, and no other is added.
        flow: a list or mapping in brackets or braces.
    """

    value: Any
    line: int
    column: int
    end: int = 0
    items: Sequence[Node] = ()
    entries: Mapping[str, tuple[Node, Node]] = field(default_factory=lambda: _NO_ENTRIES)
    broken: bool = False
    flow: bool = False
    stop: tuple[int, int] = (0, 0)

    def locate(self, path: Path, *, at_key: bool = False) -> tuple[int, int]:
        """Return line and column of the value (or key) at `path`, or of the nearest thing around it."""
        node, key = self, self
        for part in path:
            if isinstance(part, str) and part in node.entries:
                key, node = node.entries[part]
            elif isinstance(part, int) and part < len(node.items):
                key = node = node.items[part]
            else:
                return node.line, node.column
        found = key if at_key else node
        return found.line, found.column


def decode(data: bytes) -> str:
    """Return the text of a file.

    Raises:
        SyntaxFault: not UTF-8, a byte order mark, or a character that does not belong into a case file.
    """
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise SyntaxFault(Fault(1, 1, "the file starts with a byte order mark: save it as UTF-8 without one"))
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line, column = _position(data[: error.start].decode())
        byte = f"0x{data[error.start]:02x}"
        raise SyntaxFault(Fault(line, column, f"not UTF-8: byte {byte} does not belong here")) from None
    if forbidden := _FORBIDDEN.search(text):
        name = f"U+{ord(forbidden[0]):04X}"
        raise SyntaxFault(
            Fault(*_position(text[: forbidden.start()]), f"control character {name}: remove it")
        )
    if tab := _TAB_INDENTATION.search(text):
        raise SyntaxFault(Fault(*_position(text[: tab.end() - 1]), "a tab in the indentation: use spaces"))
    return text


class SyntaxFault(Exception):  # noqa: N818 - it carries a Fault
    """The rest of the text cannot be read."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def compose(text: str) -> tuple[Node | None, list[Fault]]:
    """Return the tree of a document (None if it is empty or not YAML) and all faults found on the way."""
    builder = _Builder()
    try:
        # The last line must end: only then do marks at the end of the file stand on a line of their own.
        for event in _events(text if text.endswith(("\n", "\r")) else text + "\n"):
            builder.take(event)
    except SyntaxFault as fault:
        return None, [*builder.faults, fault.fault]
    return builder.root, builder.faults


def lines_of(text: str) -> list[str]:
    """Return the lines of a file as YAML and editors count them."""
    return _LINE_END.split(text)


def _position(before: str) -> tuple[int, int]:
    lines = lines_of(before)
    return len(lines), len(lines[-1]) + 1


def _events(text: str) -> Iterator[Any]:
    loader = _Loader(text)
    try:
        while loader.check_event():
            yield loader.get_event()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = " ".join(part for part in (error.context, error.problem) if part)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        # libyaml reads ahead, and since 0.2.6 has a limit of its own that it may meet first.
        too_deep = "nesting depth" in said
        message = _TOO_DEEP if too_deep else f"not valid YAML: {said}"
        raise SyntaxFault(Fault(line, column, message)) from None
    except yaml.YAMLError as error:
        raise SyntaxFault(Fault(1, 1, f"not valid YAML: {error}")) from None
    finally:
        loader.dispose()


@dataclass(slots=True)
class _Open:
    """A list or mapping that is not complete yet; `key` waits for its value."""

    node: Node
    items: list[Node] = field(default_factory=list)
    entries: dict[str, tuple[Node, Node]] = field(default_factory=dict)
    key: Node | None = None


class _Builder:
    """Builds the tree of one document from its events; keeps its own stack."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.faults: list[Fault] = []
        self._open: list[_Open] = []
        self._documents = 0

    def take(self, event: Any) -> None:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._add(self._scalar(event))
        elif kind is yaml.SequenceStartEvent:
            self._start(event, [])
        elif kind is yaml.MappingStartEvent:
            self._start(event, {})
        elif kind in (yaml.SequenceEndEvent, yaml.MappingEndEvent):
            done = self._open.pop()
            done.node.items, done.node.entries = done.items, done.entries
            done.node.end = event.end_mark.line + 1 + done.node.flow
            done.node.stop = event.end_mark.line + 1, event.end_mark.column + 1
            self._add(done.node)
        elif kind is yaml.AliasEvent:
            node = self._node(event, None)
            self._fault(node, f"aliases are not accepted: write out the value of *{event.anchor}")
            node.broken = True
            self._add(node)
        elif kind is yaml.DocumentStartEvent:
            self._document(event)

    def _document(self, event: Any) -> None:
        self._documents += 1
        node = self._node(event, None)
        if self._documents > 1:
            raise SyntaxFault(Fault(node.line, node.column, "a second document: one file holds one"))
        if event.version or event.tags:
            self._fault(node, "directives are not accepted: remove the line that starts with %")

    def _start(self, event: Any, value: Any) -> None:
        node = self._node(event, value)
        node.flow = bool(event.flow_style)
        self._reject_properties(event, node)
        if len(self._open) == MAX_DEPTH:
            raise SyntaxFault(Fault(node.line, node.column, _TOO_DEEP))
        self._open.append(_Open(node))

    def _scalar(self, event: Any) -> Node:
        node = self._node(event, event.value)
        self._reject_properties(event, node)
        if event.implicit[0]:
            try:
                node.value = resolve(event.value)
            except NumberError as error:
                self._fault(node, str(error))
                node.broken = True
        elif event.style == '"' and (escaped := _FORBIDDEN.search(event.value)):
            self._fault(node, f"control character U+{ord(escaped[0]):04X} in {show(event.value)}: remove it")
            node.broken = True
        return node

    def _reject_properties(self, event: Any, node: Node) -> None:
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._fault(node, f"tags are not accepted: remove {show(tag)}")
            node.broken = True
        if event.anchor is not None:
            self._fault(node, f"anchors are not accepted: remove &{event.anchor}")

    def _add(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if isinstance(parent.node.value, list):
            parent.items.append(node)
            parent.node.value.append(node.value)
            parent.node.broken |= node.broken
        elif (key := parent.key) is None:
            parent.key = node
        else:
            parent.key = None
            self._enter(parent, key, node)

    def _enter(self, parent: _Open, key: Node, node: Node) -> None:
        if key.broken:
            return
        if not isinstance(key.value, str):
            self._fault(key, f"a key must be text, got {show(key.value)}: quote it if it is one")
        elif key.value == "<<":
            self._fault(key, "merge keys are not accepted: write out what is merged")
        elif key.value in parent.entries:
            first = parent.entries[key.value][0]
            self._fault(key, f"duplicate key {show(key.value)}: it is already on line {first.line}")
        else:
            parent.entries[key.value] = key, node
            if not node.broken:
                parent.node.value[key.value] = node.value

    def _node(self, event: Any, value: Any) -> Node:
        mark, stop = event.start_mark, event.end_mark
        return Node(value, mark.line + 1, mark.column + 1, stop=(stop.line + 1, stop.column + 1))

    def _fault(self, node: Node, message: str) -> None:
        self.faults.append(Fault(node.line, node.column, message))
