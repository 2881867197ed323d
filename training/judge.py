"""Would a careful reader accept a claim as what the text says? A judge of claims against gold made by hand.

A gold file is one topic: ``{"id", "texts": {language: text}, "claims": [...]}``; every text makes every claim. A gold
claim has a ``frame``, ``roles`` ({role: ["kind:name" or a plain value]}), perhaps ``optional_roles``, ``polarity`` (a value,
or a list of values any of which will do), and ``optional``. ``*`` stands for anything.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, NamedTuple

import rasad
from rasad.claims import Claim, Document, Filler

Gold = dict[str, Any]

ANYTHING = "*"
PLAIN = ("offence", "stance")  #: roles of gold claims that hold plain values, which a claim has as attributes
ALIKE = 0.75  #: likeness of two spellings of one name in Latin letters


class Judged(NamedTuple):
    """A claim of the reader, in which topic and language, and whether a careful reader would accept it."""

    topic: str
    language: str
    claim: Claim
    features: dict[str, float]
    accepted: bool


def judged(folder: Path) -> Iterator[Judged]:
    """Reads every text of every gold file of a folder and judges every claim, in the order of the files."""
    for topic in topics(folder):
        for language, text in sorted(topic["texts"].items()):
            document = Document(name=f"{topic['id']}.{language}.txt", text=text, language=language)
            for claim, why in rasad.explain_document(document):
                yield Judged(topic["id"], language, claim, why.features, accepts(topic["claims"], claim))


def topics(folder: Path) -> list[dict[str, Any]]:
    """The gold files of a folder. Raises FileNotFoundError where there are none and ValueError where one is malformed."""
    found = []
    for path in sorted(folder.glob("*.json")):
        try:
            topic = json.loads(path.read_text(encoding="utf-8"))
        except json.JSONDecodeError as error:
            raise ValueError(f"{path}: not JSON: {error}") from error
        missing = {"id", "texts", "claims"} - topic.keys()
        if missing:
            raise ValueError(f"{path}: without {', '.join(sorted(missing))}")
        found.append(topic)
    if not found:
        raise FileNotFoundError(f"{folder}: no gold files (*.json)")
    return found


def accepts(gold: Iterable[Gold], claim: Claim) -> bool:
    """Whether one of the gold claims of the topic bears the claim out."""
    return any(bears_out(one, claim) for one in gold)


def bears_out(gold: Gold, claim: Claim) -> bool:
    """Whether a gold claim bears a claim out.

    The frame is the same; every filler is one that the gold claim has, or allows, in that role; at least one is one that it
    has; the polarity is right where gold states it; and so are the plain values (offence, stance): one in common.
    """
    if gold["frame"] != claim.frame or not _agrees(gold.get("polarity"), claim.polarity):
        return False
    wanted, allowed = gold.get("roles", {}), gold.get("optional_roles", {})
    if not all(_shares(wanted.get(role, []), allowed.get(role, []), getattr(claim, role)) for role in PLAIN):
        return False
    hits = 0
    for role, filler in claim.fillers():
        if any(same(one, filler) for one in wanted.get(role, ())):
            hits += 1
        elif not any(same(one, filler) for one in allowed.get(role, ())):
            return False
    return hits > 0 or not any(role not in PLAIN for role in wanted)


def _agrees(stated: str | list[str] | None, found: str) -> bool:
    if stated is None:
        return True
    return found in stated or ANYTHING in stated if isinstance(stated, list) else stated in (found, ANYTHING)


def _shares(wanted: list[str], allowed: list[str], found: list[str] | None) -> bool:
    return not wanted or ANYTHING in wanted or bool({*wanted, *allowed} & set(found or ()))


def same(gold: str, filler: Filler) -> bool:
    """Whether a filler is the entity that gold writes as ``kind:name``.

    A country is also the country of a company, ministry or army, a category that of a system. Names of systems, persons
    and organisations may be written in other ways.
    """
    if gold in (ANYTHING, filler.id):
        return True
    kind, _, name = gold.partition(":")
    if kind in ("country", "category"):
        return name == (filler.country if kind == "country" else filler.category)
    if not filler.id.startswith(kind + ":") or kind not in _SAME:
        return False
    return any(_SAME[kind](_words(name), _words(given)) for given in (filler.name, filler.id.partition(":")[2]))


def _words(name: str) -> list[str]:
    """The words of a name in plain small letters: accents off, letters and digits apart from all else."""
    letters = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return re.findall(r"[a-z0-9]+", letters.casefold())


def _same_system(gold: list[str], found: list[str]) -> bool:
    """Designations are the same up to a variant: S-300 and S-300PS, but not S-300 and S-3000, nor S-30."""
    first, second = sorted(("".join(gold), "".join(found)), key=len)
    return len(first) > 1 and second.startswith(first) and not second[len(first) :][:1].isdigit()


def _same_person(gold: list[str], found: list[str]) -> bool:
    """A surname, or every word of the gold name, is there in a like spelling."""
    return bool(gold) and all(any(_like(word, other) for other in found) for word in gold)


def _same_organisation(gold: list[str], found: list[str]) -> bool:
    """The words of the shorter name are all in the longer one, or the names as a whole are alike."""
    fewer, more = sorted((gold, found), key=len)
    inside = bool(fewer) and sum(map(len, fewer)) > 2 and all(any(_like(w, o) for o in more) for w in fewer)
    return inside or _like(" ".join(gold), " ".join(found))


def _like(first: str, second: str) -> bool:
    return first == second or SequenceMatcher(None, first, second, autojunk=False).ratio() >= ALIKE


_SAME: dict[str, Callable[[list[str], list[str]], bool]] = {
    "system": _same_system,
    "class": lambda gold, found: gold == found,
    "person": _same_person,
    "org": _same_organisation,
}
