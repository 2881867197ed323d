"""Text files as documents: found, decoded, cut where they are very long, and, where they cannot be read, named with the
reason."""

from __future__ import annotations

import codecs
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import IO

from rasad.claims import Document
from rasad.sources.decoding import BLOCK, Encoding, NotTextError, encoding_of
from rasad.sources.pieces import Problem, Skipped

SUFFIXES = frozenset({".txt", ".text", ".md", ""})
PART = 250_000  #: characters; a longer text is read in parts, so that memory does not grow with it
_BLANK = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*")
_SENTENCE_END = re.compile(r"[.!?؟…][\"'»”)\]]*\s")


def find(paths: Iterable[str | Path], endings: frozenset[str] = SUFFIXES) -> Iterator[Path | Problem | Skipped]:
    """Every file that the paths name. Folders are searched for files with these endings, in the order of their names; what
    stands in them under another is counted in a :class:`Problem`; hidden files are passed over."""
    for given in paths:
        path = Path(given)
        try:
            kind = "folder" if path.is_dir() else "file" if path.exists() else "link" if path.is_symlink() else None
        except OSError as error:
            yield Skipped(display_name(path), f"cannot be read: {error.strerror or error}")
            continue
        if kind == "folder":
            yield from _inside(path, endings)
        elif kind == "file":
            yield path
        elif kind == "link":
            yield Skipped(display_name(path), "the link leads nowhere")
        else:
            yield Skipped(display_name(path), "no such file or folder")


def _inside(folder: Path, endings: frozenset[str]) -> Iterator[Path | Problem | Skipped]:
    found = False
    others: dict[str, int] = {}
    locked: list[Skipped] = []

    def refused(error: OSError) -> None:
        locked.append(Skipped(display_name(error.filename), f"cannot be read: {error.strerror}"))

    for root, folders, names in os.walk(folder, onerror=refused):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(n for n in names if not n.startswith(".")):
            path = Path(root, name)
            ending = path.suffix.lower()
            if ending not in endings:
                others[ending] = others.get(ending, 0) + 1
                continue
            found = True
            yield path if path.exists() else Skipped(display_name(path), "the link leads nowhere")
    yield from locked
    if others:
        total = sum(others.values())
        word = "file" if total == 1 else "files"
        yield Problem(display_name(folder), f"left out {total} {word} ending in {', '.join(sorted(others))}")
    if not found and not locked:
        wanted = ", ".join(sorted(filter(None, endings)))
        yield Skipped(display_name(folder), f"no text files in this folder (looked for {wanted})")


def display_name(path: str | Path) -> str:
    """The path as text that can be stored and printed, whatever bytes its name is made of."""
    return os.fsencode(path).decode("utf-8", "replace")


def documents(paths: Iterable[str | Path]) -> Iterator[Document | Problem | Skipped]:
    """A document for every file that can be read; a :class:`Problem` before it where it had to be decoded from something
    other than UTF-8; a :class:`Skipped` for every file that cannot be read. One bad file never stops the others.

    A text of more than :data:`PART` characters comes as several documents, cut between paragraphs or sentences and named
    as RFC 5147 names a range of characters: ``long.txt#char=0,249871``.
    """
    for path in find(paths):
        if isinstance(path, Path):
            yield from from_file(path)
        else:
            yield path


def from_file(path: Path) -> Iterator[Document | Problem | Skipped]:
    """What :func:`documents` gives for one file."""
    try:
        with path.open("rb") as file:
            yield from _from_stream(display_name(path), file)
    except OSError as error:
        yield Skipped(display_name(path), f"cannot be read: {error.strerror or error}")


def from_bytes(name: str, data: bytes) -> Iterator[Document | Problem | Skipped]:
    """What :func:`documents` gives for a file with these bytes."""
    yield from _from_stream(name, BytesIO(data))


def standard_input() -> Iterator[Document | Problem | Skipped]:
    """What :func:`documents` gives for the text on standard input, named ``-``."""
    yield from _from_stream("-", sys.stdin.buffer)


def _from_stream(name: str, file: IO[bytes]) -> Iterator[Document | Problem | Skipped]:
    """The documents in a stream; one that cannot be read twice (a pipe) is first put by, on disk where it is long."""
    if not file.seekable():
        with tempfile.SpooledTemporaryFile(max_size=8 * BLOCK) as copy:
            shutil.copyfileobj(file, copy, BLOCK)
            copy.seek(0)
            yield from _from_stream(name, copy)
        return
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
