"""What is packed by gzip or Zstandard, unpacked as it is read, never as a whole, and never without end."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from typing import IO, Any

from rasad.sources.decoding import BLOCK

RATIO = 250  #: times that texts are inflated at most; those that repeat themselves reach a hundred
FREE = 64 * 2**20  #: bytes that may come of an archive however small it is
_MAGIC = {"gz": b"\x1f\x8b", "zst": b"\x28\xb5\x2f\xfd"}
_NAMES = {"gz": "gzip", "zst": "Zstandard"}
_GULP = 2**14  # bytes
_SIP = {"gz": 2**14, "zst": 2**10}  # bytes: of a block of Zstandard, four of them, 128 KB may come (RFC 8878, 3.1.1.2)


class PackingError(ValueError):
    """An archive is broken, breaks off, or inflates without measure; the message says which."""


class Unpacked(io.BufferedReader):
    """A stream of what ``file`` holds, packed as ``gz`` with any number of members or as ``zst`` with any number of frames. Reading
    raises PackingError, after what could be unpacked. ``remark`` says, at the end, what was left out."""

    def __init__(self, file: IO[bytes], packing: str) -> None:
        self._inner = _Inflating(file, packing)
        super().__init__(self._inner, BLOCK)

    @property
    def remark(self) -> str | None:
        """What the reader of the file should know."""
        return self._inner.remark


def packing_of(head: bytes) -> str | None:
    """How something is packed that begins with these bytes: ``gz``, ``zst``, or not at all."""
    return next((packing for packing, magic in _MAGIC.items() if head.startswith(magic)), None)


def check_measure(given: int, taken: int) -> None:
    """Raises PackingError where so many bytes cannot well have come out of so few."""
    if given > FREE and given > RATIO * taken:
        raise PackingError(f"inflates more than {RATIO} times, as nothing does that was written to be read")


class _Inflating(io.RawIOBase):
    def __init__(self, file: IO[bytes], packing: str) -> None:
        super().__init__()
        self.remark: str | None = None
        self._ready = memoryview(b"")
        self._blocks = self._inflated(file, packing)

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        while not self._ready:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._ready = memoryview(block)
        size = min(len(into), len(self._ready))
        into[:size], self._ready = self._ready[:size], self._ready[size:]
        return size

    def _inflated(self, file: IO[bytes], packing: str) -> Iterator[bytes]:
        name, came, taken, given, members = _NAMES[packing], b"", 0, 0, 0
        while came := came or file.read(_GULP):
            if members and packing == "gz" and not (came := came.lstrip(b"\0")):
                continue  # archives are filled up on tapes
            came += file.read(4 - len(came)) if len(came) < 4 else b""
            if not _begins(came, packing):
                if not members:
                    raise PackingError(f"broken: it does not begin as {name} does")
                self.remark = f"what stands after the end of the {name} archive was left out"
                return
            member = zlib.decompressobj(wbits=31) if packing == "gz" else _frame()
            members += 1
            while not member.eof:
                if not (came := came or file.read(_GULP)):
                    raise PackingError(f"breaks off: the {name} archive has no end")
                sip, came = came[: _SIP[packing]], came[_SIP[packing] :]
                try:
                    block = member.decompress(sip)
                except Exception as error:  # zlib.error, zstandard.ZstdError
                    raise PackingError(f"broken: {name} cannot be unpacked ({error})") from None
                came = member.unused_data + came
                taken, given = taken + len(sip) - len(member.unused_data), given + len(block)
                check_measure(given, taken)
                if block:
                    yield block


def _begins(data: bytes, packing: str) -> bool:
    skippable = packing == "zst" and data[1:4] == b"\x2a\x4d\x18" and data[0] & 0xF0 == 0x50  # RFC 8878, 3.1.2
    return skippable or data.startswith(_MAGIC[packing])


def _frame() -> Any:
    from zstandard import ZstdDecompressor

    return ZstdDecompressor().decompressobj()
