"""Which texts are near-copies of one another, and which stand in another so wholly that only the other has to be read.

*What is read with another text* is a text whose story (:func:`story`: without headline, dateline and sign-off) stands in it word for word
and in one piece (:func:`contains`). Of 950 claims of gold texts cut after a sentence none is without an equal in the whole text (frame,
fillers, attributes), of those cut in a sentence or torn from their beginning 2.9 %. What is lost is what a paper says in its own
headline over an agency's story. Nothing weaker will do: with a sentence left out within it is 3.9 %, with a word left out 5.8 %, and
the word may be *not*.

*What is compared* shares keys of a winnowing (:func:`bands`), not bands of a MinHash (Broder, "On the resemblance and containment of
documents", 1997): that measures Jaccard's likeness, which a story that was cut fails. ``benchmarks/near_copies.py`` sets the two, and
LSH Ensemble (Zhu et al., "LSH Ensemble: internet-scale domain search", 2016), side by side: over 100,000 reports winnowed keys
(179 bytes a text) bring every piece together with its whole, the MinHash of 128 (336 bytes) 76 %, the ensemble (512 bytes) 62 %.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from rasad.languages.words import split

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


@lru_cache(maxsize=30_000)
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
    return [int(key) for key in _winnowed(mark)]


def _winnowed(mark: bytes) -> Hashes:
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
    (numbers_a, shingles_a), (numbers_b, shingles_b) = _parts(a), _parts(b)
    agreed, numbers = _share(numbers_a, numbers_b)
    if agreed < AGREED and numbers > 1:
        return 0.0
    share, of = _share(_distinct(shingles_a), _distinct(shingles_b))
    if not of:
        return 0.0
    spread = DOUBT * np.sqrt(share * (1 - share) / of + DOUBT**2 / (4 * of**2))
    return max(0.0, float((share + DOUBT**2 / (2 * of) - spread) / (1 + DOUBT**2 / of)))


def story(text: str) -> tuple[int, int]:
    """Which of the shingles of a text's :func:`signature` are those of its story (from, to): not those that reach into a headline, which
    is a first paragraph of few words without a full stop, into a dateline, or into a last paragraph all in brackets."""
    paragraphs = [(match.start(), match.end()) for match in _PARAGRAPH.finditer(text)]
    if len(paragraphs) < 2:
        return 0, _shingles(text)
    (start, end), after = paragraphs[0], len(text)
    first = text[start:end].rstrip()
    begin = paragraphs[1][0] if len(first.split()) <= TITLE and not first.endswith((".", "…")) else start
    begin += _dateline(text[begin : begin + PLACE])
    last, closes = paragraphs[-1][0], text.rstrip()[-1:]
    if (text[last], closes) in (("(", ")"), ("[", "]")) and len(text[last:].split()) <= SIGN_OFF:
        after = last
    before = _words(text[:begin])
    return before, max(before, _shingles(text) - _words(text[after:]))


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


def _words(text: str) -> int:
    return sum(word.kind != "p" for word in split(text))


def _shingles(text: str) -> int:
    words = _words(text)
    return max(words - SHINGLE + 1, min(words, 1))


def contains(a: bytes, b: bytes, of_story: tuple[int, int] | None = None) -> bool:
    """Whether the second text, or its :func:`story`, stands in the first word for word and in one piece, and with no number that the
    first has not, so that reading it adds nothing: of two signatures. A text of fewer than three words stands nowhere.
    """
    (numbers_a, whole), (numbers_b, shingles) = _parts(a), _parts(b)
    if not len(shingles):
        return False
    if _find(whole.tobytes(), shingles.tobytes()):
        return True
    begin, end = of_story or (0, len(shingles))
    if 2 * (end - begin) < len(shingles):
        return False
    return bool(np.isin(numbers_b, numbers_a).all()) and _find(whole.tobytes(), shingles[begin:end].tobytes())


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


# Across a corpus

BATCH = 10_000  #: documents at a time
PAIRS = 1_000  #: pairs at a time, which hold two signatures each
THREADS = 1  # more of them want more memory at once than that, and most of the time is spent outside DuckDB
MEMORY = "300MB"  #: what DuckDB may take; beyond it goes to disk
MARKS = ["signature", "story_start", "story_end"]  #: what is compared of documents
COMPARED = [("likeness", pa.float64()), ("contained", pa.bool_())]


def copies_of(documents: Iterable[pa.RecordBatch]) -> pa.Table:
    """The group of near-copies of each document and the document that is read in its place, as :func:`settle` gives them, from
    columns ``id`` (each once), ``hash``, ``length`` (characters), ``signature``, and ``story_start`` and ``story_end`` (:func:`story`): a
    row for each, in the same order. The signatures, longer than all the rest, are not held in memory."""
    import duckdb

    with TemporaryDirectory() as spill, _Marks(Path(spill, "marks")) as marks:
        named = marks.put_by(documents)
        numbers, order = _numbered(named)
        with duckdb.connect(Path(spill, "copies.duckdb"), config=_settings(spill)) as engine:
            engine.execute("SET enable_progress_bar = false")
            engine.execute("CREATE TABLE keys (document INTEGER, key INTEGER)")
            for start in range(0, len(numbers), BATCH):
                some = pa.array(numbers[start : start + BATCH])
                held = pa.array(map(marks.signature, range(start, start + len(some))), pa.binary())
                engine.register("made", pa.table(keys(pa.record_batch({"document": some, "signature": held}))))
                engine.execute("INSERT INTO keys SELECT * FROM made")
            engine.execute(script())
            pairs = engine.sql("SELECT a, b FROM pairs").to_arrow_reader(PAIRS)
            near = [compare(marks.of(pair, order)).filter(pc.field("likeness") >= LIKE) for pair in pairs]
    schema = pa.schema([("a", pa.int32()), ("b", pa.int32()), *COMPARED])
    named = named.select(["id"]).append_column("document", pa.array(numbers))
    return settle(pa.Table.from_batches(near, schema), named)


class _Marks:
    """What is compared of documents, by their rows: the signatures in a file."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w+b")
        self._ends = array("q", [0])
        self._stories = array("i")

    def __enter__(self) -> _Marks:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def put_by(self, documents: Iterable[pa.RecordBatch]) -> pa.Table:
        """Keeps the marks of documents; gives the other columns."""
        others = pa.schema([("id", pa.string()), ("hash", pa.string()), ("length", pa.int64())])
        held: list[pa.RecordBatch] = []
        for batch in documents:
            for mark, *story in zip(*(batch.column(name).to_pylist() for name in MARKS), strict=True):
                self._file.write(mark)
                self._ends.append(self._ends[-1] + len(mark))
                self._stories.extend(story)
            held.append(batch.select(others.names))
        self._file.flush()
        return pa.Table.from_batches(held, others)

    def signature(self, row: int) -> bytes:
        """The signature of the document in a row."""
        self._file.seek(self._ends[row])
        return self._file.read(self._ends[row + 1] - self._ends[row])

    def of(self, pairs: pa.RecordBatch, rows: NDArray[np.intp]) -> pa.RecordBatch:
        """Pairs of numbers with the marks of the documents in the rows of these numbers, as :func:`compare` wants them."""
        first, second = (rows[pairs.column(side).to_numpy()] for side in ("a", "b"))
        stories = [self._stories[2 * row : 2 * row + 2] for row in second]
        return pa.record_batch(
            {
                "a": pairs.column("a"), "b": pairs.column("b"),
                "signature_a": pa.array(map(self.signature, first), pa.binary()),
                "signature_b": pa.array(map(self.signature, second), pa.binary()),
                "story_start": pa.array([start for start, _ in stories], pa.int32()),
                "story_end": pa.array([end for _, end in stories], pa.int32()),
            }
        )  # fmt: skip


def _numbered(named: pa.Table) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
    """The number of each document, from the longest to the shortest; and the row of each number."""
    order = pc.sort_indices(named, [("length", "descending"), ("hash", "ascending")]).to_numpy()
    number = np.empty(len(order), np.int32)
    number[order] = np.arange(len(order), dtype=np.int32)
    return number, order


def _settings(spill: str) -> dict[str, str | bool | int | float | list[str]]:
    return {"threads": THREADS, "memory_limit": MEMORY, "preserve_insertion_order": False, "temp_directory": spill}


def script() -> str:
    """The text of ``copies.sql``, which makes pairs of documents out of :func:`keys`."""
    return files("rasad.sources").joinpath("copies.sql").read_text("utf-8")


def keys(documents: pa.RecordBatch) -> pa.RecordBatch:
    """The :func:`bands` of documents (``document``, by whatever name; ``signature``): ``document`` and ``key`` (the four bytes as a
    signed number), a row each."""
    found = [_winnowed(mark) for mark in documents.column("signature").to_pylist()]
    rows = np.repeat(np.arange(len(found)), [len(one) for one in found])
    every = np.concatenate([*found, np.empty(0, np.uint32)]).view(np.int32)
    return pa.record_batch({"document": documents.column("document").take(pa.array(rows)), "key": pa.array(every)})


def compare(pairs: pa.RecordBatch) -> pa.RecordBatch:
    """The :func:`likeness` of pairs (``a``, ``b``, ``signature_a``, ``signature_b``, ``story_start``, ``story_end``: those of b) and
    whether b is ``contained`` in a (:func:`contains`): ``a``, ``b``, ``likeness``, ``contained``."""
    columns = ("signature_a", "signature_b", "story_start", "story_end")
    marks = list(zip(*(pairs.column(name).to_pylist() for name in columns), strict=True))
    return pa.record_batch(
        {
            "a": pairs.column("a"), "b": pairs.column("b"),
            "likeness": pa.array([likeness(a, b) for a, b, _, _ in marks], pa.float64()),
            "contained": pa.array([contains(a, b, (begin, end)) for a, b, begin, end in marks], pa.bool_()),
        }
    )  # fmt: skip


def settle(pairs: pa.Table, documents: pa.Table) -> pa.Table:
    """The groups of near-copies, from what :func:`compare` gave and the names (``document``) and ids (``id``) of all documents:
    ``id``; ``copies``, the smallest id of its group, as in the register; ``copy_of``, the id of the document that contains it and is
    itself contained in none, null where it is read itself.

    Names sort from the longest document to the shortest; of those as long the one with the smaller hash comes first.
    """
    near = pairs.filter(pc.greater_equal(pairs.column("likeness"), LIKE))
    linked = list(zip(near.column("a").to_pylist(), near.column("b").to_pylist(), strict=True))
    met = documents.filter(
        pc.is_in(
            documents.column("document"),
            pa.chunked_array([*near.column("a").chunks, *near.column("b").chunks], near.schema.field("a").type),
        )
    )
    ids: dict[Any, str] = dict(zip(met.column("document").to_pylist(), met.column("id").to_pylist(), strict=True))
    groups = components(((ids[a], ids[b]) for a, b in linked), ids.values())
    whole: dict[str, str] = {}
    within = near.filter(near.column("contained"))
    for b, a in sorted(zip(within.column("b").to_pylist(), within.column("a").to_pylist(), strict=True)):
        if ids[a] not in whole:
            whole.setdefault(ids[b], ids[a])
    every = documents.column("id").to_pylist()
    return pa.table(
        {
            "id": documents.column("id"),
            "copies": pa.array([groups.get(one, one) for one in every], pa.string()),
            "copy_of": pa.array([whole.get(one) for one in every], pa.string()),
        }
    )
