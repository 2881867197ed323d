"""The register: claims gathered into deals and relations, with independent support, disagreement and review.

>>> from rasad import open_register
>>> register = open_register("rasad.db", create=True)
>>> register.add(["examples"])
>>> for deal in register.deals(recipient="Kazakhstan"):
...     print(deal["actor"], deal["item"], deal["sources"])
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import Engine

from rasad.claims import Document
from rasad.register import add as adding
from rasad.register import aside as asides
from rasad.register import deals as opened
from rasad.register import decide, ids, lately, listing, log, search, shown, subjects, suggest, texts
from rasad.register import entities as named
from rasad.register import load as loading
from rasad.register import meaning as meant
from rasad.register.add import Added
from rasad.register.aside import Aside
from rasad.register.database import StoreError, connect, reading, upgrade, writing
from rasad.register.deals import Deal, Evidence, Publication
from rasad.register.entities import NamedEntities, NamedEntity
from rasad.register.find import Asked, Finding, Opened, find
from rasad.register.find import opened as shown_at
from rasad.register.gather import gather, is_stale
from rasad.register.identity import Link
from rasad.register.ids import NotFoundError
from rasad.register.lately import Lately
from rasad.register.listing import FilterError, Filters
from rasad.register.load import Loaded, LoadError
from rasad.register.retry import Retried, retry
from rasad.register.review import Review, ReviewError
from rasad.register.rows import Named, Row, rows, rows_by_id
from rasad.register.search import Hit, Place
from rasad.register.shown import Counts, Found, ShownClaim, ShownDocument, ShownEntity
from rasad.register.store import Read, Stored, store
from rasad.register.subjects import Saying, State, Subject
from rasad.register.suggest import Suggestion
from rasad.register.upgrading import Upgraded, upgraded
from rasad.sources import Problem, Provenance, Skipped, documents

__all__ = [
    "Added", "Aside", "Asked", "Counts", "Deal", "Evidence", "FilterError", "Filters", "Finding", "Found", "Hit", "Lately", "Link", "LoadError", "Loaded",
    "NamedEntities", "NamedEntity", "NotFoundError", "Opened", "Place", "Publication", "Register", "Retried", "Review", "ReviewError", "Row",
    "Saying", "ShownClaim", "ShownDocument", "ShownEntity", "State", "StoreError", "Subject", "Suggestion", "Upgraded",
    "open_register", "upgrade", "upgraded",
]  # fmt: skip


def open_register(address: str | Path | None = None, *, create: bool = False) -> Register:
    """Opens a register: a file (by default ``rasad.db``), or a PostgreSQL database by its URL. ``create`` makes it where there is
    none. Raises StoreError, which says what is wrong and what to do."""
    return Register(connect(address, create=create))


class Register:
    """A register that is open. Close it, or use it in a ``with`` statement."""

    def __init__(self, engine: Engine) -> None:
        """Takes a connected engine; :func:`open_register` makes one."""
        self.engine = engine

    def __enter__(self) -> Register:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Gives back the connections."""
        self.engine.dispose()

    # What goes in.

    def add(
        self,
        paths: Iterable[str | Path | Document | Problem | Skipped],
        *,
        language: str | None = None,
        read: adding.Reading = adding.read_each,
        tell: Callable[[Problem | Skipped], None] = lambda _: None,
        done: Callable[[Document], None] = lambda _: None,
    ) -> Added:
        """Reads files, folders and documents, and stores them with their claims. What is there already changes nothing; what
        an older reader read is read again; reviews stay. What cannot be read is told, and never stops the others; ``done`` hears
        of each document that was read. ``read``: what reads them, as :class:`rasad.engines.Readers` does on several cores."""
        entries = (
            entry for given in paths for entry in (documents([given]) if isinstance(given, (str, Path)) else [given])
        )
        return adding.add(self.engine, entries, language=language, read=read, tell=tell, done=done)

    def set_aside(
        self, entries: Iterable[Skipped], known: Provenance = Provenance(), columns: Mapping[str, str] = {}
    ) -> int:
        """Keeps what could not be read, to be tried again; see :func:`rasad.register.aside.set_aside`."""
        return asides.set_aside(self.engine, entries, known, columns)

    def retry(
        self, *, tell: Callable[[Problem | Skipped], None] = lambda _: None, done: Callable[[Document], None] = lambda _: None
    ) -> Retried:  # fmt: skip
        """Tries again what is set aside."""
        return retry(self.engine, tell=tell, done=done)

    def aside(self, limit: int | None = None) -> tuple[Aside, ...]:
        """What could not be read, by place and name."""
        with reading(self.engine) as connection:
            return asides.listed(connection, limit)

    def counted_aside(self) -> int:
        """How much that is."""
        with reading(self.engine) as connection:
            return asides.counted(connection)

    def store(self, read: Sequence[Read]) -> Stored:
        """Stores documents with claims that were made elsewhere: a table that was imported, a run on a cluster."""
        stored = store(self.engine, read)
        self.gather()
        return stored

    def load(self, folder: str | Path, *, tell: Callable[[Skipped], None] = lambda _: None) -> Loaded:
        """Takes what ``rasad run`` wrote into a folder, or at an address such as ``s3://bucket/run``. What is there already changes
        nothing. A claim that does not stand in its text is told and left out. Raises LoadError where it is no whole run."""
        return loading.load(self.engine, loading.run_in(str(folder)), tell=tell)

    def gather(self) -> None:
        """Gathers what an interrupted run left to be gathered."""
        with reading(self.engine) as connection:
            left = is_stale(connection)
        if left:
            with writing(self.engine) as connection:
                gather(connection)

    # What is there.

    def deals(self, **filters: Any) -> list[dict[str, Any]]:
        """The summaries of deals (see :class:`Filters`), best supported first. Raises FilterError."""
        return self.listed(Filters(kind="deal", **filters))

    def relations(self, **filters: Any) -> list[dict[str, Any]]:
        """The summaries of relations: who can, depends on, rivals, restricts, accuses, belongs to, wants."""
        return self.listed(Filters(kind="relation", **filters))

    def listed(self, filters: Filters) -> list[dict[str, Any]]:
        """The summaries that pass."""
        with reading(self.engine) as connection:
            return listing.listed(connection, filters)

    def counted(self, filters: Filters) -> int:
        """How many pass, whatever the limit."""
        with reading(self.engine) as connection:
            return listing.counted(connection, filters)

    def deal(self, identifier: str, shown: int = opened.SHOWN) -> Deal | None:
        """A deal or relation with everything behind it; None where there is none of this id."""
        with reading(self.engine) as connection:
            return opened.deal(connection, identifier, shown)

    def search(
        self, query: str, *, meaning: bool = False, kind: search.Kind = "evidence", limit: int = 20
    ) -> list[Hit]:
        """Evidence or documents that have the words of the query in any form; with ``meaning``, evidence that says something
        like it, in any language."""
        with reading(self.engine) as connection:
            if meaning:
                return meant.by_meaning(connection, query, limit)
            return search.by_words(connection, query, kind, limit)

    def find(self, asked: Asked) -> Finding:
        """Claims, deals and relations, or documents, by words or meaning, with the counts of what they are about. Raises FilterError."""
        with reading(self.engine) as connection:
            return find(connection, asked)

    def shown_at(self, places: Sequence[Place], *, whole: bool = False) -> list[Opened]:
        """What stands at places that were found. ``whole``: they are whole texts."""
        with reading(self.engine) as connection:
            return shown_at(connection, places, whole=whole)

    def get_ready(self) -> None:
        """Loads what the first search would wait for: languages, names, and what is held of each meaning."""
        self.suggested("a")
        self.search("a", meaning=True, limit=1)
        self.search("a", limit=1)

    def suggested(self, given: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Who and what has a name, in any script, one word of which begins as given."""
        with reading(self.engine) as connection:
            return suggest.beginning(connection, given, limit)

    def called(self, query: str) -> tuple[Suggestion, ...]:
        """Who and what is named in a query, in its order."""
        with reading(self.engine) as connection:
            return suggest.named(connection, query)

    def lately(self) -> Lately:
        """What came in, what is disputed, and the accusations."""
        with reading(self.engine) as connection:
            return lately.lately(connection)

    def names(self, identifiers: Iterable[str]) -> dict[str, str]:
        """The names of ids."""
        with reading(self.engine) as connection:
            return opened.names(connection, identifiers)

    def rows(self, filters: Filters) -> list[Row]:
        """The deals and relations that pass, as rows with names, roles and marks of estimates. Raises FilterError."""
        with reading(self.engine) as connection:
            return rows(connection, listing.listed(connection, filters))

    def rows_by_id(self, identifiers: Sequence[str]) -> list[Row]:
        """The deals and relations with these ids, in their order."""
        with reading(self.engine) as connection:
            return rows_by_id(connection, identifiers)

    def row(self, deal: Deal) -> Row:
        """The row of a deal or relation that was opened."""
        with reading(self.engine) as connection:
            return rows(connection, [deal.summary])[0]

    def claim(self, identifier: str) -> ShownClaim | None:
        """A claim with everything behind it; None where there is none of this id."""
        with reading(self.engine) as connection:
            return shown.claim(connection, identifier)

    def publications(self, documents: Iterable[str]) -> dict[str, tuple[Publication, ...]]:
        """Where each document was printed."""
        with reading(self.engine) as connection:
            return shown.printed(connection, sorted(set(documents)))

    def rows_of(self, claims: Iterable[str]) -> dict[str, tuple[Row, ...]]:
        """The deals and relations that each claim is part of."""
        with reading(self.engine) as connection:
            return shown.rows_of(connection, claims)

    def document(self, identifier: str) -> ShownDocument | None:
        """A text with where it was printed, its near-copies and its claims; None where there is none of this id."""
        with reading(self.engine) as connection:
            return shown.document(connection, identifier)

    def text(self, identifier: str, part: int | None = None, claim: str | None = None) -> texts.TextPart | None:
        """A part of a text, with the claims on it: that of a number (from 1), that of a claim, or the first; None where there is no
        such text. Raises FilterError where it has fewer parts."""
        with reading(self.engine) as connection:
            return texts.part(connection, identifier, part, claim)

    def arrived(self, documents: Sequence[str]) -> tuple[texts.Arrived, ...]:
        """What the register holds of texts that were just added."""
        with reading(self.engine) as connection:
            return texts.arrived(connection, documents)

    def why(self, claim: str, longest: int = texts.EXPLAINED) -> texts.Why | None:
        """Why the reader made a claim, if its text has at most ``longest`` characters; None where there is none of this id."""
        with reading(self.engine) as connection:
            return texts.why(connection, claim, longest)

    def entity(self, identifier: str, limit: int = opened.SHOWN) -> ShownEntity | None:
        """An entity with every name and where it was seen, and at most ``limit`` of its claims and of its deals; None where
        nothing has this id."""
        with reading(self.engine) as connection:
            return shown.entity(connection, identifier, limit)

    def subject(self, identifier: str) -> Subject | None:
        """Who or what an entity is, and how often it is what; as fast where there are a million claims. None where nothing has this
        id."""
        with reading(self.engine) as connection:
            return subjects.subject(connection, identifier)

    def involving(
        self, identifier: str, *, frame: str | None = None, role: str | None = None, limit: int, offset: int = 0
    ) -> list[Row]:
        """Some of the deals and relations of an entity, of a frame in which it has a role, or all; best supported first."""
        with reading(self.engine) as connection:
            return subjects.listed(connection, identifier, frame, role, limit, offset)

    def counted_involving(self, identifier: str, *, frame: str | None = None, role: str | None = None) -> int:
        """How many :meth:`involving` gives without a limit."""
        with reading(self.engine) as connection:
            return subjects.counted(connection, identifier, frame, role)

    def surest(self, deals: Sequence[str]) -> dict[str, opened.Evidence]:
        """The surest claim of each deal or relation, those of texts before those of tables."""
        with reading(self.engine) as connection:
            return subjects.surest(connection, deals)

    def kin(self, system: str) -> tuple[Named, ...]:
        """The designations of the same family that the register names, that of the family first."""
        with reading(self.engine) as connection:
            return subjects.kin(connection, system)

    def sayings(self, speaker: str) -> tuple[Saying, ...]:
        """How many claims a speaker made of what, how surely, of which year."""
        with reading(self.engine) as connection:
            return subjects.sayings(connection, speaker)

    def said(self, speaker: str, **asked: Any) -> tuple[opened.Evidence, ...]:
        """Some of what a speaker said; see :func:`rasad.register.subjects.said`."""
        with reading(self.engine) as connection:
            return subjects.said(connection, speaker, **asked)

    def naming(self, identifier: str, *, limit: int, offset: int = 0) -> tuple[opened.Evidence, ...]:
        """Some of the claims that name an entity, the surest first."""
        with reading(self.engine) as connection:
            return subjects.naming(connection, identifier, limit, offset)

    def texts_naming(self, identifier: str, limit: int) -> tuple[Publication, ...]:
        """Where some of the texts that name an entity were printed, the latest first."""
        with reading(self.engine) as connection:
            return subjects.printed(connection, identifier, limit)

    def states(self) -> tuple[State, ...]:
        """Every state that is a party, with how often it is what. Reads all deals and relations."""
        with reading(self.engine) as connection:
            return subjects.states(connection)

    def entities(self, name: str | None = None, kind: str | None = None, limit: int | None = None) -> NamedEntities:
        """Who and what is named, the most often first: those called so, of a kind (person, org, country, system …). Raises
        FilterError."""
        with reading(self.engine) as connection:
            return named.listed(connection, name, kind, limit)

    def whole_id(self, given: str) -> str:
        """The id that somebody means by the beginning of one, or by a name. Raises NotFoundError or FilterError, which say what
        is nearest."""
        with reading(self.engine) as connection:
            return ids.whole(connection, given)

    def found(self, hits: Sequence[Hit]) -> list[Found]:
        """What stands behind the hits of a search: where it was printed, and the claims that rest on it."""
        with reading(self.engine) as connection:
            return shown.found(connection, hits)

    def counts(self) -> Counts:
        """How many documents, claims, deals and relations there are."""
        with reading(self.engine) as connection:
            return shown.counts(connection)

    # What people say of it.

    def reviews(self) -> list[Review]:
        """The whole log, in order."""
        with reading(self.engine) as connection:
            return log.lines(connection)

    def accept(self, claim: str, *, reviewer: str, reason: str = "", seen: int | None = None) -> Review:
        """Says that a claim is what its text says. ``seen``: see :func:`rasad.register.decide.accept`."""
        return decide.accept(self.engine, claim, reviewer=reviewer, reason=reason, seen=seen)

    def reject(self, claim: str, *, reviewer: str, reason: str = "", seen: int | None = None) -> Review:
        """Says that it is not."""
        return decide.reject(self.engine, claim, reviewer=reviewer, reason=reason, seen=seen)

    def correct(
        self, claim: str, fields: Mapping[str, Any], *, reviewer: str, reason: str = "", seen: int | None = None
    ) -> Review:
        """Says what a claim should have been."""
        return decide.correct(self.engine, claim, fields, reviewer=reviewer, reason=reason, seen=seen)

    def join(self, first: str, second: str, *, reviewer: str, reason: str = "") -> Review:
        """Says that two deals are one."""
        return decide.join(self.engine, first, second, reviewer=reviewer, reason=reason)

    def split(self, deal: str, claims: Sequence[str], *, reviewer: str, reason: str = "") -> Review:
        """Says that some claims of a deal are another."""
        return decide.split(self.engine, deal, claims, reviewer=reviewer, reason=reason)

    def merge(self, entity: str, into: str, *, reviewer: str, reason: str = "") -> Review:
        """Says that two entities are one."""
        return decide.merge(self.engine, entity, into, reviewer=reviewer, reason=reason)

    def part(self, entity: str, claims: Sequence[str], into: str, *, reviewer: str, reason: str = "") -> Review:
        """Says that some claims mean another entity."""
        return decide.part(self.engine, entity, claims, into, reviewer=reviewer, reason=reason)

    def undo(self, review: int, *, reviewer: str, reason: str = "") -> Review:
        """Takes a review back."""
        return decide.undo(self.engine, review, reviewer=reviewer, reason=reason)
