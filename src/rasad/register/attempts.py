"""How often somebody may try to log in: after some failures each one has to wait twice as long as the last, by the name that is tried
and by the address that it comes from. A try counts before the password is looked at, so that many at once count too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address, ip_network
from typing import NamedTuple

from sqlalchemy import Connection, Engine, delete, insert, select, update

from rasad.register.database import DESK, writing
from rasad.register.schema import attempts

FREE = {"name": 5, "from": 20}  #: failures without a wait; several people may come from one address
LONGEST = 900  #: seconds of a wait at the most
FORGOTTEN = timedelta(days=1)  #: after this long without a try nothing is held against anybody


class Tried(NamedTuple):
    """The keys under which a try is counted."""

    name: str
    origin: str


def tried(name: str, origin: str) -> Tried:
    """``name`` is kept as a hash, as it may be a password in the wrong field; of an IPv6 address counts the network (/64) that one
    customer has."""
    return Tried("name:" + sha256(name.encode()).hexdigest(), "from:" + _network(origin))


def count(engine: Engine, these: Tried) -> int:
    """Counts a try. Gives 0, or how many seconds it comes too early: then it was not counted and must not be gone on with."""
    with writing(engine, DESK) as connection:
        at = datetime.now(UTC)
        _forget(connection, at)
        found = {row.key: row for row in connection.execute(select(attempts).where(attempts.c.key.in_(these)))}
        early = max((_seconds(datetime.fromisoformat(row.until) - at) for row in found.values()), default=0)
        if early > 0:
            return early
        for key in these:
            failures = found[key].failures + 1 if key in found else 1
            values = {
                "failures": failures,
                "last": _iso(at),
                "until": _iso(at + timedelta(seconds=wait(key, failures))),
            }
            if key in found:
                connection.execute(update(attempts).where(attempts.c.key == key).values(values))
            else:
                connection.execute(insert(attempts).values(key=key, **values))
    return 0


def forget(engine: Engine) -> None:
    """Takes out what is held against nobody any more. Raises StoreError where the register cannot be written."""
    with writing(engine, DESK) as connection:
        _forget(connection, datetime.now(UTC))


def wait(key: str, failures: int) -> int:
    """Seconds to wait after so many failures: none at first, then 2, 4, 8 …"""
    beyond = failures - FREE[key.partition(":")[0]]
    return min(LONGEST, 2 ** min(beyond, 20)) if beyond > 0 else 0


def forgive(engine: Engine, these: Tried) -> None:
    """After the right password: nothing is held against the name, and this try not against the address."""
    with writing(engine, DESK) as connection:
        connection.execute(delete(attempts).where(attempts.c.key == these.name))
        from_there = update(attempts).where(attempts.c.key == these.origin)
        connection.execute(from_there.values(failures=attempts.c.failures - 1, until=attempts.c.last))


def _forget(connection: Connection, at: datetime) -> None:
    connection.execute(delete(attempts).where(attempts.c.last < _iso(at - FORGOTTEN)))


def _network(origin: str) -> str:
    try:
        given = ip_address(origin.partition("%")[0])
    except ValueError:
        return origin
    return str(ip_network((given, 64), strict=False)) if given.version == 6 else origin


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")


def _seconds(left: timedelta) -> int:
    return -int(-left.total_seconds() // 1)
