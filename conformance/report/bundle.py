"""The scripts of the page as one: ES modules in, a single module out, without a build step or a tool.

A page that is opened from a file and admits one script by its hash cannot import others. Each module becomes an
asynchronous function of its own, in the order of their imports, so that names stay private to their module. That is
exact for modules that import and export by name and never change what they export, which ESLint checks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from graphlib import TopologicalSorter

_IMPORT = re.compile(r'^import \{([^}]+)\} from "\./(\w+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(
    r"^export (?=(?:async )?function (\w+)|class (\w+)|const (\w+) =|const \{([\w, ]+)\} =)", re.MULTILINE
)


def bundle(modules: Mapping[str, str], entry: str) -> str:
    """Return one script that runs a module and all that it imports, each once and before its importers.

    Args:
        modules: name of a module, without `.js`, to its text.
        entry: the module to run.

    Raises:
        graphlib.CycleError: modules import each other.
        KeyError: a module that is imported does not exist.
    """
    imports: dict[str, list[str]] = {}
    pending = [entry]
    while pending:
        name = pending.pop()
        if name not in imports:
            imports[name] = [found[2] for found in _IMPORT.finditer(modules[name])]
            pending += imports[name]
    return "\n".join(_wrapped(name, modules[name]) for name in TopologicalSorter(imports).static_order())


def _wrapped(name: str, text: str) -> str:
    exports = ", ".join(group for found in _EXPORT.finditer(text) for group in found.groups() if group)
    body = _EXPORT.sub("", _IMPORT.sub(r"const {\1} = $\2;", text))
    return f"const ${name} = await (async () => {{\n{body}return {{ {exports} }};\n}})();"
