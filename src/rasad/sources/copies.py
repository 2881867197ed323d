"""Whether two texts are near-copies, and whether one stands in the other so wholly that only the other has to be read;
:mod:`rasad.sources.corpus` asks it of all the texts of a corpus.

*What is read with another text* is a text whose story (:func:`story`: without headline, dateline and sign-off) stands in it word for word
and in one piece (:func:`contains`). Of 950 claims of gold texts cut after a sentence none is without an equal in the whole text (frame,
fillers, attributes), of those cut in a sentence or torn from their beginning 2.9 %. What is lost is what a paper says in its own
headline over an agency's story. Nothing weaker will do: with a sentence left out within it is 3.9 %, with a word left out 5.8 %, and
the word may be *not*.

*What is compared* shares keys of a winnowing (:func:`bands`), not bands of a MinHash (Broder, "On the resemblance and containment of
documents", 1997): that measures Jaccard's likeness, which a story that was cut fails. ``benchmarks/near_copies.py`` sets the two, and
LSH Ensemble (Zhu et al., "LSH Ensemble: internet-scale domain search", 2016), side by side: over 100,000 reports winnowed keys
(179 bytes a text) bring 99.9 % of the pieces together with their wholes, the MinHash of 128 (336 bytes) 76 %, the ensemble (512 bytes)
62 %.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from rasad.languages.words import Word, split

LIKE = 0.5  #: the :func:`likeness` from which on two texts are near-copies
SHINGLE = 3  #: words that are compared at once
WINDOW = 16  #: shingles of which one becomes a key
AGREED = 0.5  #: the least share of the numbers of one text that a near-copy has too
TITLE = 20  #: words of a headline, at most
SIGN_OFF = 30  #: words of a note in brackets at the end, at most
PLACE = 70  #: characters in which a dateline ends
DOUBT = 1.64  #: standard deviations: one-sided confidence of 95 percent
_MIX = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio, as in Fibonacci hashing

_PARAGRAPH = re.compile(r"\S[^\n]*")
_DASH = re.compile(r"\s[-–—]\s")
_STOP = re.compile(r"[.!?؟]\s")

Hashes = NDArray[np.uint32]


class Marks(NamedTuple):
    """The :func:`signature` of a text, and its :func:`story`."""

    signature: bytes
    start: int
    end: int


def marks(text: str) -> Marks:
    """What is compared of a text."""
    words = _words(text)
    return Marks(_signature(words), *_story(text, words))


def signature(text: str) -> bytes:
    """What :func:`bands` and :func:`likeness` need to know of a text: how many different numbers it has, the hash of each, and
    the hashes of its shingles in their order, each in four bytes, little-endian. The same on every machine.

    Words are compared without case, diacritics, tatweel and punctuation, so that typographic quotation marks and dashes make
    no difference.
    """
    return _signature(_words(text))


def story(text: str) -> tuple[int, int]:
    """Which of the shingles of a text's :func:`signature` are those of its story (from, to): not those that reach into a headline, which
    is a first paragraph of few words without a full stop, into a dateline, or into a last paragraph all in brackets."""
    return marks(text)[1:]


def _words(text: str) -> list[Word]:
    return [word for word in split(text) if word.kind != "p"]


def _signature(words: Sequence[Word]) -> bytes:
    numbers = sorted({crc32(word.fold.encode()) for word in words if word.kind == "n"})
    hashes = np.array([_hash(word.fold) for word in words], dtype=np.uint64)
    shingles = _joined(*(hashes[i : max(i, len(hashes) - SHINGLE + 1 + i)] for i in range(SHINGLE)))
    return np.concatenate((np.array([len(numbers), *numbers], dtype="<u4"), shingles.astype("<u4"))).tobytes()


@lru_cache(maxsize=15_000)
def _hash(word: str) -> int:
    return crc32(word.encode("utf-8", "surrogatepass"))


def _joined(*hashes: NDArray[np.uint64]) -> Hashes:
    """One hash of several, in their order."""
    mixed = hashes[0]
    for more in hashes[1:]:
        mixed = (mixed ^ (mixed >> np.uint64(29))) * _MIX + more
    return ((mixed * _MIX) >> np.uint64(32)).astype(np.uint32)


def _parts(mark: bytes) -> tuple[Hashes, Hashes]:
    """The numbers and the shingles of a signature."""
    every = np.frombuffer(mark, dtype="<u4")
    return every[1 : every[0] + 1], every[every[0] + 1 :]


@lru_cache(maxsize=2_000)  # what is compared is compared with many
def _sets(mark: bytes) -> tuple[frozenset[int], Hashes]:
    """The numbers, and each of the shingles once, in order."""
    numbers, shingles = _parts(mark)
    return frozenset(numbers.tolist()), _distinct(shingles)


def bands(mark: bytes) -> list[int]:
    """Keys of a signature for an indexed look-up: near-copies nearly always share one, however much shorter one is.

    The text is winnowed (Schleimer, Wilkerson, Aiken: "Winnowing: local algorithms for document fingerprinting", 2003): of
    every :data:`WINDOW` runs of five words the one with the smallest hash is a key. So every passage of 20 words that two texts
    share gives both the same key; a text of n words has about n / 8 keys.
    """
    return [int(key) for key in winnowed(mark)]


def winnowed(mark: bytes) -> Hashes:
    """:func:`bands` as an array."""
    _, shingles = _parts(mark)
    if len(shingles) < SHINGLE:
        return _distinct(shingles)
    runs = _joined(shingles[:-2].astype(np.uint64), shingles[2:].astype(np.uint64))
    windows = sliding_window_view(runs, min(WINDOW, len(runs)))
    return _distinct(windows.min(axis=1))


def likeness(a: bytes, b: bytes) -> float:
    """From 0 to 1, how much of the shorter text stands in the longer one; from :data:`LIKE` on they are near-copies.

    It is the share of the shingles of the one with fewer that the other has too (containment, which finds a story that was cut,
    as Jaccard's measure does not), and of this the lower end of the interval in which it may lie (Wilson, "Probable inference",
    1927): a short text has to agree more. It is 0 where the texts have less than half of the numbers in common: an editor
    rewords a story and keeps its numbers, a form that is filled in each month keeps its words and changes the numbers. (A single
    number may be the day in a dateline, and tells nothing.)
    """
    (numbers_a, shingles_a), (numbers_b, shingles_b) = _sets(a), _sets(b)
    numbers = min(len(numbers_a), len(numbers_b))
    if numbers > 1 and len(numbers_a & numbers_b) < AGREED * numbers:
        return 0.0
    of = min(len(shingles_a), len(shingles_b))
    if not of:
        return 0.0
    share = _common(shingles_a, shingles_b) / of
    spread = DOUBT * math.sqrt(share * (1 - share) / of + DOUBT**2 / (4 * of**2))
    return max(0.0, (share + DOUBT**2 / (2 * of) - spread) / (1 + DOUBT**2 / of))


def _story(text: str, words: Sequence[Word]) -> tuple[int, int]:
    paragraphs = [(match.start(), match.end()) for match in _PARAGRAPH.finditer(text)]
    if len(paragraphs) < 2:
        return 0, _shingles(len(words))
    (start, end), after = paragraphs[0], len(text)
    first = text[start:end].rstrip()
    begin = paragraphs[1][0] if len(first.split()) <= TITLE and not first.endswith((".", "…")) else start
    begin += _dateline(text[begin : begin + PLACE])
    last, closes = paragraphs[-1][0], text.rstrip()[-1:]
    if (text[last], closes) in (("(", ")"), ("[", "]")) and len(text[last:].split()) <= SIGN_OFF:
        after = last
    before, told = (bisect_left(words, at, key=lambda word: word.start) for at in (begin, after))
    return before, max(before, _shingles(len(words)) - (len(words) - told))


def _dateline(opening: str) -> int:
    """How many characters "KYIV, 12 May (Reuters) – " takes, 0 where a text begins otherwise."""
    found = _DASH.search(opening)
    if found is None:
        return 0
    before = opening[: found.start()]
    words = re.findall(r"[^\W\d_]+", before)
    cased = any(word[0].upper() != word[0].lower() for word in words)
    names = all(word[0].isupper() for word in words) if cased else len(words) <= 2
    told = "(" in before or any(character.isdigit() for character in before)
    return found.end() if words and (told or names) and not _STOP.search(before) else 0


def _shingles(words: int) -> int:
    return max(words - SHINGLE + 1, min(words, 1))


def contains(a: bytes, b: bytes, of_story: tuple[int, int] | None = None) -> bool:
    """Whether the second text, or its :func:`story`, stands in the first word for word and in one piece, and with no number that the
    first has not, so that reading it adds nothing: of two signatures. A text of fewer than three words stands nowhere.
    """
    whole, shingles = _parts(a)[1], _parts(b)[1]
    if not len(shingles):
        return False
    if _find(whole.tobytes(), shingles.tobytes()):
        return True
    begin, end = of_story or (0, len(shingles))
    if 2 * (end - begin) < len(shingles):
        return False
    return _sets(b)[0] <= _sets(a)[0] and _find(whole.tobytes(), shingles[begin:end].tobytes())


def _find(whole: bytes, part: bytes) -> bool:
    """Whether the part begins at one of the hashes of the whole, not within one."""
    at = whole.find(part)
    while at > 0 and at % 4:
        at = whole.find(part, at + 1)
    return at >= 0


def _distinct(hashes: Hashes) -> Hashes:
    """Each hash once, in order: five times as fast as NumPy's ``unique``, which hashes before it sorts."""
    ordered = np.sort(hashes)
    first = np.ones(len(ordered), np.bool_)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]


def _common(a: Hashes, b: Hashes) -> int:
    """How many hashes two arrays have in common, each of which has each once: NumPy's ``intersect1d``, which would also name them."""
    both = np.concatenate((a, b))
    both.sort()
    return int(np.count_nonzero(both[1:] == both[:-1]))
