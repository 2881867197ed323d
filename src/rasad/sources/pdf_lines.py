"""The lines of a page of a PDF, read off the places of its characters.

A PDF knows glyphs and where they stand, not words or lines. PDFium gives the characters with their places. Lines with Arabic are read
off by the places alone and turned into logical order, the reverse of what the Unicode bidirectional algorithm
(https://www.unicode.org/reports/tr9/) does for showing.
"""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby
from statistics import median
from typing import TYPE_CHECKING, Any

from rasad.sources.paragraphs import Line

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage  # type: ignore[import-untyped]

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


def lines_of(page: PdfTextPage) -> Iterator[Line]:
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
        yield Line(
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


def _turned_lines(page: PdfTextPage, text: str) -> Iterator[Line]:
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


def _read_off(seen: Sequence[tuple[str, _Place]], turned: bool) -> Line:
    """A line from the characters at their places; ``turned``: on a page that runs from right to left."""
    shown = [(c, place) for c, place in seen if not c.isspace()]
    if not shown:
        return Line("", 0.0, 0.0, seen[0][1].base, seen[0][1].size, hyphen=False, turned=True)
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
    return Line(
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
