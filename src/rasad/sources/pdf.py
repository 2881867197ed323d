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
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import groupby, pairwise
from statistics import median
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from rasad.claims import Document
from rasad.sources.pieces import Provenance, Skipped, with_provenance
from rasad.sources.properties import author_of, made, title_of

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfTextPage

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
_END = re.compile(r"[.!?؟…:][\"'»”’)\]\d]*$")
_ITEM = re.compile(r"[•●▪■◦‣·*–—-]\s|\(?\d{1,2}[.)]\s")
_FOLIO = re.compile(r"[^\w]*(?:[^\W\d_]{1,6}\.?\s)?(?:\d{1,4}|[ivxlc]{1,7})(?:\W+(?:[^\W\d_]{1,4}\s)?\d{1,4})?[^\w]*", re.IGNORECASE)
_EDGE = 2  #: lines at the top and the foot of a page among which its running heads and its number are looked for
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


def from_pdf(name: str, data: bytes, known: Provenance = Provenance()) -> Document | Skipped:
    """The text of a PDF with its title, author and date of making, where these are sound. Running heads, page numbers and the vowel
    signs of Arabic are left out, words that the end of a line broke are joined. Pictures are not read."""
    import pypdfium2

    with _LOCK:
        try:
            pdf = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            locked = "password" in str(error).lower()
            return Skipped(name, "a PDF locked with a password" if locked else "a broken PDF: it cannot be opened")
        try:
            return _document(name, data, pdf, known)
        finally:
            pdf.close()


def _document(name: str, data: bytes, pdf: PdfDocument, known: Provenance) -> Document | Skipped:
    if len(pdf) > PAGES:
        return Skipped(name, f"a PDF of {len(pdf):,} pages; at most {PAGES:,} are read")
    pages: list[list[_Line]] = []
    characters = 0
    for lines in _pages(pdf):
        characters += sum(len(line.text) for line in lines)
        if characters > CHARACTERS:
            return Skipped(name, f"a PDF with more than {CHARACTERS:,} characters; give it in parts")
        pages.append(lines)
    text = "\n\n".join(_paragraphs(_without_heads(pages)))
    if not any(c.isalpha() for c in text):
        return Skipped(name, NO_TEXT)
    told = pdf.get_metadata_dict()
    found = Document(
        name=name, text=text, title=title_of(told.get("Title")), author=author_of(told.get("Author")),
        published=made(_iso(told.get("CreationDate")), _iso(told.get("ModDate"))),
    )  # fmt: skip
    return with_provenance(known, found)


def _iso(given: str | None) -> str | None:
    """The day in a date such as ``D:20240305101500+03'00'`` (ISO 32000-1, 7.9.4)."""
    match = re.match(r"(?:D:)?(\d{4})(\d\d)(\d\d)", given or "")
    return "-".join(match.groups()) if match else None


def _pages(pdf: PdfDocument) -> Iterator[list[_Line]]:
    import pypdfium2

    for number in range(len(pdf)):
        with suppress(pypdfium2.PdfiumError):  # one page that is broken does not stop the others
            page = pdf[number]
            text = page.get_textpage()
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
        yield _Line(_clean(line), first.left, last.right, first.base, first.size, _is_broken(line, text, end), turned=False)


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
    for start, end in _stretches(text):
        seen = _seen(page, text, start, end)
        if not seen:
            continue
        if held and not _beside(held, seen):
            yield _read_off(held)
            held = []
        held += seen
    if held:
        yield _read_off(held)


def _seen(page: PdfTextPage, text: str, start: int, end: int) -> list[tuple[str, _Place]]:
    """The characters of a stretch with their places. Vowel signs are left out; and where the glyph of a sign alone tells its letter
    too, which the glyph of the letter tells already, that one as well."""
    found: list[tuple[str, _Place]] = []
    placed = [(text[at], place) for at in range(start, end) if not (place := _Place(page, at)).generated]
    base = median(place.base for _, place in placed) if placed else 0.0
    for _, group in groupby(placed, key=lambda one: (one[1].left, one[1].right, one[1].base)):
        glyph = [(c, place) for c, place in group if not _is_of_sign(text, c, place, base)]
        if len(glyph) > 1 and _RTL_LETTER.match(glyph[0][0]) and glyph[0][0] != "ل":
            glyph.reverse()  # PDFium turns the letters of one glyph with the line
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
    gap = max(min(p.left for p in after) - max(p.right for p in before), min(p.left for p in before) - max(p.right for p in after))
    return abs(median(p.base for p in before) - median(p.base for p in after)) < size / 3 and gap < 3 * size


def _read_off(seen: Sequence[tuple[str, _Place]]) -> _Line:
    """A line from the characters at their places."""
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
    turned = len(_RTL_LETTER.findall(text)) >= len(_LTR_LETTER.findall(text))
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
        self.left, self.right = box.left, box.right
        self.base = y.value
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
    import pypdfium2.raw

    return pypdfium2.raw


def _clean(text: str) -> str:
    """Ligatures and the shapes of Arabic letters as the letters they stand for; blanks as single ones."""
    formed = _FORMS.sub(lambda m: unicodedata.normalize("NFKC", m[0]), text)
    return " ".join(_UNSEEN.sub("", formed).split())


def _without_heads(pages: Sequence[Sequence[_Line]]) -> list[list[_Line]]:
    """The pages without the heads and feet that come again on others, and without their numbers."""
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_same(page[at].text) for at in _edges(page)})
    enough = max(2, len(pages) // 5)

    def stays(page: Sequence[_Line], at: int) -> bool:
        line = page[at].text
        return not (_FOLIO.fullmatch(line) or (len(pages) > 1 and seen[_same(line)] >= enough))

    return [[line for at, line in enumerate(page) if at not in (edges := _edges(page)) or stays(page, at)] for page in pages]


def _edges(page: Sequence[_Line]) -> set[int]:
    """Which lines stand at the top or the foot of a page."""
    order = sorted(range(len(page)), key=lambda at: page[at].base)
    return {*order[:_EDGE], *order[-_EDGE:]}


def _same(text: str) -> str:
    return re.sub(r"\d+", "#", text)


def _paragraphs(pages: Sequence[Sequence[_Line]]) -> Iterator[str]:
    """The lines as paragraphs, over columns and pages."""
    lines = [line for page in pages for block in _blocks(page) for line in _measured(block)]
    whole = {word for line, *_ in lines for word in re.findall(r"[^\W\d_]+-[^\W\d_]+", line.text)}
    held: list[_Line] = []
    for at, (line, margins, leading) in enumerate(lines):
        if held and _begins(held[-1], line, lines[at + 1][0] if at + 1 < len(lines) else None, margins, leading):
            yield _joined(held, whole)
            held = []
        held.append(line)
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


def _measured(block: Sequence[_Line]) -> Iterator[tuple[_Line, tuple[float, float], float]]:
    """Each line with the margins of its block, and how far its lines stand from each other."""
    lefts = Counter(round(line.left) for line in block)
    rights = Counter(round(line.right) for line in block)
    left = min((x for x, n in lefts.items() if n > 1), default=min(lefts))
    right = max((x for x, n in rights.items() if n > 1), default=max(rights))
    steps: dict[int, list[float]] = {}
    for above, line in pairwise(block):
        if round(above.size) == round(line.size) and above.base - line.base > line.size / 2:
            steps.setdefault(round(line.size), []).append(above.base - line.base)
    for line in block:
        own = sorted(steps.get(round(line.size), [1.2 * line.size]))
        yield line, (left, right), min(own[len(own) // 4], 1.8 * line.size)


def _begins(before: _Line, line: _Line, after: _Line | None, margins: tuple[float, float], leading: float) -> bool:
    """Whether a line begins a paragraph."""
    if before.hyphen:
        return False
    if abs(before.size - line.size) > 0.1 * line.size or _ITEM.match(line.text):
        return True
    ended = bool(_END.search(before.text))
    step = before.base - line.base
    if step < -line.size / 2 or step > 8 * line.size:  # in another column, on another page
        return ended
    if step > 1.3 * leading:
        return True
    left, right = margins
    indent = right - line.right if line.turned else line.left - left
    following = (right - after.right if line.turned else after.left - left) if after is not None else 0.0
    if ended and indent > 0.7 * line.size and following < indent - line.size / 2:
        return True
    short = before.left - left if line.turned else right - before.right
    return ended and short > 0.15 * (right - left)


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
            text += (" " if text else "") + line.text
        broken = line.hyphen
        if broken:
            text = text.rstrip("-‐")
    return text
