"""What ``rasad run`` wrote, into a register: documents a few hundred at a time, each with its claims, in the memory of that many; then
the texts that others contain, as appearances of these. Nothing is taken on trust: a claim that does not stand in its text, or is not
what its id says, is named and left out."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import groupby, islice
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import duckdb
import fsspec
import pyarrow as pa
from pyarrow import parquet
from sqlalchemy import Engine, select

from rasad.claims import Claim, Document, claim_id, decoded, document_id
from rasad.ontology import ontology
from rasad.register.add import reader
from rasad.register.database import reading, slices, writing
from rasad.register.gather import gather
from rasad.register.schema import claims as claim_rows
from rasad.register.store import Copied, Read, Stored, readers, store, store_copies
from rasad.result import ASIDE, RUN, described, unlisted
from rasad.sources import Provenance, Skipped

Entry = TypeVar("Entry")

BATCH = 256  #: documents in one transaction
MEMORY = "256MB"  #: of the claims while they are put into the order of their documents; more is on disk
_TOLD = ("name", "text", *Provenance.__struct_fields__)
_DOCUMENT = ("id", "hash", *_TOLD, "copy_of")
_CLAIM = ("document_id", "id", "claim")
_COLUMNS = {"documents": _DOCUMENT, "claims": _CLAIM}


class LoadError(Exception):
    """A folder is not the whole result of a run; the message says why, and what to do. Nothing of it was loaded."""


class Run(NamedTuple):
    """A run that has ended: where it is, what read it, how many documents and claims it has, and what it could not read, by name."""

    place: str
    reader: str
    documents: int
    claims: int
    aside: frozenset[str]

    @property
    def older(self) -> bool:
        """Whether another version of the reader made its claims than this one."""
        return self.reader != reader()


class Loaded(NamedTuple):
    """What came of loading a run: what was stored, and what was left out, with the reasons."""

    stored: Stored
    skipped: tuple[Skipped, ...]


def run_in(place: str) -> Run:
    """The run whose result is in a folder, or at an address that fsspec knows. Raises LoadError where there is none, or not all
    of it."""
    try:
        told = described(_bytes(f"{place}/{RUN}"))
    except FileNotFoundError:
        raise LoadError(f"{place}: has no {RUN}, it is no result of `rasad run`") from None
    except (OSError, ValueError, ImportError) as error:
        raise LoadError(f"{place}/{RUN}: cannot be read ({error})") from None
    if told.report is None:
        raise LoadError(f"{place}: this run has not ended; give the same `rasad run` again, then load it")
    with _told(place):
        lines = b""
        with suppress(FileNotFoundError):
            lines = _bytes(f"{place}/{ASIDE}")
        aside = frozenset(entry.path for entry in unlisted(lines))
        sizes = {kind: sum(_size(file, columns) for file in _files(place, kind)) for kind, columns in _COLUMNS.items()}
    for kind, wanted in (("documents", told.report.about), ("claims", told.report.claims)):
        if sizes[kind] != wanted:
            raise LoadError(
                f"{place}/{kind}: has {sizes[kind]:,} rows, and {RUN} tells of {wanted:,}; something is missing: "
                "bring it whole, or run it again into a new folder"
            )
    return Run(place, told.begun.reader, sizes["documents"], sizes["claims"], aside)


def load(
    engine: Engine, run: Run, *, tell: Callable[[Skipped], None] = lambda _: None, done: Callable[[int], None] = lambda _: None
) -> Loaded:  # fmt: skip
    """Loads a run, then gathers what is new into deals. What is there already changes nothing, so that a load that was stopped is
    given again; claims of an older reader never take the place of others. ``done`` hears of how many documents are through with.
    Raises LoadError where a file of the run cannot be read to its end; what was stored until then stays."""
    stored, skipped = Stored(), list[Skipped]()

    def leave_out(entry: Skipped) -> None:
        skipped.append(entry)
        tell(entry)

    for some in _batches(_read(run, leave_out)):
        stored += store(engine, _new(engine, run, some, leave_out))
        done(len(some))
    for copied in _batches(_copies(run, leave_out)):
        printed, left = store_copies(engine, copied)
        stored += printed
        for one in left:
            leave_out(Skipped(one.document.name, f"the text that contains it ({one.of}) was not loaded"))
        done(len(copied))
    with writing(engine) as connection:
        gather(connection)
    return Loaded(stored, tuple(skipped))


class _Told(NamedTuple):
    """A document with the claims that are told of it, as JSON by id."""

    document: Document
    claims: list[tuple[str, str]]


def _read(run: Run, leave_out: Callable[[Skipped], None]) -> Iterator[_Told]:
    """The documents that were read, in their order, each with its claims."""
    with (
        _told(run.place),
        tempfile.TemporaryDirectory() as room,
        duckdb.connect(str(Path(room, "claims.duckdb"))) as engine,
    ):
        engine.execute(f"SET memory_limit = '{MEMORY}'; SET threads = 2; SET temp_directory = '{room}'")
        engine.execute("CREATE TABLE texts (id VARCHAR, place BIGINT)")
        engine.execute("CREATE TABLE told (document_id VARCHAR, id VARCHAR, claim VARCHAR)")
        at = 0
        for batch in _rows(run, "documents", ("id", "copy_of")):
            own = batch.append_column("place", pa.array(range(at, at + batch.num_rows)))
            at += batch.num_rows
            _keep(engine, "SELECT id, place FROM batch WHERE copy_of IS NULL", "texts", own)
        for batch in _rows(run, "claims", _CLAIM):
            _keep(engine, "SELECT * FROM batch", "told", batch)
        lost = "SELECT id, document_id FROM told ANTI JOIN texts ON texts.id = told.document_id ORDER BY ALL"
        for claim, document in engine.execute(lost).fetchall():
            leave_out(Skipped(f"claim {claim}", f"its text ({document}) is not among those that were read"))
        ordered = engine.sql(
            "SELECT place, told.id, claim FROM told JOIN texts ON texts.id = told.document_id ORDER BY place, told.id"
        )
        yield from _joined(run, ordered.to_arrow_reader(5_000), leave_out)


def _keep(engine: duckdb.DuckDBPyConnection, query: str, table: str, batch: pa.RecordBatch) -> None:
    engine.register("batch", pa.Table.from_batches([batch]))
    engine.execute(f"INSERT INTO {table} {query}")


def _joined(run: Run, ordered: pa.RecordBatchReader, leave_out: Callable[[Skipped], None]) -> Iterator[_Told]:
    rows = (row for batch in ordered for row in zip(*(column.to_pylist() for column in batch.columns), strict=True))
    told = groupby(rows, lambda row: row[0])
    next_at, claims = next(told, (None, ()))
    at = -1
    for row in _dicts(run):
        at += 1
        own = []
        if at == next_at:
            own = [(identifier, body) for _, identifier, body in claims]
            next_at, claims = next(told, (None, ()))
        if row["copy_of"] is None and (document := _document(row, leave_out)):
            if own or document.name not in run.aside:
                yield _Told(document, own)
            else:
                leave_out(Skipped(document.name, "the run could not read it, and set it aside"))


def _copies(run: Run, leave_out: Callable[[Skipped], None]) -> Iterator[Copied]:
    """The texts that others contain."""
    for row in _dicts(run):
        if row["copy_of"] is not None and (document := _document(row, leave_out)):
            yield Copied(document, row["copy_of"])


def _document(row: dict[str, Any], leave_out: Callable[[Skipped], None]) -> Document | None:
    document = Document(**{name: row[name] for name in _TOLD})
    if (row["id"], row["hash"]) == (document_id(document), document.hash):
        return document
    leave_out(Skipped(row["name"], f"its id ({row['id']}) is not that of its text"))
    return None


def _new(engine: Engine, run: Run, some: Sequence[_Told], leave_out: Callable[[Skipped], None]) -> list[Read]:
    """Documents as they go into the register; those that stay as they are without claims, for where they were printed."""
    with reading(engine) as connection:
        known = readers(connection, [told.document for told in some])
        elsewhere = {
            row.id: row.document
            for ids in slices([identifier for told in some for identifier, _ in told.claims])
            for row in connection.execute(
                select(claim_rows.c.id, claim_rows.c.document).where(claim_rows.c.id.in_(ids))
            )
        }
    read: list[Read] = []
    for document, told in some:
        had = known.get(document.hash)
        if had is not None and (had == run.reader or run.older):
            read.append(Read(document, had, []))
            continue
        claims: dict[str, Claim] = {}
        for identifier, body in told:
            try:
                claims[identifier] = _claim(document, body, run)
                if elsewhere.setdefault(identifier, document_id(document)) != document_id(document):
                    raise ValueError("another text has a claim of this id")
            except ValueError as error:
                claims.pop(identifier, None)
                leave_out(Skipped(f"{document.name}, claim {identifier}", str(error)))
        read.append(Read(document, run.reader, [*claims.values()]))
    return read


def _claim(document: Document, body: str, run: Run) -> Claim:
    """A claim that is what it should be. Raises ValueError, which says what it is not."""
    claim = decoded(body)
    at = claim.evidence
    frame = ontology().frames.get(claim.frame)
    if frame is None or not claim.roles.keys() <= frame.roles.keys():
        raise ValueError(f"{claim.frame} with {', '.join(claim.roles)} is no claim that Rasad knows")
    if not 0 <= at.start < at.end <= len(document.text) or document.text[at.start : at.end] != at.quote:
        raise ValueError(f"its words are not those of the text, characters {at.start} to {at.end}")
    for role, filler in claim.fillers():
        if document.text[filler.start : filler.end] != filler.text:
            raise ValueError(f"its {role} is not in the text, characters {filler.start} to {filler.end}")
    if not run.older and claim.id != claim_id(document.hash, claim):
        raise ValueError("its id is not that of what it says")
    return claim


# The files of a run.


class _File(NamedTuple):
    system: Any
    path: str

    @contextmanager
    def opened(self) -> Iterator[parquet.ParquetFile]:
        try:
            with self.system.open(self.path) as stream, parquet.ParquetFile(stream) as file:
                yield file
        except (OSError, pa.ArrowException) as error:
            raise LoadError(f"{self.path}: cannot be read ({error})") from None


def _dicts(run: Run) -> Iterator[dict[str, Any]]:
    for batch in _rows(run, "documents", _DOCUMENT):
        yield from batch.to_pylist()


def _rows(run: Run, kind: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """The rows of the documents or claims of a run, some at a time, always in the same order."""
    for file in _files(run.place, kind):
        with file.opened() as opened:
            yield from opened.iter_batches(batch_size=BATCH if "text" in columns else 5_000, columns=list(columns))


def _files(place: str, kind: str) -> list[_File]:
    system, root = fsspec.core.url_to_fs(f"{place}/{kind}")
    return [_File(system, path) for path in sorted(system.find(root)) if path.endswith(".parquet")]


def _size(file: _File, columns: Sequence[str]) -> int:
    """How many rows a file has. Raises LoadError where one of these columns is not among its own."""
    with file.opened() as opened:
        missing = [name for name in columns if name not in opened.schema_arrow.names]
        if missing:
            raise LoadError(f"{file.path}: has no column {', '.join(missing)}")
        return int(opened.metadata.num_rows)


def _bytes(address: str) -> bytes:
    system, path = fsspec.core.url_to_fs(address)
    return bytes(system.cat_file(path))


def _batches(entries: Iterator[Entry]) -> Iterator[list[Entry]]:
    while some := list(islice(entries, BATCH)):
        yield some


@contextmanager
def _told(place: str) -> Iterator[None]:
    """Turns what befalls the files of a run into a LoadError."""
    try:
        yield
    except (OSError, ValueError, pa.ArrowException, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise LoadError(f"{place}: cannot be read to its end ({str(error).splitlines()[0]})") from None
