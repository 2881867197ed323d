"""The lines of set pages as paragraphs, over columns and pages: without running heads and page numbers, with words whole that the end of
a line broke."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

_END = re.compile(r"(?:[.!?؟…:]|(?<!\d)\.\d{1,2})[\"'»”’)\]]*$")  # with the number of a footnote
_ITEM = re.compile(r"[•●▪■◦‣·*–—-]\s|\(?\d{1,2}[.)]\s")
_FOLIO = re.compile(r"\W*(?:\d{1,4}|(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3}))(?:\W+\d{1,4})?\W*", re.IGNORECASE)
#: Of the pages must bear a head, and a second one under it: odd and even pages, and chapters, have their own.
_HEADS = (1 / 5, 1 / 2)


class Line(NamedTuple):
    """A line of a page: its text, where it begins and ends, its baseline, the size of its type (points, from the left and the foot of
    the page), whether a hyphen broke its last word, and whether it runs from right to left."""

    text: str
    left: float
    right: float
    base: float
    size: float
    hyphen: bool
    turned: bool


def without_heads(pages: Sequence[Sequence[Line]]) -> Iterator[list[Line]]:
    """The pages without the heads and feet that come again on others, and without their numbers."""
    seen = Counter(
        text for page in pages for text in {_same(line.text) for row in _outermost(_rows(page)) for line in row}
    )

    def goes(row: Sequence[Line], share: float) -> bool:
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


def _rows(page: Sequence[Line]) -> list[list[Line]]:
    """The lines of a page by their height, from the top."""
    order = sorted(page, key=lambda line: -line.base)
    return [[*row] for _, row in groupby(order, key=lambda line: round(line.base / 2))]


def _outermost(rows: list[list[Line]]) -> list[list[Line]]:
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


def paragraphs(pages: Iterable[Sequence[Line]]) -> Iterator[str]:
    """The lines as paragraphs, over columns and pages."""
    blocks = enumerate(block for page in pages for block in _blocks(page))
    lines = [line for number, block in blocks for line in _measured(number, block)]
    whole = {word for line, _ in lines for word in re.findall(r"[^\W\d_]+-[^\W\d_]+", line.text)}
    held: list[Line] = []
    before: tuple[Line, _Setting] | None = None
    for at, one in enumerate(lines):
        if before is not None and _begins(before, one, lines[at + 1][0] if at + 1 < len(lines) else None):
            yield _joined(held, whole)
            held = []
        held.append(one[0])
        before = one
    if held:
        yield _joined(held, whole)


def _blocks(page: Sequence[Line]) -> Iterator[list[Line]]:
    """Runs of lines that go down the page: columns, where the text has such."""
    block: list[Line] = []
    for line in page:
        if block and line.base > block[-1].base + line.size / 2:
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _measured(number: int, block: Sequence[Line]) -> Iterator[tuple[Line, _Setting]]:
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


def _begins(above: tuple[Line, _Setting], this: tuple[Line, _Setting], after: Line | None) -> bool:
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


def _indent(line: Line, setting: _Setting) -> float:
    return setting.right - line.right if line.turned else line.left - setting.left


def _free(line: Line, setting: _Setting) -> float:
    """How much of a line is left free at its end."""
    return line.left - setting.left if line.turned else setting.right - line.right


def _joined(lines: Sequence[Line], whole: set[str]) -> str:
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
