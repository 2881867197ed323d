"""Step 1: is there anything here about arms at all? One pass of an automaton; most of the world's news stops here."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from ahocorasick_rs import AhoCorasick, MatchKind

WINDOW = 700  #: characters on either side in which a strong word, or two weak ones, make a sentence one about arms


class Hits:
    """Where a document speaks of arms: offsets of strong words and of weak ones."""

    __slots__ = ("strong", "weak")

    def __init__(self, strong: list[int], weak: list[tuple[int, str]]) -> None:
        self.strong = strong
        self.weak = weak

    def about(self, start: int, end: int, window: int = WINDOW) -> bool:
        """Whether the text around ``[start:end]`` is about arms."""
        low, high = start - window, end + window
        if any(low <= at <= high for at in self.strong):
            return True
        return len({word for at, word in self.weak if low <= at <= high}) >= 2


@cache
def _automaton() -> tuple[AhoCorasick, list[tuple[str, bool]]]:
    entries: dict[str, bool] = {}
    lines = files("rasad.gazetteer").joinpath("data/context.tsv").read_text(encoding="utf-8").splitlines()
    for line in lines[1:]:
        if line.strip() and not line.startswith("#"):
            _, word, strength = line.split("\t")
            entries[word.lower()] = entries.get(word.lower(), False) or strength.strip() == "strong"
    words = sorted(entries)
    return AhoCorasick(words, matchkind=MatchKind.LeftmostLongest), [(w, entries[w]) for w in words]


def screen(text: str) -> Hits | None:
    """Where the text speaks of arms, or None where it does not speak of them enough to make a claim."""
    automaton, entries = _automaton()
    lowered = text.lower()
    strong: list[int] = []
    weak: list[tuple[int, str]] = []
    for index, start, end in automaton.find_matches_as_indexes(lowered):
        if end < len(lowered) and lowered[end].isalpha():
            continue
        word, is_strong = entries[index]
        if start and lowered[start - 1].isalpha() and not _clitic(lowered, start):
            continue
        if is_strong:
            strong.append(start)
        else:
            weak.append((start, word))
    if not strong and len({w for _, w in weak}) < 2:
        return None
    return Hits(strong, weak)


_CLITICS = frozenset("وفبكلا")


def _clitic(text: str, start: int) -> bool:
    """Whether the letters before a word are Arabic proclitics or the article."""
    at = start - 1
    while at >= 0 and start - at <= 4 and text[at].isalpha():
        if text[at] not in _CLITICS:
            return False
        at -= 1
    return start - at <= 4
