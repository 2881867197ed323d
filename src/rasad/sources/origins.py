"""Whom a text credits as a whole: the agency whose report it prints, the outlet that it retells."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from rasad.gazetteer import Name, named_language
from rasad.languages import Cue, Language, LanguageError, Word, codes
from rasad.languages.words import fold, split
from rasad.reading.segment import Sentence, sentences

OPENING = 3  #: sentences, the headline included, in which a credit is one for the whole text
DATELINE = 12  #: words from the beginning of a paragraph in which its dateline ends
NEAR = 3  #: words between a cue and the medium: "according to the state news agency TASS"
EDGE = 400  #: characters at the beginning or the end of a paragraph in which a dateline, or a sign-off, stands
PLACE = 6  #: words and marks before the name in a dateline without capitals
_OPEN, _SHUT = frozenset("(/["), frozenset(")/],;")
_DASHES = frozenset("-–—")
_BREAKS = frozenset(".:!?؟،,;")
_PARAGRAPH = re.compile(r"[^\n]*\w[^\n]*")


class _Medium(NamedTuple):
    """``words[start:end]`` name this medium."""

    start: int
    end: int
    id: str


class _Credits(NamedTuple):
    """The words of a language that credit, beside its verbs of saying and "according to" (``speech.toml``)."""

    passes: frozenset[str]
    signs: frozenset[str]


@cache
def _credits(code: str) -> _Credits:
    try:
        data = tomllib.loads(files(f"rasad.languages.{code}").joinpath("origins.toml").read_text(encoding="utf-8"))
        return _Credits(*(frozenset(map(fold, data[name])) for name in _Credits._fields))
    except (FileNotFoundError, tomllib.TOMLDecodeError, KeyError) as error:
        raise LanguageError(f"{code}/origins.toml: {error}") from None


@cache
def _beginnings(code: str) -> frozenset[str]:
    """The keys of words with which names of media begin."""
    return named_language(code).lexicon.keys_of(lambda value: isinstance(value, Name) and value.kind == "media")


def origin(text: str, language: str | None) -> str | None:
    """The id of the agency or outlet that a text as a whole is credited to: in its dateline ("KYIV, 12 May (Reuters) –"), in
    its first sentences ("TASS reports", "according to Reuters"), or in its sign-off ("Source: Ukrinform"); otherwise None.

    A credit further down is one for its own sentence only, and belongs to the claims that are attributed so. Raises LanguageError
    where the folder of the language has no sound ``origins.toml``.
    """
    if language not in codes():
        return None
    spoken, credit = named_language(language), _credits(language)
    paragraphs = [match.span() for match in _PARAGRAPH.finditer(text)]
    for start, end in paragraphs[:2]:
        found = _in_dateline(spoken, text[start : min(end, start + EDGE)])
        if found is not None:
            return found
    for told in (_told(spoken, credit, text[sentence.start : sentence.end]) for sentence in _opening(spoken, text)):
        if told is not None:
            return told
    return _in_sign_off(spoken, credit, text[slice(*paragraphs[-1])]) if paragraphs else None


def _opening(spoken: Language, text: str) -> list[Sentence]:
    """The first sentences of a text, without looking for those of all of it where it is long."""
    for length in (OPENING * EDGE, len(text)):
        found = sentences(text[:length], spoken.profile)
        if len(found) > OPENING or length >= len(text):
            break
    return found[:OPENING]


def _media(spoken: Language, words: Sequence[Word]) -> list[_Medium]:
    """The media that are named, in the order of the text; a longer name hides those inside it."""
    begin = _beginnings(spoken.code)
    if all(begin.isdisjoint(word.keys) for word in words):
        return []
    named = [
        m
        for m in spoken.lexicon.find(words)
        if isinstance(m.value, Name) and _written_so(m.value, words[m.start : m.end])
    ]
    taken: set[int] = set()
    found = []
    for match in sorted(named, key=lambda m: (m.start - m.end, m.value.kind != "media")):
        if taken.isdisjoint(range(match.start, match.end)):
            taken.update(range(match.start, match.end))
            if match.value.kind == "media":
                found.append(_Medium(match.start, match.end, match.value.entity.id))
    return sorted(found)


def _written_so(name: Name, words: Sequence[Word]) -> bool:
    """Whether the words have the capitals of the name: AP is no *ap*."""
    letters = [word for word in words if word.kind == "w"]
    return all(w.upper for w in letters) if name.upper else not name.capital or letters[0].capital


def _in_dateline(spoken: Language, paragraph: str) -> str | None:
    """The medium of "KYIV, 12 May (Reuters) –", "ПРАГА. УНІАН.", "TASS, 5 May.", "Reuters:"."""
    words = spoken.words(paragraph, 0, len(paragraph))
    for medium in _media(spoken, words[:DATELINE]):
        before, after = words[: medium.start], [*words[medium.end : medium.end + 2]]
        if before and before[-1].fold in _OPEN and any(word.fold in _SHUT for word in after):
            return medium.id
        if not after or not _place_and_day(spoken, before):
            continue
        dated = after[0].fold == "," and after[-1].kind == "n"
        if dated or after[0].fold in ".:" or (before and after[0].fold in _DASHES):
            return medium.id
    return None


def _place_and_day(spoken: Language, words: Sequence[Word]) -> bool:
    """Whether words before the name of a medium may be those of a dateline: names, numbers and a month. In a script without
    capitals, a few words of which none is one of saying."""
    found = [(m.start, m.value.table) for m in spoken.lexicon.find(words) if isinstance(m.value, Cue)]
    if any(table == "speech" for _, table in found):
        return False
    if not any(word.capital for word in words):
        return len(words) <= PLACE and not (spoken.latin and words)
    months = {start for start, table in found if table == "months"}
    return all(word.kind != "w" or word.capital or i in months for i, word in enumerate(words))


def _told(spoken: Language, credit: _Credits, sentence: str) -> str | None:
    """Whom a sentence credits: "TASS reports, citing Reuters" credits Reuters."""
    words = spoken.words(sentence, 0, len(sentence))
    media = _media(spoken, words)
    if not media:
        return None
    cues = [m for m in spoken.lexicon.find(words) if isinstance(m.value, Cue)]
    cited = [m for m in cues if m.value[:2] == ("speech", "according")]
    verbs = [(m.start, m.end) for m in cues if m.value[:2] == ("speech", "verbs")]
    verbs += [(i, i + 1) for i, word in enumerate(words) if word.fold in credit.passes]
    parted = {m.start for m in cues if m.value.table in ("boundaries", "coordinators")}
    for medium in reversed(media):
        if any(m.start < medium.end and _beside(words, m.end, medium.start) for m in cited):
            return medium.id
    for medium in media:
        if any(start < medium.start and _beside(words, end, medium.start) for start, end in verbs):
            return medium.id
        after = medium.end if medium.end in parted else medium.end + 1  # "Reuters has reported", not "Reuters and told"
        if spoken.order == "SVO" and any(medium.end <= start <= after for start, _ in verbs):
            return medium.id
    return None


def _beside(words: Sequence[Word], end: int, start: int) -> bool:
    """Whether at most :data:`NEAR` words, and no stop, stand between a cue that ends and a name that starts."""
    return start - end <= NEAR and not any(word.fold in _BREAKS for word in words[end:start])


def _in_sign_off(spoken: Language, credit: _Credits, paragraph: str) -> str | None:
    begins = next((word.fold for word in split(paragraph[:EDGE]) if word.kind != "p"), "")
    if len(paragraph) > 2 * EDGE and begins not in credit.signs:  # only its end may be one
        paragraph = paragraph[paragraph.find(" ", len(paragraph) - EDGE) :]
    words = spoken.words(paragraph, 0, len(paragraph))
    media = _media(spoken, words)
    if not media:
        return None
    first, last = media[0], media[-1]
    outside = [w for i, w in enumerate(words) if w.kind != "p" and not any(m.start <= i < m.end for m in media)]
    if not outside or begins in credit.signs:
        return first.id
    ends = all(word.kind == "p" for word in words[last.end :])
    return last.id if ends and words[last.start - 1].fold in _OPEN | _DASHES else None
