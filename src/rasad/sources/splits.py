"""Places cut into pieces, what is contained in them, and pieces made into documents."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from io import BytesIO
from os import PathLike
from typing import IO, TypeVar

import msgspec

from rasad.claims import Document
from rasad.sources.decoding import BLOCK, recoded
from rasad.sources.files import from_stream, seekable
from rasad.sources.forms import HEAD, UNKNOWN, told_by
from rasad.sources.leaves import LEAVES
from rasad.sources.markup import from_markup, is_markup
from rasad.sources.packed import PackingError, Unpacked, packing_of
from rasad.sources.pieces import Piece, Problem, Provenance, Skipped, with_provenance
from rasad.sources.places import STANDARD_INPUT, Place, opened, places, stamp_of
from rasad.sources.tables import AS_USUAL, LARGEST, Columns, blocks, lines, parquet, row_groups

CUT = 64 * 2**20  #: bytes of a piece of JSON lines or Parquet
CHANGED = "changed while it was read"
TABLES = frozenset({"lines", "parquet"})
CONTAINERS = TABLES | {"warc", "mbox", "feed"}
Read = TypeVar("Read", Piece, Document)


def documents(
    given: Iterable[str | PathLike[str]],
    *,
    known: Provenance = Provenance(),
    columns: Columns = AS_USUAL,
    done: Callable[[int], None] = lambda _: None,
) -> Iterator[Document | Problem | Skipped]:
    """The documents of every place that is given (see :func:`~rasad.sources.places.places`), each with what is known of it: what it
    tells itself, else ``known``. One bad file, record or row never stops the others. ``columns`` are those of tables;
    ``done`` hears of the bytes that were read."""
    for place in places(given):
        if not isinstance(place, Place):
            yield place
            continue
        told: set[Problem] = set()
        for piece in splits(place, columns, known=known, cut=CUT if "://" in place.address else BLOCK):
            for entry in documents_of(piece):
                if not isinstance(entry, Problem):
                    yield entry
                elif entry not in told:
                    told.add(entry)
                    yield entry
            done(piece.size)


def splits(
    place: Place, columns: Columns = AS_USUAL, *, known: Provenance = Provenance(), cut: int = CUT
) -> Iterator[Piece]:
    """A place as pieces that can be read side by side: JSON lines and Parquet, where they are not packed, in pieces of about ``cut``
    bytes; anything else is one. Whatever is wrong with a place is told by :func:`documents_of`."""
    piece = Piece(
        name=place.name, place=place.address, form=place.form, packing=place.packing, size=place.size, known=known,
        columns=dict(columns),
    )  # fmt: skip
    cut_up = False
    if place.stamp is not None and piece.form in (*TABLES, UNKNOWN):
        with suppress(OSError, PackingError), _opened(piece) as (piece, file):
            parts = iter(()) if piece.packing is not None else _parts(piece.form, file, place.size, cut)
            for *part, size in parts:
                cut_up = True
                yield msgspec.structs.replace(piece, part=tuple(part), size=size, stamp=place.stamp)
    if not cut_up:
        yield piece


def _parts(form: str, file: IO[bytes], size: int, cut: int) -> Iterator[tuple[int, int, int, int]]:
    if form == "lines" and size > cut:
        return _ranges(file, size, cut)
    return _groups(row_groups(file), cut) if form == "parquet" else iter(())


def _ranges(file: IO[bytes], size: int, cut: int) -> Iterator[tuple[int, int, int, int]]:
    """Stretches of whole lines: from, to, the number of the first line, and bytes. The last takes in what cannot be looked at."""
    start, number = 0, 1
    while start < size:
        try:
            end = _after_line(file, start + cut) if start + cut < size else size
            following = number + (_lines_between(file, start, end) if end < size else 0)
        except OSError:
            end, following = size, number
        yield start, end, number, end - start
        start, number = end, following


def _after_line(file: IO[bytes], at: int) -> int:
    """Where the line ends that stands at a place of a file, or the file."""
    file.seek(at)
    while block := file.read(2**14):
        if (end := block.find(b"\n")) >= 0:
            return at + end + 1
        at += len(block)
    return at


def _lines_between(file: IO[bytes], start: int, end: int) -> int:
    file.seek(start)
    return sum(file.read(min(BLOCK, end - at)).count(b"\n") for at in range(start, end, BLOCK))


def _groups(groups: list[tuple[int, int, int]], cut: int) -> Iterator[tuple[int, int, int, int]]:
    """Row groups put together until they have ``cut`` bytes: from, to, the number of the first row, and bytes."""
    begin, weight = 0, 0
    for at, (_, _, size) in enumerate(groups):
        if weight and weight + size > cut:
            yield begin, at, groups[begin][0] + 1, weight
            begin, weight = at, 0
        weight += size
    if groups:
        yield begin, len(groups), groups[begin][0] + 1, weight


def is_container(piece: Piece) -> bool:
    """Whether :func:`unpacked` finds pieces in it."""
    return piece.form in CONTAINERS and (
        piece.form not in TABLES or (piece.form == "lines" and piece.packing is not None)
    )


def unpacked(piece: Piece) -> Iterator[Piece | Problem | Skipped]:
    """What a container holds, as pieces with their data: the pages of a web archive, the mails of a mailbox, the entries of a feed,
    packed JSON lines in blocks of about 1 MB. Anything else is given back, with its form where that was unknown."""
    for entry in _read_of(piece, _held_in):
        yield _with_known(piece.known, entry) if isinstance(entry, Piece) else entry


def documents_of(piece: Piece) -> Iterator[Document | Problem | Skipped]:
    """The documents of a piece, each with what is known of it. What cannot be read is told, and never raised."""
    for entry in _read_of(piece, _documents):
        yield with_provenance(piece.known, entry) if isinstance(entry, Document) else entry


def _with_known(known: Provenance, piece: Piece) -> Piece:
    """With what is known of all, where the piece does not tell itself."""
    own = {name: value for name, value in msgspec.structs.asdict(piece.known).items() if value is not None}
    return msgspec.structs.replace(piece, known=msgspec.structs.replace(known, **own))


def _held_in(piece: Piece, file: IO[bytes]) -> Iterator[Piece | Problem | Skipped]:
    if piece.form == "warc":
        from rasad.sources.archives import records

        return records(piece.name, piece.place, seekable(file), piece.known)
    if piece.form == "mbox":
        from rasad.sources.mail import messages

        return messages(file, piece.name, piece.place)
    if piece.form == "feed":
        from rasad.sources.feeds import entries

        data = _whole(piece, file)
        return iter([data]) if isinstance(data, Skipped) else entries(piece.name, data)
    if piece.form == "lines" and piece.packing is not None:
        return _blocks(piece, file)
    return iter([piece])


def _blocks(piece: Piece, file: IO[bytes]) -> Iterator[Piece | Skipped]:
    for entry in blocks(piece.name, file):
        if isinstance(entry, Skipped):
            yield entry
            continue
        number, data = entry
        part = (0, len(data), number)
        yield msgspec.structs.replace(piece, packing=None, data=data, part=part, size=len(data), stamp=None)


def _documents(piece: Piece, file: IO[bytes]) -> Iterator[Document | Problem | Skipped]:
    if piece.form == "lines":
        start, end, number = piece.part or (0, None, 1)
        if start:
            file.seek(start)
        yield from lines(piece.name, file, piece.columns, number=number, size=None if end is None else end - start)
    elif piece.form == "parquet":
        yield from parquet(piece.name, seekable(file), piece.columns, range(*piece.part[:2]) if piece.part else None)
    elif is_container(piece):
        for entry in _held_in(piece, file):
            if isinstance(entry, Piece):
                yield from documents_of(entry)
            else:
                yield entry
    elif piece.form == "text":
        file = seekable(file) if piece.encoding is None else BytesIO(recoded(file.read(), piece.encoding))
        page = is_markup(file.read(HEAD).decode("latin-1"))
        file.seek(0)
        yield from _leaf(piece, file, "html") if page else from_stream(piece.name, file)
    else:
        yield from _leaf(piece, file, piece.form)


def _leaf(piece: Piece, file: IO[bytes], form: str) -> Iterator[Document | Problem | Skipped]:
    data = _whole(piece, file)
    if isinstance(data, Skipped):
        yield data
        return
    if form == "html":
        yield from_markup(piece.name, data, piece.encoding, piece.known)
        return
    yield from LEAVES[form](piece.name, data, piece.known)


def _whole(piece: Piece, file: IO[bytes]) -> bytes | Skipped:
    data = file.read(LARGEST + 1)
    return (
        data if len(data) <= LARGEST else Skipped(piece.name, f"more than {LARGEST >> 20} MB, too large for one text")
    )


@contextmanager
def _opened(piece: Piece) -> Iterator[tuple[Piece, IO[bytes]]]:
    """A piece with its form, and what it holds, unpacked; archives of the web unpack themselves."""
    with ExitStack() as stack:
        if piece.data is not None:
            file: IO[bytes] = BytesIO(piece.data)
        elif piece.place == STANDARD_INPUT:
            file = sys.stdin.buffer
        else:
            file = stack.enter_context(opened(piece.place))
        if piece.form == UNKNOWN:
            file = seekable(file)
            packing = piece.packing or packing_of(file.read(HEAD))
            file.seek(0)
            head = (Unpacked(file, packing) if packing else file).read(HEAD)
            file.seek(0)
            piece = msgspec.structs.replace(piece, form=told_by(head), packing=packing)
        packed = piece.packing is not None and piece.form != "warc"
        yield piece, Unpacked(file, str(piece.packing)) if packed else file


def _read_of(
    piece: Piece, read: Callable[[Piece, IO[bytes]], Iterator[Read | Problem | Skipped]]
) -> Iterator[Read | Problem | Skipped]:
    """What is read of a piece, then what went wrong, each with the place where it can be tried again."""
    for entry in _read_whole(piece, read):
        if isinstance(entry, Skipped) and entry.place is None and entry.path != piece.place:
            entry = entry._replace(place=piece.place)
        yield entry


def _read_whole(
    piece: Piece, read: Callable[[Piece, IO[bytes]], Iterator[Read | Problem | Skipped]]
) -> Iterator[Read | Problem | Skipped]:
    """What is read of a piece, one behind: the text of a file that was changed meanwhile is taken back."""
    stands = piece.data is None and piece.place != STANDARD_INPUT
    last: Read | Problem | Skipped | None = None
    told: Problem | Skipped | None = None
    try:
        before = piece.stamp or stamp_of(piece.place) if stands else None
        with _opened(piece) as (piece, file):
            for entry in read(piece, file):
                if last is not None:
                    yield last
                last = entry
        if isinstance(file, Unpacked) and file.remark:
            told = Problem(piece.name, file.remark)
        if before is not None and stamp_of(piece.place) != before:
            told = Skipped(piece.name, CHANGED)
            last = None if isinstance(last, Document) and piece.form not in CONTAINERS else last
        elif last is None and (before or "").startswith("0 "):
            told = Skipped(piece.name, "empty")
    except PackingError as error:
        told = Skipped(piece.name, str(error))
    except OSError as error:
        told = Skipped(piece.name, f"cannot be read: {error.strerror or error}")
    if last is not None:
        yield last
    if told is not None:
        yield told
