"""A deal or relation, unfolded as a row of a trade register: each field with its competing values and their sources, its history, what
SIPRI's row says, the embargoes it may fall into, the evidence by independent source, and what reviewers decided."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec
from fastapi import Query

from rasad.analysis.asked import AskedRegister
from rasad.analysis.embargoed import Flag, flags_of
from rasad.analysis.reconciliation import Comparison, compared, coverage
from rasad.exchange.sipri.deals import row_of
from rasad.register import Deal, Row
from rasad.register.atoms import links
from rasad.register.database import reading
from rasad.register.log import Decision
from rasad.register.state import Once, read
from rasad.register.unfolded import SOURCES, Source, of_source, unfolded
from rasad.web.errors import NotThereError
from rasad.web.pages import PageData, Pages

pages = Pages()
covered = Once(coverage, read)  #: what SIPRI's table covers; None where the register has none


class Column(PageData, frozen=True, kw_only=True):
    """A column of the row: its field of the deal, and the role or attribute of the frame that fills it."""

    field: str
    title: str


class DealPage(PageData, frozen=True, kw_only=True):
    """A deal with its row. ``TABLE`` is its history. ``comments`` and ``status`` (new, second-hand) are as a trade register writes
    them. ``compared`` is what the press and SIPRI's table say of it, where the register has that table (``table``). Of the
    ``sources`` a page shows some; the claims of one of them are at ``?source=``. ``problem`` says why a decision was not made, ``typed`` what
    was to be decided."""

    TABLE: ClassVar[str] = "deal.history"

    row: Row
    deal: Deal
    columns: tuple[Column, ...]
    comments: str
    status: str
    table: bool
    compared: Comparison | None
    flags: tuple[Flag, ...]
    sources: tuple[Source, ...]
    page: int
    pages: int
    likely: tuple[Row, ...]
    decisions: tuple[Decision, ...]
    problem: str = ""
    typed: dict[str, list[str]] = msgspec.field(default_factory=dict)


@pages.page("/deals/{identifier}", template="deal.html")
def deal(
    register: AskedRegister,
    identifier: str,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
    source: str | None = None,
) -> DealPage:
    """A deal or relation with everything behind it.

    ``page``: which of its sources; ``source``: only this one, with all its claims.
    """
    return opened(register, register.whole_id(identifier), page, source)


def opened(register: AskedRegister, identifier: str, page: int = 1, source: str | None = None) -> DealPage:
    """What the page of a deal shows. Raises NotThereError for what is no deal, or not one of its sources."""
    found = register.deal(identifier, 0)
    with reading(register.engine) as connection:
        behind = unfolded(connection, identifier, offset=SOURCES * (page - 1), limit=0 if source else SOURCES)
        own = of_source(connection, identifier, source) if source else None
    if found is None or behind is None or (source and own is None):
        raise NotThereError(f"{identifier}: {'has no such source' if found else 'is no deal or relation'}")
    row, table = register.row(found), covered(register)
    told = row_of(register, found.summary) if row.frame == "transfer" else None
    return DealPage(
        row=row, deal=found, columns=_columns(row, found), comments=told.comments if told else "", status=told.status if told else "",
        table=table is not None, compared=compared(register, identifier, table) if table else None,
        flags=flags_of(register, identifier), sources=(own,) if own else behind.sources,
        page=page, pages=1 if own else max(1, -(-row.sources // SOURCES)), likely=behind.likely, decisions=behind.decisions,
    )  # fmt: skip


_ALWAYS = (
    "actor", "partner", "number_ordered", "designation", "description", "year_of_order", "years_of_delivery", "number_delivered",
    "stage", "value", "terms",
)  # fmt: skip


def _columns(row: Row, found: Deal) -> tuple[Column, ...]:
    """The columns of SIPRI's register for a transfer, filled or not; for every other frame those that something is told of."""
    link = links()[row.frame]
    roles = {"actor": link.actor, "partner": link.partner, "third": link.third, "label": link.label}
    names = _ALWAYS if row.frame == "transfer" else tuple(field.name for field in found.fields)
    return tuple(Column(field=name, title=_title(name, roles)) for name in names)


def _title(field: str, roles: dict[str, str | None]) -> str:
    place = field.removesuffix("_organisation")
    return roles.get(place) or place
