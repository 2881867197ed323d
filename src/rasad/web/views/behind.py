"""What stands behind a number: the deals and relations that a row of an answer rests on, each with its surest sentence."""

from __future__ import annotations

from typing import Annotated, ClassVar

from fastapi import Query

from rasad.analysis.answers import Based, visible
from rasad.analysis.asked import AskedRegister
from rasad.register import Row
from rasad.register.deals import Evidence
from rasad.register.rows import Named
from rasad.web.answers import Category, From, Number, Offence, On, Sides, Spans, To, Without
from rasad.web.errors import NotThereError
from rasad.web.pages import PageData, Pages
from rasad.web.questions import Options, answered, whom
from rasad.web.subjects import PAGE, named

pages = Pages()


class Behind(PageData, frozen=True, kw_only=True):
    """A row of an answer, with ``rows``: the deals and relations of this page, of ``total``; ``evidence``: the surest claim of each of
    them, by the id of the deal."""

    TABLE: ClassVar[str] = "rows"

    question: str
    of: Named | None
    title: str
    given: dict[str, str | int]
    table: str
    columns: tuple[str, ...]
    row: Based
    number: int
    rows: tuple[Row, ...]
    evidence: dict[str, Evidence]
    total: int
    page: int


@pages.page("/behind/{question}", template="behind.html")
def behind(
    register: AskedRegister, question: str, table: str, row: Annotated[int, Query(ge=0, le=10_000_000)], who: str | None = None,
    category: Category = None, first: From = None, last: To = None, by: Spans = "period", without: Without = None,
    side: Sides = "accused", offence: Offence = None, on: On = None, accused: str | None = None, accuser: str | None = None,
    supplier: str | None = None, recipient: str | None = None,
    page: Number = 1,
) -> Behind:  # fmt: skip
    """The deals and relations that a row of an answer rests on: the row of this number in this table of the question, asked so."""
    who = whom(register, who)
    options = Options(
        who=who, category=category, first=first, last=last, by=by, without=without, side=side, offence=offence, on=on,
        accused=accused, accuser=accuser, supplier=supplier, recipient=recipient,
    )  # fmt: skip
    answer = answered(register, question, options)
    rows = answer.table(table)
    if row >= len(rows):
        raise NotThereError(f"{table}: there is no row {row}; there are {len(rows)}, from 0 on")
    deals = rows[row].deals[PAGE * (page - 1) : PAGE * page]
    return Behind(
        question=question, of=named(register, who) if who else None, title=answer.title, given=options.given(), table=table,
        columns=tuple(visible(answer, rows)), row=rows[row], number=row, rows=tuple(register.rows_by_id(deals)),
        evidence=register.surest(deals), total=len(rows[row].deals), page=page,
    )  # fmt: skip
