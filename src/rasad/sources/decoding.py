"""Bytes as text: which encoding they are in, told by marks, by what is possible, and by the commonest words."""

from __future__ import annotations

import codecs
import re
from io import BytesIO
from typing import IO, NamedTuple

from rasad.languages import codes, profile
from rasad.languages.words import split

CODEPAGES = ("windows-1252", "windows-1251", "windows-1256", "koi8-u")
BLOCK = 1 << 20  #: bytes that are read at once
SAMPLE = 20_000  #: bytes, or characters, by which a text is told from what is none
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SIGNATURES = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a Word document or another ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old Word document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
_LONGEST = max(len(signature) for signature, _ in _SIGNATURES)
_BINARY = "binary: control characters all over, not text"
_WRITTEN = re.compile(r"[\s -~\u00a0-\u06ff\u2000-\u22ff\ufeff]")
_CONTROLS = bytes((*range(0x09), *range(0x0E, 0x1C)))  # but for those that stand between words


class Decoded(NamedTuple):
    """Text and the encoding that it was in."""

    text: str
    encoding: str


class NotTextError(ValueError):
    """These bytes are no text, or text in an unknown encoding; the message says which."""


class Encoding(NamedTuple):
    """How bytes are to be decoded, and whether some of them are broken."""

    name: str
    broken: bool = False

    @property
    def remark(self) -> str | None:
        """What the reader of the file should know, or None for plain UTF-8."""
        if self.broken:
            return f"decoded from {self.name} with broken bytes replaced"
        return None if self.name in ("utf-8", "utf-8-sig") else f"decoded from {self.name}"


def decode(data: bytes) -> Decoded | None:
    """The text of these bytes and its encoding, or None where they are no text (see :func:`encoding_of`)."""
    try:
        encoding = encoding_of(BytesIO(data))
    except NotTextError:
        return None
    text = data.decode(encoding.name, "replace" if encoding.broken else "strict")
    remark = encoding.remark
    return Decoded(text, remark.removeprefix("decoded from ") if remark else "utf-8")


def is_utf8(data: bytes) -> bool:
    """Whether bytes are UTF-8, whatever somebody says of them: text in another encoding is not so by chance."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in data


def recoded(data: bytes, encoding: str) -> bytes:
    """Bytes in UTF-8 that were told to be in another encoding; the same bytes where they are not, or nobody knows it."""
    if is_utf8(data):
        return data
    try:
        return data.decode(encoding).encode("utf-8", "replace")
    except (LookupError, UnicodeDecodeError):
        return data


def encoding_of(file: IO[bytes]) -> Encoding:
    """The encoding of a file; raises NotTextError for binary data and for an encoding that is not known.

    A byte order mark settles it; UTF-8 is tried next, then UTF-16 (where every other byte is nought), then the code pages
    of Latin, Cyrillic and Arabic, of which the one wins in which the commonest words of a known language stand. Text that
    is UTF-8 but for some broken bytes stays UTF-8.
    """
    file.seek(0)
    head = file.read(SAMPLE)
    for signature, what in _SIGNATURES:
        if head.startswith(signature):
            raise NotTextError(f"binary: {what}, not plain text")
    for mark, name in _MARKS:
        if head.startswith(mark):
            return Encoding(name, broken=_first_fault(file, name) is not None)
    if head.count(0) > len(head) // 100:
        return _utf16(file, head)
    fault = _first_fault(file, "utf-8")
    if fault is None:
        if _binary(head.decode("utf-8", "ignore")):
            raise NotTextError(_BINARY)
        return Encoding("utf-8")
    file.seek(max(0, fault - SAMPLE // 2))
    return _codepage(file, file.read(SAMPLE))


def check_text(text: str) -> None:
    """Raises NotTextError for what is binary data, though it came as text."""
    head = text[:_LONGEST].encode("utf-8", "replace")
    for signature, what in _SIGNATURES:
        if head.startswith(signature):
            raise NotTextError(f"binary: {what}, not plain text")
    if _binary(text):
        raise NotTextError(_BINARY)


def _first_fault(file: IO[bytes], encoding: str) -> int | None:
    """About where the first bytes are that this encoding does not have, or None where all can be decoded."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    at = 0
    try:
        while block := file.read(BLOCK):
            decoder.decode(block)
            at += len(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return at + error.start
    return None


def _utf16(file: IO[bytes], head: bytes) -> Encoding:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    for name in ("utf-16-le", "utf-16-be") if odd >= even else ("utf-16-be", "utf-16-le"):
        text = head.decode(name, "replace")
        if not _binary(text) and len(_WRITTEN.findall(text)) >= 0.9 * len(text) and _known_words(text) >= 0.05:
            return Encoding(name, broken=_first_fault(file, name) is not None)
    raise NotTextError(_BINARY)


def _codepage(file: IO[bytes], sample: bytes) -> Encoding:
    """The encoding of bytes that are not UTF-8."""
    utf8 = sample.decode("utf-8", "replace")
    faults = utf8.count("\ufffd")
    if sum(c > "\x7f" for c in utf8) > 5 * faults and not _binary(utf8):
        return Encoding("utf-8", broken=True)
    if b"\x00" in sample or _binary(sample.decode("latin-1")):
        raise NotTextError(_BINARY)
    shares = {name: _known_words(sample.decode(name, "replace")) for name in CODEPAGES}
    best = max(CODEPAGES, key=lambda name: shares[name])
    if shares[best] >= 0.05:
        return Encoding(best, broken=_first_fault(file, best) is not None)
    if faults < len(utf8) / 50:
        return Encoding("utf-8", broken=True)
    raise NotTextError(f"text in an encoding that is not known (tried UTF-8, UTF-16, {', '.join(CODEPAGES)})")


def _binary(text: str) -> bool:
    sample = text[:SAMPLE]
    data = sample.encode("utf-8", "surrogatepass")
    return len(data) - len(data.translate(None, _CONTROLS)) > len(sample) / 100


def _known_words(text: str) -> float:
    """The greatest share that the commonest words of a language have of the words of a text."""
    words = [w.fold for w in split(text) if w.kind == "w"]
    if len(words) < 3:
        return 0.0
    return max(sum(w in profile(code).function_words for w in words) / len(words) for code in codes())
