"""Atoms into deals and relations: which row is about which, and what each of them shows.

``linking.sql`` does it, by these rules. They look at the set of rows only, never at their order, and never beyond a block
(see ``atoms.py``).

*Threads.* Rows with the same frame, supplier, recipient and family of a designation (else class, else category, else nothing)
are a thread. Joint projects are one thread where their sets of parties share two or more; a single named party goes to the one
set that has it.

*Orders.* In a thread the years of orders (also proposed, negotiated, approved, refused) make deals: years one apart are one
deal, two apart if the number is the same, and no deal's orders reach over more than four calendar years. A service is one deal
with gaps of up to three years, a joint project of up to five.

The year of an order (or negotiation, approval, refusal) that is later than the document is that of deliveries to come: the
order counts as told without a year.

*Orders without a year*, told with a number and in a dated document, count as of the year in which that number was first told so,
unless the thread has a year for the number, or an order of two years after to three years before, which is then meant.

*Deliveries* (delivering, delivered, suspended, cancelled, no stage) go to the latest order of at most twelve years before, one
for the same number first; else to an order of the year after; else they are deals of their own, parted by more than three
years without a delivery.

*Tables.* Every line of a table (SIPRI's register) is a deal of its own, order and deliveries together, however near others are:
who lists them one by one means several. What texts tell of such a time goes to the line whose year is nearest; the same number
outweighs a year between.

*Denials and rows without a year* never open a deal beside another. They go to the deal of the thread that is nearest in time,
has the same number, fits the year of the document, has most independent sources, is latest. A thread without years is one deal
as long as no five years pass without a report.

*Partial rows.* Without supplier: to the deal of the same recipient and thing, in time, of the same number first, if one supplier
has more than half of the sources. With a class or category only ("fighters"): to the deal for a designation of that category and
sort (``groups.tsv`` of the gazetteer: no helicopters) between the same parties, in time, if none of its numbers contradicts and
there is just one. In time is within a year; of what gives no year, an order reported from five years before the deal to three
after, a delivery from a year before to twelve after. Otherwise, and always without recipient or without any item, they are deals
of their own.

*One order, two suppliers.* Orders of the same recipient, family, year and number (more than one) from different suppliers are
one deal with a disputed supplier, unless some document names both.

*Relations* are all rows with the same frame and parties, and with the same item (capability, dependence, position), third party
(competition, alignment), offence (allegation) or stance (position). Years part only allegations, by more than five. What lacks
a part (a rival, market, counterpart, issuer, item) goes to the one relation that has it, if there is just one.
"""

from __future__ import annotations

from importlib.resources import files
from typing import NamedTuple

import duckdb
import pyarrow as pa

from rasad.gazetteer import groups

THREADS = 2
MEMORY = "1000MB"  #: what DuckDB may take; beyond it goes to disk
MOVED = pa.schema([("atom", pa.string()), ("deal", pa.string()), ("model", pa.string())])
PRINTED = pa.schema([("document", pa.string()), ("printings", pa.int64())])
PART = 200_000  #: atoms linked at a time, more only where a block is larger


class Linked(NamedTuple):
    """``assignments``: atom, claim, deal, kind (``deal`` or ``relation``), by atom. ``deals``: what each deal and relation
    shows, by id: its parties and item; its latest stage; the number ordered and delivered, and the amount, that most
    independent sources give; years; reports (documents, each counted for every outlet that printed it), independent sources and
    claims; ``denied``; ``disputed``: of date, denied, number, stage, supplier those in which sources contradict each other, joined
    by ``+``."""

    assignments: pa.Table
    deals: pa.Table


def script() -> str:
    """The text of ``linking.sql``."""
    return files("rasad.register").joinpath("linking.sql").read_text("utf-8")


def link(atoms: pa.Table, moved: pa.Table | None = None, part: int = PART, printed: pa.Table | None = None) -> Linked:
    """The deals and relations of a table of :data:`rasad.register.atoms.ATOM_SCHEMA`, and which each atom belongs to. The
    same for any order of the rows, and for any ``part``, the number of atoms that are linked at a time. ``moved`` (of
    :data:`MOVED`) puts atoms into other deals than they would come to; then all are linked at once. ``printed`` (of
    :data:`PRINTED`) tells of documents that more than one outlet printed."""
    count = 1 if moved is not None else max(1, -(-atoms.num_rows // part))
    beside = (moved or MOVED.empty_table(), printed or PRINTED.empty_table())
    linked = [_link_part(atoms, *beside, number, count) for number in range(count)]
    return Linked(
        pa.concat_tables([one.assignments for one in linked]).sort_by("atom"),
        pa.concat_tables([one.deals for one in linked]).sort_by("deal"),
    )


def _link_part(atoms: pa.Table, moved: pa.Table, printed: pa.Table, number: int, count: int) -> Linked:
    """Links the blocks whose hash falls to this part; each in a database of its own, which takes its tables with it."""
    with duckdb.connect(
        config={"threads": THREADS, "memory_limit": MEMORY, "preserve_insertion_order": False}
    ) as engine:
        engine.register("every_atom", atoms)
        engine.register("moved", moved)
        engine.register("printed", printed)
        engine.register("sort", pa.table({"item": list(groups()), "sort": list(groups().values())}))
        engine.execute(f"CREATE VIEW atoms AS SELECT * FROM every_atom WHERE hash(block) % {count} = {number}")
        engine.execute(script())
        return Linked(
            engine.sql("SELECT * FROM assignment").to_arrow_table(),
            engine.sql("SELECT * FROM summary").to_arrow_table(),
        )
