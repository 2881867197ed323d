"""On whom somebody depends for what: who has a system, who can keep it going, and what breaks if one provider stops.

A dependence is *stated*, where a relation says so, or *inferred*: somebody has a system, is not known to be able to make or service
it, and exactly one other is. Who is said to be unable, and to depend in general on the one who is able, has a need without being
known to have the system. Whoever is said to be able counts, however uncertainly and though others deny it: an inference is made only
where nobody speaks of a second. Nothing is inferred of kinds of equipment, of which there are many makes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, or_, select, true

from rasad.analysis import upkeep
from rasad.analysis.answers import Answer, Based, country
from rasad.analysis.needs import Need, Reasoning, Relation, named, relations
from rasad.analysis.stopping import Break, breaks
from rasad.analysis.upkeep import (
    FEEDS,
    MAKING,
    OPERATES,
    SUPPLIES,
    Fact,
    Part,
    Upkeep,
    is_system,
    keeping,
    servicing,
    unable,
)
from rasad.pictures import Picture, PictureError
from rasad.register import FilterError, Register
from rasad.register.atoms import family
from rasad.register.database import reading
from rasad.register.deals import names as names_of
from rasad.register.listing import resolved
from rasad.register.rows import Named
from rasad.register.schema import deals

if TYPE_CHECKING:
    from rasad.pictures.dependence import Link

IN_GENERAL, UNABLE = "(for what is not said)", "said to be unable"  #: words of the picture
_SUPPORT = ("capability", "service", "joint_project")  #: frames that tell who can keep a system going
_COLUMNS = {
    "operated_by": frozenset({OPERATES}), "supplied_by": frozenset({SUPPLIES}), "made_by": MAKING, "serviced_by": servicing(),
    "fed_by": frozenset({FEEDS}), "unable": unable(),
}  # fmt: skip


class SinglePoint(Based, frozen=True, kw_only=True):
    """A single point of failure: a system that only one is known to be able to make or service, with who depends on that one,
    stated or inferred, and who is said to be unable. ``denied``: some say that it is not able either."""

    item: Named
    provider: Named
    does: tuple[str, ...]
    dependents: tuple[Named, ...]
    unable: tuple[Named, ...]
    denied: bool


class System(Based, frozen=True, kw_only=True):
    """A system or kind of equipment, with who is known to have, supply, make, service and feed it, and who is said to be unable to
    service it. Where a holder was asked for, who has it and who supplies and feeds it are those of that holder."""

    item: Named
    operated_by: tuple[Named, ...]
    supplied_by: tuple[Named, ...]
    made_by: tuple[Named, ...]
    serviced_by: tuple[Named, ...]
    fed_by: tuple[Named, ...]
    unable: tuple[Named, ...]


class Asked(NamedTuple):
    """Of whom, of what, and who is to stop."""

    holder: Named | None
    item: Named | None
    without: Named | None

    @property
    def title(self) -> str:
        """What was asked, in words."""
        about = " and ".join(one.name for one in (self.holder, self.item) if one) or "Every holder"
        return f"{about}: {f'what breaks if {self.without.name} stops' if self.without else 'who depends on whom'}"


class Found(NamedTuple):
    """The rows of every table."""

    needs: tuple[Need, ...] = ()
    single_points: tuple[SinglePoint, ...] = ()
    systems: tuple[System, ...] = ()
    parts: tuple[Part, ...] = ()
    breaks: tuple[Break, ...] = ()


class Dependence(Answer):
    """What :func:`dependence` answers: ``dependences`` (:class:`Need`), ``single_points`` of failure (:class:`SinglePoint`),
    ``systems`` (:class:`System`), ``parts`` (:class:`rasad.analysis.upkeep.Part`) and, of one provider that stops, ``breaks``
    (:class:`Break`) before them."""

    KIND: ClassVar[str] = "dependence"
    HIDDEN: ClassVar[frozenset[str]] = frozenset({"deals", "claims"})
    DETAILED: ClassVar[frozenset[str]] = frozenset({"parts"})
    ROWS: ClassVar[Mapping[str, type[Based]]] = {
        "breaks": Break, "dependences": Need, "single_points": SinglePoint, "systems": System, "parts": Part,
    }  # fmt: skip

    def __init__(self, register: Register, asked: Asked, found: Found) -> None:
        super().__init__(register, asked.title)
        self.asked = asked
        self.found = found

    @cached_property
    def tables(self) -> dict[str, tuple[Based, ...]]:
        """What breaks (of one that stops), dependences, single points of failure, systems, and who does what for them."""
        needs, single_points, systems, parts, broken = self.found
        first: dict[str, tuple[Based, ...]] = {"breaks": broken} if self.asked.without else {}
        return {**first, "dependences": needs, "single_points": single_points, "systems": systems, "parts": parts}

    @property
    def notes(self) -> tuple[str, ...]:
        """Of how many of the systems anything is known, and by what a dependence is inferred."""
        if not any(self.tables.values()):
            return (f"The register says nothing of this: {self.title}.",)
        had = [one for one in self.found.systems if one.operated_by and is_system(one.item.id)]
        kept = [one for one in had if one.made_by or one.serviced_by]
        stops = self.asked.without
        idle = (f"Nothing here is known to rest on {stops.name}.",) if stops and not self.found.breaks else ()
        many = "1 system that somebody is" if len(had) == 1 else f"{len(had)} systems that somebody is"
        return (
            *idle,
            f"Of {many} known to have here, the register names who can make or service {len(kept)}.",
            "Inferred: has it, is not known to be able to make or service it, and exactly one other is.",
        )

    def picture(self, kind: str | None = None) -> Picture:
        """Holders, systems and providers in three layers, with what would break in another line. Raises PictureError."""
        from rasad.pictures.dependence import diagram

        if kind not in (None, "diagram"):
            raise PictureError(f"{self.KIND}: there is no picture {kind!r}; there is diagram")
        ways = [*self._ways()]
        return diagram(self.title, [link for link, _ in ways], self.claims_behind(row for _, row in ways))

    def _ways(self) -> Iterator[tuple[Link, Based]]:
        """What is drawn: dependences, what breaks, and of the systems that somebody keeps going who has and who services them."""
        from rasad.pictures.dependence import Link

        stops = self.asked.without
        kept = {one.item.id for one in self.found.systems if one.made_by or one.serviced_by}
        cannot = {(who.id, one.item.id) for one in self.found.systems for who in one.unable}

        def called(holder: Named, item: Named | None) -> str:
            return f"{holder.name} ({UNABLE})" if item and (holder.id, item.id) in cannot else holder.name

        for need in self.found.needs:
            hangs = not need.others and (stops is None or need.provider == stops)
            item = need.item.name if need.item else IN_GENERAL
            yield Link(called(need.holder, need.item), item, need.provider.name, need.basis, hangs), need
        for one in self.found.breaks:
            if one.basis == "observed" and one.item and stops:
                yield Link(called(one.holder, one.item), one.item.name, stops.name, "known", one.breaks), one
        for part in self.found.parts:
            if part.item.id in kept and part.part == OPERATES:
                yield Link(called(part.who, part.item), part.item.name, None, "known", False), part
            elif part.item.id in kept and part.part in keeping():
                yield Link(None, part.item.name, part.who.name, "known", False), part


def dependence(
    register: Register, holder: str | None = None, *, item: str | None = None, without: str | None = None
) -> Dependence:
    """On whom a state depends for its systems, who depends on whom for a system, or both; ``without`` a state: what breaks if it
    stops. At least one of them has to be named. Raises FilterError where nothing is called so, with the nearest."""
    if not (holder or item or without):
        raise FilterError("dependence: name a country, a system (--item) or a provider that stops (--without)")
    asked = Asked(
        country(register, holder) if holder else None, _item(register, item) if item else None,
        country(register, without) if without else None,
    )  # fmt: skip
    with reading(register.engine) as connection:
        return Dependence(register, asked, _found(connection, asked))


def _item(register: Register, given: str) -> Named:
    with reading(register.engine) as connection:
        identifier = resolved(connection, given, "item")
    if identifier.partition(":")[0] not in ("system", "class", "category"):
        raise FilterError(f"item: {given!r} is no weapon, but {identifier}")
    thing = upkeep.key(family(identifier), identifier) or identifier
    return Named(thing, register.names([thing])[thing])


def _found(connection: Connection, asked: Asked) -> Found:
    told = Upkeep(_facts(connection, asked))
    given = relations(connection, _about(asked, told))
    names = names_of(connection, _keys(told, given))
    holder = asked.holder.id if asked.holder else None
    needs = Reasoning(connection, told, given, holder).needs(names, general=asked.item is None)
    return Found(
        needs, tuple(_single_points(told, needs, names, holder)), tuple(_systems(told, names)),
        upkeep.merged(_shown(told, asked), names), breaks(told, needs, asked.without.id, names, holder) if asked.without else (),
    )  # fmt: skip


def _facts(connection: Connection, asked: Asked) -> list[Fact]:
    """What bears on a question: of a holder its own systems and all who can keep those going; of a system everything; of a provider
    the systems that it does something for, and who has those of which it is the only one."""
    if asked.holder:
        own = upkeep.of_holder(connection, asked.holder.id)
        own = [fact for fact in own if asked.item is None or fact.item == asked.item.id]
        more = {asked.item.id} if asked.item else _spoken_of(connection, asked.holder.id)
        support = upkeep.of_systems(connection, more | {fact.item for fact in own if is_system(fact.item)}, _SUPPORT)
        return [*own, *(fact for fact in support if fact.part != OPERATES)]
    if asked.item:
        return upkeep.of_systems(connection, {asked.item.id}, (*_SUPPORT, "transfer"))
    assert asked.without is not None
    support = upkeep.of_systems(connection, upkeep.systems_of(connection, asked.without.id), _SUPPORT)
    sole = {item for item, able in Upkeep(support).able.items() if able == {asked.without.id}}
    return [*support, *upkeep.of_systems(connection, sole, ("transfer",))]


def _spoken_of(connection: Connection, holder: str) -> set[str]:
    """The systems that a state is said to depend on somebody for, or to be able or unable to keep going."""
    about = and_(deals.c.actor == holder, deals.c.kind == "relation", deals.c.frame.in_(("dependence", "capability")))
    found = select(deals.c.family).where(about, deals.c.family.is_not(None)).distinct()
    return {f"system:{name}" for name in connection.scalars(found)}


def _about(asked: Asked, told: Upkeep) -> ColumnElement[bool]:
    """The dependences that bear on it: of the holder, for the system, on the provider that stops; and those in general of whoever
    has to do with the system."""
    who = deals.c.actor == asked.holder.id if asked.holder else true()
    if asked.item:
        general = and_(deals.c.item.is_(None), deals.c.actor.in_(sorted({fact.who for fact in told.facts})))
        return and_(who, or_(upkeep.about([asked.item.id]), general))
    return who if asked.holder or not asked.without else deals.c.partner == asked.without.id


def _keys(told: Upkeep, given: list[Relation]) -> set[str]:
    parties = {party for whom in {fact.whom for fact in told.facts} for party in whom.split("+")}
    keys = chain(told.systems, *told.systems.values(), parties, *(one[:3] for one in given))
    return {key for key in keys if key}


def _single_points(
    told: Upkeep, needs: tuple[Need, ...], names: Mapping[str, str], holder: str | None
) -> Iterator[SinglePoint]:
    for item in sorted(told.able, key=names.__getitem__):
        if not is_system(item) or len(told.able[item]) != 1 or holder in told.able[item]:
            continue
        (provider,) = told.able[item]
        able = told.told(item, provider, keeping())
        cannot = [fact for who in told.systems[item] if who != provider for fact in told.told(item, who, unable())]
        on_it = [need for need in needs if need.item and (need.item.id, need.provider.id) == (item, provider)]
        yield SinglePoint(
            item=Named(item, names[item]), provider=Named(provider, names[provider]), does=told.does(item, provider, keeping()),
            dependents=named((need.holder.id for need in on_it), names), unable=named((fact.who for fact in cannot), names),
            denied=any(fact.denied for fact in able),
            deals=tuple(sorted({fact.deal for fact in (*able, *cannot)}.union(*(need.deals for need in on_it)))),
        )  # fmt: skip


def _systems(told: Upkeep, names: Mapping[str, str]) -> Iterator[System]:
    for item in sorted(told.systems, key=names.__getitem__):
        doing = told.systems[item]
        by = {
            column: named((who for who, does in doing.items() if not parts.isdisjoint(does)), names)
            for column, parts in _COLUMNS.items()
        }
        behind = {fact.deal for does in doing.values() for facts in does.values() for fact in facts}
        yield System(item=Named(item, names[item]), **by, deals=tuple(sorted(behind)))


def _shown(told: Upkeep, asked: Asked) -> Iterator[Fact]:
    """The parts that are told one by one: of a holder what it does and what is done for it or for nobody in particular; of a
    provider that stops the same, and everything of the systems of which it is the only one."""
    one = asked.holder or (asked.without if not asked.item else None)
    for fact in told.facts:
        alone = one is not None and one == asked.without and told.able[fact.item] == {one.id}
        if one is None or alone or fact.who == one.id or not fact.whom or one.id in fact.whom.split("+"):
            yield fact
