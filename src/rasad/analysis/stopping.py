"""What breaks if one provider stops."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from rasad.analysis.answers import Based
from rasad.analysis.needs import Need, named
from rasad.analysis.upkeep import BUILDS, FEEDS, SUPPLIES, Fact, Upkeep, servicing
from rasad.register.rows import Named

Loss = Literal["upkeep", "supply", "parts", "joint project", "what is stated"]
_LOSSES: dict[str, Loss] = {SUPPLIES: "supply", FEEDS: "parts", BUILDS: "joint project"}


class Break(Based, frozen=True, kw_only=True):
    """What a holder loses if a provider stops, and who else is known to give it: where nobody is, it breaks. ``observed``: the
    provider is said to do it for this holder."""

    holder: Named
    item: Named | None
    loses: Loss
    basis: Literal["stated", "inferred", "observed"]
    left: tuple[Named, ...]
    breaks: bool


def breaks(
    told: Upkeep, needs: Sequence[Need], stops: str, names: Mapping[str, str], holder: str | None
) -> tuple[Break, ...]:
    """What the holder (None: every holder) loses, what breaks first."""
    found = [*_needed(needs, stops), *_observed(told, needs, stops, names, holder)]
    return tuple(
        sorted(found, key=lambda one: (not one.breaks, one.holder.name, one.item.name if one.item else "~", one.loses))
    )


def _needed(needs: Sequence[Need], stops: str) -> Iterator[Break]:
    for need in needs:
        if need.provider.id == stops:
            yield Break(
                holder=need.holder, item=need.item, loses="upkeep" if need.basis == "inferred" else "what is stated",
                basis=need.basis, left=need.others, breaks=not need.others, deals=need.deals,
            )  # fmt: skip


def _observed(
    told: Upkeep, needs: Sequence[Need], stops: str, names: Mapping[str, str], asked: str | None
) -> Iterator[Break]:
    """What the provider does for a holder, but for upkeep that was inferred already."""
    inferred = {
        (need.holder.id, need.item.id)
        for need in needs
        if need.item and need.basis == "inferred" and need.provider.id == stops
    }
    same: dict[tuple[str, str, Loss], list[Fact]] = defaultdict(list)
    given: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for fact in told.facts:
        for holder in fact.whom.split("+") if fact.whom else ():
            given[holder, fact.item, fact.part].add(fact.who)
            loss = _LOSSES.get(fact.part) or ("upkeep" if fact.part in servicing() else None)
            if fact.who == stops and loss and asked in (None, holder):
                same[holder, fact.item, loss].append(fact)
    for (holder, item, loss), facts in same.items():
        if loss == "upkeep" and (holder, item) in inferred:
            continue
        others = told.able[item] if loss == "upkeep" else given[holder, item, facts[0].part]
        left = others - {stops}
        yield Break(
            holder=Named(holder, names[holder]), item=Named(item, names[item]), loses=loss, basis="observed",
            left=named(left, names), breaks=not left, deals=tuple(sorted({fact.deal for fact in facts})),
        )  # fmt: skip
