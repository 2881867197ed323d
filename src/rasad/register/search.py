"""Finding texts and evidence, by words and by meaning.

*Words*: every word is indexed in its dictionary forms as the reader's morphology knows them, so that any inflected form finds any
other, in every language; evidence is indexed with the names of whom its claims are about too, so that *Ukraine S-300* finds the Arabic
sentence. SQLite keeps the index in an FTS5 table, PostgreSQL in a ``tsvector``.

*Meaning*: the evidence of every claim has the vector that the reader's multilingual encoder gives it; a question in one language
finds the sentence in another. The nearest are found by the product with all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Literal, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, case, delete, func, insert, select, text

from rasad.claims import Claim, Document
from rasad.gazetteer import names, spelled_designations
from rasad.languages import codes, language, profile
from rasad.languages.words import Word, fold, split
from rasad.reading.encoder import load_encoder
from rasad.reading.head import clean
from rasad.register.database import slices
from rasad.register.listing import called
from rasad.register.schema import documents, passages

Kind = Literal["document", "evidence"]
Joint = Literal["and", "or"]
SCALE = 400  #: a number of a vector (of length 1) as a signed byte is it times this, rounded
TOGETHER = 64  #: sentences encoded in one go
BLOCK = 50_000  #: vectors multiplied at once
COMPARED = 5_000  #: passages with the words of a query that are compared with each other
LEAST = 0.3  #: the least likeness of meaning that is shown; unlike sentences have about 0.1


class Meaning(msgspec.Struct, frozen=True):
    """A span of evidence with its vector: 512 signed bytes."""

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


def forms(given: str, code: str | None) -> list[list[str]]:
    """For each word of a text the forms under which it is indexed. Of a text in an unknown language, the words as written."""
    spoken = language(code) if code in codes() else None
    found: list[list[str]] = []
    words = spoken.words(given, 0, len(given)) if spoken else split(given)
    joined = ""
    for word in words:
        if word.kind == "p":
            joined = ""
            continue
        joined = joined + word.fold if word.glued and joined else word.fold  # s 300 is also s300
        own = [key for key in word.keys if key.isalnum()] or [word.fold]
        stems = [key[2:] for key in word.keys if key.startswith("n:")]
        if stems:  # a language without a dictionary: the shortest stem stands for them all
            own = [min(stems, key=lambda stem: (len(stem), stem))]
        found.append(list(dict.fromkeys([*own, *([joined] if joined != word.fold else [])])))
    return found


def meanings(spans: Sequence[tuple[int, int]], whole: str) -> list[Meaning]:
    """The vectors of spans of a text."""
    found: list[Meaning] = []
    for start in range(0, len(spans), TOGETHER):
        some = spans[start : start + TOGETHER]
        vectors = _bytes(load_encoder().encode([clean(whole[a:b]) for a, b in some]))
        found += [Meaning(a, b, vector.tobytes()) for (a, b), vector in zip(some, vectors, strict=True)]
    return found


def _bytes(vectors: NDArray[np.float32]) -> NDArray[np.int8]:
    return np.clip(np.rint(vectors * SCALE), -127, 127).astype(np.int8)


def index(
    connection: Connection, identifier: str, document: Document, claims: Iterable[Claim], found: Iterable[Meaning]
) -> None:
    """Makes a document and the evidence of its claims findable."""
    names: dict[tuple[int, int], dict[str, None]] = {}
    for claim in claims:
        at = names.setdefault((claim.evidence.start, claim.evidence.end), {})
        at.update(dict.fromkeys(filler.name for _, filler in claim.fillers()))
        at.update(dict.fromkeys(speaker.name for speaker in claim.attribution))
    rows: list[tuple[Kind, int, int, bytes | None, str]] = [
        ("document", 0, len(document.text), None, _words(document.text, document.language))
    ]
    for meaning in found:
        quote = _words(document.text[meaning.start : meaning.end], document.language)
        named = _words(" . ".join(names.get((meaning.start, meaning.end), ())), "en")
        rows.append(("evidence", meaning.start, meaning.end, meaning.vector, f"{quote} {named}"))
    indexed: list[dict[str, object]] = []
    for kind, start, end, vector, tokens in rows:
        row = insert(passages).values(kind=kind, document=identifier, start=start, end=end, vector=vector)
        indexed.append({"id": connection.execute(row.returning(passages.c.id)).scalar_one(), "tokens": tokens})
    connection.execute(text(_INSERT[connection.dialect.name]), indexed)


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


class Term(msgspec.Struct, frozen=True):
    """A part of a query: ``query[start:end]``, a word, or several that are a name. ``ways``: what a text may have instead, each a
    row of words of which each may stand in any of some forms. ``entity``: whom the gazetteer knows by this name."""

    start: int
    end: int
    ways: tuple[tuple[tuple[str, ...], ...], ...]
    entity: str | None = None


LONGEST = 6  #: words of a name
COMMON = ("class:", "category:")  #: words for kinds of things, which texts write in many ways


@lru_cache(maxsize=2_000)
def terms(query: str) -> tuple[Term, ...]:
    """The names and words of a query, in their order; of names the longest."""
    words = [word for word in split(query) if word.kind != "p"]
    spoken = [forms(query, code) for code in codes()]
    every = [
        tuple(sorted({form for told in spoken if at < len(told) for form in told[at] if form.isalnum()}))
        for at in range(len(words))
    ]
    found: list[Term] = []
    at = 0
    while at < len(words):
        length, entity = _named(query, words, every, at)
        own = tuple(filter(None, every[at : at + length]))
        ways = [own] if own else []
        if entity and not entity.startswith(COMMON):
            ways += [_forms_of(name, code) for code, name in _first_names().get(entity, {}).items()]
        found.append(
            Term(words[at].start, words[at + length - 1].end, tuple(dict.fromkeys(filter(None, ways))), entity)
        )
        at += length
    telling = [term for term in found if term.entity or fold(query[term.start : term.end]) not in _function_words()]
    return tuple(telling or found)


def _forms_of(name: str, code: str) -> tuple[tuple[str, ...], ...]:
    return tuple(filter(None, (tuple(form for form in word if form.isalnum()) for word in forms(name, code))))


@cache
def _first_names() -> dict[str, dict[str, str]]:
    """The first name of each entity of the gazetteer in each language; of a designation also as the language spells it."""
    found: dict[str, dict[str, str]] = {}
    for code in codes():
        for name, entity in (*names(code), *spelled_designations(code)):
            found.setdefault(entity, {}).setdefault(code, name)
    return found


@cache
def _function_words() -> frozenset[str]:
    """Words that tell nothing of what is looked for."""
    return frozenset().union(*(profile(code).function_words for code in codes()))


def _named(query: str, words: Sequence[Word], every: Sequence[Sequence[str]], at: int) -> tuple[int, str | None]:
    """How many words from one on are a name, and whose; of a single word in any of its forms."""
    for length in range(min(LONGEST, len(words) - at), 0, -1):
        if entity := called(query[words[at].start : words[at + length - 1].end]):
            return length, entity
    return 1, next(filter(None, map(called, every[at])), None)


def _matching(lite: bool, joint: Joint, parts: Iterable[Sequence[Sequence[Sequence[str]]]]) -> str:
    """Terms as the database asks for them."""
    quoted = '"{}"' if lite else "'{}'"
    joints: dict[Joint, str] = {"and": " AND ", "or": " OR "} if lite else {"and": " & ", "or": " | "}

    def joined(how: Joint, some: Iterable[str]) -> str:
        return f"({joints[how].join(some)})"

    def way(words: Sequence[Sequence[str]]) -> str:
        return joined("and", (joined("or", map(quoted.format, forms)) for forms in words))

    return joined(joint, (joined("or", map(way, ways)) for ways in parts))


def marked(given: str, code: str | None, query: str) -> list[tuple[int, int]]:
    """Where a text has the words of a query, in any of their forms: spans, in order, none touching another."""
    wanted = {form for term in terms(query) for way in term.ways for word in way for form in word}
    words = [word for word in split(given) if word.kind != "p"]
    spans: list[tuple[int, int]] = []
    for word, own in zip(words, forms(given, code), strict=True):
        if wanted.isdisjoint(own):
            continue
        if spans and word.start - spans[-1][1] <= 1:
            spans[-1] = (spans[-1][0], word.end)
        else:
            spans.append((word.start, word.end))
    return [(start, end) for start, end in spans if end - start > 1]


def by_meaning(connection: Connection, query: str, limit: int = 20) -> list[Hit]:
    """The evidence whose meaning is nearest to the query's, in whatever language either is."""
    return hits(connection, "evidence", meant(connection, query, limit))


def meant(connection: Connection, query: str, limit: int, least: float = LEAST) -> tuple[Place, ...]:
    """The passages whose meaning is nearest to the query's, and at least so like it."""
    asked = load_encoder().encode([clean(query)])[0] * (1 / SCALE)
    best: list[tuple[float, str, int, int, int]] = []
    columns = (passages.c.id, passages.c.document, passages.c.start, passages.c.end, passages.c.vector)
    rows = connection.execution_options(yield_per=BLOCK).execute(select(*columns).where(passages.c.vector.is_not(None)))
    for some in rows.partitions():
        scores = (
            np.frombuffer(b"".join(row.vector for row in some), np.int8).reshape(len(some), -1).astype(np.float32)
            @ asked
        )
        nearest = ((some[place], -float(scores[place])) for place in np.argsort(-scores, kind="stable")[:limit])
        best = sorted([*best, *((score, row.document, row.start, row.end, row.id) for row, score in nearest)])[:limit]
    return tuple(Place(passage, d, a, b, -score) for score, d, a, b, passage in best if -score >= least)


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
