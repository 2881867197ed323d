"""Where the texts that are given come from: told once for all of them, or by each line of a file of JSON lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

import msgspec

from rasad.claims import Document
from rasad.languages import codes
from rasad.sources.files import SUFFIXES, display_name, find, from_bytes, from_file, standard_input
from rasad.sources.pieces import Problem, Provenance, Skipped, with_provenance

LINES = frozenset({".jsonl", ".ndjson"})
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2}(?=$|[T ]))?)?(?:[T ].*)?")


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A text with its provenance, as a line of a file gives it."""

    text: str
    name: str | None = None
    outlet: str | None = None
    address: str | None = None
    published: str | None = None
    language: str | None = None


def texts(paths: Iterable[str], known: Provenance, done: Callable[[], None]) -> Iterator[Document | Problem | Skipped]:
    """The documents that the paths name, each with its provenance: that of its line, else what is known of all. ``done`` is
    called after each file, and each line of a file of lines."""
    for entry in _given(paths, done):
        yield with_provenance(known, entry) if isinstance(entry, Document) else entry


def count(paths: Iterable[str]) -> int:
    """How often :func:`texts` will call ``done``."""
    return sum(
        _size(path) for given in paths for path in ([given] if given == "-" else find([given], SUFFIXES | LINES))
    )


def _size(path: object) -> int:
    if not isinstance(path, Path) or path.suffix.lower() not in LINES:
        return 1
    try:
        with path.open("rb") as file:
            return sum(1 for _ in file)
    except OSError:
        return 0


def _given(paths: Iterable[str], done: Callable[[], None]) -> Iterator[Document | Problem | Skipped]:
    for given in paths:
        if given == "-":
            yield from standard_input()
            done()
            continue
        for path in find([given], SUFFIXES | LINES):
            if not isinstance(path, Path):
                yield path
            elif path.suffix.lower() in LINES:
                yield from lines(path, display_name(path), done)
                continue
            else:
                yield from from_file(path)
            done()


def day(given: str) -> str:
    """A date as far as it is known: 2018, 2018-10 or 2018-10-05. A time of day after a whole date is left out. Raises ValueError
    for what is none."""
    match = _DATE.fullmatch(given.strip())
    known = given.strip()[:10] if match else ""
    try:
        date.fromisoformat(f"{known}-01-01"[:10] if len(known) == 4 else f"{known}-01"[:10])
    except ValueError:
        raise ValueError(f"{given!r} is no date (ISO 8601: 2018, 2018-10 or 2018-10-05)") from None
    return known


def lines(path: Path, name: str, done: Callable[[], None] = lambda: None) -> Iterator[Document | Problem | Skipped]:
    """The documents of a file of JSON lines. A line that is not as it should be is named, and never stops the others."""
    unknown: dict[str, None] = {}
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield from _line(f"{name}:{number}", line.removeprefix(b"\xef\xbb\xbf"), unknown)
                done()
    except OSError as error:
        yield Skipped(name, f"cannot be read: {error.strerror or error}")
    if unknown:
        known = ", ".join(Line.__struct_fields__)
        yield Problem(name, f"fields that mean nothing here were left out: {', '.join(unknown)} (known: {known})")


def _line(where: str, line: bytes, unknown: dict[str, None]) -> Iterator[Document | Problem | Skipped]:
    try:
        fields = msgspec.json.decode(line)
        told = msgspec.convert(fields, Line)
        published = day(told.published) if told.published else None
        if told.language and told.language not in codes():
            raise ValueError(f"language: {told.language!r} is not one of {', '.join(codes())}")
    except UnicodeDecodeError:
        yield Skipped(where, "not in UTF-8")
        return
    except (msgspec.DecodeError, RecursionError) as error:
        yield Skipped(where, f"no object with a text: {error}")
        return
    except ValueError as error:
        yield Skipped(where, str(error))
        return
    unknown.update(dict.fromkeys(name for name in fields if name not in Line.__struct_fields__))
    own = Provenance(outlet=told.outlet, address=told.address, published=published, language=told.language)
    for entry in from_bytes(told.name or where, told.text.encode()):
        yield with_provenance(own, entry) if isinstance(entry, Document) else _at(where, entry)


def _at(where: str, entry: Problem | Skipped) -> Problem | Skipped:
    return entry._replace(path=where)
