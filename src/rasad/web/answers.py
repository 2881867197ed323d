"""An answer as a page: its tables, of which each shows its first rows or all of them page by page, its pictures and notes."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import msgspec
from fastapi import Query

from rasad.analysis.answers import Answer, Based
from rasad.analysis.asked import AskedRegister
from rasad.register.rows import Named
from rasad.web.pages import PageData
from rasad.web.questions import QUESTIONS, By, Options, Side, answered, choices, pictures

FEW, PAGE, MOST = 12, 50, 10_000  #: rows of a table beside others, of a table alone, and that may be asked for at once
LAST_PAGE = 100_000
LINKED = frozenset(
    {"id", "claim", "deal", "relations"}
)  #: columns that a link to what stands behind a row takes the place of

CLOSED = frozenset({"by_category", "concentration_by_category"})  #: tables that are too long to stand beside others
UNSAID = ("inferred", "assumed", "observed")  #: bases of what no speaker says
EMPTY = (None, (), "", 0)  #: values; a column of nothing else is not shown

Category = Annotated[str | None, Query(description="Only arms of this category.")]
From = Annotated[int | None, Query(alias="from", ge=1, le=9999, description="The first year that counts.")]
To = Annotated[int | None, Query(alias="to", ge=1, le=9999, description="The last year that counts.")]
Spans = Annotated[By, Query(description="Years in fives, or one by one.")]
Without = Annotated[str | None, Query(description="A state that stops.")]
Sides = Annotated[Side, Query(description="Whether it is accused or accuses.")]
Offence = Annotated[str | None, Query(description="Only of this offence.")]
On = Annotated[str | None, Query(description="In force on this day, in this month or year: 2015-06-30, 2015-06, 2015.")]
TableName = Annotated[str | None, Query(description="Only this of its tables, page by page.")]
Number = Annotated[int, Query(ge=1, le=LAST_PAGE, description="Which page of the table.")]
Limit = Annotated[int | None, Query(ge=1, le=MOST, description="Rows of a table on a page.")]


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Some rows of a table of an answer, from the row of number ``first`` on, of ``total``; none where it is too long to stand beside
    others. ``columns`` are those that a person reads. Each row names the deals and relations that it rests on."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Based, ...]
    first: int
    total: int


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """An option of a question, with its value, and what it can be where that is closed."""

    name: str
    value: str | int | None
    choices: tuple[str, ...]


class AnswerPage(PageData, frozen=True, kw_only=True):
    """The answer to a question. ``of`` whom or what it is asked; ``given``: how it was narrowed; ``table``: the only one that is
    shown; ``pictures``: the kinds that can be drawn; ``nothing``: why there is no answer."""

    TABLE: ClassVar[str] = "rows"

    question: str
    of: Named | None
    title: str
    given: dict[str, str | int]
    fields: tuple[Field, ...]
    tables: tuple[Table, ...] = ()
    table: str | None = None
    page: int = 1
    limit: int | None = None
    pictures: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    nothing: str = ""

    @property
    def rows(self) -> tuple[Based, ...]:
        """Those of the table that is meant."""
        return self.tables[0].rows if self.tables else ()


class Shown(msgspec.Struct, frozen=True):
    """Which of an answer's tables is shown, and how much of it."""

    table: str | None = None
    page: int = 1
    limit: int | None = None


def answer_page(
    register: AskedRegister, question: str, options: Options, shown: Shown = Shown(), of: Named | None = None,
    offers: tuple[str, ...] = (),
) -> AnswerPage:  # fmt: skip
    """The page of a question; ``offers``: its options, where they are others than usual. Raises FilterError for options or a table that there are not."""
    given = options.given()
    fields = tuple(Field(name=o, value=given.get(o), choices=choices(o)) for o in offers or QUESTIONS[question].offers)
    about: dict[str, Any] = {
        "question": question,
        "of": of,
        "given": given,
        "fields": fields,
        **msgspec.structs.asdict(shown),
    }
    answer = answered(register, question, options)
    if not any(answer.tables.values()):
        return AnswerPage(title=of.name if of else "", nothing="; ".join(answer.notes), **about)
    return AnswerPage(
        title=answer.title, tables=_tables(answer, options, shown), pictures=pictures(answer), notes=answer.notes, **about
    )  # fmt: skip


def _tables(answer: Answer, options: Options, shown: Shown) -> tuple[Table, ...]:
    left_out = LINKED | {"category"} if options.category else LINKED
    if shown.table is not None:
        size = shown.limit or PAGE
        return (_part(answer, shown.table, size * (shown.page - 1), size, left_out),)
    filled = (name for name, rows in answer.tables.items() if rows)
    few = shown.limit or FEW
    return tuple(_part(answer, name, 0, 0 if name in CLOSED else few, left_out) for name in filled)


def _part(answer: Answer, name: str, first: int, size: int, left_out: frozenset[str]) -> Table:
    rows = answer.table(name)
    fields = [one for one in rows[0].__struct_fields__ if one not in answer.HIDDEN | left_out] if rows else []
    columns = tuple(one for one in fields if any(_tells(row, one) for row in rows))
    return Table(name=name, columns=columns, rows=tuple(rows[first : first + size]), first=first, total=len(rows))


def _tells(row: Based, field: str) -> bool:
    """Whether a field says something: that of the speakers also where these are none, and so the text itself, but of an inference."""
    if field == "speakers":
        return bool(getattr(row, field)) or getattr(row, "basis", None) not in UNSAID
    return getattr(row, field) not in EMPTY
