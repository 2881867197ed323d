"""Rasad reads what is published about the arms trade and keeps who claims what, according to whom, and in which words.

    >>> import rasad
    >>> for claim in rasad.read("Russia delivered 24 Su-35 fighters to China, the defence ministry said."):
    ...     print(claim.frame, claim.evidence.quote)

Everything that a user needs is named here; the rest is free to move.
"""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike
from typing import TYPE_CHECKING, Any
from warnings import warn

import msgspec

from rasad.claims import Claim, Document, Entity, Evidence, Explanation, Filler, Money, Speaker, TimeSpan
from rasad.reading import explain_document, read_document
from rasad.sources import Problem, Skipped, documents

if TYPE_CHECKING:
    from rasad.analysis.asked import open_register

__all__ = [
    "Claim", "Document", "Entity", "Evidence", "Explanation", "Filler", "Money", "Speaker", "TimeSpan", "explain_document",
    "open_register", "read", "read_document",
]  # fmt: skip
__version__ = "0.5.0"


def __getattr__(name: str) -> Any:
    """Loads the register when it is first asked for: who only reads does not wait for it."""
    if name == "open_register":
        from rasad.analysis.asked import open_register

        return open_register
    raise AttributeError(f"module 'rasad' has no attribute {name!r}")


def read(source: str | PathLike[str] | Iterable[str | PathLike[str]], *, language: str | None = None) -> list[Claim]:
    """The claims of a text, of a file or folder, or of several files.

    A ``str`` is the text itself; a path (:class:`pathlib.Path`), or any iterable of paths or of strings that name files, patterns
    or addresses, is read in every form that ``rasad read`` takes. ``language`` is the code of the language, where it is known;
    otherwise each text is looked at. What cannot be read is left out with a warning that names it. Claims come in the order of the documents and of their
    evidence; offsets count Unicode code points.
    """
    if isinstance(source, str):
        return read_document(Document(name="text", text=source, language=language))
    paths = [source] if isinstance(source, PathLike) else list(source)
    found: list[Claim] = []
    for entry in documents(paths):
        if isinstance(entry, Document):
            found.extend(read_document(msgspec.structs.replace(entry, language=language or entry.language)))
        elif isinstance(entry, Skipped):
            warn(f"{entry.path}: skipped, {entry.reason}", stacklevel=2)
        elif isinstance(entry, Problem):
            warn(f"{entry.path}: {entry.message}", stacklevel=2)
    return found
