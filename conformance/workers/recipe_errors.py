"""Errors of a recipe's own lines, which are no outcomes. Standard library only."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Mapping
from types import CodeType, TracebackType


def own_error(error: BaseException, lines: Mapping[str, str]) -> str | None:
    """Return what is wrong with the recipe that raised, or None where it called something that raised.

    Args:
        error: what was raised while the lines ran.
        lines: file name under which lines were compiled -> the lines.
    """
    frame = _innermost(error.__traceback__)
    if frame is None or frame.tb_frame.f_code.co_filename not in lines:
        return None
    node = _node(frame.tb_frame.f_code, frame.tb_lasti, lines[frame.tb_frame.f_code.co_filename])
    code = "" if node is None else ast.unparse(node)
    if isinstance(error, NameError):
        return f"{code or 'a line'} reads a name that nothing has bound: {error}"
    if isinstance(error, (KeyError, IndexError)) and isinstance(node, ast.Subscript):
        indexed = ast.unparse(node.value)
        names = {**frame.tb_frame.f_globals, **frame.tb_frame.f_locals}
        shown = f"; {indexed} is {names[indexed]!r:.200}" if indexed in names else ""
        return (
            f"{code} raises {type(error).__name__}: {error}{shown}. A recipe has to lead to the result, or to what"
            " was returned instead"
        )
    return None


def _innermost(trace: TracebackType | None) -> TracebackType | None:
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace


def _node(code: CodeType, instruction: int, lines: str) -> ast.expr | None:
    """Return the expression that an instruction stands for."""
    line, last, column, end = next(itertools.islice(code.co_positions(), instruction // 2, None))
    for node in ast.walk(ast.parse(lines)):
        if isinstance(node, ast.expr):
            place = node.lineno, node.end_lineno, node.col_offset, node.end_col_offset
            if place == (line, last, column, end):
                return node
    return None
