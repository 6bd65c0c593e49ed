"""The words of a report, each with its meaning; `words.yaml` has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml

from conformance.calls.text import count as count

_WORDS: dict[str, Any] = yaml.safe_load((files(__package__) / "words.yaml").read_text(encoding="utf-8"))

#: Verdict of a cell, of a case, of a law -> what it means.
CELL: Mapping[str, str] = _WORDS["cell"]
CASE: Mapping[str, str] = _WORDS["case"]
LAW: Mapping[str, str] = _WORDS["law"]
LAW_COUNTED: Mapping[str, str] = _WORDS["law_counted"]
LOGGED: Mapping[str, str] = _WORDS["logged"]
KINDS: Mapping[str, str] = _WORDS["kind"]
LAW_ADVICE: Mapping[str, str] = _WORDS["law_advice"]
NAME_ADVICE: str = _WORDS["name_advice"]

#: What the samples of a case contain -> the same in words.
CONTENTS: Mapping[str, str] = _WORDS["contents"]

#: What the samples of a case contain -> the codes of the reasons for which implementations raise because of it.
RAISED_FOR: Mapping[str, Sequence[str]] = _WORDS["raised_for"]

#: Questions of users, each with `contents`, or a `view` of the page.
QUESTIONS: Sequence[Mapping[str, Any]] = _WORDS["questions"]

#: Verdicts that fail a run, in the order in which they are shown.
ATTENTION = tuple(_WORDS["usual_problem"])


@dataclass(frozen=True)
class Alike:
    """What shares a word and is not the same.

    Attributes:
        title: both names.
        quantities: a case has both if it has all of these,
        tasks: and, unless this is empty, has one of these,
        averages: and, unless this is empty, names one of these.
        differ: the difference in one sentence.
    """

    title: str
    differ: str
    quantities: tuple[str, ...]
    tasks: tuple[str, ...] = ()
    averages: tuple[str, ...] = ()


ALIKE = tuple(
    Alike(
        entry["title"],
        entry["differ"],
        *(tuple(entry.get(key, ())) for key in ("quantities", "tasks", "averages")),
    )
    for entry in _WORDS["alike"]
)


def quantity_title(quantity: str) -> str:
    """Return the heading of a quantity; an unknown one is shown by its own name."""
    return str(_WORDS["quantity"].get(quantity, quantity.replace("-", " ").capitalize()))


def problem(verdict: str, told: object) -> str:
    """Return the code of what is wrong with a cell that fails a run; of a document without codes, the usual one.

    Args:
        verdict: one of `ATTENTION`.
        told: what the results document says.

    Raises:
        LookupError: the verdict does not fail a run.
    """
    known = isinstance(told, str) and told in _WORDS["advice"]
    return str(told if known else _WORDS["usual_problem"][verdict])


def advice(code: str, age: str | None = None) -> str:
    """Return what to do where a cell has a problem.

    Args:
        code: what is wrong.
        age: `older` or `newer` for a release that is not the newest that the definitions know.
    """
    return str(_WORDS["advice_by_age"].get(age, {}).get(code) or _WORDS["advice"][code])


def listed(parts: Sequence[str]) -> str:
    """Return `a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def verdict_words(verdict: str, problem: str | None = None) -> str:
    """Return a verdict as it is shown: `as-defined` as "as defined", `documented` as "known deviation".

    Args:
        verdict: of a cell or a law.
        problem: the code of what is wrong with it, which may say more than the verdict.
    """
    shown = _WORDS["shown"]
    return str(shown.get(problem) or shown.get(verdict) or verdict.replace("-", " "))
