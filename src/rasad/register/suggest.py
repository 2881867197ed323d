"""Names by their beginning, for who is still typing, and names that were perhaps meant: of the gazetteer, in every language and script,
and of whom only the register knows."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from itertools import islice
from typing import NamedTuple

import msgspec
from anyascii import anyascii
from sqlalchemy import Connection, or_, select

from rasad.gazetteer import entities as gazetteer
from rasad.gazetteer import names, spelled_designations
from rasad.languages import codes
from rasad.languages.words import fold, split
from rasad.register import ids
from rasad.register.ids import NotFoundError
from rasad.register.schema import entities
from rasad.register.terms import terms

CONSIDERED = 200  #: names with a beginning that are looked at
LIKE = 80  #: per cent in which a name that was perhaps meant is like what was written
_ID = re.compile(r"(?:d|r|c|doc)-[0-9a-f]{4,16}")
_NO_PARTS = str.maketrans("", "", " -'")


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """An entity. ``called``: its name that begins so, where that is not ``name``. ``in_register``: whether any claim names it."""

    id: str
    name: str
    called: str | None
    in_register: bool


class _Start(NamedTuple):
    """A name from one of its words on, folded."""

    key: str
    inner: bool
    name: str
    id: str


def beginning(connection: Connection, given: str, limit: int = 8) -> tuple[Suggestion, ...]:
    """Who and what has a name, one word of which begins as given: those first whom the register names, and the shorter names."""
    key = _key(given)
    if not key:
        return ()
    best: dict[str, _Start] = {}
    for start in islice(_starting(key), CONSIDERED):
        if start.id not in best or (start.inner, len(start.key)) < (best[start.id].inner, len(best[start.id].key)):
            best[start.id] = start
    there = set(connection.scalars(select(entities.c.id).where(entities.c.id.in_(best))))
    own = [_Start(_key(name), False, name, identifier) for identifier, name in _unlisted(connection, given, limit)]
    ranked = sorted(
        [*best.values(), *own], key=lambda s: (s.id in best and s.id not in there, s.inner, len(s.key), s.id)
    )
    return tuple(_suggestion(start, start.id in there or start.id not in best) for start in ranked[:limit])


def named(connection: Connection, query: str) -> tuple[Suggestion, ...]:
    """Whom the names in a query stand for, in their order; or what has it for its id, or for the beginning of one."""
    if _ID.fullmatch(query):
        with suppress(NotFoundError):
            whole = ids.whole(connection, query)
            return (Suggestion(id=whole, name=whole, called=None, in_register=True),)
    found = dict.fromkeys(term.entity for term in terms(query) if term.entity)
    there = set(connection.scalars(select(entities.c.id).where(entities.c.id.in_(found))))
    return tuple(
        Suggestion(id=one, name=gazetteer()[one].name, called=None, in_register=one in there) for one in found if one
    )


def _suggestion(start: _Start, there: bool) -> Suggestion:
    known = gazetteer().get(start.id)
    name = known.name if known else start.name
    return Suggestion(id=start.id, name=name, called=start.name if start.name != name else None, in_register=there)


def _unlisted(connection: Connection, given: str, limit: int) -> list[tuple[str, str]]:
    """Whom only the register knows, with a word of the name that begins as given, or so with capitals; or in Latin letters, in which
    names that the gazetteer does not know are kept."""
    latin = anyascii(given)
    written = dict.fromkeys(filter(None, (given, given.title(), latin, latin.title())))
    begins = [entities.c.name.startswith(way, autoescape=True) for way in written]
    begins += [entities.c.name.contains(f" {way}", autoescape=True) for way in written]
    which = (entities.c.known.is_(False), ~entities.c.id.startswith("anonymous:"), or_(*begins))
    rows = connection.execute(select(entities.c.id, entities.c.name).where(*which).order_by(entities.c.id).limit(limit))
    return [(identifier, name) for identifier, name in rows if identifier not in gazetteer()]


def meant(given: str, limit: int = 3) -> tuple[str, ...]:
    """Names of the gazetteer that are written much like something, the likest first; each of another entity."""
    from rapidfuzz import fuzz, process

    keys, starts = _whole()
    found: dict[str, str] = {}
    for _, _, at in process.extract(_key(given), keys, scorer=fuzz.ratio, score_cutoff=LIKE, limit=10 * limit):
        found.setdefault(starts[at].id, starts[at].name)
    return tuple(found.values())[:limit]


def corrected(query: str) -> tuple[str, ...]:
    """A query with other names in it that may have been meant; for the whole of it, else for one of its words."""
    if whole := meant(query):
        return whole
    words = [word for word in split(query) if word.kind == "w" and word.end - word.start > 3]
    better = ((word, meant(query[word.start : word.end], 1)) for word in words)
    return tuple(query[: word.start] + near[0] + query[word.end :] for word, near in better if near)[:3]


def _key(name: str) -> str:
    return fold(name.strip()).translate(_NO_PARTS)


def _starting(key: str) -> Iterator[_Start]:
    at = bisect_left(_starts(), (key,))
    return (start for start in islice(_starts(), at, at + CONSIDERED) if start.key.startswith(key))


@cache
def _starts() -> list[_Start]:
    """The names of the gazetteer from each of their words on, in alphabetical order."""
    found: set[_Start] = set()
    for code in codes():
        for name, identifier in (*names(code), *spelled_designations(code)):
            for place, word in enumerate(split(name)):
                if word.kind != "p" and not (place and word.glued):
                    found.add(_Start(_key(name[word.start :]), place > 0, name, identifier))
    return sorted(found)


@cache
def _whole() -> tuple[list[str], list[_Start]]:
    whole = [start for start in _starts() if not start.inner]
    return [start.key for start in whole], whole
