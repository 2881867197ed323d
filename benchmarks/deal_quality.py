"""How well reports of one deal are gathered, and look-alikes kept apart: pairs of texts of ``tests/gold/deals`` that share a deal
in the register, against those that are about the same one. ``deal_quality.py [--misses]``"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select
from tables import promise

from rasad.claims import Document
from rasad.register import open_register
from rasad.register.database import reading
from rasad.register.schema import atoms, deals, documents, publications

GOLD = Path(__file__).resolve().parent.parent / "tests" / "gold" / "deals"


class Text(NamedTuple):
    """A report of the gold: its name, the deals it is about, their frame, what it says."""

    name: str
    about: frozenset[str]
    frame: str
    document: Document


class Quality(NamedTuple):
    """Pairs of texts that are about one deal (wanted), that were gathered (found), and both; and what was missed or wrong."""

    wanted: int
    found: int
    right: int
    missed: list[tuple[str, str]]
    wrong: list[tuple[str, str]]

    @property
    def precision(self) -> float:
        """The share of the gathered pairs that belong together."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """The share of the pairs that belong together that were gathered."""
        return self.right / self.wanted if self.wanted else 1.0


def texts() -> list[Text]:
    """Every report of the gold."""
    found: list[Text] = []
    for path in sorted(GOLD.glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        for entry in [*gold["texts"], *gold["apart"]]:
            name = f"{gold['id']}.{entry['name']}.{entry['language']}.txt"
            document = Document(
                name=name,
                text=entry["text"],
                language=entry["language"],
                outlet=entry["outlet"],
                published=entry["published"],
            )
            found.append(Text(name, frozenset(entry["about"]), gold["deal"]["frame"], document))
    return found


def measure_pairs() -> Quality:
    """Reads all texts into one register and counts pairs."""
    every = texts()
    with tempfile.TemporaryDirectory() as folder, open_register(Path(folder, "rasad.db"), create=True) as register:
        register.add([text.document for text in every])
        with reading(register.engine) as connection:
            rows = connection.execute(
                select(publications.c.name, atoms.c.deal, deals.c.frame, deals.c.family)
                .join(documents, documents.c.id == publications.c.document)
                .join(atoms, atoms.c.document == documents.c.id)
                .join(deals, deals.c.deal == atoms.c.deal)
                .where(deals.c.kind == "deal")
            ).all()
    held: dict[str, set[str]] = defaultdict(set)
    for name, deal, _, _ in rows:
        held[name].add(deal)
    wanted = found = right = 0
    missed: list[tuple[str, str]] = []
    wrong: list[tuple[str, str]] = []
    for a, b in combinations(every, 2):
        same, together = bool(a.about & b.about), bool(held[a.name] & held[b.name])
        wanted, found, right = wanted + same, found + together, right + (same and together)
        if same and not together:
            missed.append((a.name, b.name))
        elif together and not same:
            wrong.append((a.name, b.name))
    return Quality(wanted, found, right, missed, wrong)


def measure() -> list[tuple[str, str, str, bool]]:
    """Prints precision and recall; gives what was promised."""
    quality = measure_pairs()
    print(
        f"pairs of reports: precision {quality.precision:.3f}, recall {quality.recall:.3f}, of {quality.wanted} pairs\n"
    )
    if "--misses" in sys.argv:
        for name, pairs in (("missed", quality.missed), ("wrong", quality.wrong)):
            for pair in pairs:
                print(name, *pair)
    return [
        promise("reports gathered into deals, precision", quality.precision, 0.98),
        promise("reports gathered into deals, recall", quality.recall, 0.90),
    ]


if __name__ == "__main__":
    measure()
