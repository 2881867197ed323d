"""How people and programs are known again: sessions, which a log-in begins, and tokens for the API. Of both the register has the
SHA-256 only; what is shown is made of 256 random bits."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import msgspec
from sqlalchemy import Connection, Engine, Table, delete, insert, select, update

from rasad.register import audit
from rasad.register.audit import By
from rasad.register.database import DESK, StoreError, hurrying, reading, writing
from rasad.register.schema import api_tokens, sessions, users
from rasad.register.store import now
from rasad.register.users import Role, UserError, lesser, written

IDLE = timedelta(hours=12)  #: a session that nobody used for so long is over
LONGEST = timedelta(days=14)  #: a session is over after this, used or not
SEEN = timedelta(minutes=5)  #: how exactly the last use of a session or token is kept
PREFIX = "rasad_"  #: tokens are found by it where they leaked
BROWSER = 200  #: characters of what a browser says of itself


class Session(msgspec.Struct, frozen=True):
    """A session. Times are ISO 8601 in UTC; ``key`` names it and opens nothing."""

    key: str
    person: str
    created: str
    seen: str
    expires: str
    origin: str
    browser: str


class Token(msgspec.Struct, frozen=True):
    """A token. ``used`` and ``expires``: None for never."""

    key: str
    name: str
    person: str
    role: Role
    created: str
    used: str | None
    expires: str | None


class Known(msgspec.Struct, frozen=True):
    """Whose session or token it is, and what may be done with it."""

    person: str
    role: Role
    key: str


def begin(engine: Engine, by: By, browser: str) -> str:
    """A new session of somebody who logged in; gives its secret. What is over is taken out."""
    secret = secrets.token_urlsafe(32)
    at = now()
    row = Session(_key(secret), by.who, at, at, _later(LONGEST), by.origin, browser[:BROWSER])
    with writing(engine, DESK) as connection:
        over = (sessions.c.expires <= at) | (sessions.c.seen <= _later(-IDLE))
        connection.execute(delete(sessions).where(over))
        connection.execute(insert(sessions).values(msgspec.structs.asdict(row)))
        audit.append(connection, by, "login")
    return secret


def of_session(engine: Engine, secret: str) -> Known | None:
    """Whose session it is; None where there is none any more."""
    own = sessions.c.key == _key(secret)
    wanted = select(sessions.c.seen, sessions.c.expires, users.c.name, users.c.role, users.c.disabled)
    with reading(engine) as connection:
        found = connection.execute(wanted.join(users, users.c.name == sessions.c.person).where(own)).first()
    if found is None or found.disabled or found.expires <= now() or found.seen <= _later(-IDLE):
        return None
    if found.seen <= _later(-SEEN):
        _touch(engine, sessions, _key(secret), "seen")
    return Known(found.name, found.role, _key(secret))


def of_token(engine: Engine, secret: str) -> Known | None:
    """Whose token it is, with the lesser of its role and that of its owner; None where there is none any more."""
    own = api_tokens.c.key == _key(secret)
    wanted = select(api_tokens, users.c.role.label("most"), users.c.disabled)
    with reading(engine) as connection:
        found = connection.execute(wanted.join(users, users.c.name == api_tokens.c.person).where(own)).first()
    if found is None or found.disabled or (found.expires is not None and found.expires <= now()):
        return None
    if found.used is None or found.used <= _later(-SEEN):
        _touch(engine, api_tokens, _key(secret), "used")
    return Known(found.person, lesser(found.role, found.most), "")


def end(engine: Engine, key: str, by: By) -> None:
    """Ends a session of one's own: this one (a log-out), or another. Raises UserError where it is none of theirs."""
    _ended(engine, sessions, key, by, "session_ended")


def log_out(engine: Engine, secret: str, by: By) -> None:
    """Ends the session that somebody is in."""
    with writing(engine, DESK) as connection:
        if connection.execute(delete(sessions).where(sessions.c.key == _key(secret))).rowcount:
            audit.append(connection, by, "logout")


def of_person(engine: Engine, name: str) -> list[Session]:
    """The sessions of somebody that are not over, the latest used first."""
    going = (sessions.c.expires > now()) & (sessions.c.seen > _later(-IDLE))
    wanted = select(sessions).where(sessions.c.person == name, going).order_by(sessions.c.seen.desc(), sessions.c.key)
    with reading(engine) as connection:
        return [Session(**row) for row in connection.execute(wanted).mappings()]


def add_token(engine: Engine, name: str, role: Role, by: By, *, of: str, days: int | None) -> str:
    """A new token of an account; gives its secret, which is stored nowhere. Raises UserError where there is no such account."""
    secret = PREFIX + secrets.token_urlsafe(32)
    person = written(of)
    expires = _later(timedelta(days=days)) if days else None
    with writing(engine, DESK) as connection:
        most = _role(connection, person)
        held = Token(_key(secret), name.strip()[:LABEL], person, lesser(role, most), now(), None, expires)
        connection.execute(insert(api_tokens).values(msgspec.structs.asdict(held)))
        audit.append(connection, by, "token_added", f"{held.name} ({person}, {held.role})")
    return secret


LABEL = 100  #: characters of the name of a token


def tokens_of(engine: Engine, name: str) -> list[Token]:
    """The tokens of an account, the latest first, with those that are over."""
    wanted = (
        select(api_tokens).where(api_tokens.c.person == name).order_by(api_tokens.c.created.desc(), api_tokens.c.key)
    )
    with reading(engine) as connection:
        return [Token(**row) for row in connection.execute(wanted).mappings()]


def end_token(engine: Engine, key: str, by: By) -> None:
    """Ends a token of one's own. Raises UserError where it is none of theirs."""
    _ended(engine, api_tokens, key, by, "token_ended")


def _ended(engine: Engine, table: Table, key: str, by: By, action: audit.Action) -> None:
    with writing(engine, DESK) as connection:
        own = delete(table).where(table.c.key == key, table.c.person == by.who)
        if not connection.execute(own).rowcount:
            raise UserError("it is not there any more")
        audit.append(connection, by, action, key[:8])


def _role(connection: Connection, person: str) -> Role:
    found: Role | None = connection.execute(
        select(users.c.role).where(users.c.name == person, ~users.c.disabled)
    ).scalar_one_or_none()
    if found is None:
        raise UserError(f"{person}: there is no account of this name, or it is closed")
    return found


def _touch(engine: Engine, table: Table, key: str, column: str) -> None:
    """Keeps when something was last used. While another program writes, a later request does."""
    try:
        with hurrying(engine) as connection:
            connection.execute(update(table).where(table.c.key == key).values({column: now()}))
    except StoreError:
        return


def _key(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _later(by: timedelta) -> str:
    return (datetime.now(UTC) + by).isoformat(timespec="seconds")
