"""What has been written already, however much that is: kept in a temporary file, not in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from types import TracebackType


class Seen:
    """Ids that were met. To be used in a ``with`` statement, after which they are forgotten."""

    def __enter__(self) -> Seen:
        self._held = closing(sqlite3.connect("", isolation_level=None))  # a private file that SQLite deletes itself
        self._connection = self._held.__enter__()
        self._connection.execute("CREATE TABLE seen (id TEXT PRIMARY KEY) WITHOUT ROWID")
        self._connection.execute("BEGIN")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._held.__exit__(kind, error, trace)

    def fresh(self, identifiers: Iterable[str]) -> list[str]:
        """Those that were not met before, each once."""
        add = "INSERT OR IGNORE INTO seen VALUES (?)"
        return [one for one in identifiers if self._connection.execute(add, (one,)).rowcount]
