"""How sure a deal is, kept with it: the columns ``sure`` and ``valued`` of the table of deals.

``sure``: somebody asserts it outright, with the number that it shows (2), claims it (1), or it is only denied (0). ``valued``: the
same of the amount that it shows, where 0 also stands for none, and for one that a text tells of several deals and so means of them
together; a line of a table stands for itself.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, or_, select, update

from rasad.register.schema import atoms, deals, stale

ASSERTED, CLAIMED, NOT = 2, 1, 0


def settle_sureness(connection: Connection) -> None:
    """Works it out anew for the deals of the stale blocks, whose atoms have been gathered."""
    gathered = deals.c.block.in_(select(stale.c.block))
    connection.execute(update(deals).where(gathered).values(sure=_sure(), valued=_valued()))


def _sure() -> ColumnElement[int]:
    number = or_(deals.c.quantity.is_(None), atoms.c.quantity == deals.c.quantity)
    asserted = exists().where(_claimed(), atoms.c.certainty == "asserted", number)
    return case((asserted, ASSERTED), (exists().where(_claimed()), CLAIMED), else_=NOT)


def _valued() -> ColumnElement[int]:
    own = and_(_claimed(), atoms.c.amount == deals.c.amount, atoms.c.currency == deals.c.currency, ~_shared())
    surest = func.max(case((atoms.c.certainty == "asserted", ASSERTED), else_=CLAIMED))
    return case((deals.c.amount.is_(None), NOT), else_=func.coalesce(select(surest).where(own).scalar_subquery(), NOT))


def _claimed() -> ColumnElement[bool]:
    return and_(atoms.c.deal == deals.c.deal, atoms.c.polarity == "positive")


def _shared() -> ColumnElement[bool]:
    other = atoms.alias()
    same = and_(
        other.c.document == atoms.c.document, other.c.amount == atoms.c.amount, other.c.currency == atoms.c.currency
    )
    return and_(atoms.c.entry.is_(None), exists().where(same, other.c.deal != atoms.c.deal))
