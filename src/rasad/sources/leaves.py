"""The forms that are one text a file, each read by its own module, which is imported when it is first needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from types import MappingProxyType

from rasad.claims import Document
from rasad.sources.pieces import Problem, Provenance, Skipped

LARGEST = 64 * 2**20  #: bytes of a file that is read whole; a larger one is set aside

Entry = Document | Problem | Skipped
Leaf = Callable[[str, bytes, Provenance], Iterator[Entry]]


def _leaf(module: str, function: str) -> Leaf:
    def read(name: str, data: bytes, known: Provenance = Provenance()) -> Iterator[Entry]:
        if len(data) > LARGEST:
            yield Skipped(name, f"larger than {LARGEST >> 20} MB; give it in parts")
            return
        found = getattr(import_module(f"rasad.sources.{module}"), function)(name, data, known=known)
        yield from [found] if isinstance(found, (Document, Skipped)) else found

    return read


LEAVES: Mapping[str, Leaf] = MappingProxyType(
    {
        "html": _leaf("markup", "from_markup"),
        "pdf": _leaf("pdf", "from_pdf"),
        "docx": _leaf("word", "from_docx"),
        "mail": _leaf("mail", "from_mail"),
    }
)  #: by the form of a piece, what gives the documents of a file from its name, its bytes and what is known of it
