"""What an implementation computes, and which calls of other frameworks equal it. Imports no framework."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

import conformance
from conformance.adapters.admission import RANKS, UPDATES
from conformance.adapters.base import Adapter, Call, Implementation, Update
from conformance.adapters.registry import adapters
from conformance.adapters.script import literal
from conformance.ask.description import Description, Difference, Equal, Known, Rule
from conformance.calls.text import did_you_mean, one_line
from conformance.oracle import find, supported
from conformance.oracle.axes import AXES
from conformance.oracle.changed import all_changes
from conformance.oracle.model import Amendment, Definition
from conformance.oracle.model import Rule as Replacing
from conformance.oracle.resolve import departed, resolve

#: Id of an implementation -> the calls that equal it. `python -m conformance.ask.equal_calls` writes it.
EQUAL_CALLS = Path(conformance.__file__).parent / "frameworks" / "equal_calls.json"

#: Task, and shapes of targets and scores: of two samples, and three classes or labels.
_SHAPES = (
    ("binary", (2, 1), (2, 1)),
    ("binary", (2,), (2,)),
    ("multiclass", (2,), (2, 3)),
    ("multiclass", (2, 1), (2, 3)),
    ("multiclass", (2, 3), (2, 3)),
    ("multilabel", (2, 3), (2, 3)),
)

#: So many names are listed where many match.
_MOST = 20


class UnknownName(LookupError):  # noqa: N818 - what is unknown is the name
    """No implementation has the name; the message says which one is nearest."""


class AmbiguousName(LookupError):  # noqa: N818 - what is ambiguous is the name
    """Several implementations have the name; the message lists them.

    Attributes:
        matches: id of each -> what it computes.
    """

    def __init__(self, name: str, matches: Mapping[str, str]) -> None:
        shown = [f"  {entry}\n    {says}" for entry, says in list(matches.items())[:_MOST]]
        more = [f"  and {len(matches) - _MOST} more"] if len(matches) > _MOST else []
        super().__init__(
            "\n".join(
                [f"{name!r} fits {len(matches)} implementations. Give the whole name of one:", *shown, *more]
            )
        )
        self.matches = matches


def lookup(name: str) -> Description:
    """Return what an implementation computes, and which calls of other frameworks equal it.

    No framework is imported.

    Args:
        name: id of the implementation, the end of it, or a part; for a string that is given to another call, the
            string and the end of the name of that call: `"accuracy" in compile`. Names of the default environment
            go first; others end in `@` and the name of the environment.

    Raises:
        UnknownName: there is no such implementation.
        AmbiguousName: there are several.
        AdapterError: an adapter cannot be used.
    """
    return _described(*named(name))


def named(name: str) -> tuple[Adapter, Implementation]:
    """Return the implementation that a name means, and whose it is; raises what `lookup` does."""
    entries = _entries()
    matches = _matches(name, tuple(entries))
    if not matches:
        wanted = _in_brackets(name)
        ends = {end for entry in entries for end in _ends(entry) if ("[" in end) is ("[" in wanted)}
        raise UnknownName(
            f"There is no implementation {one_line(name, 80)!r}{did_you_mean(wanted, sorted(ends))}."
            " `conformance implementations` lists all."
        )
    if len(matches) > 1:
        raise AmbiguousName(name, {match: _says(entries[match][1]) for match in matches})
    return entries[matches[0]]


@cache
def _entries() -> Mapping[str, tuple[Adapter, Implementation]]:
    """Return id -> implementation, and whose it is."""
    return {entry.id: (adapter, entry) for adapter in adapters() for entry in adapter.implementations}


def _matches(name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the ids that a name may mean: those that it fits best, and of these the default environment's."""
    name = name.strip()
    if name in known:
        return (name,)
    wanted = _in_brackets(name)
    for fold in (str, str.lower):
        whole = [entry for entry in known if _is_whole(fold(entry), fold(wanted))]
        # Of one framework what has the name itself goes before what is given it in brackets.
        having = {entry.partition(".")[0] for entry in whole}
        given_it = (entry for entry in known if f"[{fold(wanted)}]" in fold(entry))
        found = [*whole, *(entry for entry in given_it if entry.partition(".")[0] not in having)]
        if found:
            return _usual(found)
    framework, _, rest = wanted.partition(".")
    elsewhere = [entry for entry in known if entry.startswith(f"{framework}.") and _is_whole(entry, rest)]
    return _usual(elsewhere or [entry for entry in known if wanted and wanted.lower() in entry.lower()])


def _in_brackets(name: str) -> str:
    """Return `compile[accuracy]` for `"accuracy" in compile`, what is called for a call, other names as they are."""
    given = re.fullmatch(r"""["']?(.+?)["']? in (\S+)""", name.strip())
    return f"{given.group(2)}[{given.group(1)}]" if given else re.sub(r"\(.*\)$", "", name)


def _ends(entry: str) -> Iterator[str]:
    """Yield an id, and what somebody may have meant who left out where it is."""
    path, bracket, rest = entry.partition("@")[0].partition("[")
    yield entry
    yield path.rpartition(".")[2]
    yield path.rpartition(".")[2] + bracket + rest


def _is_whole(entry: str, wanted: str) -> bool:
    """Whether an id ends in a name, with the environment or without."""
    return any(f".{one}".endswith(f".{wanted}") for one in (entry, entry.partition("@")[0]))


def _usual(found: Sequence[str]) -> tuple[str, ...]:
    """Return the ids of the default environment, or all if none is."""
    return tuple(entry for entry in found if "@" not in entry) or tuple(found)


def _described(adapter: Adapter, entry: Implementation) -> Description:
    definition = find(entry.definition) if entry.definition else None
    compared = _compared(entry)
    equals = tuple(sorted(_equals(entry), key=lambda equal: bool(equal.given)))
    return Description(
        implementation=entry.id,
        framework=(adapter.title or adapter.framework)
        + (f"@{adapter.environment}" if adapter.environment else ""),
        quantity=entry.quantity,
        says=_says(entry),
        becomes={} if definition is None else dict(_becomes(entry, definition)),
        releases=_releases(definition),
        tasks=tuple(sorted(entry.tasks)),
        ranks=RANKS[entry.ranks][0],
        updates=UPDATES[entry.updates],
        parameters={name: own for name, own in entry.parameters.items() if own not in entry.fixed},
        given=dict(entry.fixed),
        defaults={
            own: entry.defaults[name]
            for name, own in entry.parameters.items()
            if name in entry.defaults and own not in entry.fixed
        },
        weights=entry.weights,
        rules=() if definition is None else tuple(_rules(definition, entry)),
        findings=() if definition is None else tuple(_findings(definition, entry)),
        changes=tuple(one for one in all_changes() if entry.id in one.implementations),
        compared=compared is not None,
        equals=equals,
        without=tuple(_without(adapter, entry, equals)) if compared is not None else (),
    )


def _without(adapter: Adapter, entry: Implementation, equals: tuple[Equal, ...]) -> Iterator[str]:
    """Yield the frameworks that were compared and have no equal call, with the tasks if it is some of them."""
    shipped = {one["framework"] for listed in _equal_calls().values() for one in listed}
    for other in {owner.origin: owner for owner, _ in _entries().values()}.values():
        if other.framework in shipped - {adapter.framework} and not other.environment:
            own = [equal for equal in equals if equal.framework == other.framework and not equal.given]
            told = {equal.task for equal in own}
            left = sorted(entry.tasks - told)
            if left:
                tasks = f" ({', '.join(left)})" if told else ""
                yield f"{other.title or other.framework}{tasks}"


def equal_calls(names: Iterable[str]) -> Iterator[tuple[str, Equal]]:
    """Yield, for ids of implementations, each of those and a call that equals it as it is and is among them, too."""
    there = dict.fromkeys(names)
    for name in there:
        _, entry = _entries().get(name, (None, None))
        for equal in _equals(entry) if entry else ():
            if equal.implementation in there and not equal.given:
                yield name, equal


def _compared(entry: Implementation) -> Sequence[Mapping[str, Any]] | None:
    """Return the calls that are listed for an implementation; None if it was not compared."""
    listed = _equal_calls()
    found: Sequence[Mapping[str, Any]] | None = listed.get(entry.id, listed.get(entry.definition or ""))
    return found


def _equals(mine: Implementation) -> Iterator[Equal]:
    for listed in _compared(mine) or ():
        if listed["implementation"] in _entries():
            yield _equal(mine, listed)


@cache
def _equal_calls() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(EQUAL_CALLS.read_text(encoding="utf-8"))
    return found


def _says(entry: Implementation) -> str:
    return find(entry.definition).says if entry.definition else ""


def _becomes(entry: Implementation, definition: Definition) -> Iterator[tuple[str, str]]:
    """Yield ordinary shapes, and what a string or a task becomes for them."""
    for task, true, pred in _SHAPES if definition.resolves_to is not None else ():
        if task in entry.tasks:
            update = Update(np.zeros(true, dtype=int), np.zeros(pred, dtype="float32"))
            call = Call(task, (update,))
            resolved, _ = departed(resolve(definition, call), call)
            shapes = (str(shape).replace("2", "N").replace("3", "C") for shape in (true, pred))
            yield "{}, y_true {}, y_pred {}".format(task, *shapes), resolved.stands_for or ""


def _releases(definition: Definition | None) -> str:
    """Return the releases that the rules are known for."""
    known = None if definition is None else supported(definition.name)
    return "" if known is None else f"{known.distribution}>={known.oldest},<={known.newest}"


def _rules(definition: Definition, entry: Implementation) -> Iterator[Rule]:
    """Yield the rules, each with the findings whose deviations put another one in its place."""
    deviating: dict[str, dict[str, None]] = {}
    for departure in definition.departures:
        if isinstance(departure.change, (Replacing, Amendment)) and entry.has(departure.finding.needs):
            deviating.setdefault(departure.change.axis, {})[departure.finding.id] = None
    for axis in AXES:
        for rule in definition.on(axis):
            deviations = tuple(deviating.get(axis, ()))
            yield Rule(axis, rule.behaviour.says, rule.basis, rule.place, rule.releases, deviations)


def _findings(definition: Definition, entry: Implementation) -> Iterator[Known]:
    """Yield the findings that the implementation has the parameters for."""
    releases: dict[str, dict[str, None]] = {}
    for departure in definition.departures:
        if entry.has(departure.finding.needs):
            releases.setdefault(departure.finding.id, {})[departure.releases] = None
    known = {finding.id: finding for finding in definition.findings}
    for name, ranges in releases.items():
        finding = known[name]
        told = "" if "" in ranges else " or ".join(ranges)
        yield Known(finding.id, finding.kind, finding.title, told)


def _equal(mine: Implementation, listed: Mapping[str, Any]) -> Equal:
    _, entry = _entries()[listed["implementation"]]
    differences = (
        *(Difference("axes", tuple(one["axes"]), "", one["cases"], one["case"]) for one in listed["differs"]),
        *(Difference(one["which"], (), one["reason"], one["cases"], one["case"]) for one in listed["raises"]),
    )
    return Equal(
        framework=listed["framework"],
        task=listed["task"],
        implementation=entry.id,
        quantity="" if entry.quantity == mine.quantity else entry.quantity,
        says=_says(entry),
        call=_call(entry, listed["task"], listed["parameters"]),
        given=listed.get("given", {}),
        parameters=listed["parameters"],
        inputs=tuple(listed["inputs"]),
        unlike=tuple(listed["except"]),
        equal=listed["equal"],
        of=listed["of"],
        differences=differences,
    )


def _call(entry: Implementation, task: str, parameters: Mapping[str, Any]) -> str:
    """Return how an implementation is called: with these parameters, and those that it insists on."""
    given = {**entry.fixed, **{entry.parameters[name]: value for name, value in parameters.items()}}
    written = [f"{name}={literal(value)}" for name, value in given.items()]
    path, _, brackets = entry.id.partition("[")
    if brackets not in ("", f"{','.join(f'{name}={value}' for name, value in entry.fixed.items())}]"):
        return entry.id + (f" with {', '.join(written)}" if written else "")
    for name, derive in entry.derived.items():
        value = None if name in given else derive(_sample(task))
        if value is not None:
            written.append(f"{name}={literal(value) if isinstance(value, str) else '...'}")
    is_function = f"{path}(" in entry.recipe.result
    return f"{path}({', '.join([*(['...'] if is_function else []), *written])})"


def _sample(task: str) -> Call:
    """Return a call of a task, to see which arguments follow from the data."""
    labels = np.eye(2, dtype=int) if task == "multilabel" else np.array([0, 1])
    return Call(task, (Update(labels, labels),))
