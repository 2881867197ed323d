"""Word documents (.docx): paragraphs and tables in the order they stand in, as the text reads once every tracked change is accepted."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from rasad.claims import Document
from rasad.sources.pieces import Provenance, Skipped, with_provenance
from rasad.sources.properties import author_of, made, title_of

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

UNPACKED = 128 * 2**20  #: bytes that all parts of a document may have together, by the directory of the archive
RATIO = 250  #: how many times larger they may be than the file, from :data:`SMALL` on
SMALL = 8 * 2**20
_OLE = b"\xd0\xcf\x11\xe0"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEFT_OUT = frozenset(
    {f"{_W}{name}" for name in ("del", "moveFrom", "pPr", "instrText", "delText", "txbxContent")}
    | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
)  # a text box stands beside the paragraph that it is tied to; its paragraphs come after it
_WRITTEN = {f"{_W}tab": " ", f"{_W}br": " ", f"{_W}cr": " ", f"{_W}noBreakHyphen": "-"}


def from_docx(name: str, data: bytes, known: Provenance = Provenance()) -> Document | Skipped:
    """The text of a Word document with its title, author and day, where its properties are sound. The cells of a row of a table stand in
    one line, footnotes and endnotes at the end. What tracked changes deleted is out, what they inserted is in; comments, hidden text,
    heads and feet of pages are left out."""
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import LxmlError  # type: ignore[import-untyped]

    if (fault := _fault(data)) is not None:
        return Skipped(name, fault)
    try:
        word = docx.Document(BytesIO(data))
        paragraphs = [*_paragraphs(word.element.body), *_notes(word)]
    except ValueError:
        return Skipped(name, "an archive (ZIP), but not with a Word document in it")
    except (
        BadZipFile,
        PackageNotFoundError,
        LxmlError,
        zlib.error,
        KeyError,
        EOFError,
        OSError,
        RuntimeError,
        AttributeError,
    ):
        return Skipped(name, "a broken Word document: parts of it are missing or cannot be unpacked")
    text = "\n\n".join(paragraphs)
    if not text:
        return Skipped(name, "a Word document without a text")
    return with_provenance(known, _described(name, text, word))


def _fault(data: bytes) -> str | None:
    """Why this is no archive to be opened, told before anything is unpacked."""
    if data.startswith(_OLE):
        if _LOCKED in data:
            return "a Word document locked with a password"
        return "an old Word document (.doc); save it as .docx"
    try:
        with ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
    except (BadZipFile, ValueError, NotImplementedError):
        return "a broken Word document: no archive (ZIP) that can be opened"
    size = sum(part.file_size for part in parts)
    if size > UNPACKED or size > max(SMALL, RATIO * len(data)):
        return f"unpacks to {size / 2**20:,.0f} MB, which no Word document of this size does"
    if any(part.flag_bits & 1 for part in parts):
        return "an archive (ZIP) locked with a password"
    return None


def _paragraphs(parent: Any) -> Iterator[str]:
    """The paragraphs and the rows of tables in an element of WordprocessingML (ISO/IEC 29500-1, 17)."""
    held = ""
    for child in parent:
        if child.tag == f"{_W}p":
            held += "".join(_runs(child))
            if child.find(f"{_W}pPr/{_W}rPr/{_W}del") is not None:  # its end was deleted: it goes on in the next
                continue
            if paragraph := " ".join(held.split()):
                yield paragraph
            held = ""
            for box in child.iter(f"{_W}txbxContent"):
                if not any(above.tag in _LEFT_OUT for above in box.iterancestors()):
                    yield from _paragraphs(box)
        elif child.tag == f"{_W}tbl":
            yield from _rows(child)
        elif child.tag not in _LEFT_OUT:  # a content control, an insertion, a custom element around paragraphs
            yield from _paragraphs(child)
    if paragraph := " ".join(held.split()):
        yield paragraph


def _rows(table: Any) -> Iterator[str]:
    for row in table.iter(f"{_W}tr"):
        if next(row.iterancestors(f"{_W}tbl")) is not table or row.find(f"{_W}trPr/{_W}del") is not None:
            continue
        cells = (
            " ".join(_paragraphs(cell)) for cell in row.iter(f"{_W}tc") if next(cell.iterancestors(f"{_W}tr")) is row
        )
        if line := " | ".join(filter(None, cells)):
            yield line


def _runs(element: Any) -> Iterator[str]:
    """The words of a paragraph."""
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _WRITTEN:
            yield _WRITTEN[child.tag]
        elif child.tag not in _LEFT_OUT and not _is_hidden(child):
            yield from _runs(child)


def _is_hidden(run: Any) -> bool:
    hidden = run.find(f"{_W}rPr/{_W}vanish") if run.tag == f"{_W}r" else None
    return hidden is not None and hidden.get(f"{_W}val", "true") not in ("0", "false", "off")


def _notes(word: WordDocument) -> Iterator[str]:
    from docx.opc.constants import RELATIONSHIP_TYPE as RELATIONS
    from lxml.etree import XMLParser, fromstring

    for relation in (RELATIONS.FOOTNOTES, RELATIONS.ENDNOTES):
        with suppress(KeyError):  # it has none
            part = word.part.part_related_by(relation)
            for note in fromstring(part.blob, XMLParser(resolve_entities=False, no_network=True)):
                if note.get(f"{_W}type", "normal") == "normal":  # not the line above the notes
                    yield from _paragraphs(note)


def _described(name: str, text: str, word: WordDocument) -> Document:
    from docx.opc.constants import RELATIONSHIP_TYPE as RELATIONS

    headed = next((p.text for p in word.paragraphs[:20] if p.style is not None and p.style.name == "Title"), None)
    try:
        word.part.package.part_related_by(RELATIONS.CORE_PROPERTIES)  # python-docx makes some up where there are none
        told = word.core_properties
        days = None if told.author == "python-docx" else made(_day(told.created), _day(told.modified))
        return Document(
            name=name, text=text, title=title_of(told.title) or title_of(headed), author=author_of(told.author), published=days
        )  # fmt: skip
    except (KeyError, ValueError):
        return Document(name=name, text=text, title=title_of(headed))


def _day(given: datetime | None) -> str | None:
    return None if given is None else given.date().isoformat()
