"""Text to words: folding that unifies spellings, and the atoms that every lexicon is matched over.

An atom is a run of letters, a run of digits, or one mark of punctuation. ``S-300``, ``S300`` and ``S 300`` are all the
atoms ``s`` and ``300``, which is what makes a designation one name in every spelling; a hyphen between two atoms without
a space is dropped, and the atom after it is marked as glued.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import lru_cache

_SAME = {
    "ё": "е", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ی": "ي", "ک": "ك",
    "ʼ": "'", "’": "'", "‘": "'", "`": "'", "′": "'",
    "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-",
}  # fmt: skip
_DROPPED = (
    "\u0640\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
_IGNORED = re.compile(f"[{_DROPPED}{_MARKS}]")
_LETTER = rf"[^\W\d_]|[{_DROPPED}{_MARKS}]"
_ATOM = re.compile(rf"(?:[^\W\d_](?:{_LETTER})*(?:['’ʼ](?:[^\W\d_](?:{_LETTER})*))*)|\d+|[^\w\s]|_")
_HYPHENS = frozenset("-‐‑–—−")
_TABLE = str.maketrans(_SAME)


class Word:
    """An atom of the text: ``text[start:end]``, its folded form, its kind (w, n, p) and whether it is glued to the last."""

    __slots__ = ("capital", "end", "fold", "glued", "keys", "kind", "start", "tags", "upper")

    def __init__(self, fold: str, start: int, end: int, kind: str, capital: bool, upper: bool, glued: bool) -> None:
        self.fold = fold
        self.start = start
        self.end = end
        self.kind = kind
        self.capital = capital
        self.upper = upper
        self.glued = glued
        self.keys: tuple[str, ...] = ()
        self.tags: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return f"Word({self.fold!r}, {self.start}, {self.end})"


@lru_cache(maxsize=100_000)
def fold(form: str) -> str:
    """The form without case, diacritics and spelling differences that tell no words apart."""
    lowered = form.lower().translate(_TABLE)
    if not lowered.isascii():
        lowered = _IGNORED.sub("", unicodedata.normalize("NFC", lowered))
        if any("\u00c0" <= c <= "\u024f" for c in lowered):
            lowered = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    return sys.intern(lowered)


def split(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """The words of ``text[start:end]``, with offsets into ``text``; hyphens inside a word are dropped."""
    words: list[Word] = []
    previous = -1
    for match in _ATOM.finditer(text, start, len(text) if end is None else end):
        form, at, after = match.group(), match.start(), match.end()
        first = form[0]
        glued = at == previous
        if first.isdigit():
            kind = "n"
            folded = form if form.isascii() else "".join(str(unicodedata.digit(c, 0)) for c in form)
        elif first.isalpha():
            kind, folded = "w", fold(form)
            if not folded:  # a tatweel that stands alone
                previous = after
                continue
        else:
            if form in _DROPPED:
                previous = after if glued else previous
                continue
            if first in _HYPHENS and glued and text[after : after + 1].isalnum():
                previous = after
                continue
            kind, folded = "p", first
        capital = first.isupper()
        words.append(Word(folded, at, after, kind, capital, capital and form.isupper(), glued))
        previous = after
    return words
