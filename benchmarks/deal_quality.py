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
    """A report of the gold: its name, the deals it is about, what it says; and, where it is about the deal of its file, that
    deal: its frame, the states on both sides (supplier first, but for a joint project)."""

    name: str
    about: frozenset[str]
    document: Document
    deal: tuple[str, list[str]] | None


class Quality(NamedTuple):
    """Pairs of texts that are about one deal (wanted), that were gathered (found), and both; the pairs wanted of which the
    reader states frame and parties of the deal in both texts (read), and those of them that were gathered (linked);
    and what was missed or wrong."""

    wanted: int
    found: int
    right: int
    read: int
    linked: int
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

    @property
    def linking(self) -> float:
        """The share of the pairs that belong together, and whose deal is read right, that were gathered."""
        return self.linked / self.read if self.read else 1.0


def texts() -> list[Text]:
    """Every report of the gold."""
    found: list[Text] = []
    for path in sorted(GOLD.glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        deal = (gold["deal"]["frame"], _sides(gold["deal"]))
        for entry in [*gold["texts"], *gold["apart"]]:
            name = f"{gold['id']}.{entry['name']}.{entry['language']}.txt"
            document = Document(
                name=name,
                text=entry["text"],
                language=entry["language"],
                outlet=entry["outlet"],
                published=entry["published"],
            )
            found.append(
                Text(name, frozenset(entry["about"]), document, deal if gold["id"] in entry["about"] else None)
            )
    return found


def _sides(deal: dict[str, str]) -> list[str]:
    sides = [deal["supplier"], deal["recipient"]]
    return sorted(sides) if deal["frame"] == "joint_project" else sides


def measure_pairs() -> Quality:
    """Reads all texts into one register and counts pairs."""
    every = texts()
    with tempfile.TemporaryDirectory() as folder, open_register(Path(folder, "rasad.db"), create=True) as register:
        register.add([text.document for text in every])
        with reading(register.engine) as connection:
            rows = connection.execute(
                select(publications.c.name, atoms.c.deal, atoms.c.frame, atoms.c.actor, atoms.c.partner)
                .join(documents, documents.c.id == publications.c.document)
                .join(atoms, atoms.c.document == documents.c.id)
                .join(deals, deals.c.deal == atoms.c.deal)
                .where(deals.c.kind == "deal")
            ).all()
    held: dict[str, set[str]] = defaultdict(set)
    told: dict[str, list[tuple[str, list[str]]]] = defaultdict(list)
    for name, deal, frame, actor, partner in rows:
        held[name].add(deal)
        sides = (actor or "").split("+") if frame == "joint_project" else [actor, partner]
        told[name].append((frame, sides))
    wanted = found = right = read = linked = 0
    missed: list[tuple[str, str]] = []
    wrong: list[tuple[str, str]] = []
    for a, b in combinations(every, 2):
        same, together = bool(a.about & b.about), bool(held[a.name] & held[b.name])
        wanted, found, right = wanted + same, found + together, right + (same and together)
        if same and a.deal == b.deal and a.deal in told[a.name] and b.deal in told[b.name]:
            read, linked = read + 1, linked + together
        if same and not together:
            missed.append((a.name, b.name))
        elif together and not same:
            wrong.append((a.name, b.name))
    return Quality(wanted, found, right, read, linked, missed, wrong)


def measure() -> list[tuple[str, str, str, bool]]:
    """Prints precision and recall; gives what was promised."""
    quality = measure_pairs()
    print(
        f"pairs of reports: precision {quality.precision:.3f}, recall {quality.recall:.3f}, of {quality.wanted} pairs;\n"
        f"of the {quality.read} whose deal is read right in both: {quality.linking:.3f} gathered\n"
    )
    if "--misses" in sys.argv:
        for name, pairs in (("missed", quality.missed), ("wrong", quality.wrong)):
            for pair in pairs:
                print(name, *pair)
    return [
        promise("reports gathered into deals, precision", quality.precision, 0.98),
        promise("reports gathered into deals, recall", quality.recall, 0.90),
        promise("reports gathered into deals, recall where both are read right", quality.linking, 0.90),
    ]


if __name__ == "__main__":
    measure()
