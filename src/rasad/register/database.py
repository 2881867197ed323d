"""Where a register is kept: a SQLite file, or a PostgreSQL database by its URL; opened, checked, created, brought up to date."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, unquote

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, Executable, create_engine, event, exc, inspect, make_url

from rasad.register.schema import metadata

Value = TypeVar("Value")

DEFAULT = "rasad.db"
MANY = 500  #: values in one list of SQL, well under the limit of every database
WAITS = 10  #: seconds that a writer waits for another to finish
WRITERS = 7236  #: the number of the lock that PostgreSQL gives to one writer at a time
DESK = 7237  #: that of the writers of accounts, sessions and the log of the desk, which wait for no reading of texts


class StoreError(Exception):
    """A register cannot be opened, read or written; the message names it, says why and what to do."""


def shown(url: str) -> str:
    """The register's address as it may be printed: a path, or a URL without its password."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return unquote(str(parsed.database).removeprefix("file:"))
    return parsed.render_as_string(hide_password=True)


def address(given: str | Path | None) -> str:
    """The URL of a register that is given as a path or a URL; without either, ``rasad.db`` in the current folder."""
    text = str(given or DEFAULT)
    if not re.match(r"[a-z][a-z0-9+]+://", text):
        return f"sqlite:///{text}"
    try:
        parsed = make_url(text)
    except exc.ArgumentError:
        raise StoreError(f"{text}: is no address of a database (a file, or postgresql://user@host/name)") from None
    backend = parsed.get_backend_name()
    if backend in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    if backend == "sqlite":
        return text
    raise StoreError(f"{backend}: registers are kept in SQLite (a file) or PostgreSQL (postgresql://user@host/name)")


def connect(given: str | Path | None = None, *, create: bool = False) -> Engine:
    """An engine on a register of this version. ``create`` makes it where there is none.

    Raises StoreError where it is missing, damaged, of another version, no register, or cannot be reached.
    """
    url = address(given)
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        path = Path(parsed.database or "")
        if not create and not path.exists():
            raise StoreError(f"{path}: no such register; `rasad add PATH…` makes one")
        if path.is_dir():
            raise StoreError(f"{path}: is a folder, not a register")
        if not path.exists() and not path.absolute().parent.is_dir():
            raise StoreError(f"{path}: the folder {path.parent} does not exist")
    engine = _engine(url)
    with told(url):
        try:
            _check(engine, url, create)
        except StoreError:
            engine.dispose()
            raise
    return engine


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    path = Path(make_url(url).database or "")
    url = url if _may_write(path) else f"sqlite:///file:{quote(str(path.absolute()))}?{_unchanged(path)}&uri=true"
    engine = create_engine(url, connect_args={"timeout": WAITS})

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy begins transactions itself, below
        for pragma in ("foreign_keys=ON", "synchronous=NORMAL", "cache_size=-65536", "mmap_size=1073741824"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")

    return engine


def _may_write(path: Path) -> bool:
    return os.access(path if path.exists() else path.absolute().parent, os.W_OK)


def _unchanged(path: Path) -> str:
    """How SQLite opens a file that it may only read: it wants its write-ahead log beside it, or the word that none is there."""
    return "mode=ro" if path.with_name(path.name + "-wal").exists() else "immutable=1"


@contextmanager
def writing(engine: Engine, lock: int = WRITERS) -> Iterator[Connection]:
    """One transaction that writes: all of it is stored, or nothing. Only one writer at a time: it waits its turn; on PostgreSQL
    for those with the same ``lock``, in SQLite for all."""
    with told(engine.url.render_as_string(hide_password=False)), engine.connect() as connection:
        writer = connection.execution_options(writes=True)
        with writer.begin():
            if engine.dialect.name == "postgresql":
                writer.exec_driver_sql(f"SELECT pg_advisory_xact_lock({lock})")
            yield writer


@contextmanager
def hurrying(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes at once or not at all: StoreError where another program is writing."""
    waits, waits_again = _HURRIES[engine.dialect.name]
    with told(engine.url.render_as_string(hide_password=False)), engine.connect() as connection, connection.begin():
        connection.exec_driver_sql(waits)
        try:
            yield connection
        finally:
            if waits_again:
                connection.exec_driver_sql(waits_again)


_HURRIES = {
    "sqlite": ("PRAGMA busy_timeout=0", f"PRAGMA busy_timeout={WAITS * 1000}"),
    "postgresql": ("SET LOCAL lock_timeout = '50ms'", ""),
}


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one state of the register, whatever is written meanwhile."""
    with told(engine.url.render_as_string(hide_password=False)), engine.connect() as connection:
        yield connection


def plain(connection: Connection, query: Executable) -> list[tuple[Any, ...]]:
    """The rows of a query as the driver gives them: rows by the ten thousand take SQLAlchemy longer than the database. True and
    false are 1 and 0 in SQLite."""
    with closing(connection.execute(query)) as result:
        return list(result.cursor.fetchall()) if result.cursor else []


def slices(values: Sequence[Value], size: int = MANY) -> Iterator[Sequence[Value]]:
    """The values, some at a time, so that each list fits into one statement."""
    return (values[start : start + size] for start in range(0, len(values), size))


@contextmanager
def told(url: str) -> Iterator[None]:
    """Turns an error of the database into a StoreError that names the register and what to do."""
    try:
        yield
    except exc.DBAPIError as error:
        raise StoreError(f"{shown(url)}: {_plain(str(error.orig).strip())}") from error


def _plain(message: str) -> str:
    for words, meaning in _MEANINGS:
        if words in message:
            return meaning.format(message=message.splitlines()[0])
    return message.splitlines()[0] if message else "the database failed without a word"


_MEANINGS = (
    ("database is locked", "another program has been writing to it for a while; try again when that has finished"),
    ("readonly database", "is read-only; allow writing to the file and its folder, or copy it to where you may write"),
    ("unable to open database file", "cannot be opened; check that it and its folder exist and that you may read them"),
    ("disk is full", "the disk is full; nothing was stored by halves, make room and try again"),
    ("disk image is malformed", "is damaged ({message}); restore it from a copy, or save what can be read with `sqlite3 FILE .recover`"),
    ("file is not a database", "is no register: it is not a SQLite file"),
    ("disk I/O error", "the disk fails to read or write it ({message}); check the disk and its free room"),
    ("Connection refused", "no PostgreSQL server answers there; start it or check the address"),
    ("password authentication failed", "the server refuses this user or password"),
    ("does not exist", "{message}"),
)  # fmt: skip


def _check(engine: Engine, url: str, create: bool) -> None:
    """Makes sure that the database is a register of this version, making an empty one a register where wanted."""
    scripts = ScriptDirectory(str(_migrations()))
    newest = scripts.get_current_head()
    with engine.connect() as connection:
        version = MigrationContext.configure(connection).get_current_revision()
        tables = inspect(connection).get_table_names()
        if version is None and tables:
            raise StoreError(
                f"{shown(url)}: is no register of Rasad's; it has the tables {', '.join(sorted(tables)[:5])}"
            )
        if version is None and not create:
            raise StoreError(f"{shown(url)}: is empty; `rasad add PATH…` makes it a register")
    if version is None:
        upgrade(url)
        return
    known = {script.revision for script in scripts.walk_revisions()}
    if version not in known:
        raise StoreError(
            f"{shown(url)}: was made by a newer Rasad (version {version} of the tables); update Rasad to use it"
        )
    if version != newest:
        raise StoreError(
            f"{shown(url)}: was made by an older Rasad (version {version} of the tables, this one has {newest}); "
            f"make a copy, then bring it up to date with `rasad upgrade --register {shown(url)}`"
        )


def upgrade(given: str | Path | None) -> str:
    """Creates the tables, or brings those of an older version up to date; gives the version that results."""
    from alembic import command

    url = address(given)
    config = Config()
    config.set_main_option("script_location", str(_migrations()))
    engine = _engine(url)
    try:
        with told(url):
            if url.startswith("sqlite"):
                with engine.connect() as connection:
                    connection.connection.driver_connection.execute("PRAGMA journal_mode=WAL")  # type: ignore[union-attr]
            with engine.begin() as connection:
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
    finally:
        engine.dispose()
    return str(ScriptDirectory(str(_migrations())).get_current_head())


def _migrations() -> Path:
    return Path(__file__).with_name("migrations")


__all__ = [
    "DEFAULT",
    "DESK",
    "StoreError",
    "address",
    "connect",
    "hurrying",
    "metadata",
    "reading",
    "shown",
    "told",
    "upgrade",
    "writing",
]
