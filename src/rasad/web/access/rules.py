"""Which role an address asks for. The pages say so themselves too; what is written here holds even for one that forgets to."""

from __future__ import annotations

from typing import NamedTuple

from rasad.web.access import Person, Role

SAFE = ("GET", "HEAD", "OPTIONS")  #: they change nothing
OPEN = ("/assets", "/login", "/preferences", "/healthy")  #: for who is not known yet


class Rule(NamedTuple):
    """Who may read what stands at an address and below it, and who may change something there. ``people``: no program may, as what it
    holds would outlive its token."""

    place: str
    read: Role
    change: Role
    people: bool = False


RULES = (  # the first that fits counts
    Rule("/account/users", "admin", "admin", people=True),
    Rule("/account/audit", "admin", "admin"),
    Rule("/account", "reader", "reader", people=True),
    Rule("/logout", "reader", "reader", people=True),
    Rule("", "reader", "reviewer"),
)


def is_open(path: str) -> bool:
    """Whether an address is for everybody."""
    return any(_within(path, place) for place in OPEN)


def allows(person: Person, method: str, path: str) -> bool:
    """Whether somebody may ask this."""
    rule = next(rule for rule in RULES if _within(path, rule.place))
    return person.may(rule.read if method in SAFE else rule.change) and not (rule.people and person.way == "token")


def _within(path: str, place: str) -> bool:
    return path == place or path.startswith((f"{place}/", f"{place}."))
