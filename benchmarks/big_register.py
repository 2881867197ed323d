"""A register of so many made-up claims, in SQLite: how long it takes to gather, to add one article to it, to open a deal,
to answer questions (questions.py), and the pages of the desk under fifty readers (desk.py).
``big_register.py [CLAIMS] [FILE]``"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

import desk
import msgspec
import numpy as np
import questions
from generated import grounded, reports, sentence
from sqlalchemy import Connection, func, insert, select, text
from tables import aligned, promise

from rasad.claims import Claim, Document
from rasad.gazetteer import entities as gazetteer
from rasad.register import Filters, Register, open_register
from rasad.register.atoms import Reported, atoms
from rasad.register.database import reading, writing
from rasad.register.gather import gather
from rasad.register.schema import atoms as atom_rows
from rasad.register.schema import claims, deals, documents, entities, mentions, passages, publications, stale

BATCH = 20_000  #: claims stored at a time
SPREAD = 400 / 512**0.5  #: of the numbers of a vector, as signed bytes
_WORD = re.compile(r"\w+")
ARTICLE = (
    "India signed a contract with Russia in 2018 for five S-400 air defence systems worth 5.43 billion dollars. Deliveries "
    "began in 2021, the defence ministry said. Ukraine repairs the An-32 transport aircraft of the Indian air force.\n"
)


def main() -> None:
    measure(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, Path(sys.argv[2]) if len(sys.argv) > 2 else None)


def measure(size: int, path: Path | None = None) -> list[tuple[str, str, str, bool]]:
    """Prints seconds; gives what was promised. A register that is at ``path`` already is measured as it is."""
    with (
        tempfile.TemporaryDirectory() as folder,
        open_register(path or Path(folder, "rasad.db"), create=True) as register,
    ):
        figures = fill(register, size) if not register.counted(Filters()) else {}
        figures |= measured(register)
        place = str(path or Path(folder, "rasad.db"))
        asked = [*questions.measure(place), *desk.measure(place)]
    print(aligned(["", "seconds"], [[name, value] for name, value in figures.items()]), end="\n\n")
    return [
        promise(f"one article into a register of {size:,} claims", figures["one article added"], 2, " s", most=True),
        promise(
            "a deal's page, 95th percentile", 1000 * figures["a deal opened, 95th percentile"], 20, " ms", most=True
        ),
        *asked,
    ]


def fill(register: Register, size: int) -> dict[str, float]:
    """Stores made-up claims as if they had been read from made-up texts, and gathers them."""
    started = time.perf_counter()
    texts: dict[str, list[str]] = {}
    for _, report in reports(size):
        texts.setdefault(report.document, []).append(sentence(report.claim))
    made, ends = grounded(reports(size)), dict[str, int]()
    named: dict[str, dict[str, Any]] = {}
    while batch := list(islice(made, BATCH)):
        with writing(register.engine) as connection:
            new = {report.document: report for report in batch if report.document not in ends}
            ends |= dict.fromkeys(new, 0)
            whole = {name: "".join(texts[name]) for name in new}
            connection.execute(insert(documents), [_document(name, text) for name, text in whole.items()])
            connection.execute(
                insert(publications), [_publication(name, report.published) for name, report in new.items()]
            )
            connection.execute(insert(claims), [_claim(report) for report in batch])
            connection.execute(insert(mentions), [row for report in batch for row in _mentions(report.claim, named)])
            _index(connection, whole, batch)
            rows = atoms(batch).to_pylist()
            connection.execute(insert(atom_rows), rows)
            blocks = {row["block"] for row in rows} - set(connection.scalars(select(stale.c.block)))
            if blocks:
                connection.execute(insert(stale), [{"block": block} for block in sorted(blocks)])
    with writing(register.engine) as connection:
        connection.execute(insert(entities), list(named.values()))
    del texts, named, ends
    stored = time.perf_counter()
    with writing(register.engine) as connection:
        gather(connection)
    return {f"{size:,} claims stored": stored - started, "gathered into deals": time.perf_counter() - stored}


def _document(name: str, text: str) -> dict[str, Any]:
    return {"id": name, "hash": name, "language": "en", "text": text, "reader": "made up", "copies": name}


def _publication(name: str, year: int | None) -> dict[str, Any]:
    return {"document": name, "name": name, "outlet": "", "published": str(year), "read": "2026-01-01T00:00:00+00:00"}


def _claim(report: Any) -> dict[str, Any]:
    claim = report.claim
    return {
        "id": claim.id, "document": report.document, "frame": claim.frame, "start": claim.evidence.start, "end": claim.evidence.end,
        "source": report.source, "confidence": claim.confidence, "body": msgspec.json.encode(claim).decode(),
    }  # fmt: skip


def _mentions(claim: Claim, named: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Who and what a claim names; what is met for the first time is kept in ``named``."""
    held = [(role, place, one) for role, found in claim.roles.items() for place, one in enumerate(found)]
    for role, place, one in held:
        named.setdefault(one.id, {"id": one.id, "name": one.name, "country": one.country, "category": one.category, "known": one.id in gazetteer()})  # fmt: skip
        yield {"claim": claim.id, "role": role, "position": place, "entity": one.id, "text": one.text}
    for place, speaker in enumerate(claim.attribution):
        named.setdefault(speaker.id, {"id": speaker.id, "name": speaker.name, "country": None, "category": None, "known": False})  # fmt: skip
        yield {"claim": claim.id, "role": "speaker", "position": place, "entity": speaker.id, "text": speaker.name}


def _index(connection: Connection, whole: Mapping[str, str], batch: Sequence[Reported]) -> None:
    """Makes texts and evidence findable: by words as they stand, and by vectors that mean nothing."""
    last = connection.scalar(select(func.max(passages.c.id))) or 0
    found = [("document", name, 0, len(text), text) for name, text in whole.items()]
    found += [
        ("evidence", r.document, r.claim.evidence.start, r.claim.evidence.end, r.claim.evidence.quote) for r in batch
    ]
    vectors = (np.random.default_rng(last).normal(0, SPREAD, (len(found), 512)).clip(-127, 127)).astype(np.int8)
    rows = [
        {"id": last + n, "kind": kind, "document": name, "start": start, "end": end, "vector": vectors[n - 1].tobytes() if kind == "evidence" else None}
        for n, (kind, name, start, end, _) in enumerate(found, 1)
    ]  # fmt: skip
    connection.execute(insert(passages), rows)
    words = [{"id": last + n, "tokens": " ".join(_WORD.findall(said.lower()))} for n, (*_, said) in enumerate(found, 1)]
    connection.execute(text("INSERT INTO words (rowid, tokens) VALUES (:id, :tokens)"), words)


def measured(register: Register) -> dict[str, float]:
    """Seconds for what is done every day."""
    figures: dict[str, float] = {}
    register.add([Document(name="warm.txt", text="Sweden sold Gripen fighters to Brazil.")])  # the reader's own start
    started = time.perf_counter()
    register.add([Document(name="article.txt", text=ARTICLE + str(time.time_ns()))])
    figures["one article added"] = time.perf_counter() - started
    with reading(register.engine) as connection:
        biggest = list(connection.scalars(select(deals.c.deal).order_by(deals.c.reports.desc()).limit(50)))
        others = list(connection.scalars(select(deals.c.deal).order_by(deals.c.deal).limit(150)))
    seconds = sorted(_opened(register, deal) for deal in biggest + others)
    figures["a deal opened, median"] = median(seconds)
    figures["a deal opened, 95th percentile"] = seconds[int(0.95 * len(seconds))]
    figures["a deal opened, the slowest"] = seconds[-1]
    started = time.perf_counter()
    register.deals(supplier="country:AKR", limit=50)
    figures["deals of a supplier listed"] = time.perf_counter() - started
    return figures


def _opened(register: Register, deal: str) -> float:
    started = time.perf_counter()
    register.deal(deal, shown=50)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
