"""PDF documents: their text in the order it is read in, in whole paragraphs.

A PDF knows glyphs and where they stand, not words, lines or paragraphs. PDFium gives the characters with their places; here lines
become paragraphs again. Lines with Arabic are read off by the places alone and turned into logical order, the reverse of what the
Unicode bidirectional algorithm (https://www.unicode.org/reports/tr9/) does for showing.
"""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from statistics import median
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from rasad.claims import Document
from rasad.sources.pieces import Problem, Provenance, Skipped, with_provenance
from rasad.sources.properties import author_of, made, title_of

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfTextPage  # type: ignore[import-untyped]

PAGES = 5_000  #: that a document may have
CHARACTERS = 20_000_000  #: that its text may have
NO_TEXT = "a PDF without a text: its pages are pictures, and Rasad does not read pictures"

_RTL = "\u0590-\u065f\u066a\u066d-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_RTL_LETTER = re.compile(f"[{_RTL}]")
_LTR_LETTER = re.compile(rf"[^\W\d_{_RTL}]")
_NOT_RTL = re.compile(f"[^{_RTL}]+")
_LTR_RUN = re.compile(rf"[^\W_{_RTL}].*[^\W_{_RTL}]", re.DOTALL)
_NOT_LTR = re.compile(rf"[{_RTL}](?:[^\w]*[{_RTL}])*")
_OPENED = re.compile(r"(?<!\S)[)\]»](?=\w)")
_CLOSED = re.compile(r"(?<=\w)[(\[«](?![\w])")
_MIRRORED = {"(": ")", ")": "(", "[": "]", "]": "[", "«": "»", "»": "«"}
_NUMBER = re.compile(r"\d+(?:[.,:/\u066b\u066c]\d+)*")
_MARK = re.compile("[\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed]")
_FORMS = re.compile("[\ufb00-\ufb4f\ufb50-\ufdff\ufe70-\ufefc]+")
_HYPHENS = "\x02\ufffe\u00ad"  #: PDFium writes one of the first two for a hyphen at the end of a line
_BREAK = re.compile(f"\r\n?|\n|(?<=[{_HYPHENS}])")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u00ad\ufffe\uffff\ufeff]")
_END = re.compile(r"(?:[.!?؟…:]|(?<!\d)\.\d{1,2})[\"'»”’)\]]*$")  # with the number of a footnote
_ITEM = re.compile(r"[•●▪■◦‣·*–—-]\s|\(?\d{1,2}[.)]\s")
_FOLIO = re.compile(r"\W*(?:\d{1,4}|(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3}))(?:\W+\d{1,4})?\W*", re.IGNORECASE)
#: Of the pages must bear a head, and a second one under it: odd and even pages, and chapters, have their own.
_HEADS = (1 / 5, 1 / 2)
_LOCK = Lock()  # PDFium works for one thread at a time


class _Line(NamedTuple):
    """A line of a page: its text, where it begins and ends, its baseline, the size of its type (points, from the left and the foot of
    the page), whether a hyphen broke its last word, and whether it runs from right to left."""

    text: str
    left: float
    right: float
    base: float
    size: float
    hyphen: bool
    turned: bool


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
    pages: list[list[_Line]] = []
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
    bodies = [*_without_heads(pages)]
    text = "\n\n".join(_paragraphs(bodies if any(bodies) else pages))
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


def _pages(pdf: PdfDocument) -> Iterator[list[_Line] | None]:
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
            yield list(_lines(text))
        finally:
            text.close()
            page.close()


def _lines(page: PdfTextPage) -> Iterator[_Line]:
    """The lines of a page in the order in which they were set."""
    total = page.count_chars()
    text = page.get_text_range(0, total) if total else ""
    if len(text) != total:  # beyond the basic plane
        text = "".join(map(chr, (_raw().FPDFText_GetUnicode(page, at) for at in range(total))))
    turned = bool(_RTL_LETTER.search(text))
    if turned:
        yield from _turned_lines(page, text)
        return
    for start, end in _stretches(text):
        first, last = _Place(page, start), _Place(page, end - 1)
        line = text[start:end]
        yield _Line(
            _clean(line), first.left, last.right, first.base, first.size, _is_broken(line, text, end), turned=False
        )


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Where the lines begin and end, blanks around them left out."""
    start = 0
    for end, after in [*((m.start(), m.end()) for m in _BREAK.finditer(text)), (len(text), len(text))]:
        line = text[start:end]
        if line.strip():
            yield start + len(line) - len(line.lstrip()), start + len(line.rstrip())
        start = after


def _is_broken(line: str, text: str, end: int) -> bool:
    """Whether a hyphen at the end of the line broke a word."""
    if line[-1] in _HYPHENS:
        return True
    following = text[end:].lstrip()[:1] if line[-1] in "-‐" and line[-2:-1].isalpha() else ""
    return following.isalpha()


def _turned_lines(page: PdfTextPage, text: str) -> Iterator[_Line]:
    """The lines of a page with Arabic, read off by the places of the characters: the order that PDFium guesses for short lines, digits
    and vowel signs is not reliable."""
    held: list[tuple[str, _Place]] = []
    turned = _runs_left(text)
    for start, end in _stretches(text):
        seen = _seen(page, text, start, end)
        if not seen:
            continue
        if held and not _beside(held, seen):
            yield _read_off(held, turned)
            held = []
        held += seen
    if held:
        yield _read_off(held, turned)


def _seen(page: PdfTextPage, text: str, start: int, end: int) -> list[tuple[str, _Place]]:
    """The characters of a stretch with their places. Vowel signs are left out; and where the glyph of a sign alone tells its letter
    too, which the glyph of the letter tells already, that one as well."""
    found: list[tuple[str, _Place]] = []
    placed = [(text[at], place) for at in range(start, end) if not (place := _Place(page, at)).generated]
    base = median(place.base for _, place in placed) if placed else 0.0
    for _, group in groupby(placed, key=lambda one: (one[1].left, one[1].right, one[1].base)):
        glyph = [(c, place) for c, place in group if not _is_of_sign(text, c, place, base)]
        if (
            glyph and glyph[0][0] != "ل"
        ):  # its letters in the order of the rest, from the right; none begins with an alif
            glyph.reverse()
        found += glyph
    return found


def _is_of_sign(text: str, c: str, place: _Place, base: float) -> bool:
    """Whether this is a letter that the glyph of a vowel sign tells."""
    shifted = abs(place.base - base) > 0.02
    near = shifted or _MARK.search(text[max(0, place.at - 3) : place.at + 4])
    return bool(near and _RTL_LETTER.match(c)) and place.floats


def _beside(held: Sequence[tuple[str, _Place]], seen: Sequence[tuple[str, _Place]]) -> bool:
    """Whether what is seen stands in the same line as what is held."""
    before, after = [p for c, p in held if not c.isspace()], [p for c, p in seen if not c.isspace()]
    if not before or not after:
        return True
    size = before[0].size
    gap = max(
        min(p.left for p in after) - max(p.right for p in before),
        min(p.left for p in before) - max(p.right for p in after),
    )
    return abs(median(p.base for p in before) - median(p.base for p in after)) < size / 3 and gap < 3 * size


def _runs_left(text: str) -> bool:
    return len(_RTL_LETTER.findall(text)) >= len(_LTR_LETTER.findall(text))


def _read_off(seen: Sequence[tuple[str, _Place]], turned: bool) -> _Line:
    """A line from the characters at their places; ``turned``: on a page that runs from right to left."""
    shown = [(c, place) for c, place in seen if not c.isspace()]
    if not shown:
        return _Line("", 0.0, 0.0, seen[0][1].base, seen[0][1].size, hyphen=False, turned=True)
    size = median(place.size for _, place in shown)
    ordered = sorted(seen, key=lambda one: -one[1].centre)
    text, before = "", None
    for c, place in ordered:
        if before is not None and before.left - place.right > 0.15 * size and not text.endswith(" "):
            text += " "
        text += "" if _MARK.match(c) else c
        before = place
    turned = turned or _runs_left(text)
    text = _logical(text) if turned else _NOT_LTR.sub(lambda m: m[0][::-1], text[::-1])
    return _Line(
        _brackets(_clean(text)), min(p.left for _, p in shown), max(p.right for _, p in shown), median(p.base for _, p in shown), size,
        hyphen=False, turned=turned,
    )  # fmt: skip


def _brackets(text: str) -> str:
    """Brackets and quotation marks as they open and close: of what runs from right to left some PDFs tell the mirror image."""
    return _CLOSED.sub(lambda m: _MIRRORED[m[0]], _OPENED.sub(lambda m: _MIRRORED[m[0]], text))


def _logical(text: str) -> str:
    """A line read off from right to left, with what runs from left to right in it turned back: words of other scripts with their
    numbers, and numbers."""

    def turned(stretch: re.Match[str]) -> str:
        if _LTR_LETTER.search(stretch[0]):
            return _LTR_RUN.sub(lambda m: m[0][::-1], stretch[0])
        return _NUMBER.sub(lambda m: m[0][::-1], stretch[0])

    return _NOT_RTL.sub(turned, text)


class _Place:
    """Where a character stands on its page, in points from the left and the foot."""

    __slots__ = ("at", "base", "left", "page", "right", "size")

    def __init__(self, page: PdfTextPage, at: int) -> None:
        raw = _raw()
        box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
        raw.FPDFText_GetLooseCharBox(page, at, box)
        raw.FPDFText_GetCharOrigin(page, at, x, y)
        self.page, self.at = page, at
        self.left: float = box.left
        self.right: float = box.right
        self.base: float = y.value
        self.size: float = raw.FPDFText_GetFontSize(page, at) or 1.0

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2

    @property
    def generated(self) -> bool:
        """Whether PDFium added it, a blank or the end of a line: such have no width."""
        return self.right <= self.left

    @property
    def floats(self) -> bool:
        """Whether its glyph stands above or below the line, as vowel signs do."""
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        _raw().FPDFText_GetCharBox(self.page, self.at, left, right, bottom, top)
        return bool(bottom.value > self.base + self.size / 5 or top.value < self.base)


def _raw() -> Any:
    import pypdfium2.raw  # type: ignore[import-untyped]

    return pypdfium2.raw


def _clean(text: str) -> str:
    """Ligatures and the shapes of Arabic letters as the letters they stand for; blanks as single ones."""
    formed = _FORMS.sub(lambda m: unicodedata.normalize("NFKC", m[0]), text)
    return " ".join(_UNSEEN.sub("", formed).split())


def _without_heads(pages: Sequence[Sequence[_Line]]) -> Iterator[list[_Line]]:
    """The pages without the heads and feet that come again on others, and without their numbers."""
    seen = Counter(
        text for page in pages for text in {_same(line.text) for row in _outermost(_rows(page)) for line in row}
    )

    def goes(row: Sequence[_Line], share: float) -> bool:
        enough = max(2, share * len(pages))
        return all(_FOLIO.fullmatch(line.text) or seen[_same(line.text)] >= enough for line in row)

    for page in pages:
        rows = _rows(page)
        for last in (0, -1):
            for share in _HEADS:
                if not rows or not goes(rows[last], share):
                    break
                del rows[last]
        stays = {line for row in rows for line in row}
        yield [line for line in page if line in stays]


def _rows(page: Sequence[_Line]) -> list[list[_Line]]:
    """The lines of a page by their height, from the top."""
    order = sorted(page, key=lambda line: -line.base)
    return [[*row] for _, row in groupby(order, key=lambda line: round(line.base / 2))]


def _outermost(rows: list[list[_Line]]) -> list[list[_Line]]:
    most = len(_HEADS)
    return rows if len(rows) <= 2 * most else [*rows[:most], *rows[-most:]]


def _same(text: str) -> str:
    return re.sub(r"\d+", "#", text)


class _Setting(NamedTuple):
    """How the lines around a line are set: the number of their block, their margins, and how far they stand from each other, where
    enough of them tell."""

    block: int
    left: float
    right: float
    leading: float
    sure: bool


def _paragraphs(pages: Iterable[Sequence[_Line]]) -> Iterator[str]:
    """The lines as paragraphs, over columns and pages."""
    blocks = enumerate(block for page in pages for block in _blocks(page))
    lines = [line for number, block in blocks for line in _measured(number, block)]
    whole = {word for line, _ in lines for word in re.findall(r"[^\W\d_]+-[^\W\d_]+", line.text)}
    held: list[_Line] = []
    before: tuple[_Line, _Setting] | None = None
    for at, one in enumerate(lines):
        if before is not None and _begins(before, one, lines[at + 1][0] if at + 1 < len(lines) else None):
            yield _joined(held, whole)
            held = []
        held.append(one[0])
        before = one
    if held:
        yield _joined(held, whole)


def _blocks(page: Sequence[_Line]) -> Iterator[list[_Line]]:
    """Runs of lines that go down the page: columns, where the text has such."""
    block: list[_Line] = []
    for line in page:
        if block and line.base > block[-1].base + line.size / 2:
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _measured(number: int, block: Sequence[_Line]) -> Iterator[tuple[_Line, _Setting]]:
    """Each line with how its block is set."""
    lefts = Counter(round(line.left) for line in block)
    rights = Counter(round(line.right) for line in block)
    left = min((x for x, n in lefts.items() if n > 1), default=min(lefts))
    right = max((x for x, n in rights.items() if n > 1), default=max(rights))
    steps: dict[int, list[float]] = {}
    for above, line in pairwise(block):
        if round(above.size) == round(line.size) and above.base - line.base > line.size / 2:
            steps.setdefault(round(line.size), []).append(above.base - line.base)
    for line in block:
        usual = 1.3 * line.size
        own = sorted(steps.get(round(line.size), [usual]))
        sure = len(own) > 2
        yield line, _Setting(number, left, right, own[len(own) // 4] if sure else min(own[0], usual), sure)


def _begins(above: tuple[_Line, _Setting], this: tuple[_Line, _Setting], after: _Line | None) -> bool:
    """Whether a line begins a paragraph."""
    (before, set_before), (line, setting) = above, this
    if before.hyphen:
        return False
    if abs(before.size - line.size) > 0.1 * line.size or _ITEM.match(line.text):
        return True
    ended = bool(_END.search(before.text))
    short = _free(before, set_before) / ((set_before.right - set_before.left) or 1)
    step = before.base - line.base
    if setting.block != set_before.block or step > 8 * line.size:  # in another column, on another page
        return ended or short > 0.3
    if step > 1.3 * setting.leading and (setting.sure or ended or short > 0.15):
        return True
    indent = _indent(line, setting)
    margin = min(_indent(before, set_before), _indent(after, setting) if after is not None else 0.0)
    indented = indent > 0.7 * line.size and margin < indent - line.size / 2
    return (ended and (short > 0.15 or indented)) or (short > 0.15 and indented)


def _indent(line: _Line, setting: _Setting) -> float:
    return setting.right - line.right if line.turned else line.left - setting.left


def _free(line: _Line, setting: _Setting) -> float:
    """How much of a line is left free at its end."""
    return line.left - setting.left if line.turned else setting.right - line.right


def _joined(lines: Sequence[_Line], whole: set[str]) -> str:
    """The lines of a paragraph as one. A broken word keeps its hyphen where it stands with it elsewhere, and before a number or a
    capital."""
    text = ""
    broken = False
    for line in lines:
        if broken:
            first = re.search(r"[^\W\d_]+$", text)
            second = re.match(r"[^\W_]+", line.text)
            compound = f"{first[0] if first else ''}-{second[0] if second else ''}"
            text += ("-" if compound in whole or not line.text[:1].islower() else "") + line.text
        else:
            text += ("" if not text or text.endswith("/") else " ") + line.text
        broken = line.hyphen
        if broken:
            text = text.rstrip("-‐")
    return text
