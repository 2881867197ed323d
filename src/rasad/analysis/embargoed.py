"""Which deals fall into an arms embargo of the United Nations, the European Union or the OSCE: to be looked at, never judged.

A transfer or service falls into an embargo if

* its recipient is a target (of an embargo on arms *from* a target, its supplier), of one on non-governmental forces alone a group;
* the embargo was in force on a day of a year in which it was ordered or delivered, agreed or carried out, or which its claims give
  without saying of what; a year between two deliveries counts too. What is only proposed, negotiated, refused or denied does not;
  of a deal for which no claim gives such a year, the years of its reports stand in, and that is said;
* the state of the other side (of a company, its home) is bound by the issuer in that year (``bound.tsv``), or not known;
* its category is covered, or not known.

What a person has to weigh stands beside each flag: partial scope, exceptions, a year in which the embargo was in force only in part,
an order made before it.
"""

from __future__ import annotations

import calendar
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from rasad.analysis.answers import Answer, Based, nothing, uncollected
from rasad.analysis.embargo_table import Embargo, Issuer, Reach, Span, bound, embargo_table
from rasad.gazetteer import entities
from rasad.pictures import NothingToDrawError, Picture, PictureError
from rasad.pictures.embargoes import OTHERWISE, Bar, Mark, timeline
from rasad.register import FilterError, Register
from rasad.register.database import plain, reading
from rasad.register.listing import resolved
from rasad.register.rows import Named
from rasad.register.schema import atoms, deals
from rasad.reports.near import nearest

Step = Literal["ordered", "delivered", "told", "reported"]
STEPS: dict[str | None, Step] = {
    "ordered": "ordered", "agreed": "ordered", "delivering": "delivered", "delivered": "delivered", "under_way": "delivered",
    "completed": "delivered", None: "told",
}  # fmt: skip
VERBS: dict[str, dict[Step, str]] = {
    "transfer": {"ordered": "ordered", "delivered": "delivered", "told": "told of for", "reported": "reported"},
    "service": {"ordered": "agreed", "delivered": "carried out", "told": "told of for", "reported": "reported"},
}
FORCES = {
    "political": "a political commitment, not law",
    "voluntary": "a call upon states, not binding",
    "mandatory": "",
}


class Row(Based, frozen=True, kw_only=True):
    """An embargo, as long as its scope stayed the same, with the number of deals that it flags. ``since`` and ``until`` are days (ISO
    8601), both included; ``until`` is None where it is in force."""

    embargo: str
    targets: tuple[Named, ...]
    in_force: str
    scope: str
    act: str
    flagged: int
    issuer: Issuer
    direction: Literal["to", "from"]
    since: str
    until: str | None
    force: str
    reach: Reach
    categories: tuple[str, ...]
    exceptions: str
    checked: str
    source: str


class Flag(Based, frozen=True, kw_only=True):
    """A deal that is to be looked at, and the embargo that caught it. ``what`` tells the deal in words; ``caught`` says what happened in which of the years in force,
    estimates in brackets as SIPRI writes them; ``look_at`` what has to be weighed. ``reach`` is ``whole`` where all arms for the
    recipient are covered. ``years`` are those caught, ``ordered`` and ``delivered`` the ones in which that happened. ``dated`` is ``report`` where only the year of the report is known."""

    what: str
    embargo: str
    caught: str
    look_at: str
    deal: str
    supplier: Named | None
    recipient: Named | None
    item: Named | None
    frame: str
    stage: str | None
    target: Named
    issuer: Issuer
    legal_act: str
    reach: Literal["whole", "part"]
    years: tuple[int, ...]
    ordered: tuple[int, ...]
    delivered: tuple[int, ...]
    dated: Literal["claim", "report"]
    claims: int


class Embargoes(Answer):
    """The table of embargoes (``embargoes``), and the deals that fall into them (``flags``)."""

    KIND = "embargoes"
    HIDDEN = frozenset({
        "deals", "issuer", "direction", "since", "until", "force", "reach", "categories", "exceptions", "checked", "source", "supplier", "recipient", "item", "frame",
        "stage", "target", "legal_act", "years", "ordered", "delivered", "dated", "claims",
    })  # fmt: skip
    DETAILED = frozenset({"flags"})
    ROWS: ClassVar[Mapping[str, type[Based]]] = {"embargoes": Row, "flags": Flag}

    def __init__(self, register: Register, title: str, table: Sequence[Embargo], found: Found) -> None:
        super().__init__(register, title)
        self._table = table
        self._found = found

    @cached_property
    def tables(self) -> dict[str, tuple[Based, ...]]:
        """The embargoes in the order of the file; the flags, those of whole embargoes first, then by recipient and year."""
        return {"embargoes": self._rows(), "flags": self.flags}

    @property
    def flags(self) -> tuple[Flag, ...]:
        """The deals to be looked at, one row for each embargo that caught one."""
        return self._found.flags

    @property
    def notes(self) -> tuple[str, ...]:
        """What a flag means, and which deals could not be set against the dates."""
        if not self._table:
            return ("the table has no such embargo",)
        found = self._found
        if not found.looked_at:
            return (nothing(self.register, "deal with one of these targets"),)
        flagged = {flag.deal for flag in self.flags}
        whole = {flag.deal for flag in self.flags if flag.reach == "whole"}
        reported = {flag.deal for flag in self.flags if flag.dated == "report"}
        parts = [
            f"{_count(len(flagged), 'deal')} of {found.looked_at:,} with a target to be looked at: {len(whole):,} under an embargo on the whole"
            f" of it, {len(flagged - whole):,} only under one on a part.",
            f"Of {_count(len(reported), 'flagged deal')} only the year of a report is known." if reported else "",
            f"{_count(found.undated, 'deal')} of which no order or delivery is told, or no year, could not be set against the dates." if found.undated else "",
            f"{_count(found.denied, 'deal')} that every claim denies left out." if found.denied else "",
            f"{_count(found.free, 'deal')} with a state left out, since what was in force there was on non-governmental forces alone." if found.free else "",
        ]  # fmt: skip
        weigh = "A flag says that a deal is to be looked at, not that it broke anything: exceptions, permissions and end users are not known here."
        return (" ".join(filter(None, parts)), weigh)

    @property
    def pictures(self) -> tuple[str, ...]:
        """The ``timeline``, where a deal falls into one of them."""
        return ("timeline",) if self.flags else ()

    def picture(self, kind: str | None = None) -> Picture:
        """The years in which embargoes were in force, and the deals that fall into them. Raises PictureError where none does."""
        if kind not in (None, "timeline"):
            raise PictureError(f"embargoes: there is no picture {kind!r}; there is timeline")
        if not self.flags:
            raise NothingToDrawError(
                "embargoes: no deal of the register falls into one of these; there is nothing to draw"
            )
        behind: dict[str, dict[str, int]] = defaultdict(dict)
        for flag in self.flags:
            behind[flag.target.name][flag.deal] = flag.claims
        claims = {target: sum(some.values()) for target, some in behind.items()}
        return timeline(list(self._bars()), list(_marks(self.flags)), claims)

    def _rows(self) -> tuple[Row, ...]:
        names = self.register.names({target for embargo in self._table for target in embargo.targets})
        flagged: dict[str, set[str]] = defaultdict(set)
        for flag in self.flags:
            flagged[flag.embargo].add(flag.deal)
        return tuple(
            Row(
                deals=tuple(sorted(flagged[one.id])), embargo=one.id, targets=tuple(Named(t, names[t]) for t in one.targets),
                in_force=f"{one.since} – {one.until}" if one.until else f"since {one.since}", flagged=len(flagged[one.id]), since=str(one.since),
                until=str(one.until) if one.until else None,
                **{name: getattr(one, name) for name in (
                    "issuer", "direction", "force", "reach", "categories", "scope", "exceptions", "act", "checked", "source"
                )},
            )
            for one in self._table
        )  # fmt: skip

    def _bars(self) -> Iterator[Bar]:
        """The embargoes on each target of which a deal is flagged."""
        shown = {flag.target.id: flag.target.name for flag in self.flags}
        for embargo in self._table:
            for party in embargo.targets:
                if party in shown:
                    reach = "whole" if embargo.reach == "whole" else "part"
                    yield Bar(shown[party], embargo.issuer, reach, embargo.since, embargo.until)


@uncollected()
def embargoes(
    register: Register, target: str | None = None, on: str | None = None, file: str | Path | None = None
) -> Embargoes:
    """The embargoes on a target (a country or group, by id or name), in force on a day (``2015-06-30``) or at any time in a month
    or year (``2015-06``, ``2015``); without either, all of the table. ``file`` is a table of your own. Raises FilterError, and
    EmbargoFileError for a malformed file."""
    table: Sequence[Embargo] = embargo_table(file)
    title = "Arms embargoes"
    if target is not None:
        party = _party(register, target, table)
        table = [one for one in table if party in one.targets]
        title += f" on {register.names([party])[party]}"
    if on is not None:
        days = _days(on)
        table = [one for one in table if one.span.shared(days)]
        title += f" in force {'on' if days.begins == days.ends else 'in'} {on}"
    return Embargoes(register, title, table, _found(register, table, _with_target(table)))


def _party(register: Register, given: str, table: Sequence[Embargo]) -> str:
    """The id of what somebody calls a target; for what is nobody's name, the target whose name is nearest."""
    with reading(register.engine) as connection:
        try:
            return resolved(connection, given, "target")
        except FilterError:
            known = register.names({target for one in table for target in one.targets}).values()
            raise FilterError(f"target: nothing is called {given!r}{nearest(given, sorted(known))}") from None


def flags_of(register: Register, deal: str) -> tuple[Flag, ...]:
    """The embargoes of the shipped table into which one deal falls."""
    return _found(register, embargo_table(), [deals.c.deal == deal]).flags


def watched() -> dict[str, frozenset[str]]:
    """By the side of a deal (``actor``, ``partner``) all that the shipped table ever had a target on that side."""
    sides = {"partner": "to", "actor": "from"}
    return {
        side: frozenset(target for one in embargo_table() if one.direction == direction for target in one.targets)
        for side, direction in sides.items()
    }


def flagged(register: Register, some: Sequence[str]) -> set[str]:
    """Those of some deals that fall into an embargo of the shipped table."""
    return {flag.deal for flag in _found(register, embargo_table(), [deals.c.deal.in_(some)]).flags}


# Looking through the register.


class Found(NamedTuple):
    """What was found: the flags; how many deals have a target as a side; how many of them no claim dates, every claim denies, and
    only embargoes on non-governmental forces would have caught."""

    flags: tuple[Flag, ...]
    looked_at: int
    undated: int
    denied: int
    free: int


class _Deal(NamedTuple):
    """A deal, as its row in the register has it."""

    deal: str
    frame: str
    actor: str | None
    partner: str | None
    item: str | None
    category: str | None
    stage: str | None
    claims: int


class _Time(NamedTuple):
    """A year in which something happened to a deal; ``sure`` where some claim asserts it outright."""

    step: Step
    year: int
    sure: bool


def _with_target(table: Sequence[Embargo]) -> list[ColumnElement[bool]]:
    """The deals that have a target on the side that an embargo is about: a condition for each side, since a database finds each by an
    index of its own, and both at once by none."""
    sides = {"to": deals.c.partner, "from": deals.c.actor}
    targets = {side: sorted({t for one in table if one.direction == side for t in one.targets}) for side in sides}
    return [column.in_(targets[side]) for side, column in sides.items() if targets[side]]


def _found(register: Register, table: Sequence[Embargo], which: Sequence[ColumnElement[bool]]) -> Found:
    every: dict[str, _Deal] = {}
    times: dict[str, list[_Time]] = {}
    with reading(register.engine) as connection:
        for one in which:
            some = and_(one, deals.c.kind == "deal", deals.c.frame.in_(tuple(VERBS)))
            rows = plain(connection, select(*(deals.c[name] for name in _Deal._fields)).where(some))
            every |= {row[0]: _Deal._make(row) for row in rows}
            times |= _times(connection, some)
    by_target: dict[tuple[str, str], list[Embargo]] = defaultdict(list)
    for embargo in table:
        for target in embargo.targets:
            by_target[embargo.direction, target].append(embargo)
    parts = {part for one in every.values() for part in (one.actor, one.partner, one.item) if part}
    named = {key: Named(key, name) for key, name in register.names(parts).items()}
    flags: list[Flag] = []
    free: set[str] = set()
    for embargo, flag in _flags(every, times, by_target, named):
        if embargo.reach == "groups" and _is_state(flag.target.id):
            free.add(flag.deal)
        else:
            flags.append(flag)
    undated = sum(1 for known in times.values() if not known)
    free -= {flag.deal for flag in flags}
    return Found(tuple(sorted(flags, key=_order)), len(every), undated, len(every) - len(times), len(free))


def _is_state(party: str | None) -> bool:
    return (party or "").startswith("country:")


def _state_of(party: str | None) -> str | None:
    """The state, or that in which a company or group of the gazetteer is at home; None where it is not known."""
    if party is None or _is_state(party):
        return party
    known = entities().get(party)
    return f"country:{known.country}" if known and known.country else None


def _flags(
    every: Mapping[str, _Deal], times: Mapping[str, Sequence[_Time]], by_target: Mapping[tuple[str, str], Sequence[Embargo]],
    named: Mapping[str, Named],
) -> Iterator[tuple[Embargo, Flag]]:  # fmt: skip
    last = max((time.year for known in times.values() for time in known), default=0)
    in_force: dict[tuple[str, str | None], frozenset[int]] = {}
    for identifier, known in times.items():
        deal, years = every[identifier], {time.year for time in known}
        for side, party, other in (("to", deal.partner, deal.actor), ("from", deal.actor, deal.partner)):
            for embargo in by_target.get((side, party or ""), ()) if years else ():
                if (embargo.id, other) not in in_force:
                    in_force[embargo.id, other] = _in_force(embargo, other, last)
                binding = in_force[embargo.id, other]
                between = [year for year in _between(known) if year in binding] if len(years) > 1 else []
                caught = between or not years.isdisjoint(binding)
                if caught and (flag := _flag(deal, known, embargo, binding, between, named)):
                    yield embargo, flag


def _order(flag: Flag) -> tuple[bool, str, int, str, str]:
    recipient = flag.recipient.name if flag.recipient else "~"
    return flag.reach != "whole", recipient, flag.years[0], flag.deal, flag.embargo


def _times(connection: Connection, which: ColumnElement[bool]) -> dict[str, list[_Time]]:
    """The years of each deal that some claim does not deny; of one without any, those of its reports."""
    asserted = func.max(case((atoms.c.certainty == "asserted", 1), else_=0))
    published = case((atoms.c.year.is_(None), atoms.c.published))  # which is asked for only where no year is told
    columns = (atoms.c.deal, atoms.c.stage, atoms.c.year, published)
    rows = (
        select(*columns, asserted)
        .where(atoms.c.deal.in_(select(deals.c.deal).where(which)), func.coalesce(atoms.c.polarity, "") != "negative")
        .group_by(*columns)
    )
    claimed: dict[str, dict[tuple[Step, int], bool]] = {}
    reported: dict[str, set[int]] = defaultdict(set)
    for deal, stage, year, published, sure in plain(connection, rows):
        held = claimed.setdefault(deal, {})
        if (step := STEPS.get(stage)) is None:
            continue
        if year:
            held[step, year] = held.get((step, year), False) or bool(sure)
        elif published:
            reported[deal].add(published)
    return {
        deal: sorted(_Time(step, year, sure) for (step, year), sure in held.items())
        or [_Time("reported", year, True) for year in sorted(reported[deal])]
        for deal, held in claimed.items()
    }


# Whether an embargo catches a deal, and what is to be weighed.


def _flag(
    deal: _Deal, times: Sequence[_Time], embargo: Embargo, binding: frozenset[int], between: Sequence[int],
    named: Mapping[str, Named],
) -> Flag | None:  # fmt: skip
    if embargo.categories and deal.category and deal.category not in embargo.categories:
        return None
    target, other = (deal.partner, deal.actor) if embargo.direction == "to" else (deal.actor, deal.partner)
    caught = [time for time in times if time.year in binding]
    years = tuple(sorted({time.year for time in caught}.union(between)))
    reach: Literal["whole", "part"] = (
        "whole" if not embargo.categories and (embargo.reach == "whole" or not _is_state(target)) else "part"
    )
    supplier, recipient, item = (named[key] if key else None for key in (deal.actor, deal.partner, deal.item))
    return Flag(
        deals=(deal.deal,), deal=deal.deal, supplier=supplier, recipient=recipient, item=item,
        target=named[target or ""], what=_what(supplier, recipient, item), embargo=embargo.id, issuer=embargo.issuer, legal_act=embargo.act, reach=reach,
        caught=_caught(VERBS[deal.frame], caught, times if between else ()),
        look_at="; ".join(_weigh(deal, times, embargo, years, other)), frame=deal.frame, stage=deal.stage, years=years,
        **{step: tuple(time.year for time in caught if time.step == step) for step in ("ordered", "delivered")},
        dated="report" if caught and all(time.step == "reported" for time in caught) else "claim", claims=deal.claims,
    )  # fmt: skip


def _what(supplier: Named | None, recipient: Named | None, item: Named | None) -> str:
    """*France → Iraq: Roland*."""
    sides = " → ".join(side.name if side else "?" for side in (supplier, recipient))
    return f"{sides}: {item.name if item else 'arms'}"


def _in_force(embargo: Embargo, other: str | None, last: int) -> frozenset[int]:
    """The years, to a last one, in which it was in force for whoever is on the other side: for those whom its issuer binds, and for
    the unknown."""
    years = range(embargo.since.year, min(last, embargo.until.year if embargo.until else last) + 1)
    if embargo.issuer not in bound() or (state := _state_of(other)) is None:
        return frozenset(years)
    spans = bound()[embargo.issuer].get(state, ())
    return frozenset(
        year for year in years if (days := embargo.in_force(year)) and any(days.shared(span) for span in spans)
    )


def _between(times: Iterable[_Time]) -> list[int]:
    """The years between the first delivery and the last for which no claim tells of one: a range may stand behind the two."""
    delivered = {time.year for time in times if time.step == "delivered"}
    return [year for year in range(min(delivered), max(delivered)) if year not in delivered] if delivered else []


def _caught(verbs: Mapping[Step, str], times: Sequence[_Time], range_of: Sequence[_Time]) -> str:
    """*ordered 1995, delivered 1996–1998 and (2000)*; of deliveries with years between them that were caught, the first and the
    last of all."""
    parts = []
    deliveries = [time for time in range_of if time.step == "delivered"]
    for step, verb in verbs.items():
        if step == "delivered" and deliveries:
            parts.append(f"{verb} between {_runs(deliveries[:1])[0]} and {_runs(deliveries[-1:])[0]}")
        elif some := [time for time in times if time.step == step]:
            parts.append(f"{verb} {' and '.join(_runs(some))}")
    return ", ".join(parts)


def _runs(times: Iterable[_Time]) -> list[str]:
    runs: list[list[_Time]] = []
    for time in times:
        if runs and runs[-1][-1].year == time.year - 1 and runs[-1][-1].sure == time.sure:
            runs[-1].append(time)
        else:
            runs.append([time])
    told = [f"{run[0].year}–{run[-1].year}" if len(run) > 1 else f"{run[0].year}" for run in runs]
    return [words if run[0].sure else f"({words})" for words, run in zip(told, runs, strict=True)]


def _weigh(
    deal: _Deal, times: Sequence[_Time], embargo: Embargo, years: Sequence[int], other: str | None
) -> Iterator[str]:
    """What a person has to weigh before a flag means anything."""
    if embargo.reach == "part":
        yield f"part: {embargo.scope}"
    if embargo.exceptions:
        yield f"excepted: {embargo.exceptions}"
    if FORCES[embargo.force]:
        yield FORCES[embargo.force]
    if embargo.since.year == years[0] and (embargo.since.month, embargo.since.day) != (1, 1):
        yield f"in force only from {_day(embargo.since)}"
    if embargo.until and embargo.until.year == years[-1] and (embargo.until.month, embargo.until.day) != (12, 31):
        yield f"in force only until {_day(embargo.until)}"
    orders = [time for time in times if time.step == "ordered"]
    if orders and all(time.year < embargo.since.year for time in orders):
        yield f"{VERBS[deal.frame]['ordered']} {' and '.join(_runs(orders))}, before it"
    if all(time.step == "reported" for time in times):
        yield "only the year of the report is known"
    if embargo.issuer in bound() and _state_of(other) is None:
        yield f"whose {'supplier' if embargo.direction == 'to' else 'recipient'} is not known, so not whether the {embargo.issuer} binds it"
    if embargo.categories and not deal.category:
        yield "what kind of equipment is not known"


def _day(day: date) -> str:
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


def _days(given: str) -> Span:
    """The days that somebody means by a year, a month or a day."""
    parts = re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", given.strip())
    try:
        if parts is None:
            raise ValueError
        year, month, day = (int(part) if part else None for part in parts.groups())
        assert year is not None
        first = date(year, month or 1, day or 1)
        last = first if day else date(year, month or 12, calendar.monthrange(year, month or 12)[1])
    except ValueError:
        raise FilterError(f"on: {given!r} is no date; write 2015, 2015-06 or 2015-06-30") from None
    return Span(first, last)


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def _marks(flags: Iterable[Flag]) -> Iterator[Mark]:
    """What happened in which year to how many deals of a target; a deal that two embargoes caught counts once."""
    happened: dict[tuple[str, int, str], set[str]] = defaultdict(set)
    for flag in flags:
        dated = {"ordered": flag.ordered, "delivered": flag.delivered}
        dated[OTHERWISE] = tuple(sorted(set(flag.years).difference(flag.ordered, flag.delivered)))
        for what, years in dated.items():
            for year in years:
                happened[flag.target.name, year, what].add(flag.deal)
    return (Mark(*key, len(some)) for key, some in sorted(happened.items()))
