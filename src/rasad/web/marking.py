"""A text cut where claims and the words behind them begin and end, so that a page can mark each piece for what it is."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Literal

import msgspec

from rasad.claims import Claim, Explanation

Kind = Literal["role", "speaker", "trigger", "cue"]
GROUPS = {
    "transfer": "trade", "service": "trade", "joint_project": "trade", "capability": "means", "dependence": "means",
    "competition": "rivalry", "cooperation": "bond", "membership": "bond", "alignment": "bond", "allegation": "charge",
    "restriction": "ban", "position": "wish",
}  # fmt: skip


class Mark(msgspec.Struct, frozen=True):
    """What words are to the chosen claim: they fill a role, name the speaker, triggered it, or are the cue of its ``stage`` … ."""

    kind: Kind
    name: str = ""


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """Words that are the same to the chosen claim throughout. ``opens``: of their ``marks`` those that begin here."""

    text: str
    marks: tuple[Mark, ...] = ()
    opens: tuple[Mark, ...] = ()


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """Words on which the same claims rest. ``begins``: those whose evidence begins here, or in which the part that is shown begins."""

    claims: tuple[str, ...]
    begins: tuple[str, ...]
    pieces: tuple[Piece, ...]


class Paragraph(msgspec.Struct, frozen=True, kw_only=True):
    """A paragraph from ``start`` on (code points of the whole text), in the direction in which most of its letters are written."""

    start: int
    direction: Literal["ltr", "rtl"]
    runs: tuple[Run, ...]


class Span(msgspec.Struct, frozen=True):
    """Words of the text, and what they are."""

    start: int
    end: int
    of: Mark


def group(frame: str) -> str:
    """The group whose colour and sign a frame has; what the ontology gained since is a bond, the most general."""
    return GROUPS.get(frame, "bond")


def behind(claim: Claim, explanation: Explanation | None) -> list[Span]:
    """The words behind a claim: those that fill its roles, and, where the reader explains itself, its triggers, speakers and cues."""
    spans = [Span(filler.start, filler.end, Mark("role", role)) for role, filler in claim.fillers()]
    if claim.time is not None:
        spans.append(Span(claim.time.start, claim.time.end, Mark("role", "time")))
    if explanation is not None:
        spans += [Span(cited.start, cited.end, Mark("trigger")) for cited in explanation.triggers]
        spans += [Span(cited.start, cited.end, Mark("speaker")) for cited in explanation.speakers]
        spans += [Span(cited.start, cited.end, Mark("cue", name)) for name, cited in explanation.cues.items()]
    return spans


def paragraphs(
    text: str, start: int, turned: bool, claims: Sequence[Claim], marks: Sequence[Span] = ()
) -> tuple[Paragraph, ...]:
    """The paragraphs of a part of a text that begins at ``start``, cut at all borders. ``turned``: paragraphs without letters are
    written from right to left. Blank lines are left out."""
    found: list[Paragraph] = []
    at = start
    for line in text.splitlines(keepends=True):
        shown = line.rstrip("\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
        if shown.strip():
            here = [claim for claim in claims if claim.evidence.start < at + len(shown) and claim.evidence.end > at]
            near = [mark for mark in marks if mark.start < at + len(shown) and mark.end > at]
            runs = tuple(_runs(shown, at, here, near, first=not found))
            found.append(Paragraph(start=at, direction=direction(shown, turned), runs=runs))
        at += len(line)
    return tuple(found)


def _runs(text: str, start: int, claims: Sequence[Claim], marks: Sequence[Span], *, first: bool) -> Iterator[Run]:
    for low, high in _between(start, start + len(text), [(c.evidence.start, c.evidence.end) for c in claims]):
        resting = [claim for claim in claims if claim.evidence.start <= low and claim.evidence.end >= high]
        yield Run(
            claims=tuple(claim.id for claim in resting),
            begins=tuple(c.id for c in resting if c.evidence.start == low or (first and low == start)),
            pieces=tuple(_pieces(text[low - start : high - start], low, marks)),
        )


def _pieces(text: str, start: int, marks: Sequence[Span]) -> Iterator[Piece]:
    for low, high in _between(start, start + len(text), [(mark.start, mark.end) for mark in marks]):
        here = [mark for mark in marks if mark.start <= low and mark.end >= high]
        yield Piece(
            text=text[low - start : high - start],
            marks=tuple(dict.fromkeys(mark.of for mark in here)),
            opens=tuple(dict.fromkeys(mark.of for mark in here if mark.start == low)),
        )


def _between(start: int, end: int, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The stretches from ``start`` to ``end`` between the borders of spans."""
    inner = {border for span in spans for border in span if start < border < end}
    return pairwise(sorted({start, end} | inner))


def direction(text: str, turned: bool) -> Literal["ltr", "rtl"]:
    """In which direction most letters of a text are written; without any, right to left if ``turned``."""
    letters = [unicodedata.bidirectional(character) for character in text if character.isalpha()]
    right = sum(letter in ("R", "AL") for letter in letters)
    return "rtl" if 2 * right > len(letters) or (turned and not letters) else "ltr"
