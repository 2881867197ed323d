"""Who arms whom: the transfers that were ordered or delivered, from each supplier to each recipient; and how many independent
sources stand behind a transfer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from rasad.analysis.answers import Answer, Based, nothing, uncollected
from rasad.exchange.flows import Backing, Flow, backing, transfers
from rasad.exchange.flows import flows as flows_of
from rasad.pictures import Picture, PictureError
from rasad.pictures.flows import LINES, between_states, world
from rasad.pictures.sources import supported
from rasad.register import Filters, Register
from rasad.register.database import reading
from rasad.register.listing import resolved
from rasad.register.rows import Named

PICTURES = ("map", "sources")
TITLE = "Who arms whom"
NAMING = ("supplier", "recipient", "party", "item")  #: filters that name an entity


class FlowRow(Based, frozen=True, kw_only=True):
    """What a supplier transfers to a recipient: how many transfers were ordered or delivered, their share of all that are listed,
    the categories of equipment, most first, the years that their claims name, and on how many of them sources disagree."""

    supplier: Named
    recipient: Named
    transfers: int
    share: float
    categories: tuple[str, ...]
    first_year: int | None
    last_year: int | None
    disputed: int


class SourcesRow(Based, frozen=True, kw_only=True):
    """How many transfers so many independent sources tell of, their share, and on how many of them sources disagree."""

    sources: int
    transfers: int
    share: float
    disputed: int


class Flows(Answer):
    """Flows of arms. Tables: ``flows``, the biggest first, and ``sources per deal``. Pictures: ``map`` and ``sources``."""

    KIND = "flows"
    ROWS: ClassVar[Mapping[str, type[Based]]] = {"flows": FlowRow, "sources per deal": SourcesRow}

    def __init__(
        self, register: Register, title: str, found: Sequence[Flow], backed: Sequence[SourcesRow], passing: int
    ) -> None:
        super().__init__(register, title)
        self._found = found
        self._backed = tuple(backed)
        self._passing = passing

    @cached_property
    def _total(self) -> int:
        return sum(flow.count for flow in self._found)

    @cached_property
    def tables(self) -> dict[str, tuple[Based, ...]]:
        """Its rows, table by table."""
        return {"flows": tuple(self._row(flow) for flow in self._found), "sources per deal": self._backed}

    def _row(self, flow: Flow) -> FlowRow:
        return FlowRow(
            supplier=flow.supplier, recipient=flow.recipient, transfers=flow.count, share=flow.count / self._total,
            categories=tuple(category for category, _ in flow.categories), first_year=flow.first_year, last_year=flow.last_year,
            disputed=flow.disputed, deals=flow.deals,
        )  # fmt: skip

    @property
    def notes(self) -> tuple[str, ...]:
        """What is counted, and what is not."""
        if not self._found and not self._passing:
            return (nothing(self.register, f"transfer that passes: {self.title}"),)
        placed = sum(flow.count for flow in between_states(self._found))
        return (
            f"Counted are {self._total:,} of {self._passing:,} transfers: those ordered, being delivered or delivered whose supplier "
            f"and recipient are known. What is only proposed, refused, cancelled or denied is not.",
            f"{placed:,} of them are from one state to another, and on the map.",
        )

    @property
    def pictures(self) -> tuple[str, ...]:
        """The ``map``, where states arm each other, and ``sources``, where there are transfers."""
        return tuple(
            kind for kind, some in zip(PICTURES, (between_states(self._found), self._backed), strict=True) if some
        )

    def picture(self, kind: str | None = None) -> Picture:
        """The map of the flows, or how many sources a transfer has. Raises PictureError where there is nothing to draw."""
        if kind not in (None, *PICTURES):
            raise PictureError(f"flows: there is no picture {kind!r}; there are {', '.join(PICTURES)}")
        if kind == "sources":
            rows = [(row.sources, row.transfers, row.disputed) for row in self._backed]
            return supported(rows, self.claims_behind(self._backed), self.title.removeprefix(TITLE))
        every = between_states(self._found)
        shown = every[:LINES]
        return world(shown, len(every), self.claims_behind([self._row(flow) for flow in shown]), self.title)


@uncollected()
def flows(register: Register, **filters: Any) -> Flows:
    """The flows of the transfers that pass the filters (those of :class:`Filters`). Raises FilterError."""
    asked = Filters(**filters)
    with reading(register.engine) as connection:
        found, backed = flows_of(connection, asked), backing(connection, asked)
        meant = {name: resolved(connection, filters[name], name) for name in NAMING if filters.get(name)}
    total, called = sum(one.count for one in found), register.names(meant.values())
    return Flows(
        register, _title({**filters, **{name: called[one] for name, one in meant.items()}}),
        sorted(found, key=lambda one: (-one.count, one.supplier.id, one.recipient.id)),
        [_backed(one, total) for one in backed], register.counted(transfers(asked)),
    )  # fmt: skip


def _backed(one: Backing, total: int) -> SourcesRow:
    return SourcesRow(
        sources=one.sources,
        transfers=one.transfers,
        share=one.transfers / total,
        disputed=one.disputed,
        deals=one.deals,
    )


def _title(filters: Mapping[str, Any]) -> str:
    """What is asked, as the head of a table or picture."""
    asked = [
        f"{name.replace('_', ' ')} {value}"
        for name, value in filters.items()
        if value is not None and (name, value) != ("min_sources", 1)
    ]
    return " · ".join([TITLE, *asked])
