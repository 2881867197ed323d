"""What an analysis gives: rows that lead back to their claims, as tables for Polars, pandas and Arrow, as a picture, in a notebook."""

from __future__ import annotations

import gc
import html
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_args, get_origin

import msgspec
import pyarrow as pa
from sqlalchemy import select

from rasad.ontology import ontology
from rasad.pictures import Picture
from rasad.register import FilterError, Register, ShownClaim
from rasad.register.database import reading, slices
from rasad.register.listing import resolved
from rasad.register.rows import Named
from rasad.register.schema import atoms
from rasad.reports import readable
from rasad.reports.near import nearest

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


SHOWN = 50  #: rows of one of several tables that a person reads
ROUND = 1000  #: from which on a number is shown without decimals
_ARROW = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}


class Based(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A row of an answer, with the deals and relations that it rests on."""

    deals: tuple[str, ...]


class Answer(ABC):
    """An answer from a register. Its tables are tuples of rows by name, the first of them the one that is meant where none is
    named; every row is :class:`Based` on deals and relations of the register."""

    KIND: ClassVar[str]  #: the command that gives it
    HIDDEN: ClassVar[frozenset[str]] = frozenset({"deals"})  #: columns that are for programs, not for a person to read
    DETAILED: ClassVar[frozenset[str]] = frozenset()  #: tables that are too long for a person who did not ask for them
    ROWS: ClassVar[
        Mapping[str, type[Based]]
    ] = {}  #: the rows of each table, so that one without any has its columns too

    def __init__(
        self,
        register: Register,
        title: str,
        tables: Mapping[str, tuple[Based, ...]] | None = None,
        notes: Iterable[str] = (),
    ) -> None:
        """Made by the function of its name."""
        self.register = register
        self.title = title
        self._tables = dict(tables or {})
        self._notes = tuple(notes)

    @property
    def tables(self) -> dict[str, tuple[Based, ...]]:
        """Its rows, table by table."""
        return self._tables

    @abstractmethod
    def picture(self, kind: str | None = None) -> Picture:
        """The picture of it, or that of a kind. Raises PictureError where there is nothing to draw, or no such kind."""

    @property
    @abstractmethod
    def pictures(self) -> tuple[str, ...]:
        """The kinds of its pictures that there is something to draw for."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader has to know of it: what is counted, how much of it is known."""
        return self._notes

    def to_arrow(self, table: str | None = None) -> pa.Table:
        """One of its tables: a column for each field, ids beside names, lists where there are several."""
        rows = self.table(table)
        kind = type(rows[0]) if rows else self.ROWS.get(table or next(iter(self.tables)), Based)
        columns = [column for field in msgspec.structs.fields(kind) for column in _columns(field, rows)]
        return pa.table(dict(columns))

    def to_polars(self, table: str | None = None) -> pl.DataFrame:
        """The same as a Polars data frame. Needs ``pip install polars``."""
        import polars as pl

        frame = pl.from_arrow(self.to_arrow(table))
        assert isinstance(frame, pl.DataFrame)
        return frame

    def to_pandas(self, table: str | None = None) -> pd.DataFrame:
        """The same as a pandas data frame. Needs ``pip install pandas``."""
        return self.to_arrow(table).to_pandas()

    @cached_property
    def deals(self) -> tuple[str, ...]:
        """Every deal and relation that it rests on."""
        return tuple(sorted({deal for rows in self.tables.values() for row in rows for deal in row.deals}))

    def claims_behind(self, rows: Iterable[Based]) -> int:
        """How many claims rows rest on."""
        return len(self._behind({deal for row in rows for deal in row.deals}))

    def claims(self, row: Based | None = None) -> list[ShownClaim]:
        """The claims behind a row, or behind all of it, with their evidence."""
        found = self._behind(self.deals if row is None else row.deals)
        shown = (self.register.claim(claim) for claim in sorted(found))
        return [one for one in shown if one is not None]

    def _behind(self, deals: Iterable[str]) -> set[str]:
        with reading(self.register.engine) as connection:
            return {
                claim
                for some in slices(sorted(deals))
                for claim in connection.scalars(select(atoms.c.claim).where(atoms.c.deal.in_(some)).distinct())
            }

    def table(self, name: str | None = None) -> Sequence[Based]:
        """The rows of one of its tables. Raises FilterError where it has none of this name."""
        tables = self.tables
        if name is not None and name not in tables:
            raise FilterError(f"{self.KIND}: there is no table {name!r}; there are {', '.join(tables)}")
        return tables[name] if name is not None else next(iter(tables.values()))

    def _repr_html_(self) -> str:
        parts = [f"<h3>{html.escape(self.title)}</h3>"]
        for name, rows in self.tables.items():
            if rows and name not in self.DETAILED:
                more = f"<p>{SHOWN} of {len(rows):,}</p>" if len(rows) > SHOWN else ""
                parts.append(f"<h4>{html.escape(heading(name))}</h4>{_html(self, rows[:SHOWN])}{more}")
        parts += [f"<p>{html.escape(note)}</p>" for note in self.notes]
        return "".join(parts)


def visible(answer: type[Answer] | Answer, rows: Sequence[Based]) -> list[str]:
    """The fields of rows that a person reads: those that any of them fills."""
    return [
        field
        for field in (rows[0].__struct_fields__ if rows else ())
        if field not in answer.HIDDEN and any(getattr(row, field) not in (None, (), "") for row in rows)
    ]


def told(field: str, value: Any) -> str:
    """A value as a person reads it: names, shares in per cent, numbers with their thousands."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, float):
        whole = value.is_integer() or abs(value) >= ROUND
        return f"{value:.0%}" if field.endswith("share") else f"{value:,.0f}" if whole else f"{value:,.2f}"
    if isinstance(value, tuple):
        return ", ".join(told(field, one) for one in value)
    return readable(str(getattr(value, "name", value)))


def heading(name: str) -> str:
    """The name of a table or field as a heading."""
    return name.replace("_", " ")


def _columns(field: msgspec.structs.FieldInfo, rows: Sequence[Based]) -> Iterator[tuple[str, pa.Array]]:
    """The columns of a field: of whatever is named a second one with the ids."""
    values = [getattr(row, field.name) for row in rows]
    kind, several = _kind(field.type)
    if kind is not Named:
        plain = [msgspec.to_builtins(value) for value in values]
        held = _ARROW.get(kind)
        yield field.name, pa.array(plain, (pa.list_(held) if several else held) if held else None)
        return
    for name, part in ((field.name, "name"), (f"{field.name}_id{'s' if several else ''}", "id")):
        if several:
            yield name, pa.array([[getattr(one, part) for one in value] for value in values], pa.list_(pa.string()))
        else:
            yield name, pa.array([getattr(value, part, None) for value in values], pa.string())


def _kind(hint: Any) -> tuple[Any, bool]:
    """What a field holds, beside None, and whether it may hold several of it."""
    parts = [part for part in get_args(hint) if part not in (type(None), ...)]
    if get_origin(hint) is Literal:
        return type(parts[0]), False
    if get_origin(hint) is tuple and len(parts) == 1:
        return _kind(parts[0])[0], True
    return _kind(parts[0]) if len(parts) == 1 else (hint, False)


def _html(answer: Answer, rows: Sequence[Based]) -> str:
    fields = visible(answer, rows)
    head = "".join(f"<th>{html.escape(heading(field))}</th>" for field in fields)
    body = "".join(
        "<tr>" + "".join(f"<td dir='auto'>{html.escape(told(f, getattr(row, f)))}</td>" for f in fields) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


@contextmanager
def uncollected() -> Iterator[None]:
    """While rows are made by the ten thousand, none of which is garbage, the garbage collector does not go through them again and
    again. Also a decorator: ``@uncollected()``."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def nothing(register: Register, thing: str) -> str:
    """Why there is no answer: the register holds nothing at all, or none of this."""
    with reading(register.engine) as connection:
        if connection.scalar(select(atoms.c.atom).limit(1)) is None:
            return "the register has no claims yet; `rasad add PATH…` reads reports into it"
    return f"the register has no {thing}"


def country(register: Register, given: str) -> Named:
    """The state that somebody calls KAZ, Kazakhstan or Казахстан. Raises FilterError for what is none, with the nearest."""
    with reading(register.engine) as connection:
        identifier = resolved(connection, given, "country")
    if not identifier.startswith("country:"):
        raise FilterError(f"country: {given!r} is no state, but {identifier}")
    return Named(identifier, register.names([identifier])[identifier])


def category(given: str | None) -> str | None:
    """A category of weapons as the register has it. Raises FilterError for what is none, with the nearest."""
    if given is None:
        return None
    known = ontology().categories
    name = given.strip().lower().removeprefix("category:").replace(" ", "-")
    if name not in known:
        raise FilterError(f"category: {given!r} is not one of {', '.join(known)}{nearest(name, known)}")
    return name
