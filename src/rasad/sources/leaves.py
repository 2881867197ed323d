"""The forms that are a text, or a few, a file. Each is read by its own module, which is imported when it is first needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from types import MappingProxyType

import msgspec

from rasad.claims import Document
from rasad.sources.files import PART, from_bytes
from rasad.sources.pieces import Problem, Provenance, Skipped

Leaf = Callable[[str, bytes, Provenance], Iterator[Document | Problem | Skipped]]


def _leaf(module: str, function: str) -> Leaf:
    def read(name: str, data: bytes, known: Provenance) -> Iterator[Document | Problem | Skipped]:
        found = getattr(import_module(f"rasad.sources.{module}"), function)(name, data, known)
        for entry in [found] if isinstance(found, (Document, Skipped)) else found:
            yield from _parts(entry) if isinstance(entry, Document) and len(entry.text) > PART else [entry]

    return read


def _parts(document: Document) -> Iterator[Document | Problem | Skipped]:
    """A long document in parts, as long plain texts come."""
    for entry in from_bytes(document.name, document.text.encode("utf-8", "replace")):
        if isinstance(entry, Document):
            entry = msgspec.structs.replace(document, name=entry.name, text=entry.text)
        yield entry


LEAVES: Mapping[str, Leaf] = MappingProxyType(
    {"pdf": _leaf("pdf", "from_pdf"), "docx": _leaf("word", "from_docx"), "mail": _leaf("mail", "from_mail")}
)  #: by the form of a piece, what gives the documents of a file from its name, its bytes and what is known of it
