"""Step 1: is there anything here about arms at all? One pass of an automaton; most of the world's news stops here.

The automaton holds the words of ``gazetteer/data/context.tsv``, the designations of ``systems.tsv`` and, as weak words, the
names of ``classes.tsv`` that mean nothing else. A strong word, or
four different weak ones near each other, make a stretch of text one about arms; a weak one with a number (*180 tanks*) is
worth two, and the forms of one word are one. In a text as short as a headline one weak word does, in a brief two or three,
but not words of all trade alone, such as *contract*.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
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
NARROW = 400  #: the same for a first look at a document without a strong word
WEAK = 4  #: different weak words that together count as a strong one
SHORT = 200  #: characters of a text in which one weak word that is no word of trade is enough; in twice as many two, and so on
_COUNTED = re.compile(r"\d[\d .,]{0,8}\w*[ -]$")
_CYRILLIC = re.compile("[а-яёіїєґ'’ʼ]{4,}")
_VOWELS = frozenset("аяоеьйуиіюєы")
_ENDINGS = re.compile(
    r"(?:[аеёиоуыьюяіїє]|[аеоя]м|[ая]х|[ая]ми|[оеё]в|[оеє][йюм]|ов[иі]|ев[иі]|[иії]в|ью|ей|ём|ьми)(?![^\W\d_])"
)
_STEM = 4  #: letters that the forms of one word share at least
_SHORTEST = 4  #: letters and digits that a designation must have to count by itself
_MARKS = "\u0640\u00ad\u064b-\u065f\u0670\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_INVISIBLE = re.compile(f"[{_MARKS}]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_ODD = re.compile(f"[{_MARKS}\ud800-\udfff]")
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
def _lemmas() -> dict[str, str]:
    """For each weak word the first of its forms: *tank* for *tanks*, and for Arabic *الدبابات* that of *دبابات*."""
    _, entries = _automaton()
    words = [w for w, strength in entries if not strength.startswith("strong")]
    found = {word: word for word in words}
    first = ""
    for bare, word in sorted((w.removeprefix("ال"), w) for w in words if " " not in w):
        same = len(first) >= _STEM and bare.startswith(first[: max(_STEM, len(first) - 1)])
        first = first if same and len(bare) - len(first) <= _ENDING else bare
        found[word] = first
    return found


_ENDING = 3  #: letters by which a form may be longer than the first


@cache
def _automaton() -> tuple[AhoCorasick, list[tuple[str, str]]]:
    folder = files("rasad.gazetteer").joinpath("data")
    code = [files("rasad.gazetteer").joinpath("spelling.py"), files("rasad.reading").joinpath("screen.py")]
    tables = ("systems.tsv", "classes.tsv", "context.tsv", "spelling.toml")
    sources = [folder.joinpath(name) for name in tables]
    entries = kept("screen", fingerprint([*sources, *code], sys.version, *codes()), lambda: _entries(folder))
    return AhoCorasick([word for word, _ in entries], matchkind=MatchKind.LeftmostLongest), entries


def _entries(folder: Traversable) -> list[tuple[str, str]]:
    """(word, strength) for every word of the screen: those of the context, the designations in every spelling, and the
    names of equipment, to which an ending may be added where the strength is written with a ``+``."""
    entries: dict[str, str] = {}
    for row in rows(folder, "systems.tsv"):
        for name in (n for names in row.names.values() for n in names if not n.endswith("?")):
            digits = any(c.isdigit() for c in name)
            spelled = [s for code in codes() for s in spellings(name.lstrip("="), code)] if digits else []
            for form in [name.lstrip("="), *spelled]:
                letters = sum(c.isalnum() for c in form)
                if letters >= _SHORTEST and (digits or letters > 5):
                    entries[form.lower()] = "strong+" if _CYRILLIC.fullmatch(form.lower()) else "strong"
    for line in folder.joinpath("context.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        if line.strip() and not line.startswith("#"):
            _, word, strength = line.split("\t")
            if not entries.get(word.lower(), "").startswith("strong"):
                entries[word.lower()] = strength.strip()
    strong = {word for word, strength in entries.items() if strength.startswith("strong")}
    for word in _names(folder):
        parts = word.split(" ")
        runs = {" ".join(parts[i:j]) for i in range(len(parts)) for j in range(i + 1, len(parts) + 1)}
        entries.setdefault(word, "weak" if strong.isdisjoint(runs) else "strong")
        if _CYRILLIC.fullmatch(word):
            entries.setdefault(word[:-1] if word[-1] in _VOWELS else word, "weak+")
            entries.setdefault(word.removesuffix("ка") + "ок", "weak")
    return sorted(entries.items())


def _names(folder: Traversable) -> Iterator[str]:
    """The names of kinds of equipment that mean nothing else."""
    for row in rows(folder, "classes.tsv"):
        for name in (n for names in row.names.values() for n in names if not n.endswith("?")):
            word = name.lstrip("=").lower()
            if len(word) >= _SHORTEST:
                yield word


def screen(text: str) -> Hits | None:
    """Where the text speaks of arms, or None where it does not speak of them enough to make a claim."""
    automaton, entries = _automaton()
    lemmas = _lemmas()
    lowered = text.lower()
    removed: list[int] = []
    if not lowered.isascii() and _ODD.search(lowered):
        lowered = _SURROGATES.sub("?", lowered)
        removed = [match.start() - count for count, match in enumerate(_INVISIBLE.finditer(lowered))]
        lowered = _INVISIBLE.sub("", lowered)
    strong: list[int] = []
    weak: list[tuple[int, str]] = []
    military = False
    for index, start, end in automaton.find_matches_as_indexes(lowered):
        word, strength = entries[index]
        inflected = _plural(lowered, end) or (strength.endswith("+") and _ENDINGS.match(lowered, end))
        if end < len(lowered) and lowered[end].isalpha() and not inflected:
            continue
        if start and lowered[start - 1].isalpha() and not _after_clitics(lowered, start):
            continue
        at = start + bisect_right(removed, start)
        if strength.startswith("strong"):
            strong.append(at)
        else:
            weak.append((at, lemmas[word]))
            if strength.startswith("weak"):
                military = True
                if _COUNTED.search(lowered, max(0, start - 12), start):
                    weak.append((at, "counted"))
    enough = min(WEAK, 1 + (len(text) - 1) // SHORT) if military else WEAK
    if not strong and len({w for _, w in weak}) < enough:
        return None
    return Hits(strong, weak, enough)


def _plural(text: str, end: int) -> bool:
    return text[end : end + 1] == "s" and not text[end + 1 : end + 2].isalpha()


def _after_clitics(text: str, start: int) -> bool:
    """Whether the letters before a word are Arabic proclitics or the article."""
    at = start - 1
    while at >= 0 and start - at <= 4 and text[at].isalpha():
        if text[at] not in _CLITICS:
            return False
        at -= 1
    return start - at <= 4
