"""What breaks if one provider stops."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Literal

from rasad.analysis.answers import Based
from rasad.analysis.needs import Basis, Need, named
from rasad.analysis.upkeep import BUILDS, FEEDS, SUPPLIES, Fact, System, Upkeep, gone, servicing
from rasad.register.rows import Named

Loss = Literal["upkeep", "supply", "parts", "joint project", "what is stated"]
_LOSSES: dict[str, Loss] = {SUPPLIES: "supply", FEEDS: "parts", BUILDS: "joint project"}


class Break(Based, frozen=True, kw_only=True):
    """What a holder loses if a provider stops, and who else is known (``left``) or, as the maker, assumed (``left_assumed``) to give it:
    where nobody is, it breaks. ``observed``: the provider is said to do it for this holder."""

    holder: Named
    item: Named | None
    loses: Loss
    basis: Basis | Literal["observed"]
    left: tuple[Named, ...]
    left_assumed: tuple[Named, ...]
    breaks: bool


def breaks(
    told: Upkeep, needs: Sequence[Need], stops: str, names: Mapping[str, str], holder: str | None
) -> tuple[Break, ...]:
    """What the holder (None: every holder) loses: what breaks first, what is assumed to after what is told."""
    found = [*_needed(needs, stops), *_observed(told, needs, stops, names, holder)]
    return tuple(sorted(found, key=_order))


def _order(one: Break) -> tuple[bool, bool, str, str, str]:
    item = one.item.name if one.item else "~"
    return not one.breaks, one.basis == "assumed", one.holder.name, item, one.loses


def _needed(needs: Sequence[Need], stops: str) -> Iterator[Break]:
    for need in needs:
        if need.provider.id == stops:
            yield Break(
                holder=need.holder, item=need.item, loses="what is stated" if need.basis == "stated" else "upkeep",
                basis=need.basis, left=need.others, left_assumed=need.others_assumed,
                breaks=not (need.others or need.others_assumed), deals=need.deals,
            )  # fmt: skip


def _observed(
    told: Upkeep, needs: Sequence[Need], stops: str, names: Mapping[str, str], asked: str | None
) -> Iterator[Break]:
    """What the provider does for a holder, but for upkeep that was inferred already."""
    inferred = {
        (need.holder.id, need.item.id)
        for need in needs
        if need.item and need.basis != "stated" and need.provider.id == stops
    }
    for item, system in told.items():
        same: dict[tuple[str, Loss], list[Fact]] = defaultdict(list)
        for fact in system.told(stops, {*_LOSSES, *servicing()}):
            for holder in fact.whom.split("+") if fact.whom else ():
                if asked in (None, holder) and holder not in gone():
                    same[holder, _LOSSES.get(fact.part, "upkeep")].append(fact)
        given = cache(partial(_given, system, asked))
        for (holder, loss), facts in same.items():
            if loss == "upkeep" and (holder, item) in inferred:
                continue
            with_it = {party for fact in facts for party in fact.whom.split("+")} - {holder}
            giving = (
                system.able
                if loss == "upkeep"
                else with_it
                if loss == "joint project"
                else given(facts[0].part)[holder]
            )
            left = giving - {stops} - gone()
            assumed = system.assumed - {stops} if loss == "upkeep" else set()
            yield Break(
                holder=Named(holder, names[holder]), item=Named(item, names[item]), loses=loss, basis="observed",
                left=named(left, names), left_assumed=named(assumed, names), breaks=not (left or assumed), deals=tuple(sorted({fact.deal for fact in facts})),
            )  # fmt: skip


def _given(system: System, asked: str | None, part: str) -> dict[str, set[str]]:
    """For each holder who supplies or feeds a system for it; where one holder is asked for, nothing is told of others."""
    found: dict[str, set[str]] = defaultdict(set)
    if asked:
        return found | {asked: system.who({part})}
    for fact in system.told(parts={part}):
        found[fact.whom].add(fact.who)
    return found
