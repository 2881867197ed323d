"""A register, or a part of it, in the formats of other programs."""

from __future__ import annotations

from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import IO

import msgspec

from rasad.exchange.output import OutputError, replacing
from rasad.register import Filters, Register

MODULES = {
    "sipri": "sipri.deals", "parquet": "parquet", "jsonl": "jsonl", "ftm": "ftm", "graphml": "graphml", "geojson": "geojson",
    "sqlite": "datasette",
}  # fmt: skip
"""The formats, and the module of this package that writes each."""
WHOLE = frozenset({"parquet", "sqlite"})  #: formats that need a file; the others can be streamed


def export(
    register: Register, form: str, path: str | Path, filters: Filters | None = None, *, force: bool = False
) -> tuple[int, int]:
    """Writes the deals and relations that pass the filters into a file, in one of :data:`MODULES`; ``sqlite`` also writes
    ``.metadata.json`` beside it. The file is there whole or not at all, and memory does not grow with the register.

    Gives how many deals and relations were written, and how many that pass were left out, as the format's module tells. Raises
    FilterError, and OutputError where the file cannot be written or, without ``force``, is there already.
    """
    wanted, place = filters or Filters(), Path(path)
    if form == "sqlite":
        return _with_metadata(register, wanted, place, force)
    with replacing(place, force=force) as partial, partial.open("wb") as stream:
        return stream_to(register, form, stream, wanted)


def stream_to(register: Register, form: str, stream: IO[bytes], filters: Filters) -> tuple[int, int]:
    """The same into a stream of bytes; not for ``sqlite``. Raises FilterError, and OutputError for a format that is none."""
    if form not in MODULES:
        raise OutputError(f"{form!r} is not one of {', '.join(MODULES)}")
    register.counted(filters)  # a filter that means nothing is told before anything is written
    counts: tuple[int, int] = import_module(f"rasad.exchange.{MODULES[form]}").write(register, filters, stream)
    return counts


def _with_metadata(register: Register, filters: Filters, path: Path, force: bool) -> tuple[int, int]:
    from rasad.exchange import datasette

    with ExitStack() as stack:
        places = (path, path.with_suffix(".metadata.json"))
        partial, description = (stack.enter_context(replacing(place, force=force)) for place in places)
        counts = datasette.write(register, filters, partial)
        description.write_bytes(msgspec.json.format(msgspec.json.encode(datasette.metadata(path.stem)), indent=2))
    return counts
