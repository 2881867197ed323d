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
from rasad.analysis.answers import Answer, Based, country, uncollected
from rasad.analysis.needs import Need, Reasoning, Relation, named, relations
from rasad.analysis.stopping import Break, breaks
from rasad.analysis.upkeep import FEEDS, MAKING, OPERATES, SUPPLIES, Part, Upkeep, is_system, keeping, servicing, unable
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
        about = ", ".join(one.name for one in (self.holder, self.item) if one) or "Every holder"
        if self.without:
            return f"{about}: what breaks if {self.without.name} stops"
        return f"{about}: {'on whom it depends' if self.holder else 'who depends on whom'}"


class Found(NamedTuple):
    """What is told, and the rows of every table."""

    told: Upkeep
    names: Mapping[str, Named]
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
        from rasad.pictures.dependence import chosen, diagram

        if kind not in (None, "diagram"):
            raise PictureError(f"{self.KIND}: there is no picture {kind!r}; there is diagram")
        links = chosen([*self._needed(), *self._known()])
        return diagram(self.title, links, self.claims_behind(Based(deals=link.deals) for link in links))

    def _needed(self) -> Iterator[Link]:
        """Dependences, and what a provider that stops does."""
        from rasad.pictures.dependence import Link

        stops = self.asked.without
        for need in self.found.needs:
            hangs = not need.others and (stops is None or need.provider == stops)
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
        kept = [one for one in self.found.systems if one.made_by or one.serviced_by]
        if (stops := self.asked.without) and not (self.asked.holder or self.asked.item):
            kept = [one for one in kept if stops in (*one.made_by, *one.serviced_by)]
        with reading(self.register.engine) as connection:
            told.look_up(connection, [one.item.id for one in kept])
        for one in kept:
            for part in upkeep.merged(told[one.item.id].told(parts={OPERATES, *keeping()}), self.found.names):
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
    told = _told(connection, asked)
    told.look_up(connection, [item for item, system in told.items() if len(system.able) == 1])
    if asked.item:
        told.look_up(connection, [asked.item.id])
    elif asked.without:
        told.look_up_provider(connection, asked.without.id)
    given = relations(connection, _about(asked, told))
    names = {key: Named(key, name) for key, name in names_of(connection, _keys(told, given)).items()}
    holder = asked.holder.id if asked.holder else None
    needs = Reasoning(connection, told, given, holder).needs(names, general=asked.item is None)
    return Found(
        told, names, needs, tuple(_single_points(told, needs, names, holder)), tuple(_systems(told, names)), _parts(told, asked.item, names),
        breaks(told, needs, asked.without.id, names, holder) if asked.without else (),
    )  # fmt: skip


def _told(connection: Connection, asked: Asked) -> Upkeep:
    """What bears on a question: of a holder its own systems and all who can keep those going; of a system everything; of a provider
    the systems that it has to do with, and who has those of which it is the only one."""
    if asked.holder:
        told = upkeep.of_holder(connection, asked.holder.id)
        wanted = {asked.item.id} if asked.item else {*filter(is_system, told), *_spoken_of(connection, asked.holder.id)}
        for item in {*told} - wanted if asked.item else ():
            del told[item]
        upkeep.add_systems(told, connection, wanted, _SUPPORT)
        return told
    told = Upkeep()
    if asked.item:
        upkeep.add_systems(told, connection, {asked.item.id}, (*_SUPPORT, "transfer"))
    elif asked.without:
        upkeep.add_systems(told, connection, None, _SUPPORT)
        needed = {one.item for one in relations(connection, deals.c.partner == asked.without.id)}
        for item in [
            item for item, system in told.items() if asked.without.id not in system.parties and item not in needed
        ]:
            del told[item]
        sole = {item for item, system in told.items() if system.able == {asked.without.id}}
        upkeep.add_systems(told, connection, sole, ("transfer",))
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
            deals.c.actor.in_(sorted(told.get(asked.item.id, upkeep.System()).who({OPERATES, *unable()}))),
        )
        return and_(who, or_(upkeep.about([asked.item.id]), general))
    return who if asked.holder or not asked.without else deals.c.partner == asked.without.id


def _keys(told: Upkeep, given: list[Relation]) -> set[str]:
    keys = chain(told, *(system.parties for system in told.values()), *(one[:3] for one in given))
    return {key for key in keys if key}


def _single_points(
    told: Upkeep, needs: tuple[Need, ...], names: Mapping[str, Named], holder: str | None
) -> Iterator[SinglePoint]:
    for item in sorted(told, key=lambda item: names[item].name):
        system = told[item]
        if not is_system(item) or len(system.able) != 1 or holder in system.able:
            continue
        (provider,) = system.able
        able, cannot = system.told(provider, keeping()), system.told(None, unable())
        on_it = [need for need in needs if need.item and (need.item.id, need.provider.id) == (item, provider)]
        yield SinglePoint(
            item=names[item], provider=names[provider], does=system.does(provider, keeping()),
            dependents=named((need.holder.id for need in on_it), names),
            unable=named({fact.who for fact in cannot} - {provider}, names), denied=any(fact.denied for fact in able),
            deals=tuple(sorted({fact.deal for fact in (*able, *cannot)}.union(*(need.deals for need in on_it)))),
        )  # fmt: skip


def _systems(told: Upkeep, names: Mapping[str, Named]) -> Iterator[System]:
    for item in sorted(told, key=lambda item: names[item].name):
        by = {column: named(told[item].who(parts), names) for column, parts in _COLUMNS.items()}
        yield System(item=names[item], **by, deals=told[item].deals)


def _parts(told: Upkeep, item: Named | None, names: Mapping[str, Named]) -> tuple[Part, ...]:
    """Who does what for the system that was asked for."""
    return upkeep.merged(told[item.id].told(), names) if item and item.id in told else ()
