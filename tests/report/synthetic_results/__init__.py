"""A results document made by hand: realistic in shape, with every status, and with hostile text in it."""

from synthetic_results.document import build
from synthetic_results.texts import ARGMAX, DECIDES, EQUALS, HEBREW

__all__ = ["ARGMAX", "DECIDES", "EQUALS", "HEBREW", "build"]
