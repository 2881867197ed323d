"""Step 1: is there anything here about arms at all? One pass of an automaton; most of the world's news stops here.

The automaton holds the words of ``gazetteer/data/context.tsv`` and the designations of ``systems.tsv``. A strong word, or
two different weak ones near each other, make a stretch of text one about arms.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache
from importlib.resources import files

from ahocorasick_rs import AhoCorasick, MatchKind

from rasad.gazetteer import rows

WINDOW = 700  #: characters on either side in which a strong word, or two weak ones, make a sentence one about arms
_SHORTEST = 4  #: letters and digits that a designation must have to count by itself
_INVISIBLE = re.compile("[\u0640\u00ad\u064b-\u065f\u0670\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_CLITICS = frozenset("وفبكلا")


class Hits:
    """Where a document speaks of arms: offsets of strong words and of weak ones, in order."""

    __slots__ = ("strong", "weak")

    def __init__(self, strong: list[int], weak: list[tuple[int, str]]) -> None:
        self.strong = strong
        self.weak = weak

    def about(self, start: int, end: int, window: int = WINDOW) -> bool:
        """Whether the text around ``[start:end]`` is about arms."""
        low, high = start - window, end + window
        if self.certain(start, end, window):
            return True
        return self._two_weak(low, high)

    def certain(self, start: int, end: int, window: int = WINDOW) -> bool:
        """Whether a word that belongs to the arms trade alone stands near ``[start:end]``."""
        at = bisect_left(self.strong, start - window)
        return at < len(self.strong) and self.strong[at] <= end + window

    def _two_weak(self, low: int, high: int) -> bool:
        first, last = bisect_left(self.weak, (low, "")), bisect_left(self.weak, (high, "\U0010ffff"))
        return len({word for _, word in self.weak[first:last]}) >= 2


@cache
def _automaton() -> tuple[AhoCorasick, list[tuple[str, bool]]]:
    folder = files("rasad.gazetteer").joinpath("data")
    entries: dict[str, bool] = {}
    for row in rows(folder, "systems.tsv"):
        for names in row.names.values():
            for name in names:
                letters = sum(c.isalnum() for c in name)
                if not name.endswith("?") and letters >= _SHORTEST and (any(c.isdigit() for c in name) or letters > 5):
                    entries[name.lstrip("=").lower()] = True
    for line in folder.joinpath("context.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        if line.strip() and not line.startswith("#"):
            _, word, strength = line.split("\t")
            entries[word.lower()] = entries.get(word.lower(), False) or strength.strip() == "strong"
    words = sorted(entries)
    return AhoCorasick(words, matchkind=MatchKind.LeftmostLongest), [(w, entries[w]) for w in words]


def screen(text: str) -> Hits | None:
    """Where the text speaks of arms, or None where it does not speak of them enough to make a claim."""
    automaton, entries = _automaton()
    lowered = text.lower()
    if not lowered.isascii() and _SURROGATES.search(lowered):
        lowered = _SURROGATES.sub("?", lowered)
    if not lowered.isascii() and _INVISIBLE.search(lowered):
        lowered = _INVISIBLE.sub("", lowered)  # shifts offsets by a few characters, which the window does not mind
    strong: list[int] = []
    weak: list[tuple[int, str]] = []
    for index, start, end in automaton.find_matches_as_indexes(lowered):
        if end < len(lowered) and lowered[end].isalpha() and not _plural(lowered, end):
            continue
        if start and lowered[start - 1].isalpha() and not _after_clitics(lowered, start):
            continue
        word, is_strong = entries[index]
        if is_strong:
            strong.append(start)
        else:
            weak.append((start, word))
    if not strong and len({w for _, w in weak}) < 2:
        return None
    return Hits(strong, weak)


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
