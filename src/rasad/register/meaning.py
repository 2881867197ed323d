"""Finding evidence by what it means.

The evidence of every claim has the vector that the reader's multilingual encoder gives it, so that a question in one language finds
the sentence in another. Of a small register the nearest are found by the product with all vectors. Of a bigger one each process holds
a sketch of each, the signs of its numbers (64 bytes); those are multiplied of which the most signs agree with the question's, which
are the nearest with high probability (M. Charikar, Similarity estimation techniques from rounding algorithms, 2002,
https://doi.org/10.1145/509907.509965).
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, func, select

from rasad.reading.encoder import load_encoder
from rasad.reading.head import clean
from rasad.register.database import slices
from rasad.register.schema import passages
from rasad.register.search import Hit, Meaning, Place, hits

SCALE = 400  #: a number of a vector (of length 1) as a signed byte is it times this, rounded
TOGETHER = 64  #: sentences encoded in one go
BLOCK = 50_000  #: vectors read at once
MULTIPLIED = 5_000  #: vectors that are all multiplied
NEAREST = 2_000  #: of more, those that are: the likest sketches
LEAST = 0.3  #: the least likeness that is shown; unlike sentences have about 0.1


def meanings(spans: Sequence[tuple[str, int, int]]) -> list[Meaning]:
    """The vectors of spans of texts, each given with its text."""
    found: list[Meaning] = []
    for start in range(0, len(spans), TOGETHER):
        some = spans[start : start + TOGETHER]
        vectors = _bytes(load_encoder().encode([clean(whole[a:b]) for whole, a, b in some]))
        found += [Meaning(a, b, vector.tobytes()) for (_, a, b), vector in zip(some, vectors, strict=True)]
    return found


def _bytes(vectors: NDArray[np.float32]) -> NDArray[np.int8]:
    return np.clip(np.rint(vectors * SCALE), -127, 127).astype(np.int8)


def by_meaning(connection: Connection, query: str, limit: int = 20) -> list[Hit]:
    """The evidence whose meaning is nearest to the query's, in whatever language either is."""
    return hits(connection, "evidence", meant(connection, query, limit))


def meant(connection: Connection, query: str, limit: int, least: float = LEAST) -> tuple[Place, ...]:
    """The passages whose meaning is nearest to the query's, and at least so like it."""
    asked = load_encoder().encode([clean(query)])[0]
    best: list[tuple[float, str, int, int, int]] = []
    held = _sketched.setdefault(connection.engine, _Sketches())
    near = held.nearest(connection, asked, NEAREST)
    columns = (passages.c.id, passages.c.document, passages.c.start, passages.c.end, passages.c.vector)
    for some in slices(near):
        rows = connection.execute(select(*columns).where(passages.c.id.in_(some))).all()
        scores = _vectors([row.vector for row in rows]).astype(np.float32) @ (asked / SCALE)
        best += [
            (-float(score), row.document, row.start, row.end, row.id) for row, score in zip(rows, scores, strict=True)
        ]
    ranked = sorted(best)[:limit]
    return tuple(Place(passage, d, a, b, -score) for score, d, a, b, passage in ranked if -score >= least)


def _vectors(held: Sequence[bytes]) -> NDArray[np.int8]:
    return np.frombuffer(b"".join(held), np.int8).reshape(len(held), -1)


class _Sketches:
    """The sketches of a register's vectors; ids only grow, so what came in since is added. What was taken out stays, and is not
    found in the register any more."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._ids: NDArray[np.int64] = np.empty(0, np.int64)
        self._signs: NDArray[np.uint64] = np.empty((0, 8), np.uint64)

    def nearest(self, connection: Connection, asked: NDArray[np.float32], count: int) -> list[int]:
        """The ids of the vectors that may be nearest to one; of few, of all."""
        ids, signs = self._now(connection)
        if len(ids) <= max(count, MULTIPLIED):
            return [int(one) for one in ids]
        unlike = np.bitwise_count(signs ^ _signs(asked[None])).sum(axis=1, dtype=np.uint16)
        return [int(one) for one in ids[np.argpartition(unlike, count)[:count]]]

    def _now(self, connection: Connection) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
        """Those of all passages that the connection sees."""
        with self._lock:
            last = int(self._ids[-1]) if len(self._ids) else 0
            if (connection.scalar(select(func.max(passages.c.id))) or 0) > last:
                self._add(connection, last)
            return self._ids, self._signs

    def _add(self, connection: Connection, last: int) -> None:
        new = select(passages.c.id, passages.c.vector).where(passages.c.id > last, passages.c.vector.is_not(None))
        rows = connection.execute(new.order_by(passages.c.id), execution_options={"yield_per": BLOCK})
        ids, signs = [self._ids], [self._signs]
        for some in rows.partitions():
            ids.append(np.array([row.id for row in some], np.int64))
            signs.append(_signs(_vectors([row.vector for row in some])))
        self._ids, self._signs = np.concatenate(ids), np.concatenate(signs)


def _signs(vectors: NDArray[np.int8] | NDArray[np.float32]) -> NDArray[np.uint64]:
    return np.packbits(vectors > 0, axis=1).view(np.uint64)


_sketched: WeakKeyDictionary[Engine, _Sketches] = WeakKeyDictionary()
