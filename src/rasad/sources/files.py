"""Plain texts as documents: decoded, cut where they are very long, and, where they cannot be read, named with the reason."""

from __future__ import annotations

import codecs
import re
import shutil
import tempfile
from collections.abc import Iterator
from io import BytesIO
from itertools import chain
from typing import IO, cast

from rasad.claims import Document
from rasad.sources.decoding import BLOCK, Encoding, NotTextError, check_text, encoding_of
from rasad.sources.pieces import Problem, Skipped

PART = 250_000  #: characters; a longer text is read in parts, so that memory does not grow with it
_BLANK = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*")
_SENTENCE_END = re.compile(r"[.!?؟…][\"'»”)\]]*\s")


def from_bytes(name: str, data: bytes) -> Iterator[Document | Problem | Skipped]:
    """What :func:`from_stream` gives for these bytes."""
    yield from from_stream(name, BytesIO(data))


def from_text(name: str, text: str) -> Iterator[Document | Problem | Skipped]:
    """What :func:`from_stream` gives for a text that was in something else; a page where it begins as one."""
    from rasad.sources.markup import from_markup, is_markup

    if is_markup(text):
        yield from_markup(name, text.encode("utf-8", "replace"), "utf-8")
    elif len(text) > PART:
        yield from from_bytes(name, text.encode("utf-8", "replace"))
    else:
        yield _whole(name, text.removeprefix("\ufeff"))


def _whole(name: str, text: str) -> Document | Skipped:
    """A text that is not long, and known to be in Unicode."""
    try:
        check_text(text)
    except NotTextError as error:
        return Skipped(name, str(error))
    return Skipped(name, "empty") if _BLANK.fullmatch(text) else Document(name=name, text=text)


def from_stream(name: str, file: IO[bytes]) -> Iterator[Document | Problem | Skipped]:
    """A document for a text that can be read; a :class:`Problem` before it where it had to be decoded from something other than
    UTF-8; a :class:`Skipped` where it cannot be read. Raises OSError.

    A text of more than :data:`PART` characters comes as several documents, cut between paragraphs or sentences and named
    as RFC 5147 names a range of characters: ``long.txt#char=0,249871``.
    """
    file = seekable(file)
    try:
        encoding = encoding_of(file)
    except NotTextError as error:
        yield Skipped(name, str(error))
        return
    parts = (part for part in _parts(file, encoding) if not _BLANK.fullmatch(part[1]))
    first, second = next(parts, None), next(parts, None)
    if first is None:
        yield Skipped(name, "empty")
        return
    if encoding.remark:
        yield Problem(name, encoding.remark)
    if second is None:
        yield Document(name=name, text=first[1])
        return
    yield Problem(name, f"long, read in parts of at most {PART:,} characters, named {name}#char=FROM,TO")
    for part in chain((first, second), parts):
        yield _part(name, part)


def seekable(file: IO[bytes]) -> IO[bytes]:
    """A stream that can be read twice: the same, or a copy, on disk where it is long."""
    if file.seekable():
        return file
    copy = tempfile.SpooledTemporaryFile(max_size=8 * BLOCK)  # noqa: SIM115, it goes with its last reader
    shutil.copyfileobj(file, copy, BLOCK)
    copy.seek(0)
    return cast("IO[bytes]", copy)


def _part(name: str, part: tuple[int, str]) -> Document:
    start, text = part
    return Document(name=f"{name}#char={start},{start + len(text)}", text=text)


def _parts(file: IO[bytes], encoding: Encoding) -> Iterator[tuple[int, str]]:
    """The text of a file in parts of at most PART characters, each with its offset. Together they are the whole text."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding.name)("replace" if encoding.broken else "strict")
    held, start = "", 0
    while block := file.read(BLOCK):
        held += decoder.decode(block)
        while len(held) > PART:
            at = _cut(held)
            yield start, held[:at]
            held, start = held[at:], start + at
    held += decoder.decode(b"", final=True)
    if held:
        yield start, held


def _cut(text: str) -> int:
    """Where a long text is best cut: after the last line, sentence or word that ends before PART."""
    line = text.rfind("\n", PART - PART // 10, PART)
    if line >= 0:
        return line + 1
    ends = [match.end() for match in _SENTENCE_END.finditer(text, PART - PART // 10, PART)]
    if ends:
        return ends[-1]
    space = text.rfind(" ", PART - PART // 10, PART)
    return space + 1 if space >= 0 else PART
