"""The people of a desk: who has an account, with which role, under which password (its hash; who makes it is the desk)."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

import msgspec
from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from rasad.register import audit
from rasad.register.audit import By
from rasad.register.database import DESK, reading, writing
from rasad.register.schema import api_tokens, sessions, users
from rasad.register.store import now

Role = Literal["reader", "reviewer", "admin"]
ROLES: tuple[Role, ...] = ("reader", "reviewer", "admin")  #: each may do what those before it may
LONGEST = 64  #: characters of a name


class UserError(ValueError):
    """What is asked of an account cannot be done; the message names it and says why."""


class User(msgspec.Struct, frozen=True):
    """An account. ``created``: ISO 8601 time, UTC."""

    name: str
    role: Role
    created: str
    disabled: bool


def may(has: Role, needs: Role) -> bool:
    """Whether one role may do what another may."""
    return ROLES.index(has) >= ROLES.index(needs)


def lesser(one: Role, other: Role) -> Role:
    """The one of two roles that may do less."""
    return other if may(one, other) else one


def written(name: str) -> str:
    """A name as accounts have it: one form of each letter, small letters. Raises UserError for what is no name."""
    plain = unicodedata.normalize("NFKC", name).strip().casefold()
    if len(plain) > LONGEST or not re.fullmatch(r"\w[\w.@-]*", plain):
        shown = plain if len(plain) <= LONGEST else plain[:LONGEST] + "…"
        raise UserError(
            f"{shown!r} is no name: letters, digits and . _ @ - make one, without spaces, {LONGEST} at the most"
        )
    return plain


def any_users(engine: Engine) -> bool:
    """Whether somebody could log in."""
    with reading(engine) as connection:
        return connection.execute(select(users.c.name).where(~users.c.disabled).limit(1)).first() is not None


def listed(engine: Engine) -> list[User]:
    """Every account, by name."""
    wanted = select(users.c.name, users.c.role, users.c.created, users.c.disabled).order_by(users.c.name)
    with reading(engine) as connection:
        return [User(*row) for row in connection.execute(wanted)]


def password_of(engine: Engine, name: str) -> str | None:
    """The hash of the password of an account that may be used; None where there is none of this name."""
    with reading(engine) as connection:
        wanted = select(users.c.password).where(users.c.name == name, ~users.c.disabled)
        return connection.execute(wanted).scalar_one_or_none()


def add(engine: Engine, name: str, password: str, role: Role, by: By) -> User:
    """A new account; ``password`` is a hash. Raises UserError where the name is taken, or none."""
    made = User(written(name), role, now(), False)
    with writing(engine, DESK) as connection:
        if connection.execute(select(users.c.name).where(users.c.name == made.name)).first():
            raise UserError(f"{made.name}: there is an account of this name already")
        connection.execute(insert(users).values(**msgspec.structs.asdict(made), password=password))
        audit.append(connection, by, "user_added", f"{made.name} ({role})")
    return made


def set_role(engine: Engine, name: str, role: Role, by: By) -> None:
    """Another role; it holds from the next request on. Raises UserError."""
    with writing(engine, DESK) as connection:
        _changed(connection, name, role=role)
        audit.append(connection, by, "user_role", f"{written(name)} ({role})")


def set_password(engine: Engine, name: str, password: str, by: By) -> None:
    """Another password, by its hash; all sessions of the account end. Raises UserError."""
    with writing(engine, DESK) as connection:
        _changed(connection, name, password=password)
        connection.execute(delete(sessions).where(sessions.c.person == written(name)))
        audit.append(connection, by, "user_password", written(name))


def set_disabled(engine: Engine, name: str, disabled: bool, by: By) -> None:
    """Closes an account, which ends its sessions and tokens for good, or opens it again. Raises UserError."""
    with writing(engine, DESK) as connection:
        _changed(connection, name, disabled=disabled)
        if disabled:
            for table in (sessions, api_tokens):
                connection.execute(delete(table).where(table.c.person == written(name)))
        audit.append(connection, by, "user_disabled" if disabled else "user_enabled", written(name))


def has_admin(engine: Engine) -> bool:
    """Whether somebody can give roles at the desk itself."""
    wanted = select(func.count()).select_from(users).where(users.c.role == "admin", ~users.c.disabled)
    with reading(engine) as connection:
        return bool(connection.execute(wanted).scalar_one())


def _changed(connection: Connection, name: str, **values: object) -> None:
    if not connection.execute(update(users).where(users.c.name == written(name)).values(**values)).rowcount:
        raise UserError(f"{written(name)}: there is no account of this name")
