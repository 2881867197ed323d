"""On whom somebody depends for what: who has a system, who can keep it going, and what breaks if one provider stops.

A dependence is *stated*, where a relation says so, or *inferred*: somebody has a system, is not known to be able to make or service
it, and exactly one other is. Who is said to be unable, and to depend in general on the one who is able, has a need without being
known to have the system. Whoever is said to be able counts, however uncertainly and though others deny it: an inference is made only
where nobody speaks of a second.

The maker of a system, as the gazetteer knows it, counts as able though nobody says so, unless somebody says that it is unable:
having made and delivered a system does not say that one can overhaul it. A dependence on a maker of whose ability nobody speaks is
*assumed*.

Nothing is inferred of kinds of equipment, of which there are many makes, and of states that are gone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, or_, select, true

from rasad.analysis import upkeep
from rasad.analysis.answers import Answer, Based, country, nothing, uncollected
from rasad.analysis.needs import Need, Reasoning, Relation, named, relations
from rasad.analysis.stopping import Break, breaks
from rasad.analysis.upkeep import (
    ASSUMED,
    FEEDS,
    MAKING,
    OPERATES,
    SUPPLIES,
    SUPPORT,
    Part,
    Support,
    Upkeep,
    gone,
    is_system,
    keeping,
    servicing,
    systems_of,
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
MOST = 5  #: providers that a note names
_COLUMNS = {
    "operated_by": frozenset({OPERATES}), "supplied_by": frozenset({SUPPLIES}), "made_by": MAKING, "serviced_by": servicing(),
    "fed_by": frozenset({FEEDS}), "unable": unable(),
}  # fmt: skip


class SinglePoint(Based, frozen=True, kw_only=True):
    """A single point of failure: a system that only one is known, or as its maker assumed, to be able to make or service, with who
    depends on that one, and who is said to be unable. ``denied``: some say that it is not able either."""

    item: Named
    provider: Named
    does: tuple[str, ...]
    dependents: tuple[Named, ...]
    unable: tuple[Named, ...]
    denied: bool


class System(Based, frozen=True, kw_only=True):
    """A system or kind of equipment, with who is known to have, supply, make, service and feed it, who is assumed to be able to service
    it, as its maker, and who is said to be unable to. Where a holder was asked for, who has it and who supplies and feeds it are those of that holder."""

    item: Named
    operated_by: tuple[Named, ...]
    supplied_by: tuple[Named, ...]
    made_by: tuple[Named, ...]
    serviced_by: tuple[Named, ...]
    assumed: tuple[Named, ...]
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
        about = ", ".join(one.name for one in (self.holder, self.item) if one) or "Every holder"
        if self.without:
            return f"{about}: what breaks if {self.without.name} stops"
        return f"{about}: {'on whom it depends' if self.holder else 'who depends on whom'}"


class Found(NamedTuple):
    """What is told, and the rows of every table."""

    told: Upkeep
    names: Mapping[str, str]
    needs: tuple[Need, ...]
    single_points: tuple[SinglePoint, ...]
    systems: tuple[System, ...]
    parts: tuple[Part, ...]
    breaks: tuple[Break, ...]


class Dependence(Answer):
    """What :func:`dependence` answers: ``dependences`` (:class:`Need`), ``single_points`` of failure (:class:`SinglePoint`),
    ``systems`` (:class:`System`), ``parts`` of a system that was asked for (:class:`rasad.analysis.upkeep.Part`) and, of one provider that stops, ``breaks``
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
        _, _, needs, single_points, systems, parts, broken = self.found
        first: dict[str, tuple[Based, ...]] = {"breaks": broken} if self.asked.without else {}
        return {**first, "dependences": needs, "single_points": single_points, "systems": systems, "parts": parts}

    @property
    def notes(self) -> tuple[str, ...]:
        """Of how many of the systems anything is known, and by what a dependence is inferred."""
        if not any(self.tables.values()):
            return (nothing(self.register, f"claim that bears on this: {self.title}"),)
        return (*self._stopping(), *self._known_of(), *self._assumed())

    def _stopping(self) -> Iterator[str]:
        """What hangs on a provider that stops, in numbers."""
        if not (stops := self.asked.without):
            return
        broken = [one for one in self.found.breaks if one.breaks]
        if not self.found.breaks:
            yield f"Nothing here is known to rest on {stops.name}."
        elif len(holders := {one.holder for one in broken}) > 1:
            items = {one.item for one in broken if one.item}
            yield f"Something would break for {len(holders):,} holders, of {_count(len(items), 'system or kind')}."

    def _known_of(self) -> Iterator[str]:
        """Of how many of the systems anything is known, told and assumed."""
        had = [one for one in self.found.systems if one.operated_by and is_system(one.item.id)]
        kept = [one for one in had if one.made_by or one.serviced_by]
        taken = [one for one in had if one.assumed and one not in kept]
        more = f"; of {len(taken):,} more it is assumed of the maker" if taken else ""
        yield f"Of {_count(len(had), 'system')} known to be had here, the register names who can make or service {len(kept):,}{more}."
        yield "Inferred: has it, is not known to be able to make or service it, and exactly one other is."

    def _assumed(self) -> Iterator[str]:
        """What is assumed, and on whom most of it is put."""
        taken = Counter(need.provider.name for need in self.found.needs if need.basis == "assumed")
        if taken:
            most = ", ".join(f"{name} {number:,}" for name, number in taken.most_common(MOST))
            rest = f" and {len(taken) - MOST} more" if len(taken) > MOST else ""
            yield f"Assumed: inferred in the same way, but that the one is able is said by nobody; it is taken to be, as the maker: {most}{rest}."

    @property
    def pictures(self) -> tuple[str, ...]:
        """The ``diagram``, where anybody depends on, makes or services anything."""
        return ("diagram",) if any(self._needed()) or any(self._known()) else ()

    def picture(self, kind: str | None = None) -> Picture:
        """Holders, systems and providers in three layers, with what would break in another line. Raises PictureError."""
        from rasad.pictures.dependence import diagram

        if kind not in (None, "diagram"):
            raise PictureError(f"{self.KIND}: there is no picture {kind!r}; there is diagram")
        links = [*self._needed(), *self._known()]
        return diagram(self.title, links, lambda some: self.claims_behind(Based(deals=link.deals) for link in some))

    def _needed(self) -> Iterator[Link]:
        """Dependences, and what a provider that stops does."""
        from rasad.pictures.dependence import Link

        stops = self.asked.without
        for need in self.found.needs:
            hangs = not (need.others or need.others_assumed) and (stops is None or need.provider == stops)
            item = need.item.name if need.item else IN_GENERAL
            yield Link(self._called(need.holder, need.item), item, need.provider.name, need.basis, hangs, need.deals)
        for one in self.found.breaks:
            if one.basis == "observed" and one.item and stops:
                yield Link(
                    self._called(one.holder, one.item), one.item.name, stops.name, "known", one.breaks, one.deals
                )

    def _known(self) -> Iterator[Link]:
        """Who has and who makes or services a system that somebody does."""
        from rasad.pictures.dependence import Link

        told = self.found.told
        kept = [one for one in self.found.systems if one.made_by or one.serviced_by or one.assumed]
        if (stops := self.asked.without) and not (self.asked.holder or self.asked.item):
            kept = [one for one in kept if stops in (*one.made_by, *one.serviced_by, *one.assumed)]
        with reading(self.register.engine) as connection:
            told.look_up(connection, [one.item.id for one in kept])
        for one in kept:
            for maker in one.assumed:
                yield Link(None, one.item.name, maker.name, "assumed", False)
            for part in upkeep.merged(told[one.item.id].told(parts={OPERATES, *keeping()}), self.found.names):
                if part.who.id in gone():
                    continue
                if part.part != OPERATES:
                    yield Link(None, one.item.name, part.who.name, "known", False, part.deals)
                elif self.asked.holder in (None, part.who):
                    yield Link(self._called(part.who, one.item), one.item.name, None, "known", False, part.deals)

    def _called(self, holder: Named, item: Named | None) -> str:
        """A holder and, where the picture is of one system, whether it is said to be unable to service that."""
        one = self.found.told.get(item.id) if item and item == self.asked.item else None
        return f"{holder.name} ({UNABLE})" if one and holder.id in one.who(unable()) else holder.name


@uncollected()
def dependence(
    register: Register, holder: str | None = None, *, item: str | None = None, without: str | None = None,
    support: Support | None = None,
) -> Dependence:  # fmt: skip
    """On whom a state depends for its systems, who depends on whom for a system, or both; ``without`` a state: what breaks if it
    stops. At least one of them has to be named. ``support``: what :func:`rasad.analysis.upkeep.support` read of this register, for
    who asks of many states. Raises FilterError where nothing is called so, with the nearest."""
    if not (holder or item or without):
        raise FilterError("dependence: name a country, a system (--item) or a provider that stops (--without)")
    asked = Asked(
        country(register, holder) if holder else None, _item(register, item) if item else None,
        country(register, without) if without else None,
    )  # fmt: skip
    with reading(register.engine) as connection:
        return Dependence(register, asked, _found(connection, asked, support))


def _item(register: Register, given: str) -> Named:
    with reading(register.engine) as connection:
        identifier = resolved(connection, given, "item")
    if identifier.partition(":")[0] not in ("system", "class", "category"):
        raise FilterError(f"item: {given!r} is no weapon, but {identifier}")
    thing = upkeep.key(family(identifier), identifier) or identifier
    return Named(thing, register.names([thing])[thing])


def _found(connection: Connection, asked: Asked, support: Support | None) -> Found:
    told = _told(connection, asked, support)
    hanging = [item for item, system in told.items() if is_system(item) and system.may_hang]
    upkeep.add_licences(told, connection, hanging)
    told.look_up(connection, hanging)
    if asked.item:
        told.look_up(connection, [asked.item.id])
    elif asked.without:
        told.look_up_provider(connection, asked.without.id)
    given = relations(connection, _about(asked, told))
    names = names_of(connection, _keys(told, given))
    holder = asked.holder.id if asked.holder else None
    needs = Reasoning(connection, told, given, holder).needs(names, general=asked.item is None)
    return Found(
        told, names, needs, tuple(_single_points(told, needs, names, holder)), tuple(_systems(told, names)), _parts(told, asked.item, names),
        breaks(told, needs, asked.without.id, names, holder) if asked.without else (),
    )  # fmt: skip


def _told(connection: Connection, asked: Asked, support: Support | None) -> Upkeep:
    """What bears on a question: of a holder its own systems and all who can keep those going; of a system everything; of a provider
    the systems that it has to do with, and who has those of which it is the only one."""
    if asked.holder:
        told = upkeep.of_holder(connection, asked.holder.id)
        wanted = {asked.item.id} if asked.item else {*filter(is_system, told), *_spoken_of(connection, asked.holder.id)}
        for item in {*told} - wanted if asked.item else ():
            del told[item]
        if support:
            upkeep.add_support(told, support, wanted)
        else:
            upkeep.add_systems(told, connection, wanted, SUPPORT)
        return told
    told = Upkeep()
    if asked.item and support:
        upkeep.add_support(told, support, {asked.item.id})
        upkeep.add_supply(told, connection, support, asked.item.id)
    elif asked.item:
        upkeep.add_systems(told, connection, {asked.item.id}, (*SUPPORT, "transfer"))
    elif asked.without:
        upkeep.add_systems(told, connection, None, SUPPORT)
        needed = {one.item for one in relations(connection, deals.c.partner == asked.without.id)}
        for item in [
            item for item, system in told.items() if asked.without.id not in system.parties and item not in needed
        ]:
            del told[item]
        told.update({item: upkeep.System(item) for item in systems_of(asked.without.id) - {*told}})
        sole = {item for item, system in told.items() if system.keepers == {asked.without.id}}
        upkeep.add_systems(told, connection, sole, ("transfer",))
        for item in [item for item, system in told.items() if not system.deals]:
            del told[item]
    return told


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
        general = and_(
            deals.c.item.is_(None),
            deals.c.actor.in_(sorted(told.get(asked.item.id, upkeep.System(asked.item.id)).who({OPERATES, *unable()}))),
        )
        return and_(who, or_(upkeep.about([asked.item.id]), general))
    return who if asked.holder or not asked.without else deals.c.partner == asked.without.id


def _keys(told: Upkeep, given: list[Relation]) -> set[str]:
    parties = (system.parties | system.assumed for system in told.values())
    keys = chain(told, *parties, *((*one[:3], *upkeep.makers_of(one.item)) for one in given))
    return {key for key in keys if key}


def _single_points(
    told: Upkeep, needs: tuple[Need, ...], names: Mapping[str, str], holder: str | None
) -> Iterator[SinglePoint]:
    for item in sorted(told, key=names.__getitem__):
        system = told[item]
        able = system.keepers
        if not is_system(item) or len(able) != 1 or holder in able:
            continue
        (provider,) = able
        keeps, cannot = system.told(provider, keeping()), system.told(None, unable())
        on_it = [need for need in needs if need.item and (need.item.id, need.provider.id) == (item, provider)]
        yield SinglePoint(
            item=Named(item, names[item]), provider=Named(provider, names[provider]),
            does=system.does(provider, keeping()) or (ASSUMED,),
            dependents=named((need.holder.id for need in on_it), names),
            unable=named({fact.who for fact in cannot} - {provider}, names), denied=any(fact.denied for fact in keeps),
            deals=tuple(sorted({fact.deal for fact in (*keeps, *cannot)}.union(*(need.deals for need in on_it)))),
        )  # fmt: skip


def _systems(told: Upkeep, names: Mapping[str, str]) -> Iterator[System]:
    for item in sorted(told, key=names.__getitem__):
        by = {column: named(told[item].who(parts), names) for column, parts in _COLUMNS.items()}
        assumed = named(told[item].assumed, names)
        yield System(item=Named(item, names[item]), **by, assumed=assumed, deals=told[item].deals)


def _parts(told: Upkeep, item: Named | None, names: Mapping[str, str]) -> tuple[Part, ...]:
    """Who does what for the system that was asked for."""
    return upkeep.merged(told[item.id].told(), names) if item and item.id in told else ()


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
