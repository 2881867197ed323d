"""How well and how fast near-copies are found, beside MinHash on the same texts: ``python benchmarks/near_copies.py``."""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import combinations, islice
from typing import Any

import duckdb
import pyarrow as pa
from corpora import ROOT, arms, arms_reports
from datasketch import MinHash, MinHashLSH, MinHashLSHEnsemble
from tables import aligned, promise

from rasad import Document, read_document
from rasad.languages.words import split
from rasad.sources.copies import LIKE, SHINGLE, bands, contains, likeness, signature, story
from rasad.sources.corpus import components, keys, script

sys.path.append(str(ROOT / "tests"))
from gold_copies import Copy, copies, groups, quality

MB = 1_000_000
SEED = 7
SAID = (
    "stage", "certainty", "polarity", "quantity", "value", "year", "terms", "activity", "finding", "offence", "basis", "standing", "stance",
)  # fmt: skip
STOCK = 0.05  #: of the sentences of a report are found in others too


def shingles(text: str) -> frozenset[str]:
    words = [word.fold for word in split(text) if word.kind != "p"]
    return frozenset(" ".join(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1))


def sketch(text: str, permutations: int = 128) -> tuple[MinHash, int]:
    found = MinHash(num_perm=permutations, seed=1)
    every = shingles(text)
    found.update_batch([shingle.encode() for shingle in every])
    return found, len(every)


def by_jaccard(a: tuple[MinHash, int], b: tuple[MinHash, int]) -> float:
    return float(a[0].jaccard(b[0]))


def by_containment(a: tuple[MinHash, int], b: tuple[MinHash, int]) -> float:
    shared = by_jaccard(a, b)
    return shared * (a[1] + b[1]) / (1 + shared) / max(1, min(a[1], b[1]))


def grouped(
    texts: list[Copy], mark: Callable[[str], Any], like: Callable[[Any, Any], float], least: float
) -> dict[str, str]:
    """The groups that another measure gives when every pair is compared."""
    marks = {text.name: mark(text.text) for text in texts}
    return components([pair for pair in combinations(marks, 2) if like(*map(marks.__getitem__, pair)) >= least], marks)


def cuts() -> list[Copy]:
    """Reports of 150 words and more, and of each its first forty words under a line of another's own."""
    found = []
    for number, (language, text) in enumerate((code, text) for code, text in arms() if len(text.split()) >= 150):
        story = f"long-{number}"
        short = f"№ {number}\n\n" + " ".join(text.split()[:40])
        found += [Copy(story, story, language, text), Copy(f"{story}/cut", story, language, short)]
    return found


def rows_of_quality() -> Iterator[tuple[Any, ...]]:
    sets = {"gold": copies(held_out=False), "gold, held out": copies(held_out=True), "cut to 40 words": cuts()}
    for name, texts in sets.items():
        ways = {
            f"rasad, from {LIKE}": groups(texts),
            "MinHash 128, Jaccard, from 0.25": grouped(texts, sketch, by_jaccard, 0.25),
            "MinHash 128, Jaccard, from 0.5": grouped(texts, sketch, by_jaccard, 0.5),
            "MinHash 128, containment, from 0.5": grouped(texts, sketch, by_containment, 0.5),
        }
        for way, found in ways.items():
            score = quality(texts, found)
            yield name, way, len(texts), score.precision, score.recall


def reports(count: int) -> Iterator[str]:
    """Reports of twelve sentences each: of every twenty sentences one is stock, as it stands in many reports, and the others have
    the words of one in an order of their own."""
    choice = random.Random(SEED)
    sentences = [line.split() for _, text in islice(arms_reports(seed=SEED), 200) for line in text.split(". ")]
    for _ in range(count):
        drawn = choice.sample(sentences, 12)
        yield ". ".join(" ".join(line if choice.random() < STOCK else choice.sample(line, len(line))) for line in drawn)


def cut_pieces(count: int) -> tuple[list[str], list[tuple[int, int]]]:
    """Texts from the longest to the shortest, of which every tenth is a tenth to three quarters of another; and the places of such
    pairs, the whole first."""
    choice = random.Random(SEED)
    whole = list(reports(count - count // 10))
    drawn = [(choice.randrange(len(whole)), choice.choice((0.1, 0.25, 0.5, 0.75))) for _ in range(count // 10)]
    texts = whole.copy()
    for source, share in drawn:
        words = whole[source].split()
        first = choice.randrange(1 + len(words) - max(20, int(share * len(words))))
        texts.append(" ".join(words[first : first + max(20, int(share * len(words)))]))
    order = sorted(range(count), key=lambda n: (-len(texts[n]), texts[n]))
    place = {number: at for at, number in enumerate(order)}
    pairs = [(place[source], place[len(whole) + number]) for number, (source, _) in enumerate(drawn)]
    return [texts[number] for number in order], pairs


def rows_of_candidates(count: int) -> Iterator[tuple[Any, ...]]:
    """By each way of finding what is to be compared: the share of the cut pieces that meet their whole, other texts that a text
    meets, bytes of keys a text, seconds for them (signatures and sketches included)."""
    texts, pairs = cut_pieces(count)
    started = time.perf_counter()
    with duckdb.connect(config={"threads": 1}) as engine:
        engine.execute("SET enable_progress_bar = false")
        numbers = pa.array(range(count), pa.int32())
        marks = pa.array([signature(text) for text in texts], pa.binary())
        made = pa.table(keys(pa.record_batch({"document": numbers, "signature": marks})))
        engine.register("keys", made)
        engine.execute(script())
        found = set(zip(*engine.sql("SELECT a, b FROM pairs").to_arrow_table().to_pydict().values(), strict=True))
    took = time.perf_counter() - started
    yield (
        "rasad, winnowed keys",
        sum(p in found for p in pairs) / len(pairs),
        2 * len(found) / count,
        made.nbytes / count,
        took,
    )
    started = time.perf_counter()
    sketches = [sketch(text) for text in texts]
    sketched = time.perf_counter() - started
    for least in (0.5, 0.2):
        started = time.perf_counter()
        table = MinHashLSH(threshold=least, num_perm=128)
        for number, (found_sketch, _) in enumerate(sketches):
            table.insert(number, found_sketch)
        met = [set(table.query(found_sketch)) for found_sketch, _ in sketches]
        took = sketched + time.perf_counter() - started
        way = f"MinHash 128, LSH of {table.b} bands, Jaccard from {least}"
        yield way, sum(b in met[a] for a, b in pairs) / len(pairs), sum(map(len, met)) / count - 1, 12.0 * table.b, took
    started = time.perf_counter()
    ensemble = MinHashLSHEnsemble(threshold=0.8, num_perm=128, num_part=16)
    ensemble.index((number, found_sketch, size) for number, (found_sketch, size) in enumerate(sketches))
    met_by = {b: set(ensemble.query(*sketches[b])) for _, b in pairs}
    took = sketched + time.perf_counter() - started
    others = sum(map(len, met_by.values())) / len(met_by) - 1
    yield (
        "LSH Ensemble 128 of 16 parts, containment from 0.8",
        sum(a in met_by[b] for a, b in pairs) / len(pairs),
        others,
        4.0 * 128,
        took,
    )


def shortened() -> Iterator[tuple[str, str, str, str]]:
    """How a text was made out of another, the language, the other, the text."""
    for language, text in arms():
        parts, words = re.split(r"(?<=[.!?؟]) +", text), text.split(" ")
        half, long = len(parts) // 2, 2 * len(words) // 3
        if len(words) < 40 or len(parts) < 3:
            continue
        yield "in one piece, cut after a sentence", language, text, " ".join(parts[: max(1, 2 * len(parts) // 3)])
        yield "in one piece, cut in a sentence", language, text, " ".join(words[:long])
        yield "in one piece, without the beginning", language, text, " ".join(parts[1:])
        yield "in two pieces, a sentence left out", language, text, " ".join(parts[:half] + parts[half + 1 :])
        yield "in two pieces, a word left out", language, text, " ".join(words[: long // 2] + words[long // 2 + 1 :])
    gold = {text.name: text for text in [*copies(held_out=False), *copies(held_out=True)]}
    for name, text in gold.items():
        if name.endswith("/cut"):
            yield "a headline of its own, and cut", text.language, gold[text.story].text, text.text


def rows_of_loss() -> Iterator[tuple[Any, ...]]:
    """By the way in which texts were shortened: how many, the share that is read with the whole text, their claims, and the share of
    these that no claim of the whole text equals in frame, fillers and attributes."""
    tally: dict[str, Counter[str]] = defaultdict(Counter)
    for way, language, text, short in shortened():
        whole, own = told(language, text), told(language, short)
        linked = contains(signature(text), signature(short), story(short))
        tally[way] += Counter(texts=1, linked=linked, claims=len(own), lost=sum(claim not in whole for claim in own))
    for way, counts in tally.items():
        yield (
            way,
            counts["texts"],
            counts["linked"] / counts["texts"],
            counts["claims"],
            counts["lost"] / counts["claims"],
        )


def told(language: str, text: str) -> list[tuple[Any, ...]]:
    """The claims of a text without their places and speakers."""
    return [
        (
            claim.frame,
            sorted((role, filler.id) for role, filler in claim.fillers()),
            [getattr(claim, name) for name in SAID],
        )
        for claim in read_document(Document(name="text", text=text, language=language))
    ]


def rows_of_speed(count: int) -> Iterator[tuple[Any, ...]]:
    texts = list(islice(reports(count), count))
    size = sum(len(text.encode()) for text in texts[:5_000])
    started = time.perf_counter()
    for text in texts[:5_000]:
        signature(text)
    ours = time.perf_counter() - started
    started = time.perf_counter()
    for text in texts[:1_000]:
        sketch(text)
    theirs = (time.perf_counter() - started) * min(5_000, count) / 1_000
    done = min(5_000, count)
    yield "signatures a second", done / ours, "MB/s", size / MB / ours
    yield "the same with MinHash 128", done / theirs, "times as fast", theirs / ours
    marks = [signature(text) for text in texts]
    every = [bands(mark) for mark in marks]
    index: dict[int, list[int]] = defaultdict(list)
    for number, found in enumerate(every):
        for key in found:
            index[key].append(number)
    yield (
        "bytes of a signature",
        sum(map(len, marks)) / count,
        "of the text",
        sum(map(len, marks)) / sum(len(t.encode()) for t in texts),
    )
    yield (
        "keys of a text",
        sum(map(len, every)) / count,
        "texts under the fullest",
        float(max(map(len, index.values()))),
    )
    looked = range(0, count, max(1, count // 2_000))
    cut = [signature(" ".join(texts[number].split()[:80])) for number in looked]
    started = time.perf_counter()
    met = [{other for key in bands(mark) for other in index.get(key, ())} for mark in cut]
    right = sum(
        {other for other in candidates if likeness(mark, marks[other]) >= LIKE} == {number}
        for number, mark, candidates in zip(looked, cut, met, strict=True)
    )
    took = time.perf_counter() - started
    yield f"look-ups a second, {count:,} texts", len(cut) / took, "candidates each", sum(map(len, met)) / len(cut)
    yield "look-ups of a cut copy that find its text and no other", right / len(cut), "", None


def measure(documents: int) -> list[tuple[str, str, str, bool]]:
    """Prints the tables; gives what was promised of the gold that was held out."""
    found = list(rows_of_quality())
    print(aligned(("texts", "found by", "number", "precision", "recall"), found), "\n")
    print(aligned(("what", "measured", "unit", "also"), list(rows_of_speed(documents))), "\n")
    print(aligned(("shortened", "number", "linked", "claims", "lost"), list(rows_of_loss())), "\n")
    candidates = list(rows_of_candidates(documents))
    print(
        aligned(("candidates", "pieces that meet their whole", "met by one", "bytes of keys", "seconds"), candidates),
        "\n",
    )
    ours = next(row for row in found if row[0] == "gold, held out")
    return [
        promise("near-copies, held out, precision", ours[3], 0.98),
        promise("near-copies, held out, recall", ours[4], 0.90),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=100_000, help="documents that are looked up in")
    measure(parser.parse_args().documents)


if __name__ == "__main__":
    main()
