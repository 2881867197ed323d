"""The words of a query: in which forms they are looked for, and whom its names stand for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

import msgspec

from rasad.gazetteer import named_language, names, spelled_designations
from rasad.languages import codes, profile
from rasad.languages.words import Word, fold, split
from rasad.register.listing import called

LONGEST = 6  #: words of a name
COMMON = ("class:", "category:")  #: words for kinds of things, which texts write in many ways


def forms(given: str, code: str | None) -> list[list[str]]:
    """For each word of a text the forms under which it is indexed. Of a text in an unknown language, the words as written."""
    spoken = named_language(code) if code in codes() else None
    found: list[list[str]] = []
    words = spoken.words(given, 0, len(given)) if spoken else split(given)
    joined = ""
    for word in words:
        if word.kind == "p":
            joined = ""
            continue
        joined = joined + word.fold if word.glued and joined else word.fold  # s 300 is also s300
        own = [key for key in word.keys if key.isalnum()] or [word.fold]
        stems = [key[2:] for key in word.keys if key.startswith("n:")]
        if stems:  # a language without a dictionary: the shortest stem stands for them all
            own = [min(stems, key=lambda stem: (len(stem), stem))]
        found.append(list(dict.fromkeys([*own, *([joined] if joined != word.fold else [])])))
    return found


class Term(msgspec.Struct, frozen=True):
    """A part of a query: ``query[start:end]``, a word, or several that are a name. ``ways``: what a text may have instead, each a
    row of words of which each may stand in any of some forms. ``entity``: whom the gazetteer knows by this name."""

    start: int
    end: int
    ways: tuple[tuple[tuple[str, ...], ...], ...]
    entity: str | None = None


@lru_cache(maxsize=2_000)
def terms(query: str) -> tuple[Term, ...]:
    """The names and words of a query, in their order; of names the longest."""
    words = [word for word in split(query) if word.kind != "p"]
    spoken = [forms(query, code) for code in codes()]
    every = [
        tuple(sorted({form for told in spoken if at < len(told) for form in told[at] if form.isalnum()}))
        for at in range(len(words))
    ]
    found: list[Term] = []
    at = 0
    while at < len(words):
        length, entity = _named(query, words, every, at)
        own = tuple(filter(None, every[at : at + length]))
        ways = [own] if own else []
        if entity and not entity.startswith(COMMON):
            ways += [_forms_of(name, code) for code, name in _first_names().get(entity, ())]
        found.append(
            Term(words[at].start, words[at + length - 1].end, tuple(dict.fromkeys(filter(None, ways))), entity)
        )
        at += length
    telling = [term for term in found if term.entity or fold(query[term.start : term.end]) not in _function_words()]
    return tuple(telling or found)


def _forms_of(name: str, code: str) -> tuple[tuple[str, ...], ...]:
    return tuple(filter(None, (tuple(form for form in word if form.isalnum()) for word in forms(name, code))))


@cache
def _first_names() -> dict[str, list[tuple[str, str]]]:
    """The first name of each entity of the gazetteer in each language, and the first spelling of a designation."""
    found: dict[str, dict[tuple[str, bool], str]] = {}
    for code in codes():
        for spelled, listed in ((False, names(code)), (True, spelled_designations(code))):
            for name, entity in listed:
                found.setdefault(entity, {}).setdefault((code, spelled), name)
    return {entity: [(code, name) for (code, _), name in held.items()] for entity, held in found.items()}


@cache
def _function_words() -> frozenset[str]:
    """Words that tell nothing of what is looked for."""
    return frozenset().union(*(profile(code).function_words for code in codes()))


def _named(query: str, words: Sequence[Word], every: Sequence[Sequence[str]], at: int) -> tuple[int, str | None]:
    """How many words from one on are a name, and whose; of a single word in any of its forms."""
    for length in range(min(LONGEST, len(words) - at), 0, -1):
        if entity := called(query[words[at].start : words[at + length - 1].end]):
            return length, entity
    return 1, next(filter(None, map(called, every[at])), None)


def marked(given: str, code: str | None, query: str) -> list[tuple[int, int]]:
    """Where a text has the words of a query, in any of their forms: spans, in order, none touching another."""
    wanted = {form for term in terms(query) for way in term.ways for word in way for form in word}
    words = [word for word in split(given) if word.kind != "p"]
    spans: list[tuple[int, int]] = []
    for word, own in zip(words, forms(given, code), strict=True):
        if wanted.isdisjoint(own):
            continue
        if spans and word.start - spans[-1][1] <= 1:
            spans[-1] = (spans[-1][0], word.end)
        else:
            spans.append((word.start, word.end))
    return [(start, end) for start, end in spans if end - start > 1]
