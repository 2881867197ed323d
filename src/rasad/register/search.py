"""Finding texts and evidence by their words.

Every word is indexed in its dictionary forms as the reader's morphology knows them, so that any inflected form finds any other, in
every language; evidence is indexed with the names of whom its claims are about too, so that *Ukraine S-300* finds the Arabic sentence.
SQLite keeps the index in an FTS5 table, PostgreSQL in a ``tsvector``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

import msgspec
from sqlalchemy import Connection, case, delete, func, insert, select, text

from rasad.claims import Claim, Document
from rasad.register.database import slices
from rasad.register.schema import documents, passages
from rasad.register.terms import forms, terms

Kind = Literal["document", "evidence"]
Joint = Literal["and", "or"]
COMPARED = 2_000  #: passages with the words of a query that are compared with each other


class Meaning(msgspec.Struct, frozen=True):
    """A span of evidence with its vector: 512 signed bytes (:mod:`rasad.register.meaning`)."""

    start: int
    end: int
    vector: bytes


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """Something found: ``text[start:end]`` of a document. ``score``: greater is better; of one kind of search only."""

    kind: Kind
    document: str
    start: int
    end: int
    score: float
    quote: str


class Findable(NamedTuple):
    """A document with its id, the claims that it makes, and what their evidence means."""

    id: str
    document: Document
    claims: Iterable[Claim]
    meanings: Iterable[Meaning]


def index(connection: Connection, found: Iterable[Findable]) -> None:
    """Makes documents and the evidence of their claims findable."""
    words: dict[tuple[str, Kind, int, int], str] = {}
    vectors: dict[tuple[str, Kind, int, int], bytes | None] = {}
    for one in found:
        for kind, start, end, vector, tokens in _passages(one):
            words[one.id, kind, start, end] = tokens
            vectors[one.id, kind, start, end] = vector
    if not words:
        return
    columns = ("document", "kind", "start", "end")
    connection.execute(
        insert(passages), [{**dict(zip(columns, key, strict=True)), "vector": vectors[key]} for key in words]
    )
    own = select(passages.c.id, *(passages.c[name] for name in columns))
    indexed: list[dict[str, object]] = []
    for some in slices([*{document for document, *_ in words}]):
        for identifier, *key in connection.execute(own.where(passages.c.document.in_(some))):
            indexed.append({"id": identifier, "tokens": words[tuple(key)]})
    connection.execute(text(_INSERT[connection.dialect.name]), indexed)


def _passages(one: Findable) -> Iterator[tuple[Kind, int, int, bytes | None, str]]:
    """The passages of a document, with the words by which each is found."""
    document = one.document
    names: dict[tuple[int, int], dict[str, None]] = {}
    for claim in one.claims:
        at = names.setdefault((claim.evidence.start, claim.evidence.end), {})
        at.update(dict.fromkeys(filler.name for _, filler in claim.fillers()))
        at.update(dict.fromkeys(speaker.name for speaker in claim.attribution))
    yield "document", 0, len(document.text), None, _words(document.text, document.language)
    for meaning in one.meanings:
        quote = _words(document.text[meaning.start : meaning.end], document.language)
        named = _words(" . ".join(names.get((meaning.start, meaning.end), ())), "en")
        yield "evidence", meaning.start, meaning.end, meaning.vector, f"{quote} {named}"


def forget(connection: Connection, identifier: str) -> None:
    """Takes a document and its evidence out of the index."""
    own = select(passages.c.id).where(passages.c.document == identifier)
    for passage in connection.scalars(own).all():
        connection.execute(text(_DELETE[connection.dialect.name]), {"id": passage})
    connection.execute(delete(passages).where(passages.c.document == identifier))


def _words(given: str, code: str | None) -> str:
    return " ".join(form for word in forms(given, code) for form in word)


_INSERT = {
    "sqlite": "INSERT INTO words (rowid, tokens) VALUES (:id, :tokens)",
    "postgresql": "INSERT INTO words (id, tokens) VALUES (:id, to_tsvector('simple', :tokens))",
}
_DELETE = {"sqlite": "DELETE FROM words WHERE rowid = :id", "postgresql": "DELETE FROM words WHERE id = :id"}
_FIND = {
    "sqlite": 'SELECT p.id, p.document, p.start, p."end", -bm25(words) AS score FROM words JOIN passages AS p ON p.id = words.rowid '
    "WHERE words MATCH :query AND words.rowid >= :first AND p.kind = :kind ORDER BY bm25(words), p.document, p.start LIMIT :limit",
    "postgresql": 'SELECT p.id, p.document, p.start, p."end", ts_rank(w.tokens, q) AS score '
    "FROM to_tsquery('simple', :query) AS q JOIN words AS w ON w.tokens @@ q JOIN passages AS p ON p.id = w.id "
    "WHERE w.id >= :first AND p.kind = :kind ORDER BY score DESC, p.document, p.start LIMIT :limit",
}
_FIRST = {  # of those that are compared, the one that was stored first
    "sqlite": "SELECT words.rowid FROM words JOIN passages AS p ON p.id = words.rowid "
    "WHERE words MATCH :query AND p.kind = :kind ORDER BY words.rowid DESC LIMIT 1 OFFSET :compared",
    "postgresql": "SELECT w.id FROM to_tsquery('simple', :query) AS q JOIN words AS w ON w.tokens @@ q "
    "JOIN passages AS p ON p.id = w.id WHERE p.kind = :kind ORDER BY w.id DESC LIMIT 1 OFFSET :compared",
}


class Place(NamedTuple):
    """A passage that a query finds."""

    passage: int
    document: str
    start: int
    end: int
    score: float


class Worded(msgspec.Struct, frozen=True):
    """What has the words of a query, the best first. ``every``: each has all of them; else each has some. ``more``: there was more
    than could be compared, and these are the best of the :data:`COMPARED` that were stored last."""

    places: tuple[Place, ...]
    every: bool
    more: bool


def by_words(connection: Connection, query: str, kind: Kind = "evidence", limit: int = 20) -> list[Hit]:
    """What has every word of the query, in any of its forms, in any language, the best first; where nothing has every word,
    what has some."""
    return hits(connection, kind, worded(connection, query, kind, limit).places)


def worded(connection: Connection, query: str, kind: Kind, limit: int) -> Worded:
    """The passages that have the words of a query; a name also where the text has another name of the same."""
    asked = [term for term in terms(query) if term.ways]
    lite = connection.dialect.name == "sqlite"
    joints: tuple[Joint, ...] = ("and", "or") if asked else ()
    for joint in joints:
        values = {"query": _matching(lite, joint, [term.ways for term in asked]), "kind": kind, "limit": limit}
        first = connection.scalar(text(_FIRST[connection.dialect.name]), {**values, "compared": COMPARED})
        rows = connection.execute(text(_FIND[connection.dialect.name]), {**values, "first": first or 0}).all()
        if rows or len(asked) == 1:
            return Worded(tuple(Place(*row) for row in rows), joint == "and", first is not None)
    return Worded((), True, False)


def _matching(lite: bool, joint: Joint, parts: Iterable[Sequence[Sequence[Sequence[str]]]]) -> str:
    """Terms as the database asks for them."""
    quoted = '"{}"' if lite else "'{}'"
    joints: dict[Joint, str] = {"and": " AND ", "or": " OR "} if lite else {"and": " & ", "or": " | "}

    def joined(how: Joint, some: Iterable[str]) -> str:
        return f"({joints[how].join(some)})"

    def way(words: Sequence[Sequence[str]]) -> str:
        return joined("and", (joined("or", map(quoted.format, forms)) for forms in words))

    return joined(joint, (joined("or", map(way, ways)) for ways in parts))


def hits(connection: Connection, kind: Kind, found: Sequence[Place]) -> list[Hit]:
    """Passages with their words."""
    texts = quotes(connection, found)
    return [
        Hit(kind=kind, document=document, start=start, end=end, score=round(score, 4), quote=texts[passage])
        for passage, document, start, end, score in found
    ]


def quotes(connection: Connection, found: Sequence[Place], longest: int | None = None) -> dict[int, str]:
    """The words of passages, or at most so many characters of each."""
    length = passages.c.end - passages.c.start
    cut = func.substr(
        documents.c.text,
        passages.c.start + 1,
        length if longest is None else case((length > longest, longest), else_=length),
    )
    told = select(passages.c.id, cut).join(documents, documents.c.id == passages.c.document)
    texts: dict[int, str] = {}
    for some in slices([place.passage for place in found]):
        texts |= dict(connection.execute(told.where(passages.c.id.in_(some))).all())
    return texts


def tables(dialect: str) -> list[str]:
    """The statements that make the index of words, for the migrations."""
    if dialect == "sqlite":
        return ["CREATE VIRTUAL TABLE words USING fts5(tokens, tokenize = 'unicode61 remove_diacritics 0')"]
    return [
        "CREATE TABLE words (id integer PRIMARY KEY, tokens tsvector NOT NULL)",
        "CREATE INDEX ix_words_tokens ON words USING gin (tokens)",
    ]
