"""Texts into the register: each identified, read and stored, batch by batch, then gathered into deals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import islice
from typing import NamedTuple

import msgspec
from sqlalchemy import Engine

from rasad.cache import fingerprint
from rasad.claims import Claim, Document
from rasad.reading import read_document
from rasad.reading.identify import identify
from rasad.register.aside import FOREIGN, take_off
from rasad.register.database import reading, writing
from rasad.register.gather import gather
from rasad.register.store import Read, Stored, readers, store
from rasad.sources import Problem, Skipped
from rasad.sources.pieces import reader_failed

BATCH = 64  #: documents in one transaction


#: The claims of each document, in their order.
Reading = Callable[[Sequence[Document]], Sequence[list[Claim] | Skipped]]


class Added(NamedTuple):
    """What came of adding texts: what was stored, and what was skipped, with the reasons."""

    stored: Stored
    skipped: tuple[Skipped, ...]


@cache
def reader() -> str:
    """The version of the reader: another one where anything that it reads by, or with, is another."""
    rooms = ("reading", "languages", "gazetteer", "ontology")
    return "reader-" + fingerprint(file for room in rooms for file in _files(files("rasad").joinpath(room)))[:12]


def _files(folder: Traversable) -> Iterator[Traversable]:
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_dir():
            yield from _files(entry) if entry.name != "__pycache__" else ()
        elif entry.name not in ("examples.json", "sentences.tsv"):
            yield entry


def read_each(documents: Sequence[Document]) -> list[list[Claim] | Skipped]:
    """The claims of each document. A fault of the reader costs one document, not the others."""
    return [_claims(document) for document in documents]


def _claims(document: Document) -> list[Claim] | Skipped:
    try:
        return read_document(document)
    except Exception as error:
        return Skipped(document.name, reader_failed(error))


def add(
    engine: Engine,
    entries: Iterable[Document | Problem | Skipped],
    *,
    language: str | None = None,
    read: Reading = read_each,
    tell: Callable[[Problem | Skipped], None] = lambda _: None,
    done: Callable[[Document], None] = lambda _: None,
) -> Added:
    """Reads and stores documents, then gathers what is new into deals. A problem with one of them is told and never stops
    the others; ``done`` hears of each that was read; ``read`` reads them, some at a time. What was stored before an interruption
    stays. Raises StoreError where the register cannot be written."""
    total = Stored()
    skipped: list[Skipped] = []
    remaining = iter(entries)
    while batch := list(islice(remaining, BATCH)):
        wanted: list[Document] = []
        for entry in batch:
            found = _identified(entry, language) if isinstance(entry, Document) else entry
            if isinstance(found, Document):
                wanted.append(found)
                continue
            tell(found)
            if isinstance(found, Skipped):
                skipped.append(found)
        with reading(engine) as connection:
            known = readers(connection, wanted)
        fresh = [document for document in wanted if known.get(document.hash) != reader()]
        found_in = dict(zip(map(id, fresh), read(fresh), strict=True))
        stored: list[Read] = []
        for document in wanted:
            claims = found_in.get(id(document), [])
            if isinstance(claims, Skipped):
                skipped.append(claims)
                tell(claims)
                continue
            stored.append(Read(document, reader(), claims))
            done(document)
        total += store(engine, stored)
        take_off(engine, [entry.document for entry in stored])
    with writing(engine) as connection:
        gather(connection)
    return Added(total, tuple(skipped))


def _identified(document: Document, language: str | None) -> Document | Skipped:
    code = document.language or language or identify(document.text)
    if code is None:
        return Skipped(document.name, FOREIGN)
    return msgspec.structs.replace(document, language=code)
