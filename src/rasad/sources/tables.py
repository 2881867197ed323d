"""Texts in rows: files of JSON lines, and Parquet, with what their columns tell of each."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import msgspec

from rasad.claims import Document
from rasad.languages import codes
from rasad.sources.decoding import BLOCK
from rasad.sources.files import from_text
from rasad.sources.packed import PackingError, check_measure
from rasad.sources.pieces import Problem, Provenance, Skipped, with_provenance
from rasad.sources.provenance import day

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

LARGEST = 64 * 2**20  #: bytes of a row; a larger one is passed over
ROWS = 16  #: that are taken out of Parquet at once
_TOO_LONG = f"a line of more than {LARGEST >> 20} MB"
Columns = Mapping[str, str]  #: what the user says: the name of the column of a role
AS_USUAL: Columns = MappingProxyType({})


class Named(NamedTuple):
    """What a file of texts may call its columns: roles with names, best first; and languages by other names."""

    columns: Mapping[str, tuple[str, ...]]
    languages: Mapping[str, str]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A text with its provenance, as a row gives it."""

    text: str
    name: str | None = None
    title: str | None = None
    outlet: str | None = None
    author: str | tuple[str, ...] | None = None
    address: str | None = None
    published: str | None = None
    language: str | None = None


@cache
def named() -> Named:
    """The names of ``columns.toml``."""
    told = tomllib.loads(files(__package__).joinpath("columns.toml").read_text("utf-8"))
    columns = {role: tuple(names) for role, names in told["columns"].items()}
    return Named(columns, {other: code for code, others in told["languages"].items() for other in others})


def columns_of(given: str) -> Columns:
    """The columns that a user names: ``text=body,outlet=source``. Raises ValueError for a role that there is none of."""
    pairs = [part.partition("=")[::2] for part in given.split(",")]
    for role, column in pairs:
        if role.strip() not in named().columns or not column.strip():
            raise ValueError(f"{role.strip()!r} is not one of {', '.join(named().columns)}, each followed by =COLUMN")
    return {role.strip(): column.strip() for role, column in pairs}


def lines(
    name: str, file: IO[bytes], columns: Columns = AS_USUAL, *, number: int = 1, size: int | None = None
) -> Iterator[Document | Problem | Skipped]:
    """The documents of JSON lines, from where the file stands, over ``size`` bytes or to its end; ``number`` is that of the first
    line. A line that is not as it should be is named, and never stops the others; one of more than :data:`LARGEST` bytes is never
    held."""
    unknown: dict[str, None] = {}
    for at, line in enumerate(_read(file, size), number):
        if line is None:
            yield Skipped(f"{name}:{at}", _TOO_LONG)
        elif line.strip():
            yield from _line(f"{name}:{at}", line.removeprefix(b"\xef\xbb\xbf"), columns, unknown)
    if unknown:
        known = ", ".join(Line.__struct_fields__)
        yield Problem(name, f"fields that mean nothing here were left out: {', '.join(unknown)} (known: {known})")


def blocks(name: str, file: IO[bytes]) -> Iterator[tuple[int, bytes] | Skipped]:
    """JSON lines in blocks of about 1 MB, each with the number of its first line; all that can be unpacked where it breaks off."""
    held, first = bytearray(), 1
    try:
        for number, line in enumerate(_read(file), 1):
            held += line or b""
            if held and (line is None or len(held) >= BLOCK):
                yield first, bytes(held)
                held.clear()
            if line is None:
                yield Skipped(f"{name}:{number}", _TOO_LONG)
            first = first if held else number + 1
    except PackingError:
        if held:
            yield first, bytes(held)
        raise
    if held:
        yield first, bytes(held)


def _read(file: IO[bytes], size: int | None = None) -> Iterator[bytes | None]:
    """Lines; None for one that is too long."""
    came = 0
    while (size is None or came < size) and (line := file.readline(LARGEST + 1)):
        came += len(line)
        if len(line) <= LARGEST:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(BLOCK)
            came += len(line)
        yield None


def _line(
    where: str, line: bytes, columns: Columns, unknown: dict[str, None]
) -> Iterator[Document | Problem | Skipped]:
    try:
        fields = msgspec.json.decode(line)
        if not isinstance(fields, dict):
            raise msgspec.ValidationError(f"Expected `object`, got `{_TYPES.get(type(fields), 'null')}`")
        found = _found(tuple(name for name, value in fields.items() if value is not None), tuple(columns.items()))
        told = msgspec.convert({role: fields[column] for role, column in found.items()}, Line)
    except UnicodeDecodeError:
        yield Skipped(where, "not in UTF-8")
        return
    except (msgspec.DecodeError, RecursionError) as error:
        yield Skipped(where, f"no object with a text: {error}")
        return
    unknown.update(
        dict.fromkeys(name for name, value in fields.items() if value is not None and name not in found.values())
    )
    yield from _row(where, told)


_TYPES = {str: "str", int: "int", float: "float", bool: "bool", list: "array"}


@lru_cache(1024)
def _found(present: tuple[str, ...], columns: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """Which column holds what, of those that are there."""
    folded = {name.lower(): name for name in reversed(present)}
    found = {role: next((folded[n] for n in names if n in folded), None) for role, names in named().columns.items()}
    found |= {role: column if column in present else None for role, column in columns}
    return {role: column for role, column in found.items() if column is not None}


def _row(where: str, told: Line) -> Iterator[Document | Problem | Skipped]:
    """The document of a row, or several where its text is very long."""
    try:
        own = _provenance(told)
    except ValueError as error:
        yield Skipped(where, str(error))
        return
    for entry in from_text(told.name or where, told.text):
        yield with_provenance(own, entry) if isinstance(entry, Document) else entry._replace(path=where)


def _provenance(told: Line) -> Provenance:
    """What a row tells of its text. Raises ValueError for what is no date, or no language that is read."""
    language = (told.language or "").strip().lower()
    language = named().languages.get(language, re.split("[-_]", language)[0])
    if language and language not in codes():
        raise ValueError(f"language: {told.language!r} is not one of {', '.join(codes())}")
    author = told.author if isinstance(told.author, str) else ", ".join(told.author or ())
    return Provenance(
        title=told.title or None, outlet=told.outlet or None, author=author or None, address=told.address or None,
        published=day(told.published) if told.published else None, language=language or None,
    )  # fmt: skip


def row_groups(file: IO[bytes]) -> list[tuple[int, int, int]]:
    """The row groups of Parquet: the rows before each, its rows, and its bytes. Raises OSError for what is no Parquet."""
    return _groups(_parquet(file))


def _groups(table: pq.ParquetFile) -> list[tuple[int, int, int]]:
    groups = [table.metadata.row_group(at) for at in range(table.num_row_groups)]
    before = accumulate((group.num_rows for group in groups), initial=0)
    return [(first, group.num_rows, group.total_byte_size) for first, group in zip(before, groups, strict=False)]


def parquet(
    name: str, file: IO[bytes], columns: Columns = AS_USUAL, groups: range | None = None
) -> Iterator[Document | Problem | Skipped]:
    """The documents of Parquet, or of some of its row groups, a row each, named ``name:17`` by the number of the row, from 1. Only
    the columns that tell something are opened. Raises OSError for what is no Parquet, PackingError for a bomb."""
    table = _parquet(file)
    found = _found(tuple(table.schema_arrow.names), tuple(columns.items()))
    if fault := _fault(table.schema_arrow, found, columns):
        yield Skipped(name, fault)
        return
    every = _groups(table)
    size = file.seek(0, os.SEEK_END)
    for at in range(len(every)) if groups is None else groups:
        before, _, weight = every[at]
        check_measure(weight, size)
        for number, row in enumerate(_rows(table, at, [*found.values()]), before + 1):
            yield from _taken(f"{name}:{number}", row, found)


def _rows(table: pq.ParquetFile, group: int, columns: list[str]) -> Iterator[dict[str, pa.Scalar]]:
    import pyarrow as pa

    try:
        for batch in table.iter_batches(ROWS, row_groups=[group], columns=columns, use_threads=False):
            cells = {column: batch.column(batch.schema.names.index(column)) for column in columns}
            yield from ({column: cells[column][row] for column in columns} for row in range(batch.num_rows))
    except (pa.ArrowException, ValueError) as error:  # ValueError: what should be UTF-8 is not
        raise OSError(f"no sound Parquet: {error}") from None


def _parquet(file: IO[bytes]) -> pq.ParquetFile:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file.seek(0)
        return pq.ParquetFile(file, pre_buffer=False, buffer_size=BLOCK)
    except (pa.ArrowException, ValueError) as error:
        raise OSError(f"no sound Parquet: {error}") from None


def _fault(schema: pa.Schema, found: Mapping[str, str], columns: Columns) -> str | None:
    """Why a table holds no texts; None where it does."""
    import pyarrow.types as types

    there = ", ".join(schema.names)
    if missing := [column for role, column in columns.items() if role not in found]:
        return f"there is no column {missing[0]!r} (there are: {there})"
    if "text" not in found:
        usual = ", ".join(named().columns["text"])
        return f"no column is called as texts are ({usual}); name it by --columns text=NAME (there are: {there})"
    kind = schema.field(found["text"]).type
    kind = kind.value_type if types.is_dictionary(kind) else kind
    if not (types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind)):
        return f"the column {found['text']!r} holds {kind}, not texts"
    return None


def _taken(
    where: str, row: Mapping[str, pa.Scalar], found: Mapping[str, str]
) -> Iterator[Document | Problem | Skipped]:
    import pyarrow as pa

    text = row[found["text"]]
    text = text.value if isinstance(text, pa.DictionaryScalar) else text
    if text.is_valid and text.as_buffer().size > LARGEST:  # before it is copied
        yield Skipped(where, f"a text of more than {LARGEST >> 20} MB")
        return
    try:
        told = msgspec.convert({role: _value(row[column]) for role, column in found.items()}, Line)
    except (msgspec.ValidationError, pa.ArrowException, ArithmeticError, ValueError) as error:
        yield Skipped(where, f"no row with a text: {error}")
        return
    yield from _row(where, told)


def _value(cell: pa.Scalar) -> Any:
    value = cell.as_py()
    return value.isoformat()[:10] if isinstance(value, date) else value
