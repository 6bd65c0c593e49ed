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
_LEFT_OVER = re.compile(r"^(?:import|export)\b.*$", re.MULTILINE)


def bundle(modules: Mapping[str, str], entry: str) -> str:
    """Return one script that runs a module and all that it imports, each once and before its importers.

    Args:
        modules: name of a module, without `.js`, to its text.
        entry: the module to run.

    Raises:
        graphlib.CycleError: modules import each other.
        KeyError: a module that is imported does not exist.
        ValueError: an import or export is written in a way that is not understood, or names what is not exported.
    """
    imports: dict[str, list[str]] = {}
    exports: dict[str, list[str]] = {}
    pending = [entry]
    while pending:
        name = pending.pop()
        if name in imports:
            continue
        imports[name] = [found[2] for found in _IMPORT.finditer(modules[name])]
        exports[name] = [
            exported
            for found in _EXPORT.finditer(modules[name])
            for exported in _names(",".join(filter(None, found.groups())))
        ]
        pending += imports[name]
    order = TopologicalSorter(imports).static_order()
    return "\n".join(_wrapped(name, modules[name], exports) for name in order)


def _wrapped(name: str, text: str, exports: Mapping[str, list[str]]) -> str:
    def bound(found: re.Match[str]) -> str:
        names, source = _names(found[1]), found[2]
        if lacking := sorted(set(names) - set(exports[source])):
            raise ValueError(f"{name}.js imports {', '.join(lacking)}, which {source}.js does not export")
        return f"const {{ {', '.join(names)} }} = ${source};"

    body = _EXPORT.sub("", _IMPORT.sub(bound, text))
    if unknown := _LEFT_OVER.search(body):
        raise ValueError(f"{name}.js: the bundle does not understand {unknown[0]!r}")
    returned = f"return {{ {', '.join(exports[name])} }};" if exports[name] else ""
    return f"const ${name} = await (async () => {{\n{body}{returned}\n}})();"


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
