"""A register as a SQLite file that Datasette serves well: flat tables with keys between them, full-text search, views, and beside it
a file that describes them (``datasette FILE --metadata FILE.metadata.json``)."""

from __future__ import annotations

import sqlite3
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import closing
from importlib.resources import files
from pathlib import Path
from typing import Any

from rasad.claims import Entity
from rasad.exchange.output import OutputError
from rasad.exchange.parts import Part, parts
from rasad.exchange.wording import said, standing
from rasad.register import Filters, Register
from rasad.register.deals import Evidence, Publication
from rasad.reports.wording import according_to

SUPPLIERS, RECIPIENTS = ("supplier", "provider"), ("recipient", "client")

_Rows = Iterable[tuple[Any, ...]]


def write(register: Register, filters: Filters, path: Path) -> tuple[int, int]:
    """Writes what passes into a new SQLite file. Gives how many deals and relations there are, and that none was left out. Raises
    FilterError, and OutputError where the file cannot be written."""
    written = 0
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;" + _script("tables"))
            for part in parts(register, filters):
                for table, rows in _rows(part):
                    _insert(connection, table, rows)
                written += 1
            connection.executescript(_script("indexes"))
    except sqlite3.OperationalError as error:
        raise OutputError(f"{path.parent}: cannot be written to: {error}") from None
    return written, 0


def metadata(name: str) -> dict[str, Any]:
    """What Datasette is to show of the file of this name (without ``.db``); the file ``metadata.toml``."""
    told = tomllib.loads(files("rasad.exchange.datasette").joinpath("metadata.toml").read_text("utf-8"))
    return {"title": told["title"], "description": told["description"], "databases": {name: {"tables": told["tables"]}}}


def _script(name: str) -> str:
    return files("rasad.exchange.datasette").joinpath(f"{name}.sql").read_text("utf-8")


def _insert(connection: sqlite3.Connection, table: str, rows: _Rows) -> None:
    """Adds rows; what is there already, a text or entity of an earlier deal, stays."""
    for row in rows:
        connection.execute(f"INSERT OR IGNORE INTO {table} VALUES ({', '.join('?' * len(row))})", row)


def _rows(part: Part) -> Iterator[tuple[str, _Rows]]:
    """The rows of a part by table; what is pointed at comes first."""
    row, deal = part.row, part.row.kind == "deal"
    own = (row.id, None) if deal else (None, row.id)
    yield "entities", (_entity(entity) for entity in part.entities.values())
    for told in part.evidence:
        yield from _evidence(told, standing(row) if row.frame == "allegation" else None)
    yield ("deals", [_deal(part)]) if deal else ("relations", [_relation(part)])
    yield "parties", ((None, *own, role, one.id) for role, held in row.roles.items() for one in held)
    yield "evidence", ((None, *own, told.claim.id) for told in part.evidence)


def _entity(entity: Entity) -> tuple[Any, ...]:
    return entity.id, entity.type, entity.name, entity.country, entity.category


def _evidence(told: Evidence, came_of_it: str | None) -> Iterator[tuple[str, _Rows]]:
    claim, printed = told.claim, told.publications
    first = printed[0] if printed else None
    worth = (claim.value.amount, claim.value.currency) if claim.value else (None, None)
    where = (first.name, first.outlet, *_printed(first)) if first else (None,) * 6
    yield "documents", [(told.document, *where, claim.language)]
    yield (
        "publications",
        ((None, one.document, one.name, one.outlet or "", *_printed(one), one.copy or "") for one in printed),
    )
    yield "claims", [(
        claim.id, claim.evidence.quote, according_to(claim.attribution), told.document, claim.language, claim.frame, claim.stage,
        came_of_it, claim.certainty, claim.polarity, claim.quantity, *worth, claim.year,
        claim.confidence, told.source, told.review, claim.evidence.start, claim.evidence.end,
    )]  # fmt: skip
    yield "speakers", ((claim.id, at, one.id, one.title, one.organisation) for at, one in enumerate(claim.attribution))


def _printed(one: Publication) -> tuple[str | None, ...]:
    return one.published, one.address, one.title, one.author


def _deal(part: Part) -> tuple[Any, ...]:
    row = part.row
    supplier, recipient, item = (_only(part, roles) for roles in (SUPPLIERS, RECIPIENTS, ("item",)))
    partners = ", ".join(one.name for one in row.roles.get("party", ())) or None
    worth = (row.value.amount, row.value.currency) if row.value else (None, None)
    return (
        row.id, said(row), row.frame, ", ".join(row.attributes.get("activity", ())) or None, supplier, recipient, partners, item,
        row.category, row.number_ordered, row.number_delivered, *worth, row.year_of_order, row.first_delivery, row.last_delivery,
        row.stage, row.polarity, ", ".join(row.estimates) or None, ", ".join(row.disputed) or None, row.first_year, row.last_year,
        row.sources, row.reports, row.claims,
    )  # fmt: skip


def _relation(part: Part) -> tuple[Any, ...]:
    row = part.row
    label = ", ".join(value for held in row.attributes.values() for value in held) or None
    return (
        row.id, said(row), row.frame, standing(row) if row.frame == "allegation" else None, label, row.category, row.stage, row.polarity,
        row.first_year, row.last_year, ", ".join(row.disputed) or None, row.sources, row.reports, row.claims,
    )  # fmt: skip


def _only(part: Part, roles: Iterable[str]) -> str | None:
    """The one who fills the first of these roles; all stand in the table of parties."""
    return next((one.id for role in roles for one in part.row.roles.get(role, ())), None)
