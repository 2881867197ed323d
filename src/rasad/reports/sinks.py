"""Where claims go as they are read: a table, JSON lines, one JSON array, CSV or Parquet. None holds more than one batch."""

from __future__ import annotations

import csv
from io import TextIOWrapper
from typing import IO, TYPE_CHECKING, NamedTuple, Protocol

import msgspec

from rasad.claims import Claim, Document, Explanation
from rasad.reports.rows import Cell, columns, row

if TYPE_CHECKING:
    import pyarrow

FORMATS = ("table", "json", "jsonl", "csv", "parquet")
BATCH = 5_000  #: claims in a row group of a Parquet file


class Record(NamedTuple):
    """What was read in one document: the claims to show, each with its explanation where there is one, and all claims of
    the document, among which are the denials of what is shown."""

    document: Document
    shown: list[tuple[Claim, Explanation | None]]
    every: list[Claim]


class Sink(Protocol):
    """Takes what was read, document by document."""

    def write(self, record: Record) -> None:
        """Writes the claims of one document."""

    def close(self) -> None:
        """Completes the output."""


def open_sink(form: str, stream: IO[bytes], *, explained: bool = False, width: int | None = None) -> Sink:
    """The sink that writes a format of :data:`FORMATS` to a stream of bytes. ``width`` is that of the table, in columns.

    Where ``explained`` is true a table tells after each claim why it was made, and JSON carries it as ``explanation``.
    """
    if form == "table":
        from rasad.reports.table import Table

        return Table(stream, explained=explained, width=width)
    if form == "csv":
        return _Csv(stream)
    if form == "parquet":
        return _Parquet(stream)
    return _Array(stream, explained) if form == "json" else _Lines(stream, explained)


class _Lines:
    def __init__(self, stream: IO[bytes], explained: bool) -> None:
        self._stream = stream
        self._explained = explained

    def write(self, record: Record) -> None:
        for shown in record.shown:
            self._stream.write(_encoded(*shown, self._explained) + b"\n")
        if record.shown:
            self._stream.flush()

    def close(self) -> None:
        self._stream.flush()


class _Array:
    def __init__(self, stream: IO[bytes], explained: bool) -> None:
        self._stream = stream
        self._explained = explained
        self._before = b"[\n"

    def write(self, record: Record) -> None:
        for shown in record.shown:
            self._stream.write(self._before + _encoded(*shown, self._explained))
            self._before = b",\n"

    def close(self) -> None:
        self._stream.write(b"[]\n" if self._before == b"[\n" else b"\n]\n")
        self._stream.flush()


def _encoded(claim: Claim, explanation: Explanation | None, explained: bool) -> bytes:
    if not explained or explanation is None:
        return msgspec.json.encode(claim)
    return msgspec.json.encode({**msgspec.to_builtins(claim), "explanation": explanation})


class _Csv:
    def __init__(self, stream: IO[bytes]) -> None:
        self._text = TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
        self._writer = csv.DictWriter(self._text, [column.name for column in columns()], lineterminator="\n")
        self._writer.writeheader()

    def write(self, record: Record) -> None:
        self._writer.writerows(row(claim) for claim, _ in record.shown)
        if record.shown:
            self._text.flush()

    def close(self) -> None:
        self._text.flush()
        self._text.detach()


class _Parquet:
    def __init__(self, stream: IO[bytes]) -> None:
        import pyarrow
        from pyarrow import parquet

        kinds = {"text": pyarrow.string(), "number": pyarrow.float64(), "integer": pyarrow.int64()}
        self._schema: pyarrow.Schema = pyarrow.schema([(column.name, kinds[column.kind]) for column in columns()])
        self._table = pyarrow.Table
        self._writer = parquet.ParquetWriter(stream, self._schema, compression="zstd")
        self._rows: list[dict[str, Cell]] = []

    def write(self, record: Record) -> None:
        self._rows.extend(row(claim) for claim, _ in record.shown)
        if len(self._rows) >= BATCH:
            self._flush()

    def _flush(self) -> None:
        self._writer.write_table(self._table.from_pylist(self._rows, schema=self._schema))
        self._rows = []

    def close(self) -> None:
        if self._rows:
            self._flush()
        self._writer.close()
