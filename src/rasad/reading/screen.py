"""Step 1: is there anything here about arms at all? One pass of an automaton; most of the world's news stops here.

The automaton holds the words of ``gazetteer/data/context.tsv`` and the designations of ``systems.tsv``. A strong word, or
four different weak ones near each other, make a stretch of text one about arms. In a text as short as a headline one weak
word does, but not a word of all trade, such as *contract*.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from ahocorasick_rs import AhoCorasick, MatchKind

from rasad.cache import fingerprint, kept
from rasad.gazetteer import rows
from rasad.gazetteer.spelling import spellings
from rasad.languages import codes

WINDOW = 700  #: characters on either side in which strong or weak words make a sentence one about arms
GLANCE = 80  #: the same for a first look at a document with one
NARROW = 250  #: the same for a first look at a document without a strong word
WEAK = 4  #: different weak words that together count as a strong one
SHORT = 200  #: characters of a text in which one weak word that is no word of trade is enough
_SHORTEST = 4  #: letters and digits that a designation must have to count by itself
_INVISIBLE = re.compile("[\u0640\u00ad\u064b-\u065f\u0670\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_CLITICS = frozenset("وفبكلا")


class Hits:
    """Where a document speaks of arms: offsets of strong words and of weak ones, in order."""

    __slots__ = ("enough", "strong", "weak")

    def __init__(self, strong: list[int], weak: list[tuple[int, str]], enough: int = WEAK) -> None:
        self.enough = enough  #: different weak words that together count as a strong one
        self.strong = strong
        self.weak = weak

    def about(self, start: int, end: int, window: int = WINDOW) -> bool:
        """Whether the text around ``[start:end]`` is about arms."""
        low, high = start - window, end + window
        if self.certain(start, end, window):
            return True
        return self._enough_weak(low, high)

    def certain(self, start: int, end: int, window: int = WINDOW) -> bool:
        """Whether a word that belongs to the arms trade alone stands near ``[start:end]``."""
        at = bisect_left(self.strong, start - window)
        return at < len(self.strong) and self.strong[at] <= end + window

    def _enough_weak(self, low: int, high: int) -> bool:
        first, last = bisect_left(self.weak, (low, "")), bisect_left(self.weak, (high, "\U0010ffff"))
        return len({word for _, word in self.weak[first:last]}) >= self.enough


@cache
def _automaton() -> tuple[AhoCorasick, list[tuple[str, str]]]:
    folder = files("rasad.gazetteer").joinpath("data")
    code = files("rasad.gazetteer").joinpath("spelling.py")
    sources = [folder.joinpath(name) for name in ("systems.tsv", "context.tsv", "spelling.toml")]
    entries = kept("screen", fingerprint([*sources, code], sys.version, *codes()), lambda: _entries(folder))
    return AhoCorasick([word for word, _ in entries], matchkind=MatchKind.LeftmostLongest), entries


def _entries(folder: Traversable) -> list[tuple[str, str]]:
    """(word, strength) for every word of the screen: those of the context, and the designations in every
    spelling."""
    entries: dict[str, str] = {}
    for row in rows(folder, "systems.tsv"):
        for name in (n for names in row.names.values() for n in names if not n.endswith("?")):
            digits = any(c.isdigit() for c in name)
            spelled = [s for code in codes() for s in spellings(name.lstrip("="), code)] if digits else []
            for form in [name.lstrip("="), *spelled]:
                letters = sum(c.isalnum() for c in form)
                if letters >= _SHORTEST and (digits or letters > 5):
                    entries[form.lower()] = "strong"
    for line in folder.joinpath("context.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        if line.strip() and not line.startswith("#"):
            _, word, strength = line.split("\t")
            if entries.get(word.lower()) != "strong":
                entries[word.lower()] = strength.strip()
    return sorted(entries.items())


def screen(text: str) -> Hits | None:
    """Where the text speaks of arms, or None where it does not speak of them enough to make a claim."""
    automaton, entries = _automaton()
    lowered = text.lower()
    if not lowered.isascii() and _SURROGATES.search(lowered):
        lowered = _SURROGATES.sub("?", lowered)
    removed: list[int] = []
    if not lowered.isascii() and _INVISIBLE.search(lowered):
        removed = [match.start() - count for count, match in enumerate(_INVISIBLE.finditer(lowered))]
        lowered = _INVISIBLE.sub("", lowered)
    strong: list[int] = []
    weak: list[tuple[int, str]] = []
    military = False
    for index, start, end in automaton.find_matches_as_indexes(lowered):
        if end < len(lowered) and lowered[end].isalpha() and not _plural(lowered, end):
            continue
        if start and lowered[start - 1].isalpha() and not _after_clitics(lowered, start):
            continue
        word, strength = entries[index]
        at = start + bisect_right(removed, start)
        if strength == "strong":
            strong.append(at)
        else:
            weak.append((at, word))
            military = military or strength == "weak"
    enough = 1 if military and len(text) <= SHORT else WEAK
    if not strong and len({w for _, w in weak}) < enough:
        return None
    return Hits(strong, weak, enough)


def _plural(text: str, end: int) -> bool:
    return text[end] == "s" and not text[end + 1 : end + 2].isalpha()


def _after_clitics(text: str, start: int) -> bool:
    """Whether the letters before a word are Arabic proclitics or the article."""
    at = start - 1
    while at >= 0 and start - at <= 4 and text[at].isalpha():
        if text[at] not in _CLITICS:
            return False
        at -= 1
    return start - at <= 4
