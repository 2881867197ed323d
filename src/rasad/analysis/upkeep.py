"""Who has, makes, services and feeds which system, as deals and relations tell it. The words are in ``upkeep.toml``.

A *system* is the family of a designation: S-300 stands for the S-300PS too. A party is a state, for which its companies and
ministries stand; whoever has no state stands for itself. What all claims deny tells nothing here.

Who is *told* to keep a system going is one thing, who is *assumed* to another: the states to which the gazetteer ascribes the
designation or one of its variants, as its makers, though nobody says so. See :meth:`System.assumed`.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, false, or_, select, true

from rasad.analysis.answers import Based
from rasad.gazetteer import makers
from rasad.register import Register
from rasad.register.atoms import family
from rasad.register.database import plain, reading, slices
from rasad.register.deals import CERTAINTIES
from rasad.register.rows import Named
from rasad.register.schema import IS_SUPPORT, atoms, deals
from rasad.register.state import Once
from rasad.register.subjects import of_frame
from rasad.register.sureness import NOT

SUPPORT = ("capability", "service", "joint_project")  #: frames that tell who can keep a system going
OPERATES, SUPPLIES, BUILDS, FEEDS, CANNOT = "operates", "supplies", "builds jointly", "feeds", "cannot"
LICENSED, ASSUMED = "makes under licence", "assumed, as its maker"
MAKING = frozenset({"makes", BUILDS, LICENSED})
FEW = 40  #: systems that are looked up one by one; of more, all that is told of any is read
_PARTIES: tuple[ColumnElement[Any], ...] = (deals.c.deal, deals.c.actor, deals.c.partner)
_FRAMES = ("transfer", "service", "joint_project")
_ABOUT: tuple[ColumnElement[Any], ...] = (deals.c.frame, deals.c.family, deals.c.item, deals.c.label)
_COLUMNS = (
    deals.c.deal, deals.c.frame, deals.c.actor, deals.c.partner, deals.c.item, deals.c.family, deals.c.label, deals.c.first_year,
    deals.c.last_year, deals.c.denied,
)  # fmt: skip


_Parties = tuple[str, str | None, str | None]  #: a deal, its actor and its partner
_About = tuple[str, str | None, str | None, str | None]  #: the frame of deals, the family and item, the label


class Part(Based, frozen=True, kw_only=True):
    """What somebody does for a system, and for whom: operates, supplies, makes, makes under licence, overhauls, maintains, modernises,
    services, trains, feeds (parts, ammunition), builds jointly; ``cannot`` before it where that is what is said. ``certainty`` is that of the
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
    successors: dict[str, tuple[str, ...]]


class System:
    """What is told of one system or kind of equipment: who does what, and by deals that were looked up and by what is said of it
    otherwise, as facts."""

    def __init__(self, item: str | None) -> None:
        self._makers = makers_of(item)
        self._deals: set[str] = set()
        self._rows: dict[str, Any] = {}
        self._facts: dict[Fact, None] = {}
        self._who: dict[str, set[str]] = defaultdict(set)
        self.parties: set[str] = set()  #: everybody who has to do with it

    def add_deals(self, frame: str, label: str | None, rows: Sequence[_Parties], holder: str | None) -> None:
        """Takes in transfers, services or joint projects; of those for whom somebody services it only the holder (None: all) has
        it."""
        added, actors, partners = map(set, zip(*rows, strict=True))
        self._deals |= added
        who, doing = self._who, set(filter(None, actors))
        if frame == "joint_project":
            parties = {party for joined in doing for party in joined.split("+")}
            self.parties |= parties
            who[BUILDS] |= parties
            return
        having = set(filter(None, partners))
        self.parties |= doing | having
        who[OPERATES] |= having if holder is None else having & {holder}
        for part in (SUPPLIES,) if frame == "transfer" else _services(label):
            who[part] |= doing

    def look_up(self, row: Any) -> None:
        """Takes in all of one of its deals, so that facts can be told of it."""
        if row[0] in self._deals:
            self._rows[row[0]] = row

    def add_fact(self, fact: Fact) -> None:
        """Takes in a capability, or what feeds it."""
        self._facts[fact] = None
        self.parties.update((fact.who, *fact.whom.split("+")))
        self._who[fact.part].add(fact.who)

    def who(self, parts: Iterable[str]) -> set[str]:
        """Who has one of these parts in it."""
        return set().union(*(self._who.get(part, ()) for part in parts))

    def does(self, who: str, parts: Iterable[str]) -> tuple[str, ...]:
        """Which of these parts a party has in it."""
        return tuple(sorted(part for part in parts if who in self._who.get(part, ())))

    @property
    def able(self) -> set[str]:
        """Who is told to keep it going: who services it, or makes it and is not said to be unable to service it. Whoever is said to
        be able counts, though others deny it; states that are gone do not."""
        return self._told_able() - gone()

    @property
    def assumed(self) -> set[str]:
        """Who is taken to be able to keep it going, though nobody says so: its makers, and the successors of states that are gone
        and are told to have kept it going; not whoever is said to be unable."""
        able = self._told_able()
        return {*self._makers}.union(*map(successors, able & gone())) - able - self.who(unable())

    @property
    def excluded(self) -> set[str]:
        """Its makers that are said to be unable."""
        return self.who(unable()) & self._makers

    @property
    def keepers(self) -> set[str]:
        """Who is told or assumed to be able to keep it going."""
        return self.able | self.assumed

    @property
    def may_hang(self) -> bool:
        """Whether one alone may turn out to keep it going."""
        return len(self.able) < 2 and bool(self._told_able() or self._makers)

    def _told_able(self) -> set[str]:
        return self.who(servicing()) | (self.who(MAKING) - self.who(unable()))

    def told(self, who: str | None = None, parts: Collection[str] | None = None) -> list[Fact]:
        """What is told of a party's parts in it, or of everybody's; of these parts, or of all. Of deals that were looked up."""
        frames = None if parts is None else {frame for part in parts for frame in _frames(part)}
        rows = (row for row in self._rows.values() if frames is None or row[1] in frames)
        own = (row for row in rows if who is None or who in (row[2], row[3]) or (row[2] and who in row[2]))
        facts = chain(self._facts, *map(_told, own))
        return [fact for fact in facts if (parts is None or fact.part in parts) and who in (None, fact.who)]

    @property
    def deals(self) -> tuple[str, ...]:
        """The deals and relations behind it."""
        return tuple(sorted({*self._deals, *(fact.deal for fact in self._facts)}))


class Support(NamedTuple):
    """Who can keep which system going, as a whole register tells it: the services and joint projects of each system or kind of
    equipment, who is said to be able or unable, and who feeds it. The same for every holder."""

    deals: Mapping[str, Mapping[_About, Sequence[_Parties]]]
    capabilities: Mapping[str, Sequence[Fact]]
    fed: Mapping[str, Sequence[Fact]]


class Upkeep(dict[str, System]):
    """Systems and kinds of equipment by id, with what is told of each; who has them is told of one holder, or of all (None)."""

    def __init__(self, holder: str | None = None) -> None:
        super().__init__()
        self._holder = holder

    def __missing__(self, item: str) -> System:
        self[item] = System(item)
        return self[item]

    def add(
        self,
        gathered: Mapping[_About, Sequence[_Parties]],
        facts: Iterable[Fact],
        systems: Collection[str] | None = None,
    ) -> None:
        """Takes in deals, and what is said otherwise, of these systems (None: of all)."""
        for (frame, name, item, label), rows in gathered.items():
            thing = key(name, item) or ""
            if systems is None or thing in systems:
                self[thing].add_deals(frame, label, rows, self._holder)
        for fact in facts:
            if systems is None or fact.item in systems:
                self[fact.item].add_fact(fact)

    def look_up(self, connection: Connection, items: Iterable[str], *where: ColumnElement[bool]) -> None:
        """Looks up the deals of some of them, as far as they pass, so that facts can be told."""
        wanted = sorted({deal for item in items if item in self for deal in self[item].deals})
        for some in slices(wanted):
            self._look_up(connection, deals.c.deal.in_(some), *where)

    def look_up_provider(self, connection: Connection, provider: str) -> None:
        """Looks up what a provider does for any of them, alone or with others."""
        self._look_up(connection, deals.c.actor == provider, deals.c.kind == "deal")
        self._look_up(connection, _among(deals.c.actor, provider), deals.c.frame == "joint_project")

    def _look_up(self, connection: Connection, *where: ColumnElement[bool]) -> None:
        for row in plain(connection, select(*_COLUMNS).where(*where, _telling(), deals.c.item.is_not(None))):
            if (thing := key(row[5], row[4])) in self:
                self[thing or ""].look_up(row)


@cache
def words() -> _Words:
    """The content of ``upkeep.toml``."""
    return msgspec.convert(tomllib.loads(files(__package__).joinpath("upkeep.toml").read_text("utf-8")), _Words)


@cache
def successors(state: str) -> frozenset[str]:
    """Those that stand for a state that is gone, by id; none for any other."""
    return frozenset(f"country:{code}" for code in words().successors.get(state.removeprefix("country:"), ()))


@cache
def gone() -> frozenset[str]:
    """The states that are gone, by id."""
    return frozenset(f"country:{code}" for code in words().successors)


def makers_of(item: str | None) -> frozenset[str]:
    """The states to which the gazetteer ascribes a system or one of its variants, by id; of anything else none."""
    return _makers().get(item or "", frozenset())


def systems_of(state: str) -> set[str]:
    """The systems that the gazetteer ascribes to a state."""
    return {item for item, states in _makers().items() if state in states}


@cache
def _makers() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for variant, code in makers().items():
        state = f"country:{code}"
        found[f"system:{family(variant)}"] |= successors(state) or {state}
    return {item: frozenset(states) for item, states in found.items()}


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


def of_holder(connection: Connection, holder: str) -> Upkeep:
    """What a state has, and what others supply, do and feed for it."""
    own = and_(deals.c.partner == holder, deals.c.kind == "deal")
    told = Upkeep(holder)
    told.add(_deals(connection, own), _fed(connection, own))
    return told


def add_systems(told: Upkeep, connection: Connection, systems: Collection[str] | None, frames: Sequence[str]) -> None:
    """Takes in what anybody does for these systems or kinds of equipment (None: for all), in these frames."""
    about_them = about(sorted(systems)) if systems is not None and len(systems) <= FEW else true()
    facts = chain(
        _capabilities(connection, about_them) if "capability" in frames else (),
        _fed(connection, true()) if "transfer" in frames else (),
    )
    told.add(_deals(connection, about_them, frames), facts, systems)


def support(register: Register) -> Support:
    """All of it, read once: for who asks of many states or systems."""
    deals_of: dict[str, dict[_About, list[_Parties]]] = defaultdict(dict)
    with reading(register.engine) as connection:
        for what, rows in _deals(connection, true(), SUPPORT).items():
            deals_of[key(what[1], what[2]) or ""][what] = rows
        return Support(deals_of, _by_item(_capabilities(connection, true())), _by_item(_fed(connection, true())))


support_of = Once(support)


def _by_item(facts: Iterable[Fact]) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        found[fact.item].append(fact)
    return found


def add_support(told: Upkeep, known: Support, systems: Iterable[str]) -> None:
    """Takes in what anybody does for these systems, of what was read before."""
    for one in systems:
        told.add(known.deals.get(one, {}), known.capabilities.get(one, ()))


def add_supply(told: Upkeep, connection: Connection, known: Support, system: str) -> None:
    """Takes in who supplies a system to whom, and, of what was read before, who feeds it."""
    told.add(_deals(connection, about([system]), ("transfer",)), known.fed.get(system, ()))


def add_licences(told: Upkeep, connection: Connection, systems: Iterable[str]) -> None:
    """Takes in who makes any of these systems under licence."""
    for some in slices(sorted(systems)):
        licensed = (
            select(*_COLUMNS)
            .join(atoms, and_(atoms.c.deal == deals.c.deal, atoms.c.polarity == "positive", atoms.c.terms == "licence"))
            .where(about(some), deals.c.frame == "transfer", _telling())
            .distinct()
        )
        for row in plain(connection, licensed):
            facts = [fact._replace(part=LICENSED) for fact in _told(row) if fact.part == OPERATES]
            told.add({}, facts)


def merged(facts: Iterable[Fact], names: Mapping[str, str]) -> tuple[Part, ...]:
    """Facts as parts, those of the same parties and system together, by system, part and name."""
    same: dict[tuple[str, str, str, str], list[Fact]] = defaultdict(list)
    for fact in facts:
        same[fact[:4]].append(fact)
    named = cache(lambda identifier: Named(identifier, names[identifier]))
    found = [_part(some, named) for some in same.values()]
    return tuple(
        sorted(found, key=lambda part: (part.item.name, part.part, part.who.name, [one.name for one in part.whom]))
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


def _deals(
    connection: Connection, where: ColumnElement[bool], frames: Collection[str] = _FRAMES
) -> dict[_About, list[_Parties]]:
    """Transfers, services and joint projects that tell of something that came or is done, by what they are about."""
    gathered: dict[_About, list[_Parties]] = defaultdict(list)
    for row in plain(connection, select(*_PARTIES, *_ABOUT).where(where, _telling(frames), deals.c.item.is_not(None))):
        gathered[row[3:]].append(row[:3])
    return gathered


def _telling(frames: Collection[str] = _FRAMES) -> ColumnElement[bool]:
    """Whether a deal of some frames shows that something came or is being done; a service without a stage does if somebody affirms
    it. Services and joint projects are asked for together."""
    stages = words().stages
    came = or_(
        deals.c.stage.in_(stages["arrived"]), deals.c.first_delivery.is_not(None), deals.c.quantity_delivered > 0
    )
    doing = or_(deals.c.stage.in_(stages["doing"]), and_(deals.c.stage.is_(None), deals.c.sure != NOT))
    transferred = and_(deals.c.frame == "transfer", deals.c.partner.is_not(None), came)
    shows = {"transfer": transferred, "service": and_(IS_SUPPORT, doing)}
    return or_(*(shown for frame, shown in shows.items() if frame in frames))


def _told(row: Any) -> Iterator[Fact]:
    """What a transfer, service or joint project tells."""
    deal, frame, actor, partner, item, name, label, first, last, denied = row
    rest = (None, bool(denied), first, last, deal)
    thing = f"system:{name}" if name else item
    if frame == "joint_project":
        parties = actor.split("+") if actor else ()
        for party in parties:
            yield Fact(thing, party, BUILDS, "+".join(other for other in parties if other != party), *rest)
        return
    if partner:
        yield Fact(thing, partner, OPERATES, "", *rest)
    if actor:
        for part in (SUPPLIES,) if frame == "transfer" else _services(label):
            yield Fact(thing, actor, part, partner or "", *rest)


@cache
def _frames(part: str) -> tuple[str, ...]:
    """The frames of deals that can tell of a part."""
    if part == FEEDS or part.startswith(CANNOT):
        return ()
    return {OPERATES: ("transfer", "service"), SUPPLIES: ("transfer",), BUILDS: ("joint_project",)}.get(
        part, ("service",)
    )


@cache
def _services(label: str | None) -> tuple[str, ...]:
    """What a provider does whose activities are joined with ``+``."""
    return tuple(words().activities[activity].does for activity in (label or "").split("+"))


def _capabilities(connection: Connection, where: ColumnElement[bool]) -> Iterator[Fact]:
    """A relation tells of every activity and of its contrary: what its claims say stands apart."""
    relation = (deals.c.deal, deals.c.actor, deals.c.family, deals.c.item, deals.c.first_year, deals.c.last_year)
    capable = and_(of_frame("capability"), deals.c.item.is_not(None), where)
    about = {row[0]: row for row in plain(connection, select(*relation).where(capable))}
    sayings = select(atoms.c.deal, atoms.c.label, atoms.c.polarity, atoms.c.certainty).distinct()
    said: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for deal, label, polarity, certainty in plain(
        connection, sayings.join(deals, deals.c.deal == atoms.c.deal).where(capable)
    ):
        for part in _services(label):
            said[deal, part, polarity].add(certainty)
    for (deal, part, polarity), certainties in said.items():
        _, who, family, item, first, last = about[deal]
        able = polarity == "positive"
        denied = (deal, part, "negative" if able else "positive") in said
        thing = key(family, item) or ""
        yield Fact(thing, who, part if able else f"{CANNOT} {part}", "", surest(certainties), denied, first, last, deal)


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
    for *row, system in plain(connection, found):
        for fact in _told(row):
            if fact.part == SUPPLIES:
                yield fact._replace(item=f"system:{system}", part=FEEDS)


def _part(some: Sequence[Fact], named: Callable[[str], Named]) -> Part:
    one = some[0]
    years = [year for fact in some for year in fact[6:8] if year]
    return Part(
        item=named(one.item), who=named(one.who), part=one.part,
        whom=tuple(map(named, one.whom.split("+"))) if one.whom else (),
        certainty=surest([fact.certainty for fact in some]) if one.certainty else None, denied=any(fact.denied for fact in some),
        first_year=min(years, default=None), last_year=max(years, default=None),
        deals=tuple(sorted({fact.deal for fact in some})),
    )  # fmt: skip
