"""Finding texts and evidence, by words and by meaning.

*Words*: every word is indexed in its dictionary forms as the reader's morphology knows them, so that any inflected form finds any
other, in every language; evidence is indexed with the names of whom its claims are about too, so that *Ukraine S-300* finds the Arabic
sentence. SQLite keeps the index in an FTS5 table, PostgreSQL in a ``tsvector``.

*Meaning*: the evidence of every claim has the vector that the reader's multilingual encoder gives it; a question in one language
finds the sentence in another. The nearest are found by the product with all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, insert, select, text

from rasad.claims import Claim, Document
from rasad.languages import codes, language
from rasad.languages.words import split
from rasad.reading.encoder import load_encoder
from rasad.reading.head import clean
from rasad.register.schema import documents, passages

Kind = Literal["document", "evidence"]
SCALE = 400  #: a number of a vector (of length 1) as a signed byte is it times this, rounded
TOGETHER = 64  #: sentences encoded in one go
BLOCK = 50_000  #: vectors multiplied at once
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
    "sqlite": 'SELECT p.document, p.start, p."end", -bm25(words) AS score FROM words JOIN passages AS p ON p.id = words.rowid '
    "WHERE words MATCH :query AND p.kind = :kind ORDER BY bm25(words), p.document, p.start LIMIT :limit",
    "postgresql": 'SELECT p.document, p.start, p."end", ts_rank(w.tokens, q) AS score '
    "FROM to_tsquery('simple', :query) AS q JOIN words AS w ON w.tokens @@ q JOIN passages AS p ON p.id = w.id "
    "WHERE p.kind = :kind ORDER BY score DESC, p.document, p.start LIMIT :limit",
}


def by_words(connection: Connection, query: str, kind: Kind = "evidence", limit: int = 20) -> list[Hit]:
    """What has every word of the query, in any of its forms, in any language, the best first; where nothing has every word,
    what has some."""
    asked = [
        sorted({form for code in codes() for form in _alternatives(query, code, at) if form.isalnum()})
        for at in range(_count(query))
    ]
    asked = [alternatives for alternatives in asked if alternatives]
    if not asked:
        return []
    lite = connection.dialect.name == "sqlite"
    quoted = '"{}"' if lite else "'{}'"
    groups = ["(" + (" OR " if lite else " | ").join(quoted.format(form) for form in words) + ")" for words in asked]
    for joint in (" AND ", " OR ") if lite else (" & ", " | "):
        values = {"query": joint.join(groups), "kind": kind, "limit": limit}
        rows = connection.execute(text(_FIND[connection.dialect.name]), values).all()
        if rows:
            return _hits(connection, kind, [(row.document, row.start, row.end, float(row.score)) for row in rows])
    return []


def _count(query: str) -> int:
    return len(forms(query, None))


def _alternatives(query: str, code: str, at: int) -> list[str]:
    found = forms(query, code)
    return found[at] if at < len(found) else []


def by_meaning(connection: Connection, query: str, limit: int = 20) -> list[Hit]:
    """The evidence whose meaning is nearest to the query's, in whatever language either is."""
    asked = load_encoder().encode([clean(query)])[0] * (1 / SCALE)
    best: list[tuple[float, str, int, int]] = []
    rows = connection.execution_options(yield_per=BLOCK).execute(
        select(passages.c.document, passages.c.start, passages.c.end, passages.c.vector).where(
            passages.c.vector.is_not(None)
        )
    )
    for some in rows.partitions():
        scores = (
            np.frombuffer(b"".join(row.vector for row in some), np.int8).reshape(len(some), -1).astype(np.float32)
            @ asked
        )
        nearest = ((some[place], -float(scores[place])) for place in np.argsort(-scores, kind="stable")[:limit])
        best = sorted([*best, *((score, row.document, row.start, row.end) for row, score in nearest)])[:limit]
    return _hits(connection, "evidence", [(d, a, b, -score) for score, d, a, b in best if -score >= LEAST])


def _hits(connection: Connection, kind: Kind, found: Sequence[tuple[str, int, int, float]]) -> list[Hit]:
    wanted = sorted({document for document, _, _, _ in found})
    texts = dict(connection.execute(select(documents.c.id, documents.c.text).where(documents.c.id.in_(wanted))).all())
    return [
        Hit(kind=kind, document=document, start=start, end=end, score=round(score, 4), quote=texts[document][start:end])
        for document, start, end, score in found
    ]


def tables(dialect: str) -> list[str]:
    """The statements that make the index of words, for the migrations."""
    if dialect == "sqlite":
        return ["CREATE VIRTUAL TABLE words USING fts5(tokens, tokenize = 'unicode61 remove_diacritics 0')"]
    return [
        "CREATE TABLE words (id integer PRIMARY KEY, tokens tsvector NOT NULL)",
        "CREATE INDEX ix_words_tokens ON words USING gin (tokens)",
    ]
