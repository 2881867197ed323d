"""What the readers of sources pass on: what is known of a text, pieces of a source that can be read by themselves, and what is told
of those that cannot."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from rasad.claims import Document


class Problem(NamedTuple):
    """Something about a file that its reader should know, though the file was read."""

    path: str
    message: str


class Skipped(NamedTuple):
    """A file, or a part of one, that was not read, and why. ``place``: what is to be opened to try it again, where that is not
    ``path`` itself: the archive that a record stands in."""

    path: str
    reason: str
    place: str | None = None


def reader_failed(error: Exception) -> str:
    """The reason for which a text was skipped at which the reader failed: a fault of Rasad's, not of the text."""
    return f"the reader failed, please report it ({type(error).__name__}: {error})"


class Provenance(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a text beside its words."""

    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    address: str | None = None
    published: str | None = None
    language: str | None = None


class Piece(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A stretch of a source that can be turned into documents by itself, in any process.

    ``place`` is what is opened: a path, or an address such as ``s3://bucket/key``. ``form`` tells what stands there, or in ``data``
    (``text``, ``html``, ``pdf``, ``docx``, ``mail``, ``mbox``, ``feed``, ``lines``, ``parquet``, ``warc``); ``packing`` how it is
    packed (``gz``, ``zst``), of ``data`` never. With ``data`` nothing is opened. ``part`` is a range of it: of lines the bytes from
    and to, and the number of the first line; of Parquet row groups from and to, and the number of the first row.
    """

    name: str
    place: str
    form: str
    packing: str | None = None
    part: tuple[int, int, int] | None = None
    data: bytes | None = None
    encoding: str | None = None
    size: int = 0  #: bytes, as far as it is known; for sharing out the work
    stamp: str | None = None  #: of a part: what tells that the place is still what was cut (see places.stamp_of)
    columns: dict[str, str] = {}  #: of a table: what the user calls its columns
    known: Provenance = Provenance()


def with_provenance(known: Provenance, document: Document) -> Document:
    """A document with what is known of it, where it does not tell itself."""
    fields = {name: getattr(document, name) or value for name, value in msgspec.structs.asdict(known).items()}
    return msgspec.structs.replace(document, **fields)
