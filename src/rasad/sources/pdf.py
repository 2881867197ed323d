"""PDF documents: their text in the order it is read in, in whole paragraphs, with what they tell of themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from threading import Lock
from typing import TYPE_CHECKING

from rasad.claims import Document
from rasad.sources.paragraphs import Line, paragraphs, without_heads
from rasad.sources.pdf_lines import lines_of
from rasad.sources.pieces import Problem, Provenance, Skipped, with_provenance
from rasad.sources.properties import author_of, made, title_of

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument  # type: ignore[import-untyped]

PAGES = 5_000  #: that a document may have
CHARACTERS = 20_000_000  #: that its text may have
NO_TEXT = "a PDF without a text: its pages are pictures, and Rasad does not read pictures"
_LOCK = Lock()  # PDFium works for one thread at a time


def from_pdf(name: str, data: bytes, known: Provenance = Provenance()) -> Iterator[Document | Problem | Skipped]:
    """The text of a PDF with its title, author and date of making, where these are sound. Running heads, page numbers and the vowel
    signs of Arabic are left out, words that the end of a line broke are joined. Pictures are not read; a page that is broken is named
    in a Problem."""
    with _LOCK:
        found = _read(name, data)
    for entry in found:
        yield with_provenance(known, entry) if isinstance(entry, Document) else entry


def _read(name: str, data: bytes) -> list[Document | Problem | Skipped]:
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        return [Skipped(name, "a PDF locked with a password" if locked else "a broken PDF: it cannot be opened")]
    try:
        if len(pdf) > PAGES:
            return [Skipped(name, f"a PDF of {len(pdf):,} pages; at most {PAGES:,} are read")]
        return _document(name, data, pdf)
    finally:
        pdf.close()


def _document(name: str, data: bytes, pdf: PdfDocument) -> list[Document | Problem | Skipped]:
    pages: list[list[Line]] = []
    broken: list[str] = []
    characters = 0
    for number, lines in enumerate(_pages(pdf), 1):
        if lines is None:
            broken.append(str(number))
            continue
        characters += sum(len(line.text) for line in lines)
        if characters > CHARACTERS:
            return [Skipped(name, f"a PDF with more than {CHARACTERS:,} characters; give it in parts")]
        pages.append(lines)
    bodies = [*without_heads(pages)]
    text = "\n\n".join(paragraphs(bodies if any(bodies) else pages))
    if not any(c.isalpha() for c in text):
        return [Skipped(name, "a broken PDF: no page of it can be read" if broken and not pages else NO_TEXT)]
    told = pdf.get_metadata_dict()
    described = _described(data)
    found = Document(
        name=name, text=text, title=title_of(told.get("Title") or described.get("title")),
        author=author_of(told.get("Author") or described.get("creator")),
        published=made(_iso(told.get("CreationDate")), _iso(told.get("ModDate"))),
    )  # fmt: skip
    return [Problem(name, f"broken pages were left out: {', '.join(broken)}"), found] if broken else [found]


def _described(data: bytes) -> dict[str, str]:
    """The title and the creators in the description of a PDF (XMP), which version 2.0 has in place of the information: ISO 16684-1
    keeps it unpacked so that it can be found without reading the PDF."""
    from lxml.etree import XMLParser, XMLSyntaxError, fromstring  # type: ignore[import-untyped]

    start, end = data.rfind(b"<x:xmpmeta"), data.rfind(b"</x:xmpmeta>")
    if not 0 <= start < end:
        return {}
    try:
        tree = fromstring(data[start : end + 12], XMLParser(resolve_entities=False, no_network=True))
    except XMLSyntaxError:
        return {}
    space = {"dc": "http://purl.org/dc/elements/1.1/", "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#"}
    told = {name: tree.findall(f".//dc:{name}//rdf:li", space) for name in ("title", "creator")}
    return {name: "; ".join(one.text for one in found if one.text) for name, found in told.items()}


def _iso(given: str | None) -> str | None:
    """The day in a date such as ``D:20240305101500+03'00'`` (ISO 32000-1, 7.9.4)."""
    match = re.match(r"(?:D:)?(\d{4})(\d\d)(\d\d)", given or "")
    return "-".join(match.groups()) if match else None


def _pages(pdf: PdfDocument) -> Iterator[list[Line] | None]:
    """The lines of each page; None for one that is broken."""
    import pypdfium2

    for number in range(len(pdf)):
        try:
            page = pdf[number]
            text = page.get_textpage()
        except pypdfium2.PdfiumError:
            yield None
            continue
        try:
            yield list(lines_of(text))
        finally:
            text.close()
            page.close()
