"""A page taken apart: its elements, its texts, and the data in its island."""

from __future__ import annotations

import base64
import json
import re
import zlib
from html.parser import HTMLParser
from typing import Any

VOID = {"meta", "link", "wbr", "br", "input"}


class Page(HTMLParser):
    """Collects elements and text, and notices a tag that is closed out of turn."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> at {self.getpos()} closes something else"

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in ("script", "style"):
            self.text.append(data)

    def attributes(self, name: str) -> list[str]:
        return [attributes[name] or "" for _, attributes in self.elements if name in attributes]

    @property
    def words(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.text))


def island_of(text: str) -> dict[str, Any]:
    """Return the data that the page is drawn from."""
    found = re.search(r'<script [^>]*id="island">([^<]*)</script>', text)
    assert found
    inflated = zlib.decompress(base64.b64decode(found[1]), -zlib.MAX_WBITS)
    data: dict[str, Any] = json.loads(inflated)
    return data
