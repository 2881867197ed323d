"""The two functions that every engine carries batches to: pieces of sources into the documents that may have claims, and documents
into claims. Arrow in, Arrow out, no state: the same on a core of this machine and on a worker of a cluster.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import pyarrow as pa

from rasad.claims import Document, document_id
from rasad.reading import may_claim, read_document
from rasad.reading.identify import identify
from rasad.reading.screen import screen
from rasad.reports.rows import columns, row
from rasad.sources import Piece, Problem, Provenance, Skipped
from rasad.sources.copies import marks
from rasad.sources.markup import NO_TEXT, sift_markup
from rasad.sources.origins import origin
from rasad.sources.pieces import reader_failed
from rasad.sources.splits import documents_of

_TOLD = ("name", "text", *Provenance.__struct_fields__)

PIECES: pa.Schema = pa.schema([pa.field("piece", pa.binary(), nullable=False)])

#: A text that the screen lets through. ``origin``: whom it credits; ``signature``, ``story_start`` and ``story_end``: see
#: rasad.sources.copies; ``copies``: its group of near-copies; ``copy_of``: the document that has all that it says, and is read in its
#: place (its own id: the same text elsewhere).
DOCUMENTS: pa.Schema = pa.schema(
    [
        *(pa.field(name, pa.string(), nullable=False) for name in ("id", "hash", "name", "text")),
        *((name, pa.string()) for name in (*Provenance.__struct_fields__, "origin")),
        ("signature", pa.binary()),
        ("story_start", pa.int32()),
        ("story_end", pa.int32()),
        *((name, pa.string()) for name in ("copies", "copy_of")),
    ]
)

COUNTS = ("texts", "bytes", "foreign", "empty")

#: What sifting gives: documents (``kind`` is document), what was set aside and what is to be told (aside, remark: ``name``,
#: ``place`` and the words in ``fault``), and for each batch the counts (counts): texts looked at, the bytes of their pieces, texts about
#: arms in a language that Rasad does not read, pages without a text.
SIFTED: pa.Schema = pa.schema(
    [
        ("kind", pa.string()),
        *((field.name, field.type) for field in DOCUMENTS if field.name not in ("copies", "copy_of")),
        ("fault", pa.string()),
        ("place", pa.string()),
        *((name, pa.int64()) for name in COUNTS),
    ]
)

_KINDS = {"text": pa.string(), "number": pa.float64(), "integer": pa.int64()}

#: A claim a row, as in docs/claims.md, with the id of its document. A document at which the reader failed is a row of its own, with
#: ``fault`` and nothing else.
CLAIMS: pa.Schema = pa.schema(
    [
        *((column.name, _KINDS[column.kind]) for column in columns()),
        ("document_id", pa.string()),
        ("fault", pa.string()),
    ]
)


def pieces_batch(pieces: Iterable[Piece]) -> pa.RecordBatch:
    """Pieces as a batch of :data:`PIECES`."""
    return pa.record_batch([pa.array([msgspec.msgpack.encode(piece) for piece in pieces], pa.binary())], schema=PIECES)


def pieces_in(batch: pa.RecordBatch) -> Iterator[Piece]:
    """The pieces of a batch."""
    yield from (msgspec.msgpack.decode(piece, type=Piece) for piece in batch.column("piece").to_pylist())


def sift(pieces: pa.RecordBatch) -> pa.RecordBatch:
    """The documents of pieces (:data:`PIECES`) that may have claims, with what else is to be told of them (:data:`SIFTED`). Most of
    the world's news ends here."""
    rows: list[dict[str, Any]] = []
    counts = dict.fromkeys(COUNTS, 0)
    for piece in pieces_in(pieces):
        counts["bytes"] += piece.size
        for entry in _documents(piece):
            if entry is None:
                counts["texts"] += 1
            elif isinstance(entry, Document):
                counts["texts"] += 1
                rows.extend(_let_through(entry, counts))
            elif isinstance(entry, Skipped) and entry.reason == NO_TEXT:
                counts["empty"] += 1
            else:
                rows.append(told_row(entry, piece.place))
    rows.append({"kind": "counts", **counts})
    return pa.RecordBatch.from_pylist(rows, schema=SIFTED)


def told_row(entry: Problem | Skipped, place: str | None = None) -> dict[str, Any]:
    """The row of :data:`SIFTED` for what could not be read, or is to be told of what was; ``place``: where it stands, if that is
    known."""
    if isinstance(entry, Problem):
        return {"kind": "remark", "name": entry.path, "fault": entry.message, "place": place}
    return {"kind": "aside", "name": entry.path, "fault": entry.reason, "place": entry.place or place or entry.path}


def _documents(piece: Piece) -> Iterator[Document | Problem | Skipped | None]:
    """The documents of a piece; None for a page of which the screen lets nothing through."""
    try:
        if piece.form == "html" and piece.data is not None:
            yield sift_markup(piece.name, piece.data, piece.encoding, piece.known)
        else:
            yield from documents_of(piece)
    except Exception as error:  # a fault in a library costs one piece, not the run
        yield Skipped(piece.name, f"cannot be read ({type(error).__name__}: {error})", piece.place)


def _let_through(document: Document, counts: dict[str, int]) -> Iterator[dict[str, Any]]:
    hits = screen(document.text)
    if hits is None:
        return
    language = document.language or identify(document.text)
    if language is None:
        counts["foreign"] += 1
        return
    if not may_claim(document.text, language, hits):
        return
    told = marks(document.text)
    yield {
        "kind": "document", "id": document_id(document), "hash": document.hash,
        **{name: _sound(getattr(document, name)) for name in _TOLD},
        "language": language, "origin": origin(document.text, language), "signature": told.signature,
        "story_start": told.start, "story_end": told.end,
    }  # fmt: skip


def _sound(text: str | None) -> str | None:
    """A text that UTF-8 can hold."""
    if text is None or text.isascii():
        return text
    return text.encode("utf-8", "replace").decode()


def documents_in(batch: pa.RecordBatch | pa.Table) -> Iterator[Document]:
    """The documents of a batch of :data:`DOCUMENTS`, or of any table with a column ``text``."""
    held = [name for name in _TOLD if name in batch.schema.names]
    for number, fields in enumerate(batch.select(held).to_pylist()):
        yield Document(**{"name": str(number)} | fields)


def claims_of(documents: pa.RecordBatch) -> pa.RecordBatch:
    """The claims (:data:`CLAIMS`) of documents (:data:`DOCUMENTS`, or any batch with a column ``text``), in their order."""
    rows: list[dict[str, Any]] = []
    for document in documents_in(documents):
        identifier = document_id(document)
        try:
            rows.extend({**row(claim), "document_id": identifier} for claim in read_document(document))
        except Exception as error:  # a fault of the reader costs one document, not the run
            rows.append({"document": document.name, "document_id": identifier, "fault": reader_failed(error)})
    return pa.RecordBatch.from_pylist(rows, schema=CLAIMS)
