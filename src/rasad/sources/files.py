"""Text files as documents: found, decoded, and, where that cannot be done, named with the reason."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from rasad.claims import Document
from rasad.languages import codes, profile
from rasad.languages.words import split

CODEPAGES = ("cp1251", "cp1256", "cp1252")
SUFFIXES = frozenset({".txt", ".text", ".md", ""})
_SAMPLE = 20_000


class Problem(NamedTuple):
    """Something about a file that its reader should know, though the file was read."""

    path: str
    message: str


class Skipped(NamedTuple):
    """A file that was not read, and why."""

    path: str
    reason: str


class Decoded(NamedTuple):
    """Text and the encoding that it was in."""

    text: str
    encoding: str


def find(paths: Iterable[str | Path]) -> Iterator[Path | Skipped]:
    """Every file that the paths name: folders are searched for text files, in the order of their names."""
    for given in paths:
        path = Path(given)
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in SUFFIXES and not _hidden(p, path))
            if not inside:
                yield Skipped(str(path), "no text files in this folder (looked for .txt, .text, .md)")
            yield from inside
        elif path.exists():
            yield path
        else:
            yield Skipped(str(path), "no such file or folder")


def _hidden(path: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(root).parts)


def documents(paths: Iterable[str | Path]) -> Iterator[Document | Problem | Skipped]:
    """A document for every file that can be read; a :class:`Problem` before it where it had to be decoded from something
    other than UTF-8; a :class:`Skipped` for every file that cannot be read. One bad file never stops the others."""
    for path in find(paths):
        if isinstance(path, Skipped):
            yield path
            continue
        yield from _document(path)


def _document(path: Path) -> Iterator[Document | Problem | Skipped]:
    try:
        data = path.read_bytes()
    except OSError as error:
        yield Skipped(str(path), f"cannot be read: {error.strerror or error}")
        return
    yield from from_bytes(str(path), data)


def from_bytes(name: str, data: bytes) -> Iterator[Document | Problem | Skipped]:
    """The document in these bytes, as :func:`documents` gives it."""
    if not data.strip():
        yield Skipped(name, "empty")
        return
    decoded = decode(data)
    if decoded is None:
        yield Skipped(name, "not text (binary data)")
        return
    if not decoded.text.strip():
        yield Skipped(name, "empty")
        return
    if decoded.encoding != "utf-8":
        yield Problem(name, f"decoded from {decoded.encoding}")
    yield Document(name=name, text=decoded.text)


def standard_input() -> Iterator[Document | Problem | Skipped]:
    """The document on standard input, named ``-``."""
    yield from from_bytes("-", sys.stdin.buffer.read())


def decode(data: bytes) -> Decoded | None:
    """The text of these bytes and its encoding, or None for binary data.

    UTF-8 is tried first, then UTF-16 (with a byte order mark, or where every other byte is nought), then the code pages
    of Cyrillic, Arabic and Latin, of which the one wins in which the commonest words of a known language stand.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            try:
                return Decoded(data.decode(encoding), "utf-8" if encoding == "utf-8-sig" else encoding)
            except UnicodeDecodeError:
                return None
    sample = data[:_SAMPLE]
    if sample.count(0) > len(sample) // 100:
        return _utf16(data)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return None if _binary(text) else Decoded(text, "utf-8")
    if b"\x00" in sample:
        return None
    best: tuple[float, str] | None = None
    for encoding in CODEPAGES:
        share = _known_words(sample.decode(encoding, "replace"))
        if best is None or share > best[0]:
            best = (share, encoding)
    if best is not None and best[0] >= 0.05:
        return Decoded(data.decode(best[1], "replace"), best[1])
    broken = data.decode("utf-8", "replace")
    if broken[:_SAMPLE].count("\ufffd") < len(broken[:_SAMPLE]) / 50 and not _binary(broken):
        return Decoded(broken, "utf-8 with broken characters replaced")
    return None


def _utf16(data: bytes) -> Decoded | None:
    even, odd = data[0:_SAMPLE:2].count(0), data[1:_SAMPLE:2].count(0)
    for encoding in ("utf-16-le", "utf-16-be") if odd >= even else ("utf-16-be", "utf-16-le"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _binary(text) and _known_words(text[:_SAMPLE]) >= 0.05:
            return Decoded(text, encoding)
    return None


def _binary(text: str) -> bool:
    sample = text[:_SAMPLE]
    return sum(c < " " and c not in "\t\n\r\f\x0b\x1c\x1d\x1e\x1f\x85" for c in sample) > len(sample) / 100


def _known_words(text: str) -> float:
    """The greatest share that the commonest words of a language have of the words of a text."""
    words = [w.fold for w in split(text) if w.kind == "w"]
    if len(words) < 3:
        return 0.0
    return max(sum(w in profile(code).function_words for w in words) / len(words) for code in codes())
