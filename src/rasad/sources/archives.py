"""Archives of the web (WARC, ISO 28500), such as the Internet Archive and Common Crawl keep: the pages in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from email.message import Message
from functools import partial
from io import BytesIO
from typing import IO, TYPE_CHECKING

import msgspec

from rasad.sources.forms import TYPES
from rasad.sources.markup import host_of
from rasad.sources.packed import PackingError, check_measure
from rasad.sources.pieces import Piece, Problem, Provenance, Skipped

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

LARGEST = 64 * 2**20  #: bytes of a record, packed and unpacked; a larger one is passed over


def records(
    name: str, place: str, file: IO[bytes], known: Provenance = Provenance()
) -> Iterator[Piece | Problem | Skipped]:
    """The pages, plain texts, PDFs and Word documents of an archive, plain or packed, in their order, named ``name#OFFSET`` by where the record
    begins in the file (``name#OFFSET+1`` …, where several are packed as one). Each has the address that it was fetched from, and the
    name of the host as outlet where none is known.

    Passed over are requests, metadata, visits that found nothing new, and answers other than 200. When a page was fetched is not
    when it was published, and is not kept. A record that is too large is named, and never held. What stands before the place at
    which an archive is broken is given.
    """
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    wanted = (WarcRecordType.response, WarcRecordType.resource)
    where, at, within, given = name, -1, 0, 0
    try:
        for record in ArchiveIterator(file, parse_http=False, fsspec_args=False):
            within = within + 1 if record.stream_pos == at else 0
            at = record.stream_pos
            where = f"{name}#{at}+{within}" if within else f"{name}#{at}"
            if not (record.headers.get("WARC-Type") and record.headers.get("Content-Length")):
                yield Skipped(where, "no whole record of an archive: it is broken, or breaks off", place)
            elif record.record_type in wanted and record.content_length > LARGEST:
                size = f"{record.content_length / 2**20:,.0f} MB"
                yield Skipped(where, f"a record of {size}; more than {LARGEST >> 20} are not read", place)
            elif record.record_type in wanted:
                given += record.content_length
                check_measure(given, file.tell())
                yield from _record(where, place, record, known)
    except (OSError, PackingError) as error:
        yield Skipped(where, f"broken in this record or after it: {error}", place)


def _record(name: str, place: str, record: WarcRecord, known: Provenance) -> Iterator[Piece | Problem | Skipped]:
    told = _headers(record)
    form = TYPES.get(told.get_content_type()) if told is not None and "Content-Type" in told else None
    if told is None or form is None:
        return
    length = record.content_length
    data = record.reader.read(length)
    if len(data) < length:
        yield Skipped(name, "breaks off", place)
        return
    body = _decoded(data, told)
    if isinstance(body, str):
        yield Skipped(name, body, place)
        return
    if record.headers.get("WARC-Truncated"):
        yield Problem(name, "was cut off when it was fetched; what there is of it is read")
    address = (record.headers.get("WARC-Target-URI") or "").strip("<>")
    host = host_of(address)
    yield Piece(
        name=name, place=place, form=form, data=body, encoding=told.get_content_charset(), size=len(body),
        known=msgspec.structs.replace(known, address=address or known.address, outlet=known.outlet or host or None),
    )  # fmt: skip


def _headers(record: WarcRecord) -> Message | None:
    """What is told of the content of a record; None for an answer other than 200."""
    told = Message()
    if not record.is_http:
        told["Content-Type"] = record.headers.get("Content-Type") or ""
        return told if record.headers["WARC-Type"].lower() == "resource" else None
    record.parse_http()
    if record.http_headers is None or record.http_headers.status_code != 200:
        return None
    for field in ("Content-Type", "Transfer-Encoding", "Content-Encoding"):
        told[field] = record.http_headers.get(field) or ""
    return told


def _decoded(data: bytes, told: Message) -> bytes | str:
    """The content of an answer without what it was packed in on its way; or why it cannot be had. Many crawlers unpack it and leave
    the header that says how it was packed, so that what does not begin as the header says is taken as it is."""
    from fastwarc import stream_io

    readers: dict[str, tuple[bytes, Callable[[BytesIO], stream_io.WarcReader]]] = {
        "chunked": (rb"[0-9A-Fa-f]+[ \t]*(?:;[^\r\n]*)?\r\n", stream_io.ChunkedReader),
        "gzip": (rb"\x1f\x8b", stream_io.GzipReader),
        "x-gzip": (rb"\x1f\x8b", stream_io.GzipReader),
        "deflate": (rb"[\x08-\x78][\x01\x5e\x9c\xda]", partial(stream_io.GzipReader, zlib=True)),
        "br": (rb"(?!\s*<|%PDF)", stream_io.BrotliReader),
        "zstd": (rb"\x28\xb5\x2f\xfd", stream_io.ZstdReader),
    }
    packed = f"{told['Content-Encoding']},{told['Transfer-Encoding']}".lower().replace(" ", "").split(",")
    try:
        for begins, reader in (readers[coding] for coding in reversed(packed) if coding in readers):
            if re.match(begins, data):
                data = reader(BytesIO(data)).read(LARGEST + 1)
    except OSError as error:
        return f"what it was packed in on its way cannot be unpacked ({str(error)[:100]})"
    return data if len(data) <= LARGEST else f"unpacks to more than {LARGEST >> 20} MB"
