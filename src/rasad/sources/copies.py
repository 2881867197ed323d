"""Which texts are near-copies of one another, and which stand in another so wholly that only the other has to be read."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from rasad.languages.words import split

LIKE = 0.5  #: the :func:`likeness` from which on two texts are near-copies
SHINGLE = 3  #: words that are compared at once
WINDOW = 16  #: shingles of which one becomes a key
AGREED = 0.5  #: the least share of the numbers of one text that a near-copy has too
DOUBT = 1.64  #: standard deviations: one-sided confidence of 95 percent
_MIX = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio, as in Fibonacci hashing

Hashes = NDArray[np.uint32]


def signature(text: str) -> bytes:
    """What :func:`bands` and :func:`likeness` need to know of a text: how many different numbers it has, the hash of each, and
    the hashes of its shingles in their order, each in four bytes, little-endian. The same on every machine.

    Words are compared without case, diacritics, tatweel and punctuation, so that typographic quotation marks and dashes make
    no difference.
    """
    words = [word for word in split(text) if word.kind != "p"]
    numbers = sorted({crc32(word.fold.encode()) for word in words if word.kind == "n"})
    hashes = np.array([_hash(word.fold) for word in words], dtype=np.uint64)
    shingles = _joined(*(hashes[i : max(i, len(hashes) - SHINGLE + 1 + i)] for i in range(SHINGLE)))
    return np.concatenate((np.array([len(numbers), *numbers], dtype="<u4"), shingles.astype("<u4"))).tobytes()


@lru_cache(maxsize=100_000)
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


def bands(mark: bytes) -> list[int]:
    """Keys of a signature for an indexed look-up: near-copies nearly always share one, however much shorter one is.

    The text is winnowed (Schleimer, Wilkerson, Aiken: "Winnowing: local algorithms for document fingerprinting", 2003): of
    every :data:`WINDOW` runs of five words the one with the smallest hash is a key. So every passage of 20 words that two texts
    share gives both the same key; a text of n words has about n / 8 keys.
    """
    _, shingles = _parts(mark)
    if len(shingles) < SHINGLE:
        return sorted({int(s) for s in shingles})
    runs = _joined(shingles[:-2].astype(np.uint64), shingles[2:].astype(np.uint64))
    windows = sliding_window_view(runs, min(WINDOW, len(runs)))
    return [int(key) for key in np.unique(windows.min(axis=1))]


def likeness(a: bytes, b: bytes) -> float:
    """From 0 to 1, how much of the shorter text stands in the longer one; from :data:`LIKE` on they are near-copies.

    It is the share of the shingles of the one with fewer that the other has too (containment, which finds a story that was cut,
    as Jaccard's measure does not), and of this the lower end of the interval in which it may lie (Wilson, "Probable inference",
    1927): a short text has to agree more. It is 0 where the texts have less than half of the numbers in common: an editor
    rewords a story and keeps its numbers, a form that is filled in each month keeps its words and changes the numbers. (A single
    number may be the day in a dateline, and tells nothing.)
    """
    (numbers_a, shingles_a), (numbers_b, shingles_b) = _parts(a), _parts(b)
    agreed, numbers = _share(numbers_a, numbers_b)
    if agreed < AGREED and numbers > 1:
        return 0.0
    share, of = _share(np.unique(shingles_a), np.unique(shingles_b))
    if not of:
        return 0.0
    spread = DOUBT * np.sqrt(share * (1 - share) / of + DOUBT**2 / (4 * of**2))
    return max(0.0, float((share + DOUBT**2 / (2 * of) - spread) / (1 + DOUBT**2 / of)))


def _share(a: Hashes, b: Hashes) -> tuple[float, int]:
    """Which share of the smaller set is in the other (1 of an empty one), and how many the smaller set has."""
    few = min(len(a), len(b))
    return (len(np.intersect1d(a, b, assume_unique=True)) / few if few else 1.0), few


def components(pairs: Iterable[tuple[str, str]], documents: Iterable[str]) -> dict[str, str]:
    """The group of each document: documents that pairs connect, over others too, are one group, named after its smallest id."""
    above = {document: document for document in documents}

    def top(document: str) -> str:
        while above[document] != document:
            above[document] = above[above[document]]
            document = above[document]
        return document

    for pair in pairs:
        first, second = sorted(map(top, pair))
        above[second] = first
    return {document: top(document) for document in above}
