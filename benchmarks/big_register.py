"""A register of so many made-up claims, in SQLite: how long it takes to gather, to add one article to it, to open a deal.
``big_register.py [CLAIMS] [FILE]``"""

from __future__ import annotations

import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

import msgspec
import questions
from generated import reports
from sqlalchemy import insert, select
from tables import aligned, promise

from rasad.claims import Document
from rasad.register import Filters, Register, open_register
from rasad.register.atoms import atoms
from rasad.register.database import reading, writing
from rasad.register.gather import gather
from rasad.register.schema import atoms as atom_rows
from rasad.register.schema import claims, deals, documents, publications, stale

BATCH = 20_000  #: claims stored at a time
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
        asked = questions.measure(str(path or Path(folder, "rasad.db")))
    print(aligned(["", "seconds"], [[name, value] for name, value in figures.items()]), end="\n\n")
    return [
        promise(f"one article into a register of {size:,} claims", figures["one article added"], 2, " s", most=True),
        promise(
            "a deal's page, 95th percentile", 1000 * figures["a deal opened, 95th percentile"], 20, " ms", most=True
        ),
        *asked,
    ]


def fill(register: Register, size: int) -> dict[str, float]:
    """Stores made-up claims as if they had been read, and gathers them."""
    started = time.perf_counter()
    made, known = reports(size), set()
    while batch := [report for _, report in islice(made, BATCH)]:
        with writing(register.engine) as connection:
            new = {report.document: report for report in batch if report.document not in known}
            known |= new.keys()
            connection.execute(insert(documents), [_document(name) for name in new])
            connection.execute(
                insert(publications), [_publication(name, report.published) for name, report in new.items()]
            )
            connection.execute(insert(claims), [_claim(report) for report in batch])
            rows = atoms(batch).to_pylist()
            connection.execute(insert(atom_rows), rows)
            blocks = {row["block"] for row in rows} - set(connection.scalars(select(stale.c.block)))
            if blocks:
                connection.execute(insert(stale), [{"block": block} for block in sorted(blocks)])
    stored = time.perf_counter()
    with writing(register.engine) as connection:
        gather(connection)
    return {f"{size:,} claims stored": stored - started, "gathered into deals": time.perf_counter() - stored}


def _document(name: str) -> dict[str, Any]:
    return {"id": name, "hash": name, "language": "en", "text": "made-up words", "reader": "made up", "copies": name}


def _publication(name: str, year: int | None) -> dict[str, Any]:
    return {"document": name, "name": name, "outlet": "", "published": str(year), "read": "2026-01-01T00:00:00+00:00"}


def _claim(report: Any) -> dict[str, Any]:
    claim = report.claim
    return {
        "id": claim.id, "document": report.document, "frame": claim.frame, "start": 0, "end": 12, "source": report.source,
        "confidence": claim.confidence, "body": msgspec.json.encode(claim).decode(),
    }  # fmt: skip


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
