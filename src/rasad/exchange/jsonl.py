"""A register as JSON lines: each deal or relation with all of its claims, as ``rasad show`` has them."""

from __future__ import annotations

from typing import IO

import msgspec

from rasad.exchange.parts import parts
from rasad.exchange.wording import as_json
from rasad.register import Filters, Register


def write(register: Register, filters: Filters, stream: IO[bytes]) -> tuple[int, int]:
    """Writes a line for each deal and relation that passes: the fields of :class:`Row` with its ``sentence``, and ``evidence``,
    each claim with its document, independent source, publications and review. Gives how many lines there are, and that none
    was left out. Raises FilterError."""
    written = 0
    for part in parts(register, filters):
        stream.write(msgspec.json.encode({**as_json(part.row), "evidence": part.evidence}) + b"\n")
        written += 1
    return written, 0
