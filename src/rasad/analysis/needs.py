"""Who depends on whom, stated and inferred, with the grounds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, select

from rasad.analysis.answers import Based
from rasad.analysis.upkeep import ASSUMED, OPERATES, Fact, System, Upkeep, gone, is_system, keeping, key, surest, unable
from rasad.analysis.voices import speakers_of
from rasad.register.database import plain, slices
from rasad.register.deals import CERTAINTIES
from rasad.register.rows import Named
from rasad.register.schema import atoms, deals

Basis = Literal["stated", "inferred", "assumed"]
Itself = Literal["able", "unable", "assumed", "unknown"]
ALONE = "alone is known to be able"
TAKEN = "alone is assumed to be able, as its maker"
SHOWN, SHORT = 3, 10  #: relations that a ground names, and characters of an id there


class Need(Based, frozen=True, kw_only=True):
    """A dependence. ``basis``: *stated*; *inferred* from claims; or *assumed*, where it was inferred and nobody says that the provider is
    able: it is taken to be, as the maker. ``itself``: whether the holder is said to be able or unable to make or service the system,
    is assumed to be able, or nothing is known; ``does``: what the provider does for it; ``others`` who are told to be able to keep it
    going, ``others_assumed`` who are taken to be. ``certainty`` is that of the surest claim that
    states it, of an inference that of its weakest ground that is a claim. ``speakers`` state it (none: the author of the text); ``sources`` counts
    the independent ones behind it. ``denied_by`` say that the holder does not depend on the provider, or that this one is not able.
    ``grounds`` of an inference, in words, with the relations; ``claims`` that state it, or from which it was inferred, by id."""

    holder: Named
    item: Named | None
    provider: Named
    basis: Basis
    itself: Itself | None
    does: tuple[str, ...]
    others: tuple[Named, ...]
    others_assumed: tuple[Named, ...]
    certainty: str | None
    speakers: tuple[Named, ...]
    sources: int
    denied: bool
    denied_by: tuple[Named, ...]
    grounds: tuple[str, ...]
    claims: tuple[str, ...]


class Relation(NamedTuple):
    """A dependence that is stated or denied, in ids."""

    holder: str
    provider: str
    item: str | None
    deal: str


class _Saying(NamedTuple):
    """What a claim says of a deal or relation."""

    claim: str
    source: str
    polarity: str
    certainty: str


class _Ground(NamedTuple):
    """From what a dependence was inferred: what is so of whom, in words, and the deals and relations that some claims affirm or deny
    so; none of what is assumed."""

    who: str
    words: str
    deals: tuple[str, ...]
    polarity: str = "positive"


class _Draft(NamedTuple):
    """A dependence before its speakers are known."""

    about: Relation
    basis: Basis
    deals: tuple[str, ...]
    said: tuple[_Saying, ...]
    certainty: str | None
    denying: tuple[str, ...]
    grounds: tuple[_Ground, ...] = ()


def relations(connection: Connection, where: ColumnElement[bool]) -> list[Relation]:
    """The dependences that pass."""
    columns = (deals.c.actor, deals.c.partner, deals.c.family, deals.c.item, deals.c.deal)
    found = select(*columns).where(deals.c.kind == "relation", deals.c.frame == "dependence", where)
    return [
        Relation(actor, partner, key(family, item), deal)
        for actor, partner, family, item, deal in connection.execute(found).all()
    ]


class Reasoning:
    """What follows for the holders that are asked for (None: all) from what is told and what is stated."""

    def __init__(self, connection: Connection, told: Upkeep, given: Sequence[Relation], holder: str | None) -> None:
        self._connection = connection
        self._told = told
        self._holder = holder
        self._sayings = _sayings(connection, (one.deal for one in given))
        self._stated = [one for one in given if self._said([one.deal], "positive")]
        self._denied = [one for one in given if self._said([one.deal], "negative")]

    def needs(self, names: Mapping[str, str], *, general: bool) -> tuple[Need, ...]:
        """The dependences, by holder and system; with those for which no system is said where ``general``."""
        inferred = dict(self._inferences())
        grounds = chain(*inferred.values())
        self._sayings |= _sayings(self._connection, (deal for ground in grounds for deal in ground.deals))
        drafts = [*self._drafts_stated(general), *(self._draft_inferred(*one) for one in inferred.items())]
        spoken = {said.claim for draft in drafts if draft.basis == "stated" for said in draft.said}
        speakers = speakers_of(self._connection, spoken.union(*(draft.denying for draft in drafts)))
        found = [self._need(draft, names, speakers) for draft in drafts]
        return tuple(sorted(found, key=_order))

    def _said(self, identifiers: Iterable[str], polarity: str) -> tuple[_Saying, ...]:
        return tuple(said for deal in identifiers for said in self._sayings.get(deal, ()) if said.polarity == polarity)

    def _inferences(self) -> Iterator[tuple[Relation, tuple[_Ground, ...]]]:
        """Who needs whom for a system, with the grounds; an inference has no relation."""
        general: dict[tuple[str, str], list[str]] = defaultdict(list)
        for one in self._stated:
            if one.item is None:
                general[one.holder, one.provider].append(one.deal)
        for item, system in self._told.items():
            if not is_system(item) or len(system.able) > 1:
                continue
            for holder in sorted(system.who({OPERATES, *unable()}) - gone()):
                left = system.keepers if self._holder in (None, holder) else ()
                if len(left) == 1 and holder not in left:
                    (provider,) = left
                    if grounds := self._grounds(system, holder, provider, general[holder, provider]):
                        yield Relation(holder, provider, item, ""), grounds

    def _grounds(self, system: System, holder: str, provider: str, general: Sequence[str]) -> tuple[_Ground, ...]:
        """Why a holder needs the only one who is able; nothing where it neither has the system nor is unable and said to need it."""
        has, cannot = (_deals(system.told(holder, parts)) for parts in ({OPERATES}, unable()))
        said = tuple(sorted(general)) if cannot and not has else ()
        if not (has or said):
            return ()
        able = _deals(system.told(provider, keeping()))
        grounds = [
            _Ground(holder, "has it", has), _Ground(holder, "is said to depend on it", said),
            *(_Ground(maker, "is its maker, and said to be unable", _deals(system.told(maker, unable())), "negative") for maker in sorted(system.excluded - {holder, provider})),
            _Ground(holder, "is said to be unable", cannot, "negative"), _Ground(provider, ALONE, able),
        ]  # fmt: skip
        known = tuple(ground for ground in grounds if ground.deals)
        return known if able else (*known, _Ground(provider, TAKEN, ()))

    def _drafts_stated(self, general: bool) -> Iterator[_Draft]:
        same: dict[Relation, list[str]] = defaultdict(list)
        for one in self._stated:
            if one.item is not None or general:
                same[one._replace(deal="")].append(one.deal)
        for one, stating in same.items():
            said = self._said(stating, "positive")
            certainty = surest(saying.certainty for saying in said)
            yield _Draft(one, "stated", tuple(sorted(stating)), said, certainty, self._denying(one))

    def _draft_inferred(self, one: Relation, grounds: tuple[_Ground, ...]) -> _Draft:
        said = [self._said(ground.deals, ground.polarity) for ground in grounds]
        certainties = [surest(saying.certainty for saying in some) for some in said]
        behind = tuple(sorted({deal for ground in grounds for deal in ground.deals}))
        able = [deal for ground in grounds if ground.words == ALONE for deal in ground.deals]
        basis: Basis = "inferred" if able else "assumed"
        return _Draft(one, basis, behind, tuple(chain(*said)), _weakest(certainties), self._denying(one, able), grounds)

    def _denying(self, one: Relation, able: Sequence[str] = ()) -> tuple[str, ...]:
        """The claims that deny a dependence, also in general, or that the provider is able."""
        denials = [other.deal for other in self._denied if other[:2] == one[:2] and other.item in (None, one.item)]
        return tuple(sorted({said.claim for said in self._said([*denials, *able], "negative")}))

    def _need(self, draft: _Draft, names: Mapping[str, str], speakers: Mapping[str, tuple[Named, ...]]) -> Need:
        one = draft.about
        system = self._told.get(one.item or "") or System(one.item)
        assumed = system.assumed
        stating = tuple(sorted({saying.claim for saying in draft.said}))
        return Need(
            holder=Named(one.holder, names[one.holder]), provider=Named(one.provider, names[one.provider]),
            item=Named(one.item, names[one.item]) if one.item else None, basis=draft.basis,
            itself=_itself(system, one.holder, assumed) if is_system(one.item) else None,
            does=system.does(one.provider, keeping()) or ((ASSUMED,) if one.provider in assumed else ()),
            others=named(system.able - {one.provider}, names), others_assumed=named(assumed - {one.provider}, names), certainty=draft.certainty,
            speakers=_once(speakers[claim] for claim in stating) if draft.basis == "stated" else (),
            sources=len({saying.source for saying in draft.said}), denied=bool(draft.denying),
            denied_by=_once(speakers[claim] for claim in draft.denying),
            grounds=tuple(_in_words(ground, names) for ground in draft.grounds), claims=stating, deals=draft.deals,
        )  # fmt: skip


def named(identifiers: Iterable[str], names: Mapping[str, str]) -> tuple[Named, ...]:
    """Ids with their names, by name."""
    return tuple(Named(one, names[one]) for one in sorted(set(identifiers), key=lambda one: (names[one], one)))


def _itself(system: System, holder: str, assumed: set[str]) -> Itself:
    if holder in system.able:
        return "able"
    return "unable" if holder in system.who(unable()) else "assumed" if holder in assumed else "unknown"


def _in_words(ground: _Ground, names: Mapping[str, str]) -> str:
    shown = ", ".join(deal[:SHORT] for deal in ground.deals[:SHOWN])
    more = f" and {len(ground.deals) - SHOWN} more" if len(ground.deals) > SHOWN else ""
    return f"{names[ground.who]} {ground.words}" + (f" ({shown}{more})" if shown else "")


def _sayings(connection: Connection, identifiers: Iterable[str]) -> dict[str, list[_Saying]]:
    """What each claim of deals and relations says of them."""
    found: dict[str, list[_Saying]] = defaultdict(list)
    columns = (atoms.c.claim, atoms.c.source, atoms.c.polarity, atoms.c.certainty)
    for some in slices(sorted(set(identifiers))):
        about = select(atoms.c.deal, *columns).where(atoms.c.deal.in_(some)).distinct()
        for deal, *said in plain(connection, about):
            found[deal].append(_Saying(*said))
    return found


def _deals(facts: Iterable[Fact]) -> tuple[str, ...]:
    return tuple(sorted({fact.deal for fact in facts}))


def _once(given: Iterable[tuple[Named, ...]]) -> tuple[Named, ...]:
    return tuple(dict.fromkeys(chain(*given)))


def _weakest(given: Iterable[str | None]) -> str | None:
    return max((one for one in given if one), key=CERTAINTIES.index, default=None)


def _order(need: Need) -> tuple[str, bool, str, str, str]:
    """By holder and system, what is assumed last."""
    item = need.item.name if need.item else "~"
    return need.holder.name, need.basis == "assumed", item, need.basis, need.provider.name
