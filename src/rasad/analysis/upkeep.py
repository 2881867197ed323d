"""Who has, makes, services and feeds which system, as deals and relations tell it. The words are in ``upkeep.toml``.

A *system* is the family of a designation: S-300 stands for the S-300PS too. A party is a state, for which its companies and
ministries stand; whoever has no state stands for itself. What all claims deny tells nothing here.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, false, or_, select, true

from rasad.analysis.answers import Based
from rasad.register.database import slices
from rasad.register.deals import CERTAINTIES
from rasad.register.rows import Named
from rasad.register.schema import atoms, deals

OPERATES, SUPPLIES, BUILDS, FEEDS, CANNOT = "operates", "supplies", "builds jointly", "feeds", "cannot"
MAKING = frozenset({"makes", BUILDS})
FEW = 40  #: systems that are looked up one by one; of more, all that is told of any is read
_COLUMNS: tuple[ColumnElement[Any], ...] = (
    deals.c.deal, deals.c.frame, deals.c.actor, deals.c.partner, deals.c.item, deals.c.family, deals.c.label, deals.c.stage,
    deals.c.first_year, deals.c.last_year, deals.c.denied,
)  # fmt: skip


class Part(Based, frozen=True, kw_only=True):
    """What somebody does for a system, and for whom: operates, supplies, makes, overhauls, maintains, modernises, services, trains,
    feeds (parts, ammunition), builds jointly; ``cannot`` before it where that is what is said. ``certainty`` is that of the
    surest claim, where it is a capability; ``denied``: some claim says that it is not so."""

    item: Named
    who: Named
    part: str
    whom: tuple[Named, ...]
    certainty: str | None
    denied: bool
    first_year: int | None
    last_year: int | None


class Fact(NamedTuple):
    """The same, of one deal or relation, in ids."""

    item: str
    who: str
    part: str
    whom: str
    certainty: str | None
    denied: bool
    first: int | None
    last: int | None
    deal: str


class _Activity(msgspec.Struct, frozen=True):
    does: str
    decides: bool


class _Feeds(msgspec.Struct, frozen=True):
    categories: tuple[str, ...]
    items: tuple[str, ...]


class _Words(msgspec.Struct, frozen=True):
    activities: dict[str, _Activity]
    stages: dict[str, frozenset[str]]
    feeds: _Feeds


class Upkeep:
    """Facts by system and party, and who is able to keep each system going: who services it, or makes it and is not said to be
    unable to service it. Whoever is said to be able counts, though others deny it."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        self.facts = facts
        self.systems: dict[str, dict[str, dict[str, list[Fact]]]] = {}
        for fact in facts:
            self.systems.setdefault(fact[0], {}).setdefault(fact[1], {}).setdefault(fact[2], []).append(fact)
        self.able = {
            item: {who for who, does in doing.items() if _is_able(does)} for item, doing in self.systems.items()
        }

    def told(self, item: str | None, who: str, parts: Iterable[str]) -> list[Fact]:
        """What is told of a party's parts in a system."""
        does = self.systems.get(item or "", {}).get(who, {})
        return [fact for part in sorted(parts) for fact in does.get(part, ())]

    def does(self, item: str | None, who: str, parts: Collection[str]) -> tuple[str, ...]:
        """Which of these parts a party has in a system."""
        return tuple(sorted(set(parts).intersection(self.systems.get(item or "", {}).get(who, ()))))


def _is_able(does: Collection[str]) -> bool:
    return not servicing().isdisjoint(does) or (not MAKING.isdisjoint(does) and unable().isdisjoint(does))


@cache
def words() -> _Words:
    """The content of ``upkeep.toml``."""
    return msgspec.convert(tomllib.loads(files(__package__).joinpath("upkeep.toml").read_text("utf-8")), _Words)


@cache
def servicing() -> frozenset[str]:
    """The parts of those who keep a system going without making it."""
    return frozenset(one.does for one in words().activities.values() if one.decides) - MAKING


@cache
def unable() -> frozenset[str]:
    """The parts of those who are said to be unable to."""
    return frozenset(f"{CANNOT} {does}" for does in servicing())


def keeping() -> frozenset[str]:
    """The parts that keep a system going."""
    return servicing() | MAKING


def is_system(item: str | None) -> bool:
    """Whether this is a system, and no kind of equipment."""
    return item is not None and item.startswith("system:")


def of_holder(connection: Connection, holder: str) -> list[Fact]:
    """What a state has, and what others supply, do and feed for it."""
    own = and_(deals.c.partner == holder, deals.c.kind == "deal")
    return [*_facts(connection, own), *_fed(connection, own)]


def of_systems(connection: Connection, systems: Collection[str], frames: Sequence[str]) -> list[Fact]:
    """What anybody does for these systems or kinds of equipment, in these frames."""
    about_them = about(sorted(systems)) if len(systems) <= FEW else true()
    facts = [fact for fact in _facts(connection, and_(about_them, deals.c.frame.in_(frames))) if fact.item in systems]
    if "transfer" in frames and systems:
        facts += [fact for fact in _fed(connection, true()) if fact.item in systems]
    return facts


def systems_of(connection: Connection, provider: str) -> set[str]:
    """The systems for which a state does something, or for which somebody is said to depend on it."""
    does = and_(deals.c.actor == provider, deals.c.frame.in_(("service", "capability", "transfer")))
    needed = and_(deals.c.partner == provider, deals.c.frame == "dependence")
    together = and_(deals.c.frame == "joint_project", _among(deals.c.actor, provider))
    found = select(deals.c.family).where(or_(does, needed, together), deals.c.family.is_not(None)).distinct()
    return {f"system:{family}" for family in connection.scalars(found)}


def merged(facts: Iterable[Fact], names: Mapping[str, str]) -> tuple[Part, ...]:
    """Facts as parts, those of the same parties and system together, by system, part and name."""
    same: dict[tuple[str, str, str, str], list[Fact]] = defaultdict(list)
    for fact in facts:
        same[fact[:4]].append(fact)
    found = [_part(some, names) for some in same.values()]
    return tuple(
        sorted(found, key=lambda part: (part.item.name, part.part, part.who.name, [w.name for w in part.whom]))
    )


def surest(given: Iterable[str | None]) -> str | None:
    """The surest of certainties."""
    known = [certainty for certainty in given if certainty]
    return min(known, key=CERTAINTIES.index, default=None)


def key(family: str | None, item: str | None) -> str | None:
    """What a deal is about: the system of its weapon, or the kind of equipment."""
    return f"system:{family}" if family else item


def about(keys: Sequence[str]) -> ColumnElement[bool]:
    """Whether a deal is about one of these systems or kinds of equipment."""
    families = [one.removeprefix("system:") for one in keys if one.startswith("system:")]
    kinds = [one for one in keys if not one.startswith("system:")]
    by_kind = and_(deals.c.family.is_(None), deals.c.item.in_(kinds)) if kinds else false()
    return or_(deals.c.family.in_(families), by_kind) if families else by_kind


def _among(column: ColumnElement[str | None], party: str) -> ColumnElement[bool]:
    return ("+" + column + "+").contains(f"+{party}+", autoescape=True)


def _facts(connection: Connection, where: ColumnElement[bool]) -> list[Fact]:
    found: list[Fact] = []
    relations: dict[str, Any] = {}
    unstaged: dict[str, Any] = {}
    for row in connection.execute(select(*_COLUMNS).where(where, _telling(), deals.c.item.is_not(None))).all():
        if row.frame == "capability":
            relations[row.deal] = row
        elif row.stage is None and row.frame != "transfer":
            unstaged[row.deal] = row
        else:
            found += _told(row)
    for deal in _affirmed(connection, sorted(unstaged)):
        found += _told(unstaged[deal])
    return [*found, *_capabilities(connection, relations)]


def _telling() -> ColumnElement[bool]:
    """Whether a deal shows that something came or is being done; a service without a stage may."""
    stages = words().stages
    came = or_(
        deals.c.stage.in_(stages["arrived"]), deals.c.first_delivery.is_not(None), deals.c.quantity_delivered > 0
    )
    doing = or_(deals.c.stage.in_(stages["doing"]), deals.c.stage.is_(None))
    return or_(
        deals.c.frame == "capability", and_(deals.c.frame == "transfer", deals.c.partner.is_not(None), came),
        and_(deals.c.frame.in_(("service", "joint_project")), doing),
    )  # fmt: skip


def _told(row: Any) -> Iterator[Fact]:
    """What a transfer, service or joint project tells."""
    deal, frame, actor, partner, item, family, label, _, first, last, denied = row
    rest = (None, denied, first, last, deal)
    thing = f"system:{family}" if family else item
    if frame == "joint_project":
        parties = actor.split("+") if actor else ()
        for party in parties:
            yield Fact(thing, party, BUILDS, "+".join(other for other in parties if other != party), *rest)
        return
    if partner:
        yield Fact(thing, partner, OPERATES, "", *rest)
    if actor and frame == "transfer":
        yield Fact(thing, actor, SUPPLIES, partner, *rest)
    elif actor:
        for activity in label.split("+") if label else ("",):
            yield Fact(thing, actor, words().activities[activity].does, partner or "", *rest)


def _affirmed(connection: Connection, identifiers: Sequence[str]) -> set[str]:
    """Those deals that some claim affirms."""
    found: set[str] = set()
    for some in slices(identifiers):
        found.update(
            connection.scalars(
                select(atoms.c.deal).where(atoms.c.deal.in_(some), atoms.c.polarity == "positive").distinct()
            )
        )
    return found


def _capabilities(connection: Connection, relations: Mapping[str, Any]) -> Iterator[Fact]:
    """A relation tells of every activity and of its contrary: what its claims say stands apart."""
    said: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    columns = (atoms.c.deal, atoms.c.label, atoms.c.polarity, atoms.c.certainty)
    for some in slices(sorted(relations)):
        for deal, label, polarity, certainty in connection.execute(
            select(*columns).where(atoms.c.deal.in_(some)).distinct()
        ):
            for activity in (label or "").split("+"):
                said[deal, activity, polarity].add(certainty)
    for (deal, activity, polarity), certainties in said.items():
        row, does = relations[deal], words().activities[activity].does
        part = does if polarity == "positive" else f"{CANNOT} {does}"
        contrary = "negative" if polarity == "positive" else "positive"
        denied = (deal, activity, contrary) in said
        thing = key(row.family, row.item) or ""
        yield Fact(thing, row.actor, part, "", surest(certainties), denied, row.first_year, row.last_year, deal)


def _fed(connection: Connection, where: ColumnElement[bool]) -> Iterator[Fact]:
    """Parts and ammunition that came, each for the systems that the same claim names beside them."""
    feeds, beside = words().feeds, atoms.alias()
    kinds = or_(deals.c.category.in_(feeds.categories), deals.c.item.in_(feeds.items))
    found = (
        select(*_COLUMNS, beside.c.family)
        .join(atoms, and_(atoms.c.deal == deals.c.deal, atoms.c.polarity == "positive"))
        .join(beside, and_(beside.c.claim == atoms.c.claim, beside.c.family.is_not(None)))
        .where(where, _telling(), deals.c.frame == "transfer", deals.c.family.is_(None), kinds)
        .distinct()
    )
    for *row, family in connection.execute(found).all():
        for fact in _told(row):
            if fact.part == SUPPLIES:
                yield fact._replace(item=f"system:{family}", part=FEEDS)


def _part(some: Sequence[Fact], names: Mapping[str, str]) -> Part:
    one = some[0]
    years = [year for fact in some for year in (fact.first, fact.last) if year]
    return Part(
        item=Named(one.item, names[one.item]), who=Named(one.who, names[one.who]), part=one.part,
        whom=tuple(Named(party, names[party]) for party in one.whom.split("+") if party),
        certainty=surest(fact.certainty for fact in some), denied=any(fact.denied for fact in some),
        first_year=min(years, default=None), last_year=max(years, default=None),
        deals=tuple(sorted({fact.deal for fact in some})),
    )  # fmt: skip
