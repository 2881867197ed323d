"""The press beside SIPRI's trade register: what both say, what only one of them says, and in what they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Annotated, ClassVar

from fastapi import Query

from rasad.analysis.asked import AskedRegister
from rasad.analysis.reconciliation import KINDS, Comparison, reconcile
from rasad.exchange.columns import COLUMNS
from rasad.ontology import ontology
from rasad.register import FilterError
from rasad.register.atoms import family
from rasad.register.database import reading
from rasad.register.listing import resolved
from rasad.register.state import Once
from rasad.reports.near import nearest
from rasad.web.pages import PageData, Pages
from rasad.web.views.deal import covered

pages = Pages()
EACH = 50  #: comparisons on a page
Year = Annotated[int | None, Query(ge=1900, le=2100)]


class ComparePage(PageData, frozen=True, kw_only=True):
    """Comparisons of a page, and how many pass in all, by kind. ``table``: whether the register has SIPRI's table at all; ``whole``:
    how many comparisons there are without a filter."""

    TABLE: ClassVar[str] = "lines"

    table: bool
    whole: int
    counts: dict[str, int]
    comparisons: tuple[Comparison, ...]
    total: int
    page: int
    pages: int
    categories: tuple[str, ...]

    @property
    def lines(self) -> list[dict[str, str | int | None]]:
        """The comparisons as lines of a table: under each column what the press and what SIPRI says."""
        return [_line(one) for one in self.comparisons]


def _line(one: Comparison) -> dict[str, str | int | None]:
    sides = {"press": (one.press,) if one.press else (), "sipri": one.register}
    told = {
        f"{who}_{column.replace(' ', '_')}": "; ".join(
            str(said) for side in held for said in side.columns.get(column, ())
        )
        for column in COLUMNS
        for who, held in sides.items()
    }
    return {
        "kind": one.kind, "recipient": one.recipient.name if one.recipient else None, "item": one.item.name if one.item else None,
        "category": one.category, "differs_in": "; ".join(difference.column for difference in one.differences), **told, "note": one.note,
        "press_deal": one.press.deal if one.press else None, "sipri_deals": "; ".join(side.deal for side in one.register),
        "press_claims": "; ".join(one.press.claims) if one.press else None, "press_sources": one.press.sources if one.press else 0,
    }  # fmt: skip


def _every(register: AskedRegister) -> tuple[Comparison, ...] | None:
    return tuple(reconcile(register)) if covered(register) else None


every = Once(_every)  #: the whole comparison; None where the register has no table


@pages.page("/compare", template="compare.html")
def compare(
    register: AskedRegister, supplier: str | None = None, recipient: str | None = None, item: str | None = None, category: str | None = None,
    year_from: Year = None, year_to: Year = None, kind: str | None = None, page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> ComparePage:  # fmt: skip
    """The transfers of the press beside those of SIPRI's trade register.

    ``supplier``, ``recipient``, ``item``: an id or a name; ``year_from``, ``year_to``: deals with an order or delivery between them;
    ``kind``: differing, press only, confirmed, unclear, register only, not covered.
    """
    if kind is not None and kind not in KINDS:
        raise FilterError(f"kind: {kind!r} is not one of {', '.join(KINDS)}{nearest(kind, KINDS)}")
    compared = every(register)
    passing = _filters(register, supplier, recipient, item, category, (year_from, year_to))
    passed = [one for one in compared or () if all(passes(one) for passes in passing)]
    found = Counter(one.kind for one in passed)
    chosen = [one for one in passed if kind in (None, one.kind)]
    return ComparePage(
        table=compared is not None, whole=len(compared or ()), counts={name: found[name] for name in KINDS},
        comparisons=tuple(chosen[EACH * (page - 1) : EACH * page]), total=len(chosen), page=page,
        pages=max(1, -(-len(chosen) // EACH)), categories=tuple(ontology().categories),
    )  # fmt: skip


_Passes = Callable[[Comparison], bool]


def _filters(
    register: AskedRegister, supplier: str | None, recipient: str | None, item: str | None, category: str | None,
    years: tuple[int | None, int | None],
) -> list[_Passes]:  # fmt: skip
    """What a comparison has to pass. Raises FilterError for a name that nothing has."""
    found: list[_Passes] = []
    with reading(register.engine) as connection:
        if supplier:
            seller = resolved(connection, supplier, "supplier")
            found.append(lambda one: seller in _told(one, "supplier"))
        if recipient:
            buyer = resolved(connection, recipient, "recipient")
            found.append(lambda one: one.recipient is not None and one.recipient.id == buyer)
        if item:
            found.append(_of(resolved(connection, item, "item")))
    if category:
        if category not in ontology().categories:
            raise FilterError(f"category: {category!r} is not one of {', '.join(ontology().categories)}{nearest(category, ontology().categories)}")  # fmt: skip
        found.append(lambda one: one.category == category)
    first, last = years
    if first is not None or last is not None:
        found.append(lambda one: any((first or 0) <= year <= (last or 9999) for year in _years(one)))
    return found


def _of(item: str) -> _Passes:
    """Comparisons of a category, of a weapon or, where that is no variant, of any of its variants."""
    if item.startswith("category:"):
        return lambda one: one.category == item.removeprefix("category:")
    if (kin := family(item)) is not None and item == f"system:{kin}":
        return lambda one: one.item is not None and family(one.item.id) == kin
    return lambda one: item in _told(one, "designation")


def _told(one: Comparison, column: str) -> set[str | float | int]:
    return {said.value for side in (one.press, *one.register) if side for said in side.columns.get(column, ())}


def _years(one: Comparison) -> set[int]:
    return {int(year) for column in ("year of order", "years of delivery") for year in _told(one, column)}
