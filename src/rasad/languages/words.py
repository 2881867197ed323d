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
from typing import Any

import msgspec

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


class Word(msgspec.Struct, eq=False, gc=False):
    """An atom of the text: ``text[start:end]``, its folded form, its kind (w, n, p) and whether it is glued to the last."""

    fold: str
    start: int
    end: int
    kind: str
    capital: bool
    upper: bool
    glued: bool
    keys: tuple[str, ...] = ()
    begins: tuple[Any, ...] = ()  #: the entries of the lexicon that begin with it
    tags: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return f"Word({self.fold!r}, {self.start}, {self.end})"


@lru_cache(maxsize=8_000)
def fold(form: str) -> str:
    """The form without case, diacritics and spelling differences that tell no words apart."""
    lowered = form.lower().translate(_TABLE)
    if not lowered.isascii():
        lowered = _IGNORED.sub("", unicodedata.normalize("NFC", lowered))
        if any("\u00c0" <= c <= "\u024f" for c in lowered):
            lowered = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    return sys.intern(lowered)


@lru_cache(maxsize=15_000)
def _shape(form: str) -> tuple[str, str, bool, bool]:
    """What an atom is by itself: its kind, its folded form, and whether it has a capital, or nothing else."""
    first = form[0]
    capital = first.isupper()
    if first.isalpha():
        return "w", fold(form), capital, capital and form.isupper()
    if first.isdigit():
        digits = form if form.isascii() else "".join(str(unicodedata.digit(c, 0)) for c in form)
        return "n", digits, False, False
    return "p", "" if form in _DROPPED else first, capital, capital and form.isupper()


def split(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """The words of ``text[start:end]``, with offsets into ``text``; hyphens inside a word are dropped."""
    words: list[Word] = []
    previous = -1
    for match in _ATOM.finditer(text, start, len(text) if end is None else end):
        at, after = match.span()
        kind, folded, capital, upper = _shape(match.group())
        glued = at == previous
        if kind == "p" and (not folded or (folded in _HYPHENS and glued and text[after : after + 1].isalnum())):
            previous = after if glued else previous
            continue
        if folded:  # and no tatweel that stands alone
            words.append(Word(folded, at, after, kind, capital, upper, glued))
        previous = after
    return words
