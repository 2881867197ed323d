"""The press beside SIPRI's trade register: what both say, what only one of them says, and in what they differ.

Compared are transfers. Services and joint projects stand in no table of SIPRI's, but for licensed production, which it lists as a
transfer. The press is every source but SIPRI: what a paper tells as SIPRI's figures is no second voice.

============  =====================================================================================================
confirmed     the press and the table tell of the same deal, and differ in nothing that both say
differing     of the same deal, or of the same weapon for the same recipient, but not the same of it
press only    the table covers such deals, and has none
unclear       the press says too little (no supplier, year, designation) to tell which of several deals it means
register only  no report tells of it
not covered   the table does not count such deals: other years, small arms and ammunition, what is no order, what is denied
============  =====================================================================================================
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from rasad.exchange.columns import COLUMNS, DELIVERED, NOT_YET, Said, Saying, columns, sayings, values
from rasad.exchange.sipri import SIPRI, words
from rasad.exchange.sipri.claimed import OUTLET
from rasad.register import Filters, Register
from rasad.register.database import reading, slices
from rasad.register.schema import atoms, documents, publications

Kind = Literal["differing", "press only", "confirmed", "unclear", "register only", "not covered"]
KINDS: tuple[Kind, ...] = ("differing", "press only", "confirmed", "unclear", "register only", "not covered")
SLACK = 1  #: years by which two sources may tell the same order or delivery
NEAR = 3  #: years between deals of two suppliers from which on they are not compared
SAME_NUMBER = 5  #: the same between orders of one supplier for the same number
LEAD = 5  #: years before the first delivery of a table in which an order can be made whose deliveries it counts


class ReconciliationError(ValueError):
    """There is nothing to compare with; the message says what to do."""


class Named(msgspec.Struct, frozen=True):
    """An entity with its name."""

    id: str
    name: str


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """What the press, or SIPRI's table, says of a deal: under each column of the table the competing values."""

    deal: str
    columns: dict[str, tuple[Said, ...]]
    denied: tuple[Said, ...]
    sources: int
    claims: tuple[str, ...]


class Difference(msgspec.Struct, frozen=True):
    """A column in which the two differ, with the values of each. Under ``denied`` the press denies what the table lists."""

    column: str
    press: tuple[Said, ...]
    register: tuple[Said, ...]


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """A deal of the press beside one or more of SIPRI's table. ``register`` of what only the press tells are the orders of the
    same weapon that the table does know."""

    kind: Kind
    recipient: Named | None
    item: Named | None
    category: str | None
    press: Side | None
    register: tuple[Side, ...]
    agreed: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    note: str = ""


def reconcile(register: Register, **filters: Any) -> list[Comparison]:
    """The comparisons in which a transfer that passes the filters (those of :class:`Filters`) takes part, in the order of
    :data:`KINDS`, then by recipient and weapon.

    Raises ReconciliationError where no table was imported, and FilterError.
    """
    wanted = {row["deal"] for row in register.listed(Filters(**filters | {"kind": "deal", "frame": "transfer"}))}
    with reading(register.engine) as connection:
        covered = _coverage(connection)
        found = _deals(connection, None if not filters else wanted)
    names = register.names(_keys(found))
    compared = [one for one in _Reconciliation(found, covered, names).compared() if wanted.intersection(_ids(one))]
    return sorted(compared, key=_order)


def compared(register: Register, deal: str, covered: Coverage | None = None) -> Comparison | None:
    """What the press and the table say of one transfer: the comparison that has it on either side. None where there is nothing to
    compare: no table was imported (``covered`` is what :func:`coverage` gives, where that is known), or it is no transfer."""
    covered = covered or coverage(register)
    if covered is None:
        return None
    with reading(register.engine) as connection:
        own = select(atoms.c.block).where(atoms.c.deal == deal, atoms.c.frame == "transfer")
        block = connection.scalar(own.limit(1))
        found = [_parted(*one) for one in sayings(connection, _beside(block))] if block else []
    every = [
        one for one in _Reconciliation(found, covered, register.names(_keys(found))).compared() if deal in _ids(one)
    ]
    return min(every, key=lambda one: (one.press is None or one.press.deal != deal, *_order(one)), default=None)


def _beside(block: str) -> ColumnElement[bool]:
    """The claims of the deals that one of this block may have to be set beside: those for the same recipient, of the same category of
    weapons where its own is known."""
    known = block.removesuffix("-")
    return atoms.c.block == block if known == block else atoms.c.block.between(known, known + "~")


def coverage(register: Register) -> Coverage | None:
    """What the imported table covers; None where none was imported."""
    with reading(register.engine) as connection:
        try:
            return _coverage(connection)
        except ReconciliationError:
            return None


def _ids(one: Comparison) -> list[str]:
    return [side.deal for side in (one.press, *one.register) if side]


def _order(one: Comparison) -> tuple[int, str, str, str]:
    return (
        KINDS.index(one.kind),
        one.recipient.name if one.recipient else "~",
        one.item.name if one.item else "~",
        _ids(one)[0],
    )


# What is compared.


class _Deal(NamedTuple):
    """A deal with what the press and what the table say of it."""

    id: str
    press: list[Saying]
    table: list[Saying]

    @property
    def every(self) -> list[Saying]:
        return self.press + self.table

    def one(self, field: str, table: bool = False) -> str | None:
        """What most of its claims have in a field."""
        given = [getattr(said, field) for said in (self.table if table else self.every) if getattr(said, field)]
        return max(sorted(set(given)), key=given.count, default=None)

    def suppliers(self) -> set[str]:
        return {said.actor for said in self.every if said.actor}

    def years(self) -> set[int]:
        return {said.year for said in self.every if said.year}

    def years_of_order(self) -> set[int]:
        return {said.year for said in self.table if said.year and said.stage == "ordered"}

    def numbers(self, table: bool = False) -> set[float]:
        some = self.table if table else self.every
        return {said.quantity for said in some if said.quantity and said.stage not in DELIVERED}


def _deals(connection: Connection, wanted: set[str] | None) -> list[_Deal]:
    """The transfers to the recipients of the deals that are wanted: those that may have to be set beside them."""
    frame = atoms.c.frame == "transfer"
    if wanted is None:
        return [_parted(deal, some) for deal, some in sayings(connection, frame)]
    recipients: set[str | None] = set()
    for some in slices(sorted(wanted)):
        recipients |= set(connection.scalars(select(atoms.c.partner).where(atoms.c.deal.in_(some)).distinct()))
    named = atoms.c.partner.in_(sorted(r for r in recipients if r))
    reach = or_(named, atoms.c.partner.is_(None)) if None in recipients else named
    return [_parted(deal, some) for deal, some in sayings(connection, frame & reach)]


def _parted(deal: str, some: Sequence[Saying]) -> _Deal:
    press = [said for said in some if not said.entry and said.source != SIPRI.id]
    return _Deal(deal, press, [said for said in some if said.entry])


def _keys(found: Iterable[_Deal]) -> set[str]:
    return {key for deal in found for said in deal.every for key in (said.actor, said.partner, said.item) if key}


class Coverage(NamedTuple):
    """The years that the table reaches over, from the first delivery to the last year that it names, and whom it lists."""

    first: int
    last: int
    recipients: frozenset[str]


def _coverage(connection: Connection) -> Coverage:
    table = (
        select(publications.c.document)
        .join(documents, documents.c.id == publications.c.document)
        .where(publications.c.outlet == OUTLET, documents.c.reader.startswith("sipri-"))
    )
    listed = and_(atoms.c.document.in_(table), atoms.c.entry.is_not(None))
    recipients = connection.scalars(select(atoms.c.partner).where(listed).distinct()).all()
    if not recipients:
        raise ReconciliationError(
            "the register has no table to compare the press with; `rasad import sipri FILE` stores one"
        )
    first = connection.scalar(select(func.min(atoms.c.year)).where(listed, atoms.c.stage.in_(DELIVERED)))
    last = connection.scalar(select(func.max(atoms.c.year)).where(listed))
    return Coverage(first or last or 0, last or 9999, frozenset(r for r in recipients if r))


# How they are compared.


class _Reconciliation:
    """Deals by whom they are for, and how each is compared."""

    def __init__(self, found: Sequence[_Deal], covered: Coverage, names: Mapping[str, str]) -> None:
        self._found = found
        self._covered = covered
        self._names = names
        self._listed: dict[str | None, list[_Deal]] = defaultdict(list)
        for deal in found:
            if deal.table:
                self._listed[deal.one("partner")].append(deal)

    def compared(self) -> Iterator[Comparison]:
        """Every comparison; a row of the table that is shown beside another supplier's deal is not told again."""
        beside: set[str] = set()
        for deal in self._found:
            if not deal.press:
                continue
            one = self._both(deal) if deal.table else self._press_only(deal)
            if one.kind in ("differing", "confirmed"):
                beside |= {side.deal for side in one.register}
            yield one
        for deal in self._found:
            if not deal.press and deal.table and deal.id not in beside:
                yield self._comparison("register only", deal, [deal])

    def _comparison(self, kind: Kind, deal: _Deal, listed: Iterable[_Deal], **more: Any) -> Comparison:
        recipient, item = deal.one("partner"), deal.one("item")
        return Comparison(
            kind=kind,
            recipient=Named(recipient, self._names[recipient]) if recipient else None,
            item=Named(item, self._names[item]) if item else None,
            category=deal.one("category"),
            press=_side(deal.id, deal.press, self._names) if deal.press else None,
            register=tuple(_side(row.id, row.table, self._names) for row in listed),
            **more,
        )

    def _both(self, deal: _Deal) -> Comparison:
        one = self._comparison("confirmed", deal, [deal])
        press, (listed, *_) = one.press, one.register
        if press is None or not (_tells(deal.press) or press.denied):
            return msgspec.structs.replace(
                one, kind="register only", note="the press tells of it only as what may come"
            )
        differences = tuple(found for found in (rule(press, listed, self._covered) for rule in RULES) if found)
        if len(differences) == 1 and differences[0].column == "number ordered" and (rows := self._together(deal)):
            note = f"the number is that of {len(rows)} orders of the table together"
            return self._comparison("confirmed", deal, rows, agreed=("number ordered",), note=note)
        differing = {difference.column for difference in differences}
        agreed = tuple(name for name in press.columns if name in listed.columns and name not in differing)
        kind: Kind = "differing" if differences else "confirmed"
        return msgspec.structs.replace(one, kind=kind, differences=differences, agreed=agreed)

    def _together(self, deal: _Deal) -> list[_Deal]:
        """The orders of one time that the table lists one by one, where the press gives the number of all of them."""
        rows = [row for row in self._listed[deal.one("partner")] if _same_order(deal, row)]
        total = sum(max(row.numbers(table=True), default=0) for row in rows)
        told = values((said for said in deal.press if not said.denied), COLUMNS["number ordered"], self._names)
        return rows if len(rows) > 1 and total in {said.value for said in told} else []

    def _press_only(self, deal: _Deal) -> Comparison:
        reason = _uncovered(deal, self._covered)
        same = [row for row in self._listed[deal.one("partner")] if _same_weapon(deal, row)]
        if reason:
            return self._comparison("not covered", deal, same, note=reason)
        if deal.one("partner") is None:
            return self._comparison("unclear", deal, (), note="the press does not say who receives it")
        if deal.one("family") is None:
            return self._vague(deal)
        if not deal.suppliers():
            if same:
                return self._comparison(
                    "unclear", deal, same, note="the press names no supplier, and the table several deals"
                )
            return self._comparison("press only", deal, (), note=self._silence(deal))
        others = [row for row in same if not deal.suppliers() & row.suppliers()]
        own = [row for row in same if deal.suppliers() & row.suppliers()]
        if not own and (near := [row for row in others if _near(deal, row, NEAR)]):
            return self._by_supplier(deal, near, others)
        for row in own:
            if deal.numbers() & row.numbers() - {1.0} and _near(deal, row, SAME_NUMBER):
                return self._by_year(deal, row)
        note = "the table knows other orders of it" if same else self._silence(deal)
        return self._comparison("press only", deal, same, note=note)

    def _vague(self, deal: _Deal) -> Comparison:
        """A deal of which the press names no designation: the deals of the table that it may mean."""
        rows = [
            row
            for row in self._listed[deal.one("partner")]
            if deal.one("category") in (None, row.one("category"))
            and (not deal.suppliers() or deal.suppliers() & row.suppliers())
            and _near(deal, row, SLACK)
        ]
        if not rows:
            return self._comparison("press only", deal, (), note=self._silence(deal))
        return self._comparison(
            "unclear", deal, rows, note="the press names no designation; the table has deals that it may mean"
        )

    def _by_supplier(self, deal: _Deal, rows: Sequence[_Deal], every: Sequence[_Deal]) -> Comparison:
        """A deal beside those for the same recipient that are of its time; ``every``: of any time."""
        press = values(deal.press, lambda said: said.actor, self._names)
        listed = values([said for row in every for said in row.table], lambda said: said.actor, self._names)
        known = " and ".join(said.name for said in listed) or "an unknown supplier"
        weapon, recipient = self._names[deal.one("item") or ""], self._names[deal.one("partner") or ""]
        note = f"the table knows {weapon} for {recipient} from {known} only"
        return self._comparison(
            "differing", deal, rows, differences=(Difference("supplier", press, listed),), note=note
        )

    def _by_year(self, deal: _Deal, row: _Deal) -> Comparison:
        one = self._comparison(
            "differing", deal, [row], note="the same number, in years too far apart to be gathered as one deal"
        )
        press = one.press.columns if one.press else {}
        column = "year of order" if "year of order" in press else "years of delivery"
        listed = one.register[0].columns
        difference = Difference(column, press.get(column, ()), listed.get(column, listed.get("years of delivery", ())))
        return msgspec.structs.replace(one, differences=(difference,))

    def _silence(self, deal: _Deal) -> str:
        if deal.one("partner") in self._covered.recipients:
            return ""
        return "the table has no deal of this recipient at all: it may be no whole register"


def _side(deal: str, some: Sequence[Saying], names: Mapping[str, str]) -> Side:
    return Side(
        deal=deal,
        columns=columns(some, names),
        denied=values((said for said in some if said.denied), lambda said: said.stage or "transfer", names),
        sources=len({said.source for said in some}),
        claims=tuple(sorted({said.claim for said in some})),
    )


def _tells(press: Iterable[Saying]) -> bool:
    """Whether the press tells of an order or delivery, and not of what may come, is refused or is not so."""
    return any(not said.denied and said.stage not in NOT_YET and said.certainty != "possible" for said in press)


def _uncovered(deal: _Deal, covered: Coverage) -> str:
    """Why the table's silence about a deal says nothing; or nothing."""
    if all(said.denied for said in deal.press):
        return "the press only denies it"
    if not _tells(deal.press):
        return "the press tells of no order or delivery, only of what may come"
    if all(said.stage in ("cancelled", *NOT_YET) for said in deal.press):
        return "the press tells that it was cancelled, and SIPRI lists no cancelled orders"
    category = deal.one("category")
    if category in words.words()["uncounted"]:
        return f"SIPRI does not count {category.replace('-', ' ') if category else 'it'}"
    years = deal.years()
    if years and min(years) > covered.last:
        return f"the table ends in {covered.last}"
    lead = 0 if any(said.stage in DELIVERED for said in deal.press) else LEAD
    if years and max(years) < covered.first - lead:
        return f"the table begins in {covered.first}"
    return ""


def _same_weapon(deal: _Deal, row: _Deal) -> bool:
    family = deal.one("family")
    return family is not None and family == row.one("family", table=True)


def _same_order(deal: _Deal, row: _Deal) -> bool:
    """Whether two rows of the table are orders of the same weapon from the same supplier at the same time."""
    close = any(abs(a - b) <= SLACK for a in deal.years_of_order() for b in row.years_of_order())
    return close and _same_weapon(deal, row) and deal.one("actor", table=True) == row.one("actor", table=True)


def _near(deal: _Deal, row: _Deal, years: int) -> bool:
    """Whether two deals may be of one time; of a deal without a year nobody can say that it is not."""
    mine, theirs = deal.years(), row.years()
    return not mine or not theirs or (min(mine) <= max(theirs) + years and max(mine) >= min(theirs) - years)


# In what the two can differ.

Rule = Callable[[Side, Side, Coverage], Difference | None]


def _figures(side: Side, column: str) -> set[float]:
    return {float(said.value) for said in side.columns.get(column, ())}


def _difference(column: str, press: Side, listed: Side) -> Difference:
    return Difference(column, press.columns.get(column, ()), listed.columns.get(column, ()))


def _supplier(press: Side, listed: Side, _: Coverage) -> Difference | None:
    told, known = ({said.value for said in side.columns.get("supplier", ())} for side in (press, listed))
    return _difference("supplier", press, listed) if told and known and not told & known else None


def _number_ordered(press: Side, listed: Side, _: Coverage) -> Difference | None:
    told, known = _figures(press, "number ordered"), _figures(listed, "number ordered")
    return _difference("number ordered", press, listed) if told and known and not told & known else None


def _year_of_order(press: Side, listed: Side, _: Coverage) -> Difference | None:
    told, known = _figures(press, "year of order"), _figures(listed, "year of order")
    far = told and known and min(abs(a - b) for a in told for b in known) > SLACK
    return _difference("year of order", press, listed) if far else None


def _number_delivered(press: Side, listed: Side, covered: Coverage) -> Difference | None:
    """More than the table counts; fewer may be a part of them, and what came after its last year it cannot count."""
    told, known = _figures(press, "number delivered"), _figures(listed, "number delivered")
    later = any(year > covered.last for year in _figures(press, "years of delivery"))
    more = told and known and min(told) > max(known) and not later
    return _difference("number delivered", press, listed) if more else None


def _years_of_delivery(press: Side, listed: Side, covered: Coverage) -> Difference | None:
    told = {year for year in _figures(press, "years of delivery") if year <= covered.last}
    known = _figures(listed, "years of delivery")
    outside = told and known and all(year < min(known) - SLACK or year > max(known) + SLACK for year in told)
    return _difference("years of delivery", press, listed) if outside else None


def _status(press: Side, listed: Side, covered: Coverage) -> Difference | None:
    """Delivered here and not there; cancelled or suspended here and delivered there."""
    told, known = ({str(said.value) for said in side.columns.get("status", ())} for side in (press, listed))
    years = _figures(press, "years of delivery")
    arrived = told & DELIVERED and not known & DELIVERED and (not years or min(years) <= covered.last)
    stopped = not told & DELIVERED and told & {"cancelled", "suspended"} and "delivered" in known
    return _difference("status", press, listed) if arrived or stopped else None


def _denied(press: Side, listed: Side, _: Coverage) -> Difference | None:
    return Difference("denied", press.denied, listed.columns.get("status", ())) if press.denied else None


RULES: tuple[Rule, ...] = (
    _supplier, _number_ordered, _year_of_order, _number_delivered, _years_of_delivery, _status, _denied,
)  # fmt: skip
