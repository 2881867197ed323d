"""What a run has to do, in an order that is the same each time: the pieces of its sources, and the batches that they are handed out
in. A position in it tells how far a run came, so that it goes on from there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from rasad.claims import Document
from rasad.engines.folder import whole
from rasad.result import Begun
from rasad.sources import Piece, Problem, Provenance, Skipped
from rasad.sources.forms import UNKNOWN
from rasad.sources.places import places
from rasad.sources.splits import documents_of, is_container, splits, unpacked

WEIGHT = 2**20  #: bytes of pieces in a batch, about
PIECES = 64  #: pieces in a batch, at most
#: Bytes of a piece of JSON lines or Parquet; what is let through of it is held in memory, and put by together.
CUT = 4 * 2**20
PACKED = 5  #: times that pages of the web are smaller when packed, about
LONG = 16 * 2**20  #: bytes of a plain text that is handed out in parts, since nobody is to hold the whole of it


class Plan(msgspec.Struct, frozen=True):
    """The pieces of the sources, and what was found amiss before any of them was opened."""

    pieces: list[Piece]
    said: list[tuple[str, str, bool]]  #: name, what is amiss, and whether it was left out for that

    @property
    def size(self) -> int:
        """The bytes of all the pieces, packed as they are."""
        return sum(piece.size for piece in self.pieces)

    def packed(self) -> bytes:
        """The plan as a file has it."""
        return msgspec.msgpack.encode(self)

    def found(self) -> list[Problem | Skipped]:
        """What was found amiss."""
        return [Skipped(name, told) if left_out else Problem(name, told) for name, told, left_out in self.said]


class Position(NamedTuple):
    """A place in a plan: before the entry of a number in the piece of a number."""

    piece: int = 0
    entry: int = 0


class Batch(NamedTuple):
    """Pieces that are done together, what was found amiss on the way to them, their bytes, where the next batch begins, and how many
    bytes of the sources lie behind it (of what is packed: about)."""

    pieces: list[Piece]
    said: list[Problem | Skipped]
    weight: int
    end: Position
    behind: int


def planned(begun: Begun) -> Plan:
    """The plan for the sources of a run: paths, folders, globs, addresses."""
    pieces: list[Piece] = []
    said: list[tuple[str, str, bool]] = []
    known = Provenance(language=begun.language)
    for place in places(begun.sources):
        if isinstance(place, (Problem, Skipped)):
            said.append((*place[:2], isinstance(place, Skipped)))
            continue
        pieces += splits(place, begun.columns, known=known, cut=CUT)
    return Plan(pieces, said)


def kept_plan(path: Path, begun: Begun) -> Plan:
    """The plan in a file; where there is none it is made and put there."""
    if path.exists():
        return msgspec.msgpack.decode(path.read_bytes(), type=Plan)
    plan = planned(begun)
    whole(path, lambda file: file.write(plan.packed()))
    return plan


def batches(plan: Plan, begin: Position = Position()) -> Iterator[Batch]:
    """The batches of a plan from a position on. Cut at the same places each time, wherever they begin."""
    behind = sum(piece.size for piece in plan.pieces[: begin.piece])
    held: list[Piece] = []
    said: list[Problem | Skipped] = []
    weight = 0
    for number in range(begin.piece, len(plan.pieces)):
        piece = plan.pieces[number]
        inside, packed = 0, 1 if piece.packing is None else PACKED
        for at, entry in enumerate(_entries(piece), 1):
            if number == begin.piece and at <= begin.entry:
                inside += entry.size if isinstance(entry, Piece) else 0
                continue
            if isinstance(entry, Piece):
                held.append(entry)
                weight += entry.size
                inside += entry.size
            else:
                said.append(entry)
            if weight >= WEIGHT or len(held) >= PIECES:
                yield Batch(held, said, weight, Position(number, at), behind + min(inside // packed, piece.size))
                held, said, weight = [], [], 0
        behind += piece.size
    if held or said:
        yield Batch(held, said, weight, Position(len(plan.pieces)), behind)


def _entries(piece: Piece) -> Iterable[Piece | Problem | Skipped]:
    """The parts of a piece that can be handed out."""
    if is_container(piece) or piece.form == UNKNOWN:
        return unpacked(piece)
    if piece.form == "text" and piece.size > LONG:
        return map(_handed, documents_of(piece))
    return (piece,)


def _handed(entry: Document | Problem | Skipped) -> Piece | Problem | Skipped:
    if not isinstance(entry, Document):
        return entry
    data = entry.text.encode("utf-8", "surrogatepass")
    return Piece(name=entry.name, place=entry.name, form="text", data=data, size=len(data))
