"""How the press of each language spells a designation: S-300 is С-300 in Russian and إس-300 in Arabic.

The tables are in ``data/spelling.toml``: whole words first (Su, MiG, Type, Leopard), then letter by letter.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from itertools import islice, product
from typing import NamedTuple

MOST_SPELLINGS = 12
"""The longest answer. A designation of many letters has more readings than any press uses; the usual ones come first."""

MOST_LETTERS = 5
"""A run of more letters than this is a word, and a word that the tables do not know has no spelling by rule."""

_RUN = re.compile(r"[^\W\d_]+|\d+|[^\w]+|_")
_GROUPS = re.compile(r"[^\W\d_a-z][a-z]*|[a-z]+")
"""A capital with its small letters (Sh in AMTSh), which the table of letters reads as one."""


class Rules(NamedTuple):
    """What a language does with the letters of a designation."""

    words: dict[str, list[str]]
    letters: dict[str, list[str]]
    initials: dict[str, list[str]]
    join: str


@cache
def _tables() -> dict[str, dict[str, dict[str, list[str]]]]:
    text = files(__package__).joinpath("data/spelling.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def rules(language: str) -> Rules | None:
    """The spelling rules of a language, or None for one that writes designations in Latin letters only."""
    tables = _tables()
    if language not in tables["letters"]:
        return None
    return Rules(
        words=tables["words"].get(language, {}),
        letters=tables["letters"][language],
        initials=tables["initials"].get(language, {}),
        join=str(tables["joins"][language]),
    )


@cache
def _spelled(designation: str, language: str) -> tuple[str, ...]:
    found = rules(language)
    if found is None or not any(c.isdigit() for c in designation):
        return ()
    parts: list[list[str]] = []
    before = ""
    for run in _RUN.findall(designation):
        if run[0].isalpha():
            readings = _readings(run, found) if before or run not in found.initials else found.initials[run]
            if not readings:
                return ()
            if found.join and before.isdigit():
                parts.append([found.join])
            parts.append(readings)
        else:
            parts.append([run.replace("/", found.join)])
        before = run
    return tuple(_distinct(_together(parts), designation))


def spellings(designation: str, language: str) -> list[str]:
    """The spellings of a designation in the script of ``language`` (ISO 639-1), the usual one first.

    Empty when the designation has no digit (its names are then listed, not made), when it has a word that the tables do
    not know, and when the language writes Latin letters. At most ``MOST_SPELLINGS``.
    """
    return list(_spelled(designation, language))


def _readings(run: str, found: Rules) -> list[str]:
    """The ways to write a run of letters: as a word that the tables know, or letter by letter."""
    if run in found.words:
        return found.words[run]
    groups = _GROUPS.findall(run)
    if len(groups) > MOST_LETTERS or any(group not in found.letters for group in groups):
        return []
    return _together([found.letters[group] for group in groups], found.join)


def _together(parts: Iterable[list[str]], join: str = "") -> list[str]:
    """The combinations of one choice from each part, those with the most usual choices first."""
    ranked = [list(enumerate(choices)) for choices in parts]
    combinations = islice(product(*ranked), 20_000)
    ordered = sorted(combinations, key=lambda chosen: sum(rank for rank, _ in chosen))
    return [join.join(text for _, text in chosen) for chosen in ordered[: MOST_SPELLINGS * 4]]


def _distinct(candidates: Iterable[str], designation: str) -> list[str]:
    """The first spellings that differ from one another and from the designation itself."""
    kept = dict.fromkeys(candidate.strip() for candidate in candidates)
    kept.pop(designation, None)
    return list(kept)[:MOST_SPELLINGS]
